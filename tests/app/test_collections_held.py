"""The shelf beside its collections: texts read without an index, and texts held for a question set."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.collection_names import SHIPPED
from app.collections import Shelf
from app.errors import CollectionError
from corpus import ArticleError, Document, build_document
from index import PassageRules
from tests.app.conftest import NOTES
from tests.fakes import WordEmbedder


@pytest.fixture
def model() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
def shelf(home: Path, model: WordEmbedder) -> Shelf:
    return Shelf(home / "indexes", model, PassageRules())


@pytest.fixture
def other() -> Document:
    return build_document("other", "丙公司的城。".encode(), "plain")


def folders(shelf: Shelf) -> list[str]:
    """The indexes there are."""
    return sorted(path.name for path in shelf.folder.iterdir() if path.is_dir())


# --- read --------------------------------------------------------------------------------------


def test_reading_makes_no_index(shelf: Shelf, model: WordEmbedder, article: Document, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text(NOTES, encoding="utf-8")
    (read,) = shelf.documents(str(file)).values()
    assert (read.id, read.title, len(read.sentences)) == ("notes", "东区与西区", 3)
    assert [*shelf.documents(SHIPPED).values()] == [article]
    assert model.embedded == 0
    assert not shelf.folder.exists()


def test_what_is_read_is_what_is_opened(
    shelf: Shelf, model: WordEmbedder, notes: Document, other: Document, tmp_path: Path
) -> None:
    shelf.add("mine", [notes, other])
    file = tmp_path / "notes.txt"
    file.write_text(NOTES, encoding="utf-8")
    before = model.embedded
    assert [*shelf.documents("mine").values()] == [notes, other]
    assert model.embedded == before
    for name in ("mine", str(file)):
        assert shelf.documents(name) == shelf.open(name).documents


def test_reading_fails_as_opening_does(shelf: Shelf, notes: Document) -> None:
    for act in (shelf.documents, shelf.open):
        with pytest.raises(
            CollectionError, match=rf"^there is no collection 'yours' \(there are: {SHIPPED}\)"
        ):
            act("yours")
        with pytest.raises(ArticleError, match="^cannot read no/such.txt: "):
            act("no/such.txt")
    shelf.add("mine", [notes])
    (shelf.folder / "mine" / "documents.jsonl").write_text("{}", encoding="utf-8")
    with pytest.raises(CollectionError, match="Its documents are lost; make it again"):
        shelf.documents("mine")


# --- hold --------------------------------------------------------------------------------------


def test_documents_are_held_and_built_once(
    shelf: Shelf, model: WordEmbedder, notes: Document, other: Document
) -> None:
    held = shelf.hold([notes, other])
    assert [*held.documents.values()] == [notes, other]
    assert model.embedded == 2  # passages
    again = shelf.hold([notes, other])
    assert (again.documents, [*again.passages]) == (held.documents, [*held.passages])
    assert model.embedded == 2
    (name,) = folders(shelf)
    assert re.fullmatch(r"file-[0-9a-f]{12}", name)


def test_what_is_held_is_no_collection_of_the_users(shelf: Shelf, notes: Document, other: Document) -> None:
    shelf.add("mine", [notes])
    shelf.hold([notes, other])
    assert shelf.names() == ["mine", SHIPPED]
    assert len(folders(shelf)) == 2


def test_other_documents_are_another_index(
    shelf: Shelf, model: WordEmbedder, notes: Document, other: Document
) -> None:
    changed = build_document("other", "丙公司的光。".encode(), "plain")
    renamed = build_document("another", "丙公司的城。".encode(), "plain")
    kept = [[notes], [other], [notes, other], [other, notes], [notes, changed], [renamed]]
    for documents in kept:
        assert [*shelf.hold(documents).documents.values()] == documents
    assert len(folders(shelf)) == len(kept)
    before = model.embedded
    for documents in kept:  # none took the place of another
        assert [*shelf.hold(documents).documents.values()] == documents
    assert model.embedded == before


def test_another_model_builds_again_in_its_place(
    shelf: Shelf, notes: Document, caplog: pytest.LogCaptureFixture
) -> None:
    shelf.hold([notes])
    changed = Shelf(shelf.folder, WordEmbedder(fingerprint="fake:2"), PassageRules())
    assert changed.hold([notes]).documents == {notes.id: notes}
    assert "was built with another model; building it again" in caplog.text
    assert len(folders(shelf)) == 1


def test_where_nothing_can_be_written_documents_are_held_in_memory(
    tmp_path: Path, notes: Document, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "blocked").touch()  # a file where a folder should be
    shelf = Shelf(tmp_path / "blocked" / "indexes", WordEmbedder(), PassageRules())
    assert shelf.hold([notes]).documents == {notes.id: notes}
    assert "Set WENJU_HOME to a folder that can be written. The index is kept in memory" in caplog.text
