"""Two runs side by side: what got better, what got worse, and whether by chance."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from eval.compare import compare_runs
from eval.records import Record, RunFolder, RunFolderError
from tests.app.conftest import Wenju
from tests.eval.conftest import TWELVE, gold

SCORES = dict[str, float | None]  # `grounded` by question; None: an error


def made(folder: Path, scores: SCORES, question: str = "有几家？", **metrics: float) -> Path:
    """A run folder of questions with these scores."""
    run = RunFolder(folder)
    run.create({})
    for name, grounded in scores.items():
        asked = gold(name, f"{name}{question}", TWELVE)
        if grounded is None:
            run.append(Record(id=name, gold=asked, answer_record=None, metrics=None, error="ValueError: no"))
        else:
            values = {"grounded": grounded, **metrics}
            run.append(Record(id=name, gold=asked, answer_record={}, metrics=values, error=None))
    return folder


def pair(tmp_path: Path, a: SCORES, b: SCORES) -> tuple[Path, Path]:
    return made(tmp_path / "a", a), made(tmp_path / "b", b)


def falling(number: int, of: int = 20) -> tuple[SCORES, SCORES]:
    """Twenty right answers, and then `number` of them wrong."""
    names = [f"q{n:02}" for n in range(of)]
    return dict.fromkeys(names, 1.0), {name: float(n >= number) for n, name in enumerate(names)}


def test_what_got_better_and_what_got_worse(tmp_path: Path) -> None:
    a: SCORES = {"q1": 0, "q2": 1, "q3": 1, "q4": 0, "q5": 0}
    b: SCORES = {"q5": 1, "q4": 0, "q3": 0, "q2": 1, "q1": 1}  # in another order
    found = compare_runs(*pair(tmp_path, a, b))
    assert [record.id for record in found.better] == ["q1", "q5"]
    assert [record.id for record in found.worse] == ["q3"]
    assert [(c.metric, c.questions, c.before, c.after) for c in found.changes] == [("grounded", 5, 0.4, 0.6)]
    assert (found.left_out, found.fell) == (0, False)


TEXT = """\
|                | questions   | A      | B     | B - A          |
|----------------|-------------|--------|-------|----------------|
| grounded       | 4           | 0.500  | 0.500 | 0.000          |
| false refusals | 4           | 0.250  | 0.500 | +0.250 worse   |
| MRR@10         | 4           | 0.500  | 1.000 | +0.500 better  |
| latency, ms    | 4           | 20.000 | 8.000 | -12.000 better |

better (1):
  q2  q2有几家？

worse (1):
  q1  q1有几家？

2 questions are left out: in one run only, or with an error.

