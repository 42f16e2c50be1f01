"""Metrics of one answer, worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.answer import Answer, Citation, HitRanks, Outcome, RetrievedPassage, Statement
from eval.metrics import (
    citation_precision,
    citation_recall,
    mean_with_interval,
    recall_at,
    reciprocal_rank,
    score,
)
from eval.questions import GoldQuestion

PARK = "全市已新建产业园区10个，优化提升21个。"
PORT = "阳逻港仅需12名远控员在室内操作。"
ROAD = "全市开放测试道路里程突破3379公里。"


def gold(*evidence: tuple[str, ...], must_contain: tuple[str, ...] = ("10个",)) -> GoldQuestion:
    """A question with these evidence sets."""
    wanted = must_contain if evidence else ()
    return GoldQuestion(
        id="q",
        lang="zh",
        type="number",
        question="几个？",
        answers=wanted,
        must_contain=wanted,
        evidence_sets=evidence,
    )


def answer(outcome: Outcome, cited: tuple[str, ...] = (), passages: tuple[str, ...] = ()) -> Answer:
    """An answer that quotes what it cites."""
    citations = tuple(
        Citation("d", "d", "0", f"s{n}", 0, len(quote), quote, "导语", None, 1.0, (), number=n)
        for n, quote in enumerate(cited, start=1)
    )
    hits = tuple(
        RetrievedPassage(n, "d", f"p{n}", 0, len(text), text, 1.0, HitRanks(n, n, n))
        for n, text in enumerate(passages, start=1)
    )
    reply = "\n".join(cited)
    statements = tuple(Statement(quote, (n,), "supported", 1.0) for n, quote in enumerate(cited, start=1))
    return Answer(
        "几个？",
        ("几个？",),
        outcome,
        0.5,
        reply,
        None,
        statements,
        citations,
        (),
        hits,
        "extractive",
        (),
        {"total": 1.0},
    )


@pytest.mark.parametrize(
    ("outcome", "cited", "grounded"),
    [
        ("answered", (PARK,), 1),
        ("answered", (PARK, PORT), 0),  # half of the citations are wrong: not more than 0.5
        ("answered", (PORT,), 0),
        ("not_found", (), 0),
        ("unsure", (), 0),
    ],
)
def test_grounded_of_an_answerable_question(outcome: Outcome, cited: tuple[str, ...], grounded: int) -> None:
    assert score(gold((PARK,)), answer(outcome, cited)).grounded == grounded


def test_grounded_needs_the_wanted_words() -> None:
    assert score(gold((PARK,), must_contain=("21个",)), answer("answered", (PARK,))).grounded == 1
    assert score(gold((PARK,), must_contain=("31个",)), answer("answered", (PARK,))).grounded == 0


@pytest.mark.parametrize(
    ("outcome", "cited", "grounded"), [("not_found", (), 1), ("unsure", (), 0), ("answered", (PARK,), 0)]
)
def test_grounded_of_an_unanswerable_question(
    outcome: Outcome, cited: tuple[str, ...], grounded: int
) -> None:
    scores = score(gold(), answer(outcome, cited))
    assert (scores.grounded, scores.contains, scores.recall_at_1) == (grounded, None, None)


def test_citation_recall_takes_any_one_whole_set() -> None:
    assert citation_recall([PARK], [[PARK, PORT]]) == 0
    assert citation_recall([PARK, PORT], [[PARK, PORT]]) == 1
    assert citation_recall([ROAD], [[PARK, PORT], [ROAD]]) == 1
    assert citation_recall([], [[PARK]]) == 0


def test_citation_precision_is_the_share_that_covers_any_gold() -> None:
    assert citation_precision([PARK, PORT, ROAD], [[PARK], [PORT]]) == pytest.approx(2 / 3)
    assert citation_precision([], [[PARK]]) == 0


def test_retrieval_metrics() -> None:
    passages = [PORT, ROAD + PARK]
    assert recall_at(1, passages, [[PARK]]) == 0
    assert recall_at(5, passages, [[PARK]]) == 1
    assert recall_at(5, passages, [[PARK, PORT]]) == 1  # in two passages together
    assert reciprocal_rank(passages, [[PARK]]) == 1 / 2
    assert reciprocal_rank(passages, [["没有这一句话在里面。"]]) == 0


def test_the_mean_lies_in_its_interval_which_is_the_same_every_time() -> None:
    values = [1.0] * 30 + [0.0] * 10
    mean, low, high = mean_with_interval(values)
    assert mean == 0.75
    assert 0.55 < low < 0.75 < high < 0.92  # the normal approximation: 0.75 -+ 1.96 * 0.0685
    assert mean_with_interval(values) == (mean, low, high)
    assert mean_with_interval([1.0, 1.0]) == (1.0, 1.0, 1.0)


def test_a_perfect_answer_scores_one_everywhere() -> None:
    perfect = answer("answered", (PARK,), (PARK,))
    scores = score(gold((PARK,)), replace(perfect, confidence=1.0))
    assert (scores.grounded, scores.contains, scores.citation_recall, scores.citation_precision) == (
        1,
        1,
        1,
        1,
    )
    assert (scores.recall_at_1, scores.recall_at_5, scores.mrr_at_10) == (1, 1, 1)
