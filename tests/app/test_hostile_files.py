"""Bad files and bad luck through `wenju index`: one line, exit code 1, and the data folder as it was."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import NoReturn

import pytest

from tests.app.conftest import NOTES, CommandModel, Wenju
from tests.corpus.formats.test_corpus import FILES, REFUSED, Refused, put


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


FILES_REFUSED = [name for name in REFUSED if name != "folder.txt"]  # a folder makes a large collection


@pytest.mark.parametrize("name", FILES_REFUSED, ids=[ascii(name)[:30] for name in FILES_REFUSED])
def test_a_bad_file_is_one_line_and_leaves_nothing(
    wenju: Wenju, notes_file: Path, home: Path, command_model: CommandModel, tmp_path: Path, name: str
) -> None:
    expected = FILES[name][1]
    assert isinstance(expected, Refused)
    bad = put(tmp_path, name)
    result = wenju("index", "notes.txt", str(bad), "--collection", "mine")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert result.stderr.startswith("Error: ")
    assert [word for word in (name, *expected.words) if word.lower() not in result.stderr.lower()] == []
    assert not home.exists()
    assert command_model.embedded == 0  # told before any slow work


def test_a_bad_file_leaves_the_collection_that_was_there(
    wenju: Wenju, notes_file: Path, home: Path, tmp_path: Path
) -> None:
    assert wenju("index", "notes.txt", "--collection", "mine").exit_code == 0
    before = contents(home)
    bad = put(tmp_path, "cut.docx")
    assert wenju("index", "notes.txt", str(bad), "--collection", "mine").exit_code == 1
    assert contents(home) == before


@pytest.mark.parametrize(
    "full",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError("384 requested and 0 written"),  # as NumPy tells it
    ],
    ids=["system", "numpy"],
)
def test_a_full_disk_leaves_the_collection_that_was_there(
    wenju: Wenju, notes_file: Path, home: Path, monkeypatch: pytest.MonkeyPatch, full: OSError
) -> None:
    def fail(*_: object, **__: object) -> NoReturn:
        raise full

    assert wenju("index", "notes.txt", "--collection", "mine").exit_code == 0
    before = contents(home)
    notes_file.write_text(f"{NOTES}\n丙公司在南区。\n", encoding="utf-8")
    monkeypatch.setattr("index.dense.write_faiss", fail)  # the words are written by then
    result = wenju("index", "notes.txt", "--collection", "mine")
    assert (result.exit_code, result.stdout) == (1, "")
    place, cause = home / "indexes" / "mine", full.strerror or str(full)
    assert result.stderr == (
        f"Error: cannot write {place} ({cause}). Set WENJU_HOME to a folder that can be written.\n"
    )
    assert contents(home) == before


def test_a_fault_of_ours_is_told_as_such(
    wenju: Wenju, notes_file: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site" / "corpus"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "child.py").write_text("raise KeyError('a fault of ours')", encoding="utf-8")
    monkeypatch.syspath_prepend(str(package.parent))
    message = (
        "the reader failed on notes.txt: KeyError: 'a fault of ours'. "
        "Save it in another format, or run again with --debug for the details.\n"
    )
    result = wenju("index", "notes.txt")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"Error: {message}")
    debugged = wenju("--debug", "index", "notes.txt")
    assert 'child.py", line 1, in <module>' in debugged.stderr  # where it happened
    assert not home.exists()
