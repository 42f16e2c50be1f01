"""How well passages were found: by hand, and against ir_measures where the definitions are the same."""

from __future__ import annotations

from math import log2

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.retrieval import document_recall_at, ndcg_at, recall_at, reciprocal_rank
from tests.generated import PROPERTY

PARK = "全市已新建产业园区10个。"
PORT = "阳逻港仅需12名远控员在室内操作。"
ROAD = "全市开放测试道路里程突破3379公里。"
OTHER = "别的一句话在这里。"
MORE = "还有一句话在那里。"


@pytest.mark.parametrize(
    ("passages", "evidence", "recalls"),
    [
        ([OTHER, PARK, PORT], [[PARK]], (0, 1, 1)),
        ([PARK], [[PARK]], (1, 1, 1)),
        ([OTHER + PARK + PORT, ROAD], [[PARK, PORT]], (1, 1, 1)),  # two in one passage
        ([PARK, OTHER, PORT], [[PARK, PORT]], (0, 0, 1)),  # two in two passages, together
        ([OTHER, PORT, PARK], [[PARK, ROAD], [PORT]], (0, 1, 1)),  # either set is enough
        ([PARK, PORT], [[PARK, ROAD], [PORT, ROAD]], (0, 0, 0)),  # two halves are no whole
        ([OTHER, MORE], [[PARK]], (0, 0, 0)),
        ([], [[PARK]], (0, 0, 0)),
        ([PARK], [], (0, 0, 0)),
        (["阳逻港仅需１２名 远控员，在室内\n操作!"], [[PORT]], (1, 1, 1)),  # matched normalised
        ([PARK[:4], PARK[4:]], [[PARK]], (0, 0, 0)),  # a sentence stands in one passage or in none
    ],
)
def test_recall_at(passages: list[str], evidence: list[list[str]], recalls: tuple[int, ...]) -> None:
    assert tuple(recall_at(k, passages, evidence) for k in (1, 2, 3)) == recalls


@pytest.mark.parametrize(
    ("passages", "evidence", "value"),
    [
        ([PARK, OTHER], [[PARK]], 1),
        ([OTHER, MORE, PARK], [[PARK]], 1 / 3),
        ([OTHER, PORT, PARK], [[PARK, PORT]], 1 / 2),  # the first gold sentence, whichever
        ([OTHER, PORT, PARK], [[PARK], [PORT]], 1 / 2),
        ([OTHER, PARK, PARK], [[PARK]], 1 / 2),
        ([OTHER], [[PARK]], 0),
        ([], [[PARK]], 0),
    ],
)
def test_reciprocal_rank(passages: list[str], evidence: list[list[str]], value: float) -> None:
    assert reciprocal_rank(passages, evidence) == value


IDEAL_2 = 1 + 1 / log2(3)


@pytest.mark.parametrize(
    ("passages", "evidence", "value"),
    [
        ([PARK], [[PARK]], 1),
        ([OTHER, PARK], [[PARK]], 1 / log2(3)),
        ([OTHER, MORE, PARK], [[PARK]], 1 / 2),
        ([PARK, PORT], [[PARK, PORT]], 1),
        ([PARK, OTHER, PORT], [[PARK, PORT]], (1 + 1 / 2) / IDEAL_2),
        ([PARK, OTHER], [[PARK, PORT]], 1 / IDEAL_2),
        # A sentence found again gains nothing, as in overlapping passages.
        ([OTHER + PARK, PARK + MORE, PORT], [[PARK, PORT]], (1 + 1 / 2) / IDEAL_2),
        ([OTHER, PARK, PARK], [[PARK]], 1 / log2(3)),
        # Both at once: 2 at rank 1 is no more than perfect; at rank 2 it is 2 / log2(3).
        ([PARK + PORT, OTHER], [[PARK, PORT]], 1),
        ([OTHER, PARK + PORT], [[PARK, PORT]], 2 / log2(3) / IDEAL_2),
        # The set that did best, not their mean and not all sets in one.
        ([PARK, OTHER], [[PARK, PORT], [PARK]], 1),
        ([OTHER, PORT, PARK], [[PARK], [PORT]], 1 / log2(3)),
        ([PARK], [[PARK, PARK]], 1),  # one sentence named twice is one
        ([OTHER], [[PARK]], 0),
        ([], [[PARK]], 0),
        ([PARK], [], 0),
    ],
)
def test_ndcg(passages: list[str], evidence: list[list[str]], value: float) -> None:
    assert ndcg_at(10, passages, evidence) == pytest.approx(value)


