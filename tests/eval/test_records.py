"""The run folder: begun, refused, resumed, read."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from eval.questions import GoldQuestion
from eval.records import RECORDS, REPORT, SUMMARY, Mode, Record, RunFolder, RunFolderError

IDENTITY: dict[str, Any] = {"schema": 1, "set": {"name": "mine", "sha256": "ab"}, "version": "0.1", "seed": 7}


def record(name: str, error: str | None = None) -> Record:
    """A record with a separator and a quote inside its strings."""
    gold = GoldQuestion(
        id=name,
        lang="zh",
        type="date",
        question="几\u2028月？",
        answers=(),
        must_contain=(),
        evidence_sets=(),
    )
    if error is not None:
        return Record(id=name, gold=gold, answer_record=None, metrics=None, error=error)
    answer = {"schema": 1, "outcome": "not_found", "answer": "“没有”\n", "confidence": 0.25}
    return Record(id=name, gold=gold, answer_record=answer, metrics={"grounded": 1.0}, error=None)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """A run of which nothing is asked yet."""
    begun = RunFolder(tmp_path / "runs" / "one")
    begun.create(IDENTITY)
    return begun


def test_a_run_begins_with_what_it_is_of_and_no_records(folder: RunFolder) -> None:
    assert folder.read_summary() == IDENTITY
    assert list(folder.records()) == []
    assert sorted(path.name for path in folder.path.iterdir()) == [RECORDS, SUMMARY]
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700


def test_records_come_back_as_they_were_added(folder: RunFolder) -> None:
    added = [record("q2"), record("q1", error="ValueError: no\nway"), record("q3")]
    for one in added:
        folder.append(one)
        assert list(folder.records())[-1] == one  # on disk at once
    assert list(folder.records()) == added
    assert (folder.path / RECORDS).read_bytes().count(b"\n") == 3


@pytest.mark.parametrize("mode", ["new", "force"])
def test_a_new_or_an_empty_folder_may_be_used(tmp_path: Path, mode: Mode) -> None:
    RunFolder(tmp_path / "nothing").check(mode)
    RunFolder(tmp_path).check(mode)
    assert list(tmp_path.iterdir()) == []  # looking leaves no trace


def test_a_run_is_replaced_or_resumed_only_when_asked(folder: RunFolder) -> None:
    folder.check("force")
    folder.check("resume")
    with pytest.raises(RunFolderError, match=r"one exists\. .*--out, .*--force, .*--resume\.$"):
        folder.check("new")


def test_a_run_that_is_replaced_leaves_nothing_of_its_own(folder: RunFolder) -> None:
    folder.append(record("q1"))
    (folder.path / REPORT).write_text("old", encoding="utf-8")
    (folder.path / "notes.txt").write_text("mine", encoding="utf-8")
    folder.create({**IDENTITY, "seed": 8})
    assert folder.read_summary() == {**IDENTITY, "seed": 8}
    assert list(folder.records()) == []
    assert sorted(p.name for p in folder.path.iterdir()) == ["notes.txt", RECORDS, SUMMARY]


@pytest.mark.parametrize(
    ("mode", "message"),
    [("new", "exists"), ("force", "is no run folder; it is not replaced"), ("resume", "Is it a run folder")],
)
def test_what_is_no_run_is_never_taken_for_one(tmp_path: Path, mode: Mode, message: str) -> None:
    homework = tmp_path / "homework"
    homework.mkdir()
    (homework / RECORDS).write_text("mine", encoding="utf-8")
    letter = tmp_path / "letter.txt"
    letter.write_text("mine", encoding="utf-8")
    for path in (homework, letter):
        with pytest.raises(RunFolderError, match=message):
            RunFolder(path).check(mode)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(RunFolderError, match=r"^cannot write .*file/one \(Not a directory\)\.$"):
        RunFolder(tmp_path / "file" / "one").create(IDENTITY)


def test_a_whole_run_is_resumed_whole(folder: RunFolder) -> None:
    for name in ("q2", "q1"):
        folder.append(record(name))
    assert folder.resume(IDENTITY) == {"q1", "q2"}
    assert list(folder.records()) == [record("q2"), record("q1")]


def test_errors_are_asked_again(folder: RunFolder) -> None:
    for one in (record("q1"), record("q2", error="TimeoutError: "), record("q3")):
        folder.append(one)
    assert folder.resume(IDENTITY) == {"q1", "q3"}
    folder.append(record("q2"))
    assert [(one.id, one.error) for one in folder.records()] == [("q1", None), ("q3", None), ("q2", None)]


LAST = record("q2").model_dump_json().encode()


@pytest.mark.parametrize("kept", [1, 20, LAST.index("几".encode()) + 1, len(LAST) - 1, len(LAST)])
def test_a_torn_last_line_is_asked_again(folder: RunFolder, kept: int) -> None:
    """Wherever the power went: within a character, or between a whole line and its end."""
    folder.append(record("q1"))
    with (folder.path / RECORDS).open("ab") as file:
        file.write(LAST[:kept])
    assert folder.resume(IDENTITY) == {"q1"}
    folder.append(record("q2"))
    assert [one.id for one in folder.records()] == ["q1", "q2"]


def test_a_broken_line_is_named_and_nothing_is_lost(folder: RunFolder) -> None:
    folder.append(record("q1"))
    path = folder.path / RECORDS
    for broken in (LAST[:20], b'{"id": "q2"}', b"\xff", b""):
        path.write_bytes(record("q1").model_dump_json().encode() + b"\n" + broken + b"\n" + LAST + b"\n")
        before = path.read_bytes()
        with pytest.raises(RunFolderError, match=r"records\.jsonl, line 2: "):
            list(folder.records())
        with pytest.raises(RunFolderError, match=r"records\.jsonl, line 2: "):
            folder.resume(IDENTITY)
        assert path.read_bytes() == before


def test_a_torn_line_is_an_error_where_a_whole_run_is_wanted(folder: RunFolder) -> None:
    with (folder.path / RECORDS).open("ab") as file:
        file.write(LAST[:-5])
    with pytest.raises(RunFolderError, match=r"records\.jsonl, line 1: "):
        list(folder.records())


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"seed": 8}, "seed"),
        ({"set": {"name": "mine", "sha256": "cd"}, "version": "0.2"}, "set, version"),
        ({"models": {}}, "models"),
    ],
)
def test_another_identity_is_refused_by_name(folder: RunFolder, changes: dict[str, Any], names: str) -> None:
    folder.append(record("q1"))
    with pytest.raises(RunFolderError, match=rf"one was made with another {names}\. .*--out.*--force\.$"):
        folder.resume({**IDENTITY, **changes})
    assert list(folder.records()) == [record("q1")]


def test_what_else_a_summary_says_is_no_identity(folder: RunFolder) -> None:
    folder.write_summary({**IDENTITY, "finished": "2025-01-01", "groups": []})
    assert folder.resume(IDENTITY) == set()


def test_a_folder_without_a_run(tmp_path: Path) -> None:
    nothing = RunFolder(tmp_path / "nothing")
    for ask in (nothing.read_summary, lambda: nothing.resume(IDENTITY), lambda: list(nothing.records())):
        with pytest.raises(RunFolderError, match=r"^cannot read .*nothing/.* Is it a run folder\?$"):
            ask()


@pytest.mark.parametrize("text", ["", "{", "5", '["schema"]', "[1]"])
def test_a_broken_summary_is_named(folder: RunFolder, text: str) -> None:
    (folder.path / SUMMARY).write_text(text, encoding="utf-8")
    with pytest.raises(RunFolderError, match=r"summary\.json is broken: "):
        folder.read_summary()


def test_a_summary_is_put_in_place_in_one_step(folder: RunFolder) -> None:
    with pytest.raises(TypeError):
        folder.write_summary({"not": object()})
    assert folder.read_summary() == IDENTITY
    folder.write_summary({"名": "集"})
    assert json.loads((folder.path / SUMMARY).read_text(encoding="utf-8")) == {"名": "集"}
    assert "集" in (folder.path / SUMMARY).read_text(encoding="utf-8")
    assert sorted(p.name for p in folder.path.iterdir()) == [RECORDS, SUMMARY]
