"""The library: what can be asked, opened once, and anew when it changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.collection_names import SHIPPED
from app.collections import Shelf
from app.errors import CollectionError
from app.holdings import delete, extend, rename
from app.library import Library
from app.pipeline import Pipeline
from index import Index
from tests.app.conftest import EAST, WEST, make_pipeline, titled


def over_index(index: Callable[[], Index]) -> Pipeline:
    """Without models of weight."""
    return make_pipeline(list(index().documents.values()))


def test_the_first_is_opened_when_the_page_begins(shelf: Shelf) -> None:
    shelf.add("mine", [EAST])
    library = Library(shelf, over_index, "mine")
    opening = library.opening("mine")
    assert (library.first, library.names()) == ("mine", ["mine", SHIPPED])
    assert (list(opening.documents), opening.is_open) == (["east"], False)
    library.begin()
    assert list(opening.pipeline.documents) == ["east"]
    assert library.opening("mine") is opening


def test_another_is_opened_when_it_is_asked_and_once(shelf: Shelf) -> None:
    shelf.add("mine", [EAST])
    library = Library(shelf, over_index)
    assert (library.first, library.names()) == (SHIPPED, [SHIPPED, "mine"])
    opening = library.opening("mine")
    assert list(opening.pipeline.documents) == ["east"]
    assert library.opening("mine") is opening


def test_what_changed_is_opened_anew(shelf: Shelf) -> None:
    shelf.add("mine", [EAST])
    library = Library(shelf, over_index, "mine")
    extend(shelf, "mine", [WEST])
    assert list(library.opening("mine").pipeline.documents) == ["east", "west"]


def test_what_was_deleted_or_renamed_is_not_asked_by_its_old_name(shelf: Shelf) -> None:
    shelf.add("mine", [EAST])
    library = Library(shelf, over_index, "mine")
    rename(shelf, "mine", "new")
    with pytest.raises(CollectionError, match="There is no collection 'mine'"):
        library.opening("mine")
    assert (library.first, library.names()) == (SHIPPED, ["new", SHIPPED])
    assert list(library.opening("new").documents) == ["east"]
    delete(shelf, "new")
    with pytest.raises(CollectionError):
        library.opening("new")


def test_only_the_first_may_be_a_file(shelf: Shelf, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("甲厂在东。", encoding="utf-8")
    first = str(tmp_path / "a.txt")
    library = Library(shelf, over_index, first, "plain")
    assert library.names() == [first, SHIPPED]
    assert list(library.opening(first).documents) == ["a"]
    for name in (str(tmp_path / "b.txt"), "/etc/passwd", "../a.txt", ""):
        with pytest.raises(CollectionError):
            library.opening(name)


def test_only_so_many_stay_in_memory(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.library._KEPT", 3)
    for name in ("a", "b", "c", "d"):
        shelf.add(name, [EAST])
    library = Library(shelf, over_index, "a")
    opened = {name: library.opening(name) for name in ("a", "b", "c", "b", "d")}
    assert all(library.opening(name) is opened[name] for name in ("a", "b", "d"))  # a: named at the start
    assert library.opening("c") is not opened["c"]  # the one that was used longest ago


def test_starters_are_made_from_the_documents_and_each_is_answered(shelf: Shelf) -> None:
    shelf.add("mine", [titled("east", "武汉的算力工厂一共有12个大车间。光城在东区。")])
    opening = Library(shelf, over_index).opening("mine")
    assert opening.starters == ["武汉的算力工厂一共有多少个大车间？"]
    assert opening.pipeline.answer(opening.starters[0]).citations
