"""Metrics of one answer, worked out by hand."""

from __future__ import annotations

from math import log2

import pytest

from app.answer import Answer, Citation, HitRanks, Outcome, RetrievedPassage, Statement
from eval.metrics import (
    DEPTH,
    LABELS,
    LOWER_IS_BETTER,
    PRIMARY,
    citation_precision,
    citation_recall,
    score,
)
from eval.questions import GoldQuestion, GoldSentence

PARK = "全市已新建产业园区10个，优化提升21个。"
PORT = "阳逻港仅需12名远控员在室内操作。"
ROAD = "全市开放测试道路里程突破3379公里。"

ANSWER = {"contains"}
CITED = {"citation_recall", "citation_precision"}
SHORT = {"exact_match", "f1", "f1_characters", "squad_exact_match", "squad_f1"}
FOUND = {f"recall_at_{k}" for k in range(1, DEPTH + 1)} | {"mrr_at_10", "ndcg_at_10", "read_recall_at_1"}
FOUND_DOCUMENTS = {f"document_recall_at_{k}" for k in (1, 5, 10)} | {"read_document_recall_at_1"}
ALWAYS = {"unsure", "statements", "latency_ms"}


def gold(
    *evidence: tuple[str | GoldSentence, ...],
    must_contain: tuple[str | tuple[str, ...], ...] = ("10个",),
    answers: tuple[str, ...] = ("10个",),
) -> GoldQuestion:
    """An answerable question with these evidence sets."""
    return GoldQuestion(
        id="q",
        lang="zh",
        type="number",
        question="几个？",
        answers=answers,
        must_contain=must_contain,
        evidence_sets=evidence,
    )


UNANSWERABLE = gold(must_contain=(), answers=())


def answer(
    outcome: Outcome,
    cited: tuple[str, ...] = (),
    passages: tuple[str, ...] = (),
    *,
    statements: tuple[str, ...] | None = None,
    short: str | None = None,
    documents: tuple[str, ...] = (),
    read: tuple[int | None, ...] | None = None,
) -> Answer:
    """An answer that cites and found these; it states what it cites unless told otherwise.

    `read` are the reader's ranks of the passages; as they were found, unless told otherwise.
    """
    citations = tuple(
        Citation("d", "d", "0", f"s{n}", 0, len(quote), quote, "导语", None, 1.0, (), number=n)
        for n, quote in enumerate(cited, start=1)
    )
    where = documents or ("d",) * len(passages)
    ranks = range(1, len(passages) + 1) if read is None else read
    hits = tuple(
        RetrievedPassage(n, document, f"p{n}", 0, len(text), text, 1.0, HitRanks(n, n, rank))
        for n, (text, document, rank) in enumerate(zip(passages, where, ranks, strict=True), start=1)
    )
    said = cited if statements is None else statements
    return Answer(
        question="几个？",
        queries=("几个？",),
        outcome=outcome,
        confidence=0.5,
        answer="".join(f"{text[:-1]}[{n}]{text[-1:]}" for n, text in enumerate(said, start=1)),
        short_answer=short,
        statements=tuple(Statement(text, (n,), "supported", 1.0) for n, text in enumerate(said, start=1)),
        citations=citations,
        nearest=(),
        hits=hits,
        writer="extractive",
        notes=(),
        timings_ms={"read": 2.0, "total": 7.5},
    )


@pytest.mark.parametrize(
    ("outcome", "cited", "grounded"),
    [
        ("answered", (PARK,), 1),
        ("answered", (PARK, PORT), 0),  # half of the citations are wrong: not more than 0.5
        ("answered", (PARK, PORT, PARK), 1),
        ("answered", (PORT,), 0),
        ("answered", (), 0),
        ("unsure", (PARK,), 0),  # never right, whatever it shows
        ("not_found", (PARK,), 0),
        ("not_found", (), 0),
    ],
)
def test_grounded_of_an_answerable_question(outcome: Outcome, cited: tuple[str, ...], grounded: int) -> None:
    given = answer(outcome, cited, statements=(PARK,))  # always with the right words
    assert score(gold((PARK,)), given)[PRIMARY] == grounded


