"""From records to a summary: the groups, the curves and the percentiles by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.answer import Outcome
from corpus import Language
from eval.questions import GoldQuestion
from eval.records import Record
from eval.statistics import mean_with_interval
from eval.summary import scored, summarise
from tests.generated import PROPERTY


def record(
    name: str,
    metrics: dict[str, float] | None,
    *,
    type_: str = "number",
    lang: Language = "zh",
    outcome: Outcome = "answered",
    confidence: float = 0.5,
    answerable: bool = True,
) -> Record:
    """A record; without metrics it is of an error."""
    gold = GoldQuestion(
        id=name,
        lang=lang,
        type=type_,
        question="几个？",
        answers=(),
        must_contain=("10",) if answerable else (),
        evidence_sets=(),
    )
    if metrics is None:
        return Record(id=name, gold=gold, answer_record=None, metrics=None, error="ValueError: no")
    answer = {"outcome": outcome, "confidence": confidence}
    return Record(
        id=name, gold=gold, answer_record=answer, metrics={"latency_ms": 1.0, **metrics}, error=None
    )


def summary_of(*records: Record, conditions: bool = False) -> dict[str, Any]:
    return summarise(*scored(records), conditions)


def means(summary: dict[str, Any], metric: str) -> dict[tuple[str, str], tuple[int, float]]:
    """Of every group that has the metric: how many values, and their mean."""
    return {
        (group["by"], group["name"]): (group["metrics"][metric]["n"], group["metrics"][metric]["mean"])
        for group in summary["groups"]
        if metric in group["metrics"]
    }


RUN = (
    record("q4", {"grounded": 1.0, "f1": 0.25}),
    record("q1", {"grounded": 0.0, "f1": 0.75}),
    record("q3", {"grounded": 1.0}, type_="date", lang="en"),
    record("q2", {"grounded": 1.0}, type_="date"),
)


def test_groups_by_type_and_language() -> None:
    summary = summary_of(*RUN)
    assert [(group["by"], group["name"], group["questions"]) for group in summary["groups"]] == [
        ("overall", "all", 4),
        ("type", "date", 2),
        ("type", "number", 2),
        ("language", "en", 1),
        ("language", "zh", 3),
    ]
    assert means(summary, "grounded") == {
        ("overall", "all"): (4, 0.75),
        ("type", "date"): (2, 1),
        ("type", "number"): (2, 0.5),
        ("language", "en"): (1, 1),
        ("language", "zh"): (3, pytest.approx(2 / 3)),
    }
    # A mean is over the questions that the metric is defined for.
    assert means(summary, "f1") == {
        ("overall", "all"): (2, 0.5),
        ("type", "number"): (2, 0.5),
        ("language", "zh"): (2, 0.5),
    }
    overall = summary["groups"][0]["metrics"]
    interval = mean_with_interval([0.0, 1.0, 1.0, 1.0])
    assert overall["grounded"] == {"n": 4, "mean": 0.75, "low": interval.low, "high": interval.high}
    assert list(overall) == ["grounded", "f1", "latency_ms"]  # in the order of the tables


def test_records_are_taken_in_the_order_of_their_ids() -> None:
    found, errors = scored((record("q9", None), *RUN, record("q0", None)))
    assert ([one.id for one in found], errors) == (["q1", "q2", "q3", "q4"], ["q0", "q9"])


def test_conditions_have_no_overall() -> None:
    summary = summary_of(*RUN, conditions=True)
    assert [(group["by"], group["name"]) for group in summary["groups"]] == [
        ("type", "date"),
        ("type", "number"),
    ]


def test_errors_are_apart() -> None:
    failed = record("q0", None), record("q9", None, type_="entity")
    with_errors = summary_of(failed[1], *RUN, failed[0])
    assert (with_errors["questions"], with_errors["errors"]) == (6, ["q0", "q9"])
    without = summary_of(*RUN)
    assert without["errors"] == []
    for part in ("groups", "curves"):  # they are neither right nor wrong
        assert with_errors[part] == without[part]


def test_precision_of_refusals_needs_a_question_to_refuse() -> None:
    right = record("q1", {"refusal_precision": 1.0}, type_="unanswerable", answerable=False)
    wrong = record("q2", {"refusal_precision": 0.0})
    assert means(summary_of(right, wrong), "refusal_precision") == {
        ("overall", "all"): (2, 0.5),
        ("type", "unanswerable"): (1, 1),
        ("language", "zh"): (2, 0.5),
    }


def test_percentiles_are_of_the_nearest_rank() -> None:
    def latency(*values: float) -> dict[str, float]:
        records = [record(f"q{n:03}", {"latency_ms": value}) for n, value in enumerate(values)]
        return dict(summary_of(*records)["curves"]["latency_ms"])

    assert latency(5.0) == {"p50": 5.0, "p95": 5.0}
    assert latency(3.0, 1.0) == {"p50": 1.0, "p95": 3.0}
    assert latency(30.0, 10.0, 20.0) == {"p50": 20.0, "p95": 30.0}
    assert latency(*(float(n) for n in range(20, 0, -1))) == {"p50": 10.0, "p95": 19.0}
    assert latency(*(float(n) for n in range(1, 101))) == {"p50": 50.0, "p95": 95.0}
    assert latency(*(float(n) for n in range(1, 22))) == {"p50": 11.0, "p95": 20.0}  # 10.5 and 19.95
    assert summary_of(record("q2", {"latency_ms": 9.06}), record("q1", {"latency_ms": 2.0}))["curves"][
        "latencies_ms"
    ] == [2.0, 9.1]


def test_risk_is_of_answers_and_coverage_of_all_that_is_graded() -> None:
    curves = summary_of(
        record("a", {"grounded": 1.0}, confidence=0.9),
        record("b", {"grounded": 0.0}, confidence=0.6),
        record("c", {"grounded": 0.0}, confidence=0.8, outcome="not_found"),
        record("d", {"grounded": 0.0}, confidence=0.7, outcome="unsure"),
        record("e", {}, confidence=0.95),  # has no gold sentence, so is not graded
        record("f", None),
    )["curves"]
    assert curves["risk_coverage"] == [[0.25, 0.0], [0.5, 0.5]]
    assert curves["area_under_risk"] == pytest.approx((0.25 * 0 + 0.25 * 0.5) / 0.5)


def test_what_confidence_foretells() -> None:
    """Of an answer, that it is grounded; where none was given, that there was one."""
    curves = summary_of(
        record("a", {"grounded": 1.0}, confidence=0.92),
        record("b", {"grounded": 0.0}, confidence=0.98),
        record("c", {"grounded": 0.0}, confidence=0.12, outcome="not_found"),
        record("d", {"grounded": 1.0}, confidence=0.36, outcome="not_found", answerable=False),
        record("e", {"grounded": 0.0}, confidence=0.55, outcome="unsure", answerable=False),
    )["curves"]
    assert curves["reliability"] == [
        {"n": 1, "confidence": 0.12, "share": 1.0},
        {"n": 1, "confidence": 0.36, "share": 0.0},
        {"n": 1, "confidence": 0.55, "share": 0.0},
        {"n": 2, "confidence": pytest.approx(0.95), "share": 0.5},
    ]
    assert curves["calibration_error"] == pytest.approx((0.88 + 0.36 + 0.55 + 2 * 0.45) / 5)


def test_the_curve_of_recall() -> None:
    curves = summary_of(
        record("a", {"recall_at_1": 0.0, "recall_at_2": 1.0}),
        record("b", {"recall_at_1": 1.0, "recall_at_2": 1.0}),
        record("c", {}),
    )["curves"]
    assert [(point["k"], point["n"], point["mean"]) for point in curves["recall_at"]] == [
        (1, 2, 0.5),
        (2, 2, 1),
    ]


KINDS = (
    record("a", {}, confidence=0.9),
    record("b", {}, confidence=0.4, outcome="not_found"),
    record("c", {}, confidence=0.6, answerable=False),
    record("d", {}, confidence=0.1, answerable=False, type_="date"),
    record("e", None, type_="date"),
)


def test_how_well_confidence_tells_answerable_questions_from_others() -> None:
    # Of a, b against c, d: all pairs but b and c are in the right order.
    assert summary_of(*KINDS)["discrimination"] == [{"name": "all", "n": 4, "answerable": 2, "area": 0.75}]
    # Without d, which alone is of the other type: a and c are, b and c are not.
    rows = summary_of(*KINDS, conditions=True)["discrimination"]
    assert rows == [{"name": "number", "n": 3, "answerable": 2, "area": 0.5}]
    for of_one_kind in (KINDS[:2], KINDS[2:]):
        assert summary_of(*of_one_kind)["discrimination"] == []


@pytest.mark.parametrize("records", [[], [record("q", None)]], ids=["nothing", "errors only"])
def test_a_run_without_any_answer(records: list[Record]) -> None:
    summary = summary_of(*records)
    assert (summary["questions"], summary["groups"][0]["metrics"]) == (len(records), {})
    curves = summary["curves"]
    assert (curves["latency_ms"], curves["risk_coverage"], curves["reliability"]) == (
        {"p50": None, "p95": None},
        [],
        [],
    )


unit = st.floats(0, 1, allow_subnormal=False)
metrics = st.fixed_dictionaries(
    {"grounded": st.sampled_from([0.0, 1.0]), "latency_ms": st.floats(0.1, 1e4)},
    optional={"f1": unit, "recall_at_1": st.sampled_from([0.0, 1.0])},
).map(lambda made: {**made, "read_recall_at_1": 0.5} if "recall_at_1" in made else made)
made_up = st.tuples(
    st.none() | metrics,
    st.fixed_dictionaries(
        {
            "type_": st.sampled_from(["number", "date"]),
            "lang": st.sampled_from(["zh", "en"]),
            "outcome": st.sampled_from(["answered", "not_found", "unsure"]),
            "confidence": unit | st.sampled_from([0.1, 0.5]),
            "answerable": st.booleans(),
        }
    ),
)


@PROPERTY
@given(made=st.lists(made_up, max_size=12), data=st.data(), conditions=st.booleans())
def test_the_order_of_records_changes_nothing(made: list[Any], data: st.DataObject, conditions: bool) -> None:
    records = [record(f"q{n}", values, **rest) for n, (values, rest) in enumerate(made)]
    shuffled = data.draw(st.permutations(records))
    one, other = summary_of(*records, conditions=conditions), summary_of(*shuffled, conditions=conditions)
    assert json.dumps(one) == json.dumps(other)  # to the last bit, and the groups in the same order
