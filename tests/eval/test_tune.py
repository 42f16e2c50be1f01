"""The sweep: its points, the point it chooses, what it computes once, and the snippet it writes."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from app.collections import Shelf
from app.settings import OutcomeSettings, Settings, load_settings
from eval.questions import GoldQuestion
from eval.tune import Choice, Trial, sweep, tune
from index import Index, RetrievalRules
from tests.app.conftest import CommandModel, Wenju
from tests.eval.conftest import CENTRE, MANY, TWELVE, VALLEY, Told, gold, write_set

IN_FORCE = Choice(0.5, 0.25, 0.3)
WEIGHTS = (0, 0.25, 0.5, 0.75, 1)


def series(told: Told, start: int, *, right: float, refused: float | None = None) -> list[GoldQuestion]:
    """Ten questions: five read rightly, and five that have no answer, so surely."""
    found = [gold(f"a{n}", f"{n}乙公司的工厂？", TWELVE) for n in range(start, start + 5)]
    empty = [gold(f"u{n}", f"{n}的天气？") for n in range(start, start + 5)]
    told.table |= {question.question: (TWELVE, right) for question in found}
    if refused is not None:
        told.table |= {question.question: (CENTRE, refused) for question in empty}
    return [*found, *empty]


@pytest.fixture
def index(pair: Shelf, told: Told) -> Index:
    """The two documents, of a passage each; every reader by the table."""
    return pair.open("pair")


def trial(index: Index, model: CommandModel, settings: Settings | None = None) -> Trial:
    return Trial(settings or in_force(), index, model)


def in_force() -> Settings:
    """The settings with the thresholds of IN_FORCE."""
    outcome = OutcomeSettings(IN_FORCE.unsure_from, IN_FORCE.answered_from)
    return load_settings().model_copy(update={"outcome": outcome})


def test_every_point_is_a_valid_setting() -> None:
    points = sweep()
    # 5 weights, 19 thresholds, 3 bands; 0.1 below 0.05 is no threshold.
    assert len(points) == len(set(points)) == 5 * (19 * 3 - 1)
    for point in points:
        RetrievalRules(dense_weight=point.dense_weight)
        OutcomeSettings(point.unsure_from, point.answered_from)
        assert all(value == round(value, 2) for value in vars(point).values())  # to be read by eye
    assert {point.dense_weight for point in points} == set(WEIGHTS)
    assert {round(point.answered_from - point.unsure_from, 2) for point in points} == {0, 0.05, 0.1}
    assert {Choice(0.5, 0.0, 0.05), Choice(0.5, 0.0, 0.1), Choice(1.0, 0.95, 0.95)} <= set(points)
    weights = [point.dense_weight for point in points]
    assert weights == sorted(weights)  # outermost: what was read under one is remembered


def test_a_threshold_that_parts_right_from_wrong(index: Index, told: Told, model: CommandModel) -> None:
    """Right at 0.62, without an answer at 0.57: only 0.6 for both thresholds gets all ten.

    With `unsure_from` at 0.55 what has no answer is unsure, which is never right.
    """
    tuning = series(told, 0, right=0.62, refused=0.57)
    # On the others 0.6 refuses what is right at 0.58 and has no answer rightly: as many as now.
    reporting = series(told, 10, right=0.58, refused=0.4)
    result = tune(trial(index, model), tuning, reporting)
    assert result.chosen == Choice(0.5, 0.6, 0.6)
    assert (result.tuned_on.n, result.tuned_on.mean) == (10, 1)
    # In force, at 0.3, all ten are answered: the five right ones are right.
    assert (result.current.n, result.current.mean, result.reported.mean) == (10, 0.5, 0.5)
    assert result.p_value == 1


def test_what_is_reported_was_not_tuned_on(index: Index, told: Told, model: CommandModel) -> None:
    tuning = series(told, 0, right=0.62, refused=0.57)
    result = tune(trial(index, model), tuning, series(told, 10, right=0.7, refused=0.5))
    assert (result.tuned_on.mean, result.current.mean, result.reported.mean) == (1, 0.5, 1)
    # Of ten, five are better: a mean of 0.5, which centred draws reach 2 times in 2 ** 10.
    assert 0 < result.p_value < 0.01


def test_of_equals_the_fewest_wrong_answers(index: Index, told: Told, model: CommandModel) -> None:
    """A wrong sentence at 0.42 is never right, but from 0.45 on it is not shown as an answer.

    Of those the nearest to 0.25 and 0.3 is 0.35 and 0.45.
    """
    tuning = series(told, 0, right=0.9)
    wrong = gold("w", "丁公司呢", MANY)
    told.table["丁公司呢"] = (VALLEY, 0.42)
    found = trial(index, model)
    assert found.grounded(IN_FORCE, [*tuning, wrong]) == ([1.0] * 10 + [0.0], 1)
    assert found.grounded(Choice(0.5, 0.4, 0.45), [*tuning, wrong]) == ([1.0] * 10 + [0.0], 0)
    assert tune(found, [*tuning, wrong], tuning).chosen == Choice(0.5, 0.35, 0.45)


@pytest.mark.parametrize(
    "now", [Choice(0.25, 0.4, 0.4), Choice(0.75, 0.65, 0.7), IN_FORCE, Choice(1.0, 0.0, 0.05)]
)
def test_of_equals_the_nearest_to_the_settings_in_force(
    index: Index, told: Told, model: CommandModel, now: Choice
) -> None:
    """Where every point is as good, nothing is changed."""
    settings = load_settings().model_copy(
        update={
            "retrieval": RetrievalRules(dense_weight=now.dense_weight),
            "outcome": OutcomeSettings(now.unsure_from, now.answered_from),
        }
    )
    tuning = series(told, 0, right=0.99)
    result = tune(trial(index, model, settings), tuning, tuning)
    assert result.chosen == now


def test_a_weight_that_finds_more(index: Index, told: Told, model: CommandModel) -> None:
    """One passage is kept, and only the dense ranking has the right one first.

    The query's one word of the model's vocabulary stands in WEST, its other words in EAST. By reciprocal
    ranks WEST comes first when dense weighs more than half; at half both are equal, and EAST is the first
    row. Of the weights above, 0.75 is the nearest to the one in force.
    """
    settings = in_force().model_copy(update={"retrieval": RetrievalRules(top_k=1)})
    asked = [gold(f"d{n}", f"光{n}甲公司的中心在东区", VALLEY) for n in range(10)]
    told.table |= {question.question: (VALLEY, 0.9) for question in asked}
    found = trial(index, model, settings)
    right = {weight: sum(found.grounded(Choice(weight, 0.25, 0.3), asked)[0]) for weight in WEIGHTS}
    assert right == {0: 0, 0.25: 0, 0.5: 0, 0.75: 10, 1: 10}
    # Of the thresholds up to 0.9, 0.25 and 0.3 are in force and so the nearest.
    assert tune(found, asked, asked).chosen == Choice(0.75, 0.25, 0.3)


def test_readings_and_queries_are_computed_once(index: Index, told: Told, model: CommandModel) -> None:
    tuning = series(told, 0, right=0.62, refused=0.57)
    result = tune(trial(index, model), tuning, tuning)
    assert result.chosen == Choice(0.5, 0.6, 0.6)
    assert model.embedded == 10  # every query once, for all weights
    assert len(told.readers) == 5  # a pipeline a weight
    queries = sorted(question.question for question in tuning)
    assert [sorted(query for query, _ in reader.reads) for reader in told.readers] == [queries] * 5


def test_the_conditions_of_a_question_are_one_value(index: Index, told: Told, model: CommandModel) -> None:
    asked = [
        gold(f"c{n}/{within or 'open-domain'}", f"{n}乙公司的工厂？", TWELVE, type=within or "open-domain",
             within=(within,) if within else ())
        for n in range(3) for within in ("", "west", "east")
    ]  # fmt: skip
    told.table |= {question.question: (TWELVE, 0.9) for question in asked}
    # Of three conditions one lacks the text with the answer.
    values, wrong = trial(index, model).grounded(IN_FORCE, asked)
    assert (values, wrong) == ([pytest.approx(2 / 3)] * 3, 0)


def test_questions_without_evidence_are_left_out(index: Index, told: Told, model: CommandModel) -> None:
    ungraded = gold("n", "几家", type="number", must_contain=("12",))
    assert trial(index, model).grounded(IN_FORCE, [ungraded]) == ([], 0)


# --- the command -------------------------------------------------------------------------------


SAID = """\
| settings                               | questions   | grounded            |
|----------------------------------------|-------------|---------------------|
| chosen, on the questions tuned on      | 10          | 1.00 (1.00 to 1.00) |
| chosen, on the questions reported on   | 10          | 1.00 (1.00 to 1.00) |
| in force, on the questions reported on | 10          | 0.50 (0.20 to 0.80) |