@pytest.mark.parametrize(
    ("must_contain", "grounded"),
    [
        (("21个",), 1),
        (("10个", "21个"), 1),
        (("10个", "31个"), 0),
        ((("31个", "21个"),), 1),
        ((("31个", "41个"),), 0),
        (("0个",), 0),  # it stands in 10个 as digits only
        ((), 1),  # no words are asked for
    ],
)
def test_grounded_needs_the_wanted_words(
    must_contain: tuple[str | tuple[str, ...], ...], grounded: int
) -> None:
    scores = score(gold((PARK,), must_contain=must_contain), answer("answered", (PARK,)))
    assert scores[PRIMARY] == grounded
    assert scores.get("contains") == (grounded if must_contain else None)


def test_grounded_needs_one_whole_evidence_set() -> None:
    sets = ((PARK, PORT), (PARK, ROAD))
    assert score(gold(*sets), answer("answered", (PARK,)))[PRIMARY] == 0
    assert score(gold(*sets), answer("answered", (PORT, ROAD), statements=(PARK,)))[PRIMARY] == 0
    assert score(gold(*sets), answer("answered", (PARK, ROAD)))[PRIMARY] == 1


@pytest.mark.parametrize(
    ("outcome", "cited", "grounded"),
    [("not_found", (), 1), ("not_found", (PARK,), 0), ("unsure", (), 0), ("answered", (PARK,), 0)],
)
def test_grounded_of_an_unanswerable_question(
    outcome: Outcome, cited: tuple[str, ...], grounded: int
) -> None:
    assert score(UNANSWERABLE, answer(outcome, cited))[PRIMARY] == grounded


def test_grounded_is_not_defined_where_no_evidence_is_named() -> None:
    scores = score(gold(), answer("answered", (PARK,), (PARK,), short="10个"))
    assert set(scores) == ANSWER | SHORT | ALWAYS | {"false_refusals"}
    assert scores["contains"] == 1


@pytest.mark.parametrize(
    ("outcome", "of_an_answerable", "of_an_unanswerable"),
    [
        (
            "not_found",
            {"false_refusals": 1, "refusal_precision": 0},
            {"refusal_recall": 1, "refusal_precision": 1},
        ),
        ("unsure", {"false_refusals": 0}, {"refusal_recall": 0}),  # no refusal
        ("answered", {"false_refusals": 0}, {"refusal_recall": 0}),
    ],
)
def test_refusals(
    outcome: Outcome, of_an_answerable: dict[str, int], of_an_unanswerable: dict[str, int]
) -> None:
    for question, wanted in ((gold((PARK,)), of_an_answerable), (UNANSWERABLE, of_an_unanswerable)):
        scores = score(question, answer(outcome))
        assert {name: value for name, value in scores.items() if "refusal" in name} == wanted
        assert scores["unsure"] == (outcome == "unsure")


def test_markers_are_no_answer() -> None:
    given = answer("answered", (PORT,))
    assert given.answer == "阳逻港仅需12名远控员在室内操作[1]。"
    assert score(gold((PORT,), must_contain=("1",)), given)["contains"] == 0
    assert score(gold((PORT,), must_contain=("12",)), given)["contains"] == 1


def test_wanted_words_may_stand_in_several_statements() -> None:
    given = answer("answered", (PARK, PORT))
    assert score(gold((PARK,), must_contain=("21个", "12名")), given)["contains"] == 1
    silent = answer("answered", (PARK, PORT), statements=(PARK,))  # cited only: the reply does not say it
    assert score(gold((PARK,), must_contain=("21个", "12名")), silent)["contains"] == 0


def test_which_metrics_apply() -> None:
    given = answer("answered", (PARK,), (PARK,), short="10个")
    named = GoldSentence(document_id="d", text=PARK)
    answerable = {PRIMARY, "false_refusals"} | ANSWER | CITED | FOUND | ALWAYS
    assert set(score(gold((PARK,)), given)) == answerable | SHORT
    assert set(score(gold((PARK,), answers=()), given)) == answerable
    assert set(score(gold((PARK,), must_contain=()), given)) == (answerable | SHORT) - ANSWER
    assert set(score(gold((named,)), given)) == answerable | SHORT | FOUND_DOCUMENTS
    assert set(score(UNANSWERABLE, given)) == {PRIMARY, "refusal_recall"} | ALWAYS


