"""What reading changes in the order of the passages: of one answer, and of a run."""

from __future__ import annotations

import pytest

from eval.metrics import score
from eval.questions import GoldSentence
from eval.statistics import RESAMPLES
from eval.tables import reading_table
from tests.eval.test_metrics import PARK, PORT, ROAD, answer, gold
from tests.eval.test_summary import record, summary_of


@pytest.mark.parametrize(
    ("read", "after"),
    [
        ((2, 1, None), (1, 1)),  # the reader puts the second first
        ((1, 2, None), (0, 0)),
        ((None, 1, 2), (1, 1)),  # what it did not see is behind what it saw
        ((None, None, 1), (0, 1)),  # the right document, and another passage of it
        ((None, 4, 2), (0, 1)),  # the ranks need not begin at 1
    ],
)
def test_recall_after_reading(read: tuple[int | None, ...], after: tuple[int, int]) -> None:
    given = answer("answered", (PARK,), (PORT, PARK, ROAD), documents=("a", "b", "b"), read=read)
    scores = score(gold((GoldSentence(document_id="b", text=PARK),)), given)
    assert (scores["recall_at_1"], scores["document_recall_at_1"]) == (0, 0)
    assert (scores["read_recall_at_1"], scores["read_document_recall_at_1"]) == after


@pytest.mark.parametrize("passages", [(), (PARK, PORT)])
def test_where_nothing_was_read_there_is_no_recall_after_it(passages: tuple[str, ...]) -> None:
    given = answer("answered", (PARK,), passages, read=(None,) * len(passages))
    found = set(score(gold((GoldSentence(document_id="d", text=PARK),)), given))
    assert {name for name in found if "read" in name} == set()
    assert {"recall_at_1", "document_recall_at_1"} <= found


def test_the_reader_ranks_passages_after_the_tenth_too() -> None:
    far = tuple(f"{'甲乙丙丁戊己庚辛壬癸'[n]}字的一句话在这里。" for n in range(10))
    given = answer("answered", (PARK,), (*far, PARK), read=(*range(2, 12), 1))
    assert score(gold((PARK,)), given)["read_recall_at_1"] == 1


READ = (
    record("a", {"recall_at_1": 0.0, "read_recall_at_1": 1.0}),
    record("b", {"recall_at_1": 0.0, "read_recall_at_1": 1.0}),
    record(
        "c",
        {"recall_at_1": 1.0, "read_recall_at_1": 0.0, "document_recall_at_1": 1.0,
         "read_document_recall_at_1": 1.0},
        type_="date",
    ),
    record("d", {"recall_at_1": 1.0}, type_="date"),  # nothing was read
    record("e", {}, answerable=False, type_="date"),
)  # fmt: skip
CERTAIN = 1 / (RESAMPLES + 1)  # every draw of equal differences has their mean


def test_what_reading_changed() -> None:
    recall, documents = summary_of(*READ)["reading"]
    # a, b and c: 1 of 3 before, 2 of 3 after. The differences 1, 1, -1 less 1/3 are 2/3, 2/3, -4/3.
    assert recall.pop("p_value") > 0.05
    assert recall == {"name": "all", "metric": "recall_at_1", "n": 3, "before": pytest.approx(1 / 3),
                      "after": pytest.approx(2 / 3), "difference": pytest.approx(1 / 3)}  # fmt: skip
    assert documents == {"name": "all", "metric": "document_recall_at_1", "n": 1, "before": 1, "after": 1,
                         "difference": 0, "p_value": 1}  # fmt: skip


def test_what_reading_changed_under_each_condition() -> None:
    keys = ("name", "metric", "n", "before", "after", "difference", "p_value")
    rows = summary_of(*READ, conditions=True)["reading"]
    assert [tuple(row[key] for key in keys) for row in rows] == [
        ("date", "recall_at_1", 1, 1, 0, -1, CERTAIN),
        ("date", "document_recall_at_1", 1, 1, 1, 0, 1),
        ("number", "recall_at_1", 2, 0, 1, 1, CERTAIN),
    ]
    assert summary_of(*READ[3:])["reading"] == []


TABLE = """\
|     | metric       | questions   | before   | after   | difference, points   | p      |
|-----|--------------|-------------|----------|---------|----------------------|--------|
| all | R@1          | 2           | 0.000    | 1.000   | +100.0               | 0.0005 |
| all | document R@1 | 1           | 1.000    | 0.000   | -100.0               | 0.0005 |"""


def test_the_table() -> None:
    worse = {"document_recall_at_1": 1.0, "read_document_recall_at_1": 0.0}
    better = {"recall_at_1": 0.0, "read_recall_at_1": 1.0}
    assert reading_table(summary_of(record("a", better), record("b", {**better, **worse}))) == TABLE