The last two differ with p = 0.001 (paired bootstrap).

[retrieval]
dense_weight = 0.5

[outcome]
unsure_from = 0.6
answered_from = 0.6

Written to {out}. To use it: add it to
{home}/settings.toml
"""


def test_the_snippet_gives_the_settings_that_were_chosen(
    wenju: Wenju, told: Told, pair: Shelf, home: Path, tmp_path: Path
) -> None:
    file = write_set(tmp_path / "mine.jsonl", series(told, 0, right=0.62, refused=0.57))
    other = write_set(tmp_path / "other.jsonl", series(told, 10, right=0.7, refused=0.5))
    out = tmp_path / "snippet.toml"
    result = wenju(
        "eval", "tune", str(file), "--report", str(other), "--collection", "pair", "--out", str(out)
    )
    assert (result.exit_code, result.stderr) == (0, "")
    assert re.sub(r"p = 0\.00\d", "p = 0.001", result.stdout) == SAID.format(out=out, home=home)
    before = load_settings()
    (home / "settings.toml").write_bytes(out.read_bytes())
    after = load_settings()
    assert after.outcome == OutcomeSettings(0.6, 0.6)
    assert after.retrieval == replace(before.retrieval, dense_weight=0.5)


@pytest.mark.parametrize("point", [sweep()[0], Choice(0.25, 0.05, 0.15), sweep()[-1]], ids=str)
def test_any_snippet_is_read_as_it_was_meant(home: Path, point: Choice) -> None:
    home.mkdir()
    (home / "settings.toml").write_text(point.snippet, encoding="utf-8")
    settings = load_settings()
    assert settings.retrieval.dense_weight == point.dense_weight
    assert settings.outcome == OutcomeSettings(point.unsure_from, point.answered_from)


@pytest.mark.parametrize("out", ["kept.toml", "folder", "nowhere/new.toml"])
def test_what_cannot_be_written_is_said_first(
    wenju: Wenju, told: Told, model: CommandModel, pair: Shelf, tmp_path: Path, out: str
) -> None:
    (tmp_path / "kept.toml").write_text("mine", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    file = write_set(tmp_path / "mine.jsonl", [gold(f"r{n}", f"第{n}号天气？") for n in range(20)])
    place = tmp_path / out
    tuned = ["eval", "tune", str(file), "--collection", "pair", "--out", str(place)]
    result = wenju(*tuned)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert result.stderr.startswith(f"Error: {place} ")
    assert (model.embedded, told.readers) == (0, [])
    assert (tmp_path / "kept.toml").read_text(encoding="utf-8") == "mine"
    forced = wenju(*tuned, "--force")
    assert forced.exit_code == (0 if out == "kept.toml" else 1)
    assert ("dense_weight" in (tmp_path / "kept.toml").read_text(encoding="utf-8")) == (out == "kept.toml")
