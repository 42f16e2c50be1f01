"""A collection of many documents on disk, which grows and shrinks in place.

`archive.db`, in SQLite, is the truth: what it is made with; each document, compressed, and the rows of its
passages. The rows themselves lie beside it, or in Milvus (`index/rows.py`).

Documents are in once SQLite has them. Rows that it does not know are not found: those of a build that goes
on or was killed, which the next one takes out, and those of documents that are gone.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path

from corpus import Document
from index.errors import IndexDamaged, IndexMissing, IndexStale, IndexUnfinished
from index.passages import Passage, PassageRules, split_passages
from index.retriever import Index
from index.rows import drop_rows, search_rows
from index.searching import RowPlace

DATABASE = "archive.db"
FORMAT = 1
_KEPT = 512  # documents in memory
SCHEMA = f"""
CREATE TABLE made_with (model TEXT NOT NULL, passages TEXT NOT NULL);
CREATE TABLE place (url TEXT NOT NULL, name TEXT NOT NULL, dim INTEGER NOT NULL);
CREATE TABLE documents (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    source_sha256 TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    title TEXT NOT NULL,
    first_row INTEGER NOT NULL,
    n_rows INTEGER NOT NULL,
    body BLOB NOT NULL
);
CREATE INDEX by_row ON documents (first_row);
CREATE TABLE removed (first_row INTEGER NOT NULL, n_rows INTEGER NOT NULL);
CREATE TABLE state (next_row INTEGER NOT NULL, build INTEGER NOT NULL, is_whole INTEGER NOT NULL);
INSERT INTO state VALUES (0, 0, 0);
PRAGMA user_version = {FORMAT};
"""


@dataclass(frozen=True)
class MadeWith:
    """What the vectors of an archive are made with; with another model or other passages they do not fit."""

    model: str
    passages: PassageRules

    @property
    def rules(self) -> str:
        """The rules of passages as they are stored."""
        return json.dumps(asdict(self.passages), sort_keys=True)


def is_archive(folder: Path) -> bool:
    """Whether an archive lies there."""
    return (folder / DATABASE).is_file()


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


class Records:
    """The database, seen as it was when it was opened. Raises IndexMissing or IndexDamaged."""

    def __init__(self, folder: Path) -> None:
        if not is_archive(folder):
            raise IndexMissing(f"there is no archive at {folder}")
        self._lock = threading.Lock()
        try:
            self._database = sqlite3.connect(_uri(folder), uri=True, check_same_thread=False)
            self._database.execute("BEGIN")  # until it is closed: what a build changes meanwhile is not seen
            (version,) = self.one("PRAGMA user_version")
        except sqlite3.Error as error:
            raise IndexDamaged(f"the archive {folder} cannot be read: {error}") from error
        if version != FORMAT:
            raise IndexStale(
                f"the archive {folder} has format {version}; this version of Wenju reads {FORMAT}"
            )

    def made_with(self) -> MadeWith:
        """What the vectors are made with."""
        model, passages = self.one("SELECT model, passages FROM made_with")
        return MadeWith(model, PassageRules(**json.loads(passages)))

    def state(self) -> tuple[int, int]:
        """The next row, and the number of the last build that was finished; 0 where none was."""
        next_row, build = self.one("SELECT next_row, build FROM state")
        return int(next_row), int(build)

    def place(self) -> RowPlace:
        """Where the rows lie."""
        made_with = self.made_with()
        url, name, dim = self.one("SELECT url, name, dim FROM place")
        return RowPlace(url, name, dim, f"{made_with.model} {made_with.rules}")

    def one(self, query: str, *values: object) -> tuple:  # type: ignore[type-arg]
        """The first row of what is asked for. Raises KeyError where there is none."""
        row = self.find(query, *values)
        if row is None:
            raise KeyError(*values)
        return row

    def find(self, query: str, *values: object) -> tuple | None:  # type: ignore[type-arg]
        """The first row of what is asked for, if there is one."""
        with self._lock:
            row: tuple[object, ...] | None = self._database.execute(query, values).fetchone()
        return row

    def all(self, query: str) -> list[tuple]:  # type: ignore[type-arg]
        """Every row of what is asked for."""
        with self._lock:
            return self._database.execute(query).fetchall()


def _uri(folder: Path) -> str:
    """What SQLite reads the database by. Raises IndexDamaged for changes that it cannot read there."""
    uri = f"{(folder / DATABASE).absolute().as_uri()}?mode=ro"
    changes, shared = folder / f"{DATABASE}-wal", folder / f"{DATABASE}-shm"
    if os.access(folder, os.W_OK):
        return uri
    # SQLite cannot put there what it shares with who writes; where that lies there already, it can read it.
    if not changes.is_file() or not changes.stat().st_size:
        return f"{uri}&immutable=1"  # which passes changes over
    if not shared.is_file():
        raise IndexDamaged(
            f"the archive {folder} has changes in {changes.name} that can be read only where its folder can "
            "be written: allow that, or copy it to where it can"
        )
    return uri


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
