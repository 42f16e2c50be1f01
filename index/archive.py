"""A collection of many documents on disk, which grows and shrinks in place.

`archive.db`, in SQLite, is the truth: what it is made with; each document, compressed, and the rows of its
passages. The rows themselves lie beside it, or in Milvus (`index/rows.py`).

Documents are in once SQLite has them. Rows that it does not know are not found: those of a build that goes
on or was killed, which the next one takes out, and those of documents that are gone.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path

from corpus import Document
from index.archive_file import MadeWith, Records
from index.errors import IndexDamaged, IndexStale, IndexUnfinished
from index.passages import Passage, PassageRules, split_passages
from index.retriever import Index
from index.rows import drop_rows, search_rows

_KEPT = 512  # documents in memory


def open_archive(folder: Path, made_with: MadeWith | None = None) -> Index:
    """The archive at `folder` for searching, as it is now: what is built later is not seen.

    Raises IndexMissing, IndexDamaged, IndexUnreachable, IndexUnfinished, or IndexStale when it is made with
    something else.
    """
    documents = archive_documents(folder, made_with)
    try:
        return _searchable(folder, documents)
    except IndexDamaged:
        again = archive_documents(folder, made_with)
        if again.records.state() == documents.records.state():
            raise
        return _searchable(folder, again)  # a build has ended meanwhile and taken the files of that before


def _searchable(folder: Path, documents: ArchiveDocuments) -> Index:
    records = documents.records
    with _readable(folder):
        dense, lexical = search_rows(folder, records.place(), *records.state())
        return Index(documents, ArchivePassages(documents, records.made_with().passages), dense, lexical)


def archive_documents(folder: Path, made_with: MadeWith | None = None) -> ArchiveDocuments:
    """The documents alone. Raises as `open_archive` does."""
    with _readable(folder):
        records = Records(folder)
        if made_with not in (None, records.made_with()):
            raise IndexStale(f"the archive {folder} was made with another embedding model or other passages")
        if not records.state()[1]:
            raise IndexUnfinished(f"the building of the archive {folder} has not been finished")
        return ArchiveDocuments(records)


@contextmanager
def _readable(folder: Path) -> Iterator[None]:
    """Whatever is wrong with an archive's files is an IndexDamaged."""
    try:
        yield
    except (sqlite3.Error, OSError, ValueError, TypeError, KeyError) as error:
        raise IndexDamaged(f"the archive {folder} cannot be read: {error}") from error


def drop_archive_rows(folder: Path) -> None:
    """Remove what an archive has elsewhere, before its folder is removed. Raises IndexUnusable."""
    with _readable(folder):
        place = Records(folder).place()
    drop_rows(place)


class ArchiveDocuments(Mapping[str, Document]):
    """The documents by their ids, in the order in which they came in; the last ones used are kept."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self._get = lru_cache(maxsize=_KEPT)(partial(_read, records))  # of `self` it would be a circle

    def __getitem__(self, document_id: str) -> Document:
        return self._get(document_id)

    def __iter__(self) -> Iterator[str]:
        return iter(
            [document_id for (document_id,) in self.records.all("SELECT id FROM documents ORDER BY number")]
        )

    def __len__(self) -> int:
        (count,) = self.records.one("SELECT count(*) FROM documents")
        return int(count)

    def __contains__(self, document_id: object) -> bool:
        (count,) = self.records.one("SELECT count(*) FROM documents WHERE id = ?", document_id)
        return bool(count)

    def titles(self, most: int) -> dict[str, str]:
        """The titles of the first documents, by their ids."""
        found = self.records.all(f"SELECT id, title FROM documents ORDER BY number LIMIT {int(most)}")
        return dict(found)

    def sha256s(self) -> dict[str, str]:
        """The hashes of all texts, by the documents' ids."""
        return dict(self.records.all("SELECT id, sha256 FROM documents ORDER BY number"))


def _read(records: Records, document_id: str) -> Document:
    (body,) = records.one("SELECT body FROM documents WHERE id = ?", document_id)
    try:
        return unpacked(body)
    except (zlib.error, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(f"the document {document_id!r} of an archive is altered: {error}") from error


class ArchivePassages:
    """The passages by their rows."""

    def __init__(self, documents: ArchiveDocuments, rules: PassageRules) -> None:
        self._documents, self._rules = documents, rules
        self._split = lru_cache(maxsize=_KEPT)(
            lambda document_id: split_passages(documents[document_id], rules)
        )

    def __len__(self) -> int:
        (count,) = self._documents.records.one("SELECT coalesce(sum(n_rows), 0) FROM documents")
        return int(count)

    def __getitem__(self, row: int) -> Passage:
        document_id, first, _ = self._around(row)
        return self._split(document_id)[row - first]

    def holds(self, row: int) -> bool:
        """Whether there is such a row."""
        _, first, count = self._around(row)
        return row < first + count

    def rows_of(self, document_id: str) -> range:
        """The rows of a document's passages. Raises KeyError for a document that is not here."""
        first, count = self._documents.records.one(
            "SELECT first_row, n_rows FROM documents WHERE id = ?", document_id
        )
        return range(first, first + count)

    def _around(self, row: int) -> tuple[str, int, int]:
        """The last document that begins at the row or before it, with its rows."""
        where = "WHERE first_row <= ? AND n_rows > 0 ORDER BY first_row DESC LIMIT 1"
        found = self._documents.records.find(f"SELECT id, first_row, n_rows FROM documents {where}", row)
        return found or ("", 0, 0)


def titles(documents: Mapping[str, Document], most: int) -> dict[str, str]:
    """The titles of the first documents, by their ids; those of an archive without reading them."""
    if isinstance(documents, ArchiveDocuments):
        return documents.titles(most)
    return {document_id: documents[document_id].title for document_id in islice(documents, most)}


def sha256s(documents: Mapping[str, Document]) -> dict[str, str]:
    """The hashes of all texts, by the documents' ids; those of an archive without reading them."""
    if isinstance(documents, ArchiveDocuments):
        return documents.sha256s()
    return {document_id: document.sha256 for document_id, document in documents.items()}


def packed(document: Document) -> bytes:
    """A document as it is stored."""
    return zlib.compress(json.dumps(document.to_json(), ensure_ascii=False).encode())


def unpacked(body: bytes) -> Document:
    """The document that `packed` made so."""
    return Document.from_json(json.loads(zlib.decompress(body)))