def test_ndcg_looks_no_deeper_than_k() -> None:
    assert ndcg_at(1, [OTHER, PARK], [[PARK]]) == 0
    many = [f"{'甲乙丙丁戊己庚辛壬癸子丑'[n]}字的一句。" for n in range(12)]
    assert ndcg_at(10, many, [many]) == pytest.approx(1)  # ten of twelve are all that ten passages can hold
    assert recall_at(10, many, [many]) == 0


@pytest.mark.parametrize(
    ("found", "golds", "recalls"),
    [
        (["a", "b", "c"], ["c"], (0, 0, 1)),
        (["a", "a", "a", "b", "c"], ["b"], (0, 1, 1)),  # three passages of a are one document
        (["a", "b"], ["x", "a"], (1, 1, 1)),
        (["a"], ["b"], (0, 0, 0)),
        ([], ["b"], (0, 0, 0)),
    ],
)
def test_document_recall_at(found: list[str], golds: list[str], recalls: tuple[int, ...]) -> None:
    assert tuple(document_recall_at(k, found, golds) for k in (1, 2, 3)) == recalls


SENTENCES = [f"这是第{name}个句子。" for name in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳"]
rankings = st.permutations(range(len(SENTENCES))).flatmap(
    lambda order: st.integers(0, len(order)).map(lambda n: order[:n])
)
gold_numbers = st.sets(st.integers(0, len(SENTENCES) - 1), min_size=1, max_size=13)


@PROPERTY
@given(order=rankings, golds=gold_numbers)
def test_one_sentence_a_passage_is_what_ir_measures_measures(order: list[int], golds: set[int]) -> None:
    """A passage of one sentence is a document, and a set of gold sentences are the relevant ones."""
    passages, evidence = [SENTENCES[n] for n in order], [[SENTENCES[n] for n in sorted(golds)]]
    relevant = [ir_measures.Qrel("q", str(n), 1) for n in golds]
    # Rank 1 has the highest score; a ranking of nothing still has to name the question.
    run = [ir_measures.ScoredDoc("q", str(n), -float(rank)) for rank, n in enumerate(order)]
    run = run or [ir_measures.ScoredDoc("q", "nothing", 0.0)]
    measures = [ir_measures.RR @ 10, ir_measures.nDCG @ 10]
    measures += [kind @ k for kind in (ir_measures.R, ir_measures.Success) for k in (1, 5, 10)]
    theirs = ir_measures.calc_aggregate(measures, relevant, run)

    assert reciprocal_rank(passages[:10], evidence) == pytest.approx(theirs[ir_measures.RR @ 10])
    assert ndcg_at(10, passages, evidence) == pytest.approx(theirs[ir_measures.nDCG @ 10])
    for k in (1, 5, 10):
        # All of one set: their recall is whole. Any of many sets of one: their success.
        assert recall_at(k, passages, evidence) == (theirs[ir_measures.R @ k] == 1)
        any_one = [[sentence] for sentence in evidence[0]]
        assert recall_at(k, passages, any_one) == theirs[ir_measures.Success @ k]


@PROPERTY
@given(order=rankings, golds=gold_numbers)
def test_recall_never_falls_with_k_and_the_best_order_is_perfect(order: list[int], golds: set[int]) -> None:
    passages, evidence = [SENTENCES[n] for n in order], [[SENTENCES[n] for n in golds]]
    recalls = [recall_at(k, passages, evidence) for k in range(len(order) + 2)]
    assert recalls == sorted(recalls)
    best = evidence[0] + [p for p in passages if p not in evidence[0]]
    assert ndcg_at(10, best, evidence) == pytest.approx(1)
    assert reciprocal_rank(best, evidence) == 1
    assert recall_at(len(golds), best, evidence) == 1
