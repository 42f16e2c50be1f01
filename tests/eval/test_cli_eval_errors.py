"""Bad input to `wenju eval …`: named in one line before a model is loaded or an index built."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from app.collection_names import SHIPPED
from app.collections import Shelf
from tests.app.conftest import CommandModel, Wenju
from tests.eval.conftest import EAST, MANY, TWELVE, Told, gold, write_set

GOOD: dict[str, Any] = {
    "id": "q1", "lang": "zh", "type": "number", "question": "有几家？", "answers": [],
    "must_contain": ["12家"], "evidence_sets": [[TWELVE]],
}  # fmt: skip
HASH = "ab" * 32
KNOWN = "article-dev, article-test, english-test"
NO_RUN = "(No such file or directory). Is it a run folder?"
SQUAD = {
    "data": [
        {
            "title": "城",
            "paragraphs": [
                {
                    "context": "武汉有10个园区。",
                    "qas": [
                        {"id": "Q", "question": "几个？", "answers": [{"text": "10个", "answer_start": 3}]}
                    ],
                }
            ],
        }
    ]
}


@pytest.fixture
def here(tmp_path: Path, pair: Shelf, told: Told, monkeypatch: pytest.MonkeyPatch, home: Path) -> Path:
    """The current folder: a set over `pair`, an article file that was never indexed, and a run of another."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "east.txt").write_text(EAST.text, encoding="utf-8")
    (tmp_path / "set.jsonl").write_text(jsonl(GOOD), encoding="utf-8")
    (tmp_path / "squad.json").write_text(json.dumps(SQUAD), encoding="utf-8")
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "letter.txt").write_text("mine", encoding="utf-8")
    return tmp_path


def jsonl(*lines: object) -> str:
    return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)


def contents(folder: Path) -> set[tuple[str, bytes]]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {(str(path), path.read_bytes()) for path in files}


class Untouched:
    """Whatever is refused leaves everything as it was."""

    def __init__(self, here: Path, model: CommandModel, told: Told) -> None:
        self._here, self._model, self._told = here, model, told
        self._before = contents(here)

    def check(self) -> None:
        """Nothing embedded or loaded, no pipeline made, no file written."""
        assert (self._model.embedded, self._model.loaded.is_set(), self._told.readers) == (0, False, [])
        assert contents(self._here) == self._before


@pytest.fixture
def untouched(here: Path, model: CommandModel, told: Told) -> Untouched:
    """What the current folder and the model are before the command."""
    return Untouched(here, model, told)


COMMANDS = (["run", "--out", "out"], ["tune", "--out", "out.toml"], ["ablate", "--out", "out"])


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("", "bad holds no question."),
        (jsonl({"set": "mine"}), "mine holds no question."),
        (jsonl(GOOD, GOOD), "bad: the id 'q1' stands twice."),
        (
            jsonl(GOOD) + "\n{broken\n",
            "bad, line 3: Invalid JSON: key must be a string at column 2.",
        ),
        (jsonl({**GOOD, "id": 5}), "bad, line 1: id: Input should be a valid string."),
        (jsonl(GOOD, {**GOOD, "answers": "12"}), "bad, line 2: answers: Input should be a valid array."),
        (jsonl({**GOOD, "lang": "fr"}), "bad, line 1: lang: Input should be 'zh' or 'en'."),
        (jsonl({**GOOD, "derived": "perhaps"}), "bad, line 1: derived: Input should be a valid boolean, "
         "unable to interpret input."),
        (
            jsonl({**GOOD, "evidence_sets": [["这句话不在。"]]}),
            "bad: question 'q1' names evidence that is not in the collection: '这句话不在。'. "
            "Name the right collection with --collection, or mend the set.",
        ),
        (
            jsonl({**GOOD, "evidence_sets": [[{"document_id": "west", "text": TWELVE}]]}),
            f"bad: question 'q1' names evidence that is not in 'west': '{TWELVE}'. "
            "Name the right collection with --collection, or mend the set.",
        ),
        (
            jsonl({**GOOD, "within": ["north"]}),
            "bad: question 'q1' is asked within 'north', which is not in the collection.",
        ),
        (
            jsonl({"set": "mine", "document_sha256": HASH}, GOOD),
            f"mine was made for a document with the hash {HASH[:12]}…, which is not here. "
            "Name the right collection with --collection, or mend the first line of the set.",
        ),
        (
            jsonl({"set": "mine", "article": "east.txt", "document_sha256": HASH}, GOOD),
            f"mine was made for a document with the hash {HASH[:12]}…, which is not here. "
            "It is asked over east.txt beside it: leave out --collection, or mend the first line of the set.",
        ),
        (
            jsonl({"set": "mine", "article": "east.txt"}, {**GOOD, "evidence_sets": [["这句话不在。"]]}),
            "mine: question 'q1' names evidence that is not in the collection: '这句话不在。'. "
            "It is asked over east.txt beside it: leave out --collection, or mend the set.",
        ),
    ],
)  # fmt: skip
def test_a_set_that_cannot_be_asked(
    wenju: Wenju, here: Path, untouched: Untouched, command: list[str], lines: str, message: str
) -> None:
    (here / "bad.jsonl").write_text(lines, encoding="utf-8")
    untouched._before = contents(here)
    result = wenju("eval", *command, "bad.jsonl", "--collection", "pair")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"Error: {message}\n")
    untouched.check()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_set_whose_article_is_missing(
    wenju: Wenju, here: Path, untouched: Untouched, command: list[str]
) -> None:
    (here / "bad.jsonl").write_text(jsonl({"set": "mine", "article": "gone.md"}, GOOD), encoding="utf-8")
    untouched._before = contents(here)
    result = wenju("eval", *command, "bad.jsonl")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"Error: cannot read {here / 'gone.md'}: No such file or directory. Check the path.\n"
    )
    untouched.check()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing"], f"there is no question set nothing. Give a file, or one of: {KNOWN}."),
        (["no/such.jsonl"], f"there is no question set no/such.jsonl. Give a file, or one of: {KNOWN}."),
        (["."], f"there is no question set .. Give a file, or one of: {KNOWN}."),
        (
            ["set.jsonl"],  # over the shipped article
            f"set: question 'q1' names evidence that is not in the collection: '{TWELVE}'. "
            "Name the right collection with --collection, or mend the set.",
        ),
        (
            ["set.jsonl", "--collection", "yours"],
            f"there is no collection 'yours' (there are: pair, {SHIPPED}) and no such file. "
            "Make one with: wenju index PATH --collection yours",
        ),
        (["set.jsonl", "--format", "squad"], "set is not of the SQuAD layout: data: Field required."),
        (["set.jsonl", "--format", "rgb"], "set, line 1: query: Field required."),
        (
            ["squad.json", "--format", "squad", "--collection", "pair"],
            "squad brings its own documents; leave out --collection.",
        ),
    ],
)  # fmt: skip
def test_arguments_that_do_not_go_together(
    wenju: Wenju, untouched: Untouched, command: list[str], arguments: list[str], message: str
) -> None:
    result = wenju("eval", *command, *arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"Error: {message}\n")
    untouched.check()