grounded did not fall significantly (paired bootstrap, p = 1.000; by changes of signs, p = 1.000).
"""


def test_the_text(wenju: Wenju, tmp_path: Path) -> None:
    a = made(tmp_path / "a", {"q1": 1, "q2": 0, "q3": 1, "q4": 0, "q5": 1}, false_refusals=0.25,
             mrr_at_10=0.5, latency_ms=20)  # fmt: skip
    b = made(tmp_path / "b", {"q1": 0, "q2": 1, "q3": 1, "q4": 0, "q5": None, "q6": 1}, false_refusals=0.5,
             mrr_at_10=1, latency_ms=8)  # fmt: skip
    result = wenju("eval", "compare", str(a), str(b))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == TEXT


def test_identical_runs(wenju: Wenju, tmp_path: Path) -> None:
    run = made(tmp_path / "a", {"q1": 1, "q2": 0})
    found = compare_runs(run, run)
    assert (found.p_value, found.fell, found.better, found.worse) == (1, False, (), ())
    result = wenju("eval", "compare", str(run), str(run))
    assert result.exit_code == 0
    assert "\nbetter (0):\n\nworse (0):\n\n" in result.stdout
    assert "left out" not in result.stdout


@pytest.mark.parametrize(
    ("number", "fell"),
    # 12 of 20: the mean falls by 0.6, 5.5 times its own deviation of 0.11. 1 of 20: by 0.05, once its own.
    [(12, True), (1, False)],
)
def test_a_fall(wenju: Wenju, tmp_path: Path, number: int, fell: bool) -> None:
    a, b = pair(tmp_path, *falling(number))
    result = wenju("eval", "compare", str(a), str(b))
    assert (result.exit_code, result.stderr) == (int(fell), "")
    verdict = "fell significantly" if fell else "did not fall significantly"
    assert result.stdout.splitlines()[-1].startswith(f"grounded {verdict} (paired bootstrap, p = 0.")
    found = compare_runs(a, b)
    assert (len(found.worse), found.better, found.p_value < 0.05) == (number, (), fell)
    # The same the other way round: as unlikely by chance, but no fall.
    back = compare_runs(b, a)
    assert (back.p_value, back.fell) == (found.p_value, False)
    assert wenju("eval", "compare", str(b), str(a)).exit_code == 0


@pytest.mark.parametrize(
    ("number", "p_value", "fell"),
    # Of the 32 changes of five signs two lead as far from 0, of the 64 of six also two.
    [(5, 1 / 16, False), (6, 1 / 32, True)],
)
def test_a_fall_of_few_questions(tmp_path: Path, number: int, p_value: float, fell: bool) -> None:
    found = compare_runs(*pair(tmp_path, *falling(number, of=100)))
    assert found.p_value < 0.05  # the bootstrap's alone
    assert (found.signs_p_value, found.fell) == (p_value, fell)


@pytest.mark.parametrize(("of", "fell"), [(1, False), (9, False), (10, True)])
def test_a_few_questions_are_no_verdict(tmp_path: Path, of: int, fell: bool) -> None:
    # Every draw of differences that are all -1 has the mean -1.
    found = compare_runs(*pair(tmp_path, *falling(of, of)))
    assert (found.p_value < 0.05, found.fell) == (True, fell)


def test_the_conditions_of_a_question_are_drawn_together(tmp_path: Path) -> None:
    """Asked under two conditions, thirty questions are no more evidence than under one."""
    conditions = ("open-domain", "gold paragraph")

    def asked(times: int) -> tuple[float, int]:
        folders = tmp_path / f"a{times}", tmp_path / f"b{times}"
        for folder, right in zip(folders, (25, 21), strict=True):
            run = RunFolder(folder)
            run.create({})
            for n, condition in product(range(30), conditions[:times]):
                one = gold(f"q{n}/{condition}", f"第{n}处有几家？", TWELVE, type=condition)
                metrics = {"grounded": float((n * 7) % 30 < right)}
                run.append(Record(id=one.id, gold=one, answer_record={}, metrics=metrics, error=None))
        found = compare_runs(*folders)
        return found.p_value, found.drawn

    assert asked(2) == asked(1)
    assert asked(2)[1] == 30


def test_only_what_both_answered_is_compared(tmp_path: Path) -> None:
    a: SCORES = {"q1": 1, "q2": None, "q3": 1, "q4": 1, "q5": None}
    b: SCORES = {"q1": 1, "q2": 1, "q3": None, "q6": 0, "q5": None}
    found = compare_runs(*pair(tmp_path, a, b))
    assert [(change.questions, change.before, change.after) for change in found.changes] == [(1, 1, 1)]
    assert found.left_out == 5  # all but q1


def test_a_metric_is_compared_where_both_runs_have_it(tmp_path: Path) -> None:
    a, b = made(tmp_path / "a", {"q1": 1}, f1=0.5), made(tmp_path / "b", {"q1": 1}, recall_at_1=1.0)
    assert [change.metric for change in compare_runs(a, b).changes] == ["grounded"]


def test_long_lists_are_cut(tmp_path: Path) -> None:
    text = compare_runs(*pair(tmp_path, *falling(23, of=30))).text
    assert "\nworse (23):\n  q00  q00有几家？\n" in text
    assert "  q19  q19有几家？\n  … and 3 more\n" in text
    assert "q20" not in text


@pytest.mark.parametrize(
    ("b", "message"),
    [
        ({"q7": 1.0}, r"^.*a and .*b have no answered question in common\.$"),
        ({"q1": None}, r"^.*a and .*b have no answered question in common\.$"),
        ({}, r"^.*a and .*b have no answered question in common\.$"),
    ],
    ids=["others", "only errors", "empty"],
)
def test_nothing_in_common(tmp_path: Path, b: SCORES, message: str) -> None:
    with pytest.raises(RunFolderError, match=message):
        compare_runs(*pair(tmp_path, {"q1": 1.0}, b))


def test_a_question_that_is_another_in_the_other_run(tmp_path: Path) -> None:
    a = made(tmp_path / "a", {"q1": 1, "q2": 1})
    b = made(tmp_path / "b", {"q1": 1, "q2": None}, question="有多少家？")
    with pytest.raises(RunFolderError, match=r"^question 'q1' is not the same in both runs; run both on one"):
        compare_runs(a, b)


def test_what_is_no_run_is_named_in_one_line(wenju: Wenju, tmp_path: Path) -> None:
    run, nothing = made(tmp_path / "a", {"q1": 1}), tmp_path / "nothing"
    for pair_ in ((run, nothing), (nothing, run)):
        result = wenju("eval", "compare", *map(str, pair_))
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == (
            f"Error: cannot read {nothing / 'records.jsonl'} (No such file or directory). "
            "Is it a run folder?\n"
        )
