"""`wenju eval run … --type NAME`: a part of the questions, by their types."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result

from app.collections import Shelf
from eval.records import RunFolder
from tests.app.conftest import CommandModel, Wenju
from tests.eval.conftest import QUESTIONS, Told, write_set

GOLD = {"text": "12人", "answer_start": 2}
SQUAD = {
    "data": [
        {
            "title": "港",
            "paragraphs": [
                {"context": "港有12人。", "qas": [{"id": "Q", "question": "几人？", "answers": [GOLD]}]}
            ],
        }
    ]
}


@pytest.fixture
def mine(told: Told, pair: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with the five questions, each of a type of its own, and a squad file."""
    monkeypatch.chdir(tmp_path)
    write_set(tmp_path / "mine.jsonl")
    (tmp_path / "squad.json").write_text(json.dumps(SQUAD), encoding="utf-8")
    return tmp_path


def of_types(*names: str) -> list[str]:
    return [word for name in names for word in ("--type", name)]


def run(wenju: Wenju, *types: str, resume: bool = False) -> Result:
    more = ["--resume"] if resume else []
    return wenju(
        "eval", "run", "mine.jsonl", "--collection", "pair", *of_types(*types), "--out", "run", *more
    )


def test_only_questions_of_the_named_types_are_asked(wenju: Wenju, mine: Path, told: Told) -> None:
    assert run(wenju, "number", "english").exit_code == 0
    folder = RunFolder(mine / "run")
    assert [record.id for record in folder.records()] == ["q1", "q4"]
    made = folder.read_summary()
    assert (made["set"]["types"], made["set"]["questions"], made["questions"]) == (
        ["english", "number"],
        2,
        2,
    )
    command = "wenju eval run mine.jsonl --collection pair --type number --type english"
    assert made["command"] == command


def test_a_run_of_other_types_is_not_resumed(wenju: Wenju, mine: Path) -> None:
    assert run(wenju, "number", "english").exit_code == 0
    before = (mine / "run" / "records.jsonl").read_bytes()
    others: list[tuple[str, ...]] = [(), ("number",), ("number", "english", "entity")]
    for other in others:
        result = run(wenju, *other, resume=True)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("Error: the run in run was made with another set. ")
    # In another order, or twice, they are the same.
    assert run(wenju, "english", "number", "english", resume=True).exit_code == 0
    assert (mine / "run" / "records.jsonl").read_bytes() == before


def test_without_a_type_all_are_asked(wenju: Wenju, mine: Path) -> None:
    assert run(wenju).exit_code == 0
    folder = RunFolder(mine / "run")
    assert [record.gold for record in folder.records()] == list(QUESTIONS)
    assert folder.read_summary()["set"]["types"] == []


def test_the_command_of_a_condition_can_be_typed_again(wenju: Wenju, mine: Path) -> None:
    file = ["squad.json", "--format", "squad", "--out", "run"]
    assert wenju("eval", "run", *file, *of_types("gold paragraph")).exit_code == 0
    folder = RunFolder(mine / "run")
    assert [record.id for record in folder.records()] == ["Q/gold paragraph"]
    command = "wenju eval run squad.json --format squad --type 'gold paragraph'"
    assert folder.read_summary()["command"] == command


@pytest.mark.parametrize(
    ("arguments", "known", "message"),
    [
        (
            ["mine.jsonl", "--collection", "pair"],
            "number",
            "mine has no questions of the type 'date'; its types are "
            "'english', 'entity', 'follow-up', 'number', 'unanswerable'.",
        ),
        (
            ["squad.json", "--format", "squad"],
            "open-domain",
            "squad has no questions of the type 'date'; its types are 'gold paragraph', 'open-domain'.",
        ),
    ],
)
def test_a_type_that_the_set_has_not(
    wenju: Wenju, mine: Path, model: CommandModel, arguments: list[str], known: str, message: str
) -> None:
    before = sorted(mine.rglob("*"))
    result = wenju("eval", "run", *arguments, *of_types(known, "date"), "--out", "run")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"Error: {message}\n")
    assert (model.embedded, model.loaded.is_set(), sorted(mine.rglob("*"))) == (0, False, before)