@pytest.mark.parametrize("command", ["run", "ablate"])
def test_only_a_squad_file_has_splits(wenju: Wenju, untouched: Untouched, command: str) -> None:
    result = wenju("eval", command, "set.jsonl", "--collection", "pair", "--split", "report")
    message = "Error: --split parts a squad file; set.jsonl was named as jsonl.\n"
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", message)
    untouched.check()


@pytest.mark.parametrize(
    ("out", "message"),
    [
        (["taken"], "taken exists. Name another with --out, replace the run with --force, "
         "or go on with it with --resume."),
        (["taken", "--force"], "taken is no run folder; it is not replaced. Name another."),
        (["taken", "--resume"], f"cannot read taken/summary.json {NO_RUN}"),
        (["new", "--resume"], f"cannot read new/summary.json {NO_RUN}"),
        (["set.jsonl/new"], "cannot write set.jsonl/new. Name a folder that can be written with --out."),
    ],
)  # fmt: skip
def test_a_run_folder_that_cannot_be_used(
    wenju: Wenju, untouched: Untouched, out: list[str], message: str
) -> None:
    # Before the set is read, too: a big one takes its time.
    for name in ("set.jsonl", "nothing"):
        result = wenju("eval", "run", name, "--collection", "pair", "--out", *out)
        assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"Error: {message}\n")
    untouched.check()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--resume"], "--resume goes on with the run in --out DIR; name it."),
        (["--out=x", "--force", "--resume"], "--force begins anew and --resume goes on; give one of them."),
        (["--format", "xml"], "Invalid value for '--format': 'xml' is not one of 'jsonl', 'squad', 'rgb'."),
        (["--split", "dev"], "Invalid value for '--split': 'dev' is not one of 'train', 'tune', 'report'."),
        (["more"], "Got unexpected extra argument (more)"),
    ],
)  # fmt: skip
def test_options_that_are_mistyped(
    wenju: Wenju, untouched: Untouched, options: list[str], message: str
) -> None:
    result = wenju("eval", "run", "set.jsonl", *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Usage: wenju eval run [OPTIONS] SET\n")
    assert result.stderr.endswith(f"\nError: {message}\n")
    untouched.check()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["set.jsonl"], r"there are \d questions to tune on; at least 10 are needed\."),
        (["set.jsonl", "--report", "set.jsonl"], "1 questions are both to tune and to report on, as .*"),
        (["set.jsonl", "--report", "nothing"], rf"there is no question set nothing\. .* one of: {KNOWN}\."),
        (["mine-test.jsonl"], r"mine-test is for reporting; nothing is tuned on it\."),
        (["mine-report.jsonl", "--report", "set.jsonl"], r"mine-report is for reporting; nothing is .*\."),
    ],
)  # fmt: skip
def test_what_is_not_tuned_on(
    wenju: Wenju, here: Path, untouched: Untouched, arguments: list[str], message: str
) -> None:
    for name in ("mine-test", "mine-report"):
        write_set(here / f"{name}.jsonl", [gold("q", "丁公司？", MANY)])
    untouched._before = contents(here)
    result = wenju("eval", "tune", *arguments, "--collection", "pair")
    assert (result.exit_code, result.stdout) == (1, "")
    assert re.fullmatch(f"Error: {message}\n", result.stderr)
    untouched.check()


def test_a_collection_that_is_a_file_is_not_indexed_for_a_bad_set(
    wenju: Wenju, here: Path, home: Path, untouched: Untouched
) -> None:
    result = wenju("eval", "run", "set.jsonl", "--collection", "east.txt", "--out", "taken")
    assert (result.exit_code, result.stderr.startswith("Error: taken exists.")) == (1, True)
    write_set(here / "west.jsonl", [gold("q", "丁公司？", MANY)])
    untouched._before = contents(here)
    result = wenju("eval", "run", "west.jsonl", "--collection", "east.txt")
    assert (result.exit_code, result.stderr.startswith("Error: west: question 'q' names evidence")) == (
        1,
        True,
    )
    assert [path.name for path in (home / "indexes").iterdir() if path.is_dir()] == ["pair"]
    untouched.check()
