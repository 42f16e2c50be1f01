"""The shelf: collections by name and by file, rebuilt when they no longer fit."""

from __future__ import annotations

import logging
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from app.collection_names import SHIPPED
from app.collections import Shelf, load_shipped
from app.errors import CollectionError
from corpus import ArticleError, Document, load_document
from index import Index, IndexStale, PassageRules
from tests.app.conftest import titled
from tests.fakes import VOCABULARY, WordEmbedder


def embedded(shelf: Shelf) -> int:
    """How many texts the model has seen: it grows exactly when an index is built."""
    assert isinstance(shelf.embedder, WordEmbedder)
    return shelf.embedder.embedded


def test_a_file_is_a_collection_and_is_built_once(shelf: Shelf, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("甲公司的算力中心。\n", encoding="utf-8")
    assert [d.text for d in shelf.open(str(file)).documents.values()] == ["甲公司的算力中心。"]
    built = embedded(shelf)
    assert built == 1  # a passage
    shelf.open(str(file))
    assert embedded(shelf) == built


def test_a_changed_file_is_built_again_and_said_so(
    shelf: Shelf, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("甲公司的算力中心。\n", encoding="utf-8")
    shelf.open(str(file))
    file.write_text("甲公司的光中心。\n", encoding="utf-8")
    caplog.clear()
    assert [d.text for d in shelf.open(str(file)).documents.values()] == ["甲公司的光中心。"]
    assert embedded(shelf) == 2
    (message,) = [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]
    assert message.endswith("was built with another documents; building it again")


@pytest.mark.parametrize(
    ("other", "part"),
    [
        (Shelf(Path(), WordEmbedder(fingerprint="fake:2"), PassageRules()), "model"),
        (Shelf(Path(), WordEmbedder(), PassageRules(max_chars=40)), "passages"),
    ],
    ids=["another model", "other rules"],
)
def test_another_model_or_other_rules_build_again(
    shelf: Shelf, notes: Document, caplog: pytest.LogCaptureFixture, other: Shelf, part: str
) -> None:
    shelf.add("mine", [notes])
    changed = Shelf(shelf.folder, other.embedder, other.rules)
    before = embedded(changed)
    assert changed.open("mine").documents == {notes.id: notes}
    assert embedded(changed) > before
    assert f"was built with another {part}; building it again" in caplog.text


def test_vectors_of_another_length_are_not_put_beside_those_there(shelf: Shelf, notes: Document) -> None:
    shelf.add("mine", [notes])
    longer = Shelf(shelf.folder, WordEmbedder((*VOCABULARY, "厂")), shelf.rules)
    with pytest.raises(IndexStale, match="passage's vector has 7 numbers, those of the collection 6:"):
        longer.add("mine", [notes, titled("other", "丁厂。")])
    assert shelf.open("mine").documents == {notes.id: notes}


def test_files_of_one_name_in_two_folders_are_two_collections(shelf: Shelf, tmp_path: Path) -> None:
    for folder, text in (("a", "甲厂。"), ("b", "乙厂。")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "notes.txt").write_text(text, encoding="utf-8")
    first, second = str(tmp_path / "a" / "notes.txt"), str(tmp_path / "b" / "notes.txt")
    assert [next(iter(shelf.open(path).documents.values())).text for path in (first, second, first)] == [
        "甲厂。",
        "乙厂。",
        "甲厂。",
    ]
    assert embedded(shelf) == 2


def test_a_path_may_be_relative_or_start_at_home(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "notes.txt").write_text("甲厂。", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("notes.txt", "./notes.txt", "~/notes.txt", str(tmp_path / "notes.txt")):
        assert next(iter(shelf.open(name).documents.values())).text == "甲厂。"
    assert embedded(shelf) == 1  # one collection, built once


def test_a_path_may_hold_bytes_that_are_no_text(shelf: Shelf, tmp_path: Path) -> None:
    file = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9/notes.txt"))
    file.parent.mkdir()
    file.write_text("甲厂。", encoding="utf-8")
    for _ in range(2):
        assert [d.text for d in shelf.open(str(file)).documents.values()] == ["甲厂。"]
    assert embedded(shelf) == 1


def test_a_layout_is_obeyed_and_makes_another_index(shelf: Shelf, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("# 一\n\n甲厂。\n", encoding="utf-8")
    assert next(iter(shelf.open(str(file), "plain").documents.values())).text == "# 一\n甲厂。"
    assert next(iter(shelf.open(str(file), "markdown").documents.values())).text == "一\n甲厂。"


def test_add_replaces_and_open_needs_no_source(shelf: Shelf, notes: Document) -> None:
    shelf.add("mine", [titled("old", "丙厂。"), titled("older", "丁厂。")])
    added = shelf.add("mine", [notes])
    before = embedded(shelf)
    opened = shelf.open("mine")
    assert opened.documents == added.documents == {notes.id: notes}
    assert [*opened.passages] == [*added.passages]
    assert embedded(shelf) == before


def test_names_are_the_shipped_one_and_those_added(shelf: Shelf, notes: Document, tmp_path: Path) -> None:
    assert shelf.names() == [SHIPPED]
    file = tmp_path / "notes.txt"
    file.write_text("甲厂。", encoding="utf-8")
    shelf.open(str(file))
    shelf.add("笔记", [notes])
    shelf.add("a.b-c_1", [notes])
    assert shelf.names() == ["a.b-c_1", SHIPPED, "笔记"]


@pytest.mark.parametrize(
    "name", ["", ".", "..", ".hidden", "a/b", "../a", " a", "a ", "a\n", "-a", "a" * 65, SHIPPED]
)
def test_a_name_that_is_not_allowed_is_named(shelf: Shelf, notes: Document, name: str) -> None:
    with pytest.raises(
        CollectionError, match=f"^{re.escape(repr(name))} cannot name a collection. Use up to 64"
    ):
        shelf.add(name, [notes])
    assert not shelf.folder.exists()


def test_the_longest_name_is_allowed(shelf: Shelf, notes: Document) -> None:
    shelf.add("a" * 64, [notes])
    assert shelf.open("a" * 64).documents == {notes.id: notes}


@pytest.mark.parametrize(
    "make",
    [lambda shelf, notes: shelf.add("mine", [notes]), lambda shelf, notes: shelf.index("mine", [notes])],
)
def test_the_folders_of_a_collection_are_for_their_owner_alone(
    shelf: Shelf, notes: Document, make: Callable[[Shelf, Document], Index]
) -> None:
    make(shelf, notes)
    folders = (shelf.folder.parent, shelf.folder, shelf.folder / "mine")
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700] * 3


def test_two_documents_of_one_name_are_refused(shelf: Shelf, notes: Document) -> None:
    with pytest.raises(CollectionError, match="^two files are named 'notes'. Rename one of them.$"):
        shelf.add("mine", [notes, titled("other", "丁厂。"), notes])


def test_an_unknown_name_lists_the_known_ones(shelf: Shelf, notes: Document) -> None:
    shelf.add("mine", [notes])
    with pytest.raises(CollectionError) as caught:
        shelf.open("yours")
    assert str(caught.value) == (
        f"there is no collection 'yours' (there are: mine, {SHIPPED}) and no such file. "
        "Make one with: wenju index PATH --collection yours"
    )


@pytest.mark.parametrize("name", ["no/such.txt", "a" * 5000, "a" * 300 + ".txt"])
def test_a_path_without_a_file_is_named(shelf: Shelf, name: str) -> None:
    with pytest.raises(ArticleError, match=f"^cannot read {re.escape(name)}: .* Check the path.$"):
        shelf.open(name)


def test_the_shipped_article_is_opened_by_its_name(shelf: Shelf, article: Document) -> None:
    assert shelf.open(SHIPPED).documents == {article.id: article}


@pytest.mark.parametrize("lost", ["dense.faiss", "manifest.json"])
def test_a_lost_file_is_built_again(
    shelf: Shelf, notes: Document, caplog: pytest.LogCaptureFixture, lost: str
) -> None:
    shelf.add("mine", [notes])
    (shelf.folder / "mine" / lost).unlink()
    assert shelf.open("mine").documents == {notes.id: notes}
    assert f"{lost} " in caplog.text
    assert "; building it again" in caplog.text
    caplog.clear()
    shelf.open("mine")
    assert caplog.text == ""


def test_lost_documents_cannot_be_built_again(shelf: Shelf, notes: Document) -> None:
    shelf.add("mine", [notes])
    (shelf.folder / "mine" / "documents.jsonl").write_text("{}", encoding="utf-8")
    with pytest.raises(CollectionError, match="are lost; make it again: wenju index PATH --collection mine$"):
        shelf.open("mine")


def test_where_nothing_can_be_written_a_file_is_kept_in_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "blocked"
    blocked.touch()  # a file where a folder should be
    file = tmp_path / "notes.txt"
    file.write_text("甲厂。", encoding="utf-8")
    shelf = Shelf(blocked / "indexes", WordEmbedder(), PassageRules())
    assert [*shelf.open(str(file)).documents.values()] == [load_document(file)]
    assert "Set WENJU_HOME to a folder that can be written. The index is kept in memory" in caplog.text


def test_where_nothing_can_be_written_no_collection_is_made(tmp_path: Path, notes: Document) -> None:
    (tmp_path / "blocked").touch()
    shelf = Shelf(tmp_path / "blocked" / "indexes", WordEmbedder(), PassageRules())
    with pytest.raises(CollectionError, match="cannot write .*mine .*Set WENJU_HOME to a folder"):
        shelf.add("mine", [notes])


def test_the_shipped_article_is_read_without_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subprocess.run", None)
    assert load_shipped().published == "2024-12"
