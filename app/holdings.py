"""Keeping the user's shelf: what stands on it; collections added to, taken from, renamed and deleted."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.collection_names import SHIPPED, check_name, same_name
from app.collections import Shelf
from app.errors import CollectionMissing, CollectionUnwritable, LastDocument, NameTaken
from corpus import Document
from index import (
    IndexMissing,
    IndexStale,
    IndexUnusable,
    alone,
    archive_documents,
    drop_archive_rows,
    move_index,
    read_documents,
    read_manifest,
    remove_index,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Holding:
    """What a list shows of a collection; `damaged` says why it cannot be opened, empty where it can."""

    name: str
    document_ids: tuple[str, ...]
    n_bytes: int  # on disk, the index with its texts
    built: datetime | None
    damaged: str = ""


def holdings(shelf: Shelf) -> list[Holding]:
    """The collections that the user made, by name."""
    return [_holding(shelf, name) for name in shelf.names() if name != SHIPPED]


def extend(shelf: Shelf, name: str, documents: Sequence[Document]) -> None:
    """Put documents into a collection, each in place of one of its id; a new one where there is none.

    Raises CollectionError or ArchiveBusy.
    """
    if shelf.is_large(name):
        with shelf.growing(name) as growing:
            growing.add(documents, shelf.progress)
            growing.finish()
        return

    def edit(before: Sequence[Document]) -> list[Document]:
        return list({document.id: document for document in (*before, *documents)}.values())

    shelf.change(name, edit)


def take_out(shelf: Shelf, name: str, document_ids: Sequence[str]) -> None:
    """Take documents out of a collection. Raises CollectionError, also where none is left, or ArchiveBusy."""
    gone, told = set(document_ids), ", ".join(map(repr, document_ids))
    alone = LastDocument(f"{told} is all that {name!r} holds. Delete the collection.")
    if shelf.is_large(name):
        with shelf.growing(name) as growing:
            documents = shelf.stored_documents(name)
            if len(documents) == sum(document_id in documents for document_id in gone):
                raise alone
            growing.remove(document_ids)
            growing.finish()
        return

    def edit(before: Sequence[Document]) -> list[Document]:
        left = [document for document in before if document.id not in gone]
        if not left:
            raise alone
        return left

    shelf.change(name, edit)


def rename(shelf: Shelf, name: str, new: str) -> None:
    """Give a collection another name. Raises CollectionError or ArchiveBusy."""
    check_name(name)
    check_name(new)
    if name == new:
        return
    first, second = sorted((name, new))
    with shelf.changing(first), shelf.changing(second):
        if not same_name(name, new):
            shelf.check_free(new)
        try:
            with alone(shelf.folder / name):
                move_index(shelf.folder / name, shelf.folder / new)
        except IndexMissing as error:
            raise _missing(name) from error
        except FileExistsError as error:
            raise NameTaken(f"there is a collection {new!r} already. Choose another name.") from error
        except OSError as error:
            raise CollectionUnwritable(f"cannot rename {name!r} to {new!r}: {error.strerror}.") from error


def delete(shelf: Shelf, name: str) -> None:
    """Delete a collection with its texts and its index. Raises CollectionError or ArchiveBusy."""
    check_name(name)
    with shelf.changing(name):
        try:
            with alone(shelf.folder / name):
                _drop_rows(shelf, name)
                remove_index(shelf.folder / name)
        except IndexMissing as error:
            raise _missing(name) from error
        except OSError as error:
            raise CollectionUnwritable(f"cannot delete {shelf.folder / name}: {error.strerror}.") from error


def _drop_rows(shelf: Shelf, name: str) -> None:
    """Remove what a large collection has elsewhere; where that cannot be reached, its folder goes alone."""
    if shelf.is_large(name):
        try:
            drop_archive_rows(shelf.folder / name)
        except IndexUnusable as error:
            log.warning("%s is deleted here alone: %s", name, error)


def _holding(shelf: Shelf, name: str) -> Holding:
    n_bytes, folder = 0, shelf.folder / name
    try:
        n_bytes = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        ids = tuple(archive_documents(folder) if shelf.is_large(name) else _document_ids(folder))
        built = datetime.fromtimestamp(shelf.written(name) / 1e9)
    except (IndexUnusable, OSError, KeyError, TypeError) as error:
        return Holding(name, (), n_bytes, None, str(error))
    return Holding(name, ids, n_bytes, built)


def _document_ids(folder: Path) -> list[str]:
    try:
        return list(read_manifest(folder)["documents"])
    except IndexStale:  # of another version: it is built again when it is opened
        return [document.id for document in read_documents(folder)]


def _missing(name: str) -> CollectionMissing:
    return CollectionMissing(f"there is no collection {name!r}; it may have been deleted elsewhere.")
