"""Keeping collections: listed, added to, taken from, renamed, deleted, by one at a time."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from app.building import Build
from app.collection_names import SHIPPED
from app.collections import Shelf
from app.errors import BuildStopped, CollectionError, NameTaken
from app.holdings import delete, extend, holdings, rename, take_out
from app.library import Library
from index import PassageRules, WholeIndex, build_index
from tests.app.conftest import EAST, WEST, make_pipeline, titled
from tests.fakes import WordEmbedder


def texts(shelf: Shelf, name: str) -> dict[str, str]:
    return {document.id: document.text for document in shelf.open(name).documents.values()}


def test_the_list_has_what_the_user_made(shelf: Shelf) -> None:
    assert holdings(shelf) == []
    shelf.open(SHIPPED)
    shelf.add("乙", [EAST, WEST])
    shelf.add("a b", [EAST])
    first, second = holdings(shelf)
    assert (first.name, first.document_ids, first.damaged) == ("a b", ("east",), "")
    assert (second.name, second.document_ids) == ("乙", ("east", "west"))
    files = [path for path in (shelf.folder / "乙").rglob("*") if path.is_file()]
    assert second.n_bytes == sum(path.stat().st_size for path in files) > 0
    assert second.built is not None


def test_what_cannot_be_opened_is_listed_with_why_and_can_be_deleted(shelf: Shelf) -> None:
    shelf.add("mine", [EAST])
    (shelf.folder / "mine" / "manifest.json").write_text("{", encoding="utf-8")
    (one,) = holdings(shelf)
    assert (one.document_ids, one.built) == ((), None)
    assert "manifest.json cannot be read" in one.damaged
    delete(shelf, "mine")
    assert holdings(shelf) == []


def test_an_index_of_another_version_is_no_damage(shelf: Shelf) -> None:
    shelf.add("mine", [EAST, WEST])
    path = shelf.folder / "mine" / "manifest.json"
    path.write_text(
        json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"format": 1}), encoding="utf-8"
    )
    (one,) = holdings(shelf)
    assert (one.document_ids, one.damaged) == (("east", "west"), "")


def test_documents_are_added_in_place_of_those_of_their_name(shelf: Shelf) -> None:
    extend(shelf, "mine", [EAST])
    extend(shelf, "mine", [WEST])
    assert texts(shelf, "mine") == {"east": "甲厂在东。", "west": "乙厂在西。"}
    extend(shelf, "mine", [titled("east", "甲厂搬走了。")])
    assert texts(shelf, "mine") == {"east": "甲厂搬走了。", "west": "乙厂在西。"}


def test_two_who_add_at_once_lose_nothing(shelf: Shelf) -> None:
    named = [titled(f"d{i}", f"第{i}厂。") for i in range(8)]
    threads = [threading.Thread(target=extend, args=[shelf, "mine", [document]]) for document in named]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert texts(shelf, "mine") == {document.id: document.text for document in named}


def test_a_document_is_taken_out_but_not_the_last(shelf: Shelf) -> None:
    shelf.add("mine", [EAST, WEST])
    take_out(shelf, "mine", ["east"])
    assert texts(shelf, "mine") == {"west": "乙厂在西。"}
    with pytest.raises(CollectionError, match="'west' is all that 'mine' holds. Delete the collection"):
        take_out(shelf, "mine", ["west"])
    take_out(shelf, "mine", ["nobody"])  # taken out elsewhere
    assert texts(shelf, "mine") == {"west": "乙厂在西。"}


def test_a_new_name_keeps_the_index(shelf: Shelf) -> None:
    shelf.add("mine", [EAST])
    assert isinstance(shelf.embedder, WordEmbedder)
    before = shelf.embedder.embedded
    rename(shelf, "mine", "东区 资料")
    assert shelf.names() == [SHIPPED, "东区 资料"]
    assert texts(shelf, "东区 资料") == {"east": "甲厂在东。"}
    assert shelf.embedder.embedded == before
    rename(shelf, "东区 资料", "东区 资料")  # to itself


def test_a_name_that_is_taken_or_none_is_refused(shelf: Shelf) -> None:
    shelf.add("mine", [EAST])
    shelf.add("yours", [WEST])
    for old, new, message in (
        ("mine", "yours", "there is a collection 'yours' already"),
        ("mine", "../x", "'../x' cannot name a collection"),
        ("mine", SHIPPED, "cannot name a collection"),
        ("gone", "new", "there is no collection 'gone'"),
        (SHIPPED, "new", "cannot name a collection"),
    ):
        with pytest.raises(CollectionError, match=message):
            rename(shelf, old, new)
    assert (texts(shelf, "mine"), texts(shelf, "yours")) == ({"east": "甲厂在东。"}, {"west": "乙厂在西。"})


def test_deleted_is_gone_from_the_disk(shelf: Shelf) -> None:
    shelf.add("mine", [EAST])
    delete(shelf, "mine")
    assert not [path for path in shelf.folder.rglob("*") if path.is_file() and path.suffix != ".lock"]
    for name in ("mine", "../indexes", SHIPPED):
        with pytest.raises(CollectionError):
            delete(shelf, name)


def test_a_file_of_a_collections_name_is_not_taken_for_it(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "users").write_text("机密。", encoding="utf-8")
    extend(shelf, "users", [EAST])
    library = Library(shelf, lambda index: make_pipeline(list(index().documents.values())))
    opening = library.opening("users")
    assert list(opening.documents) == list(opening.pipeline.documents) == ["east"]
    extend(shelf, "users", [WEST])
    assert [d.id for d in shelf.stored("users")] == ["east", "west"]
    take_out(shelf, "users", ["east"])
    assert list(shelf.open_stored("users").documents) == ["west"]


def test_names_that_a_disk_may_take_for_one_are_refused(shelf: Shelf) -> None:
    shelf.add("mine", [EAST])
    for act in (lambda: extend(shelf, "Mine", [WEST]), lambda: shelf.add("MINE", [WEST])):
        with pytest.raises(NameTaken, match="there is a collection 'mine' already"):
            act()
    rename(shelf, "mine", "Mine")
    assert shelf.names() == ["Mine", SHIPPED]


def test_what_a_killed_change_left_aside_comes_back(shelf: Shelf) -> None:
    shelf.add("mine", [EAST])
    (shelf.folder / "mine").rename(shelf.folder / ".mine.old")
    (shelf.folder / ".yours.new").mkdir()
    extend(shelf, "mine", [WEST])
    assert texts(shelf, "mine") == {"east": "甲厂在东。", "west": "乙厂在西。"}
    (shelf.folder / "mine").rename(shelf.folder / ".mine.old")
    library = Library(shelf, lambda index: make_pipeline(list(index().documents.values())))
    assert library.names() == [SHIPPED, "mine"]
    assert not (shelf.folder / ".yours.new").exists()


def test_what_is_there_is_not_embedded_again(shelf: Shelf) -> None:
    assert isinstance(shelf.embedder, WordEmbedder)
    shelf.add("mine", [EAST])
    before = shelf.embedder.embedded
    extend(shelf, "mine", [WEST])
    assert shelf.embedder.embedded == before + 1  # a passage
    take_out(shelf, "mine", ["east"])
    assert shelf.embedder.embedded == before + 1
    fresh = Shelf(shelf.folder, WordEmbedder(), PassageRules()).open("mine")
    built = build_index([WEST], WordEmbedder(), PassageRules())
    assert isinstance(fresh, WholeIndex)
    assert (fresh.dense.vectors() == built.dense.vectors()).all()


def test_nothing_is_no_collection(shelf: Shelf) -> None:
    for act in (lambda: extend(shelf, "leer", []), lambda: shelf.add("leer", [])):
        with pytest.raises(CollectionError, match="'leer' would hold nothing"):
            act()
    assert not (shelf.folder / "leer").exists()


def test_whoever_reads_does_not_wait_for_a_build(shelf: Shelf) -> None:
    shelf.add("mine", [EAST])
    seen: list[list[str]] = []

    class Looking(WordEmbedder):
        def embed_passages(self, texts, progress=None):  # type: ignore[no-untyped-def]
            seen.append([d.id for d in shelf.stored("mine")])  # from the middle of the build
            return super().embed_passages(texts, progress)

    extend(replace(shelf, embedder=Looking()), "mine", [WEST])
    assert seen == [["east"]]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    shelf = Shelf(tmp_path / "file" / "indexes", WordEmbedder(), PassageRules())
    with pytest.raises(CollectionError, match=r"cannot write .*indexes/mine \(Not a directory\)"):
        extend(shelf, "mine", [EAST])


class SlowEmbedder(WordEmbedder):
    """Tells of every text."""

    def embed_passages(self, texts, progress=None):  # type: ignore[no-untyped-def]
        """Unit vectors of passages; `progress` is told text by text."""
        for i in range(len(texts)):
            progress(i + 1, len(texts))
        return super().embed_passages(texts)


def test_a_build_tells_how_far_it_is(shelf: Shelf) -> None:
    build = Build(replace(shelf, embedder=SlowEmbedder()), "mine", [EAST, WEST])
    steps = list(build.steps())
    assert steps
    assert {total for _, total in steps} <= {0, 2}  # a passage of each
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert texts(shelf, "mine") == {"east": "甲厂在东。", "west": "乙厂在西。"}


def test_a_stopped_build_changes_nothing(shelf: Shelf) -> None:
    shelf.add("mine", [EAST])
    build = Build(replace(shelf, embedder=SlowEmbedder()), "mine", [WEST])
    build.stop()
    with pytest.raises(BuildStopped, match="'mine' was not built"):
        list(build.steps())
    assert texts(shelf, "mine") == {"east": "甲厂在东。"}
    assert not list(shelf.folder.glob(".mine.new"))


def test_a_build_that_fails_says_why(shelf: Shelf) -> None:
    with pytest.raises(CollectionError, match="cannot name a collection"):
        list(Build(shelf, "../x", [EAST]).steps())