def test_every_metric_has_a_label_and_the_primary_one_leads() -> None:
    assert set(LABELS) == (
        {PRIMARY, "refusal_recall", "refusal_precision", "false_refusals"}
        | ANSWER | CITED | SHORT | FOUND | FOUND_DOCUMENTS | ALWAYS
    )  # fmt: skip
    assert next(iter(LABELS)) == PRIMARY
    order = list(LABELS)
    assert order[order.index("ndcg_at_10") + 1] == "read_recall_at_1"  # beside what it is held against
    assert order[order.index("document_recall_at_10") + 1] == "read_document_recall_at_1"
    assert set(LABELS) >= LOWER_IS_BETTER


def test_a_perfect_answer_scores_one_everywhere() -> None:
    named = (GoldSentence(document_id="d", text=PARK), GoldSentence(document_id="e", text=PORT))
    given = answer("answered", (PARK, PORT), (PARK, PORT), short="10个", documents=("d", "e"))
    scores = score(gold(named), given)
    assert {n: v for n, v in scores.items() if n not in LOWER_IS_BETTER | {"statements"}} == {
        # Two sentences in two passages: the first alone is not both.
        name: 0 if name in ("recall_at_1", "read_recall_at_1") else 1
        for name in {PRIMARY} | ANSWER | CITED | SHORT | FOUND | FOUND_DOCUMENTS
    }
    assert {n: v for n, v in scores.items() if n in LOWER_IS_BETTER | {"statements"}} == {
        "unsure": 0,
        "false_refusals": 0,
        "statements": 2,
        "latency_ms": 7.5,
    }


def test_the_short_answer_under_each_definition() -> None:
    scores = score(gold((PARK,), answers=("10个园区", "十个")), answer("answered", (PARK,), short="园区10个"))
    # Segments 园 区 10 个 against 10 个 园 区: the longest run is two of four.
    assert {name: scores[name] for name in SHORT} == {
        "exact_match": 0,
        "f1": 0.5,
        "f1_characters": 1,
        "squad_exact_match": 0,
        "squad_f1": 0,
    }
    none = score(gold((PARK,)), answer("answered", (PARK,)))
    assert {none[name] for name in SHORT} == {0}


def test_retrieval_metrics() -> None:
    given = answer("answered", (PARK,), (PORT, ROAD + PARK), documents=("a", "b"))
    scores = score(gold((GoldSentence(document_id="b", text=PARK),)), given)
    assert [scores[f"recall_at_{k}"] for k in range(1, 11)] == [0] + [1] * 9
    assert (scores["mrr_at_10"], scores["ndcg_at_10"]) == (1 / 2, pytest.approx(1 / log2(3)))
    assert [scores[f"document_recall_at_{k}"] for k in (1, 5, 10)] == [0, 1, 1]


def test_passages_after_the_tenth_do_not_count() -> None:
    far = tuple(f"{'甲乙丙丁戊己庚辛壬癸'[n]}字的一句话在这里。" for n in range(10))
    scores = score(gold((PARK,)), answer("answered", (PARK,), (*far, PARK)))
    assert {scores[name] for name in FOUND} == {0}
    scores = score(gold((PARK,)), answer("answered", (PARK,), (*far[:9], PARK)))
    assert (scores["recall_at_9"], scores["recall_at_10"], scores["mrr_at_10"]) == (0, 1, 1 / 10)


def test_citation_recall_takes_any_one_whole_set() -> None:
    assert citation_recall([PARK], [[PARK, PORT]]) == 0
    assert citation_recall([PORT, PARK], [[PARK, PORT]]) == 1
    assert citation_recall([ROAD], [[PARK, PORT], [ROAD]]) == 1
    assert citation_recall([PARK], [[PARK, PORT], [PARK, ROAD]]) == 0
    assert citation_recall([], [[PARK]]) == 0
    assert citation_recall([PARK[:10]], [[PARK]]) == 1  # a part of eight characters covers


def test_citation_precision_is_the_share_that_covers_any_gold() -> None:
    assert citation_precision([PARK, PORT, ROAD], [[PARK], [PORT]]) == pytest.approx(2 / 3)
    assert citation_precision([ROAD], [[PARK], [PORT]]) == 0
    assert citation_precision([], [[PARK]]) == 0
