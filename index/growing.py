"""Changing an archive: documents come in batch by batch and go; a build that was killed is gone on with."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType

import numpy as np
from filelock import FileLock, Timeout

from corpus import Document
from index.archive import packed
from index.archive_file import DATABASE, SCHEMA, MadeWith, Records, is_archive
from index.embedder import Embedder, Progress
from index.errors import ArchiveBusy, IndexStale
from index.passages import split_passages
from index.place import make_private
from index.retriever import passage_texts
from index.rows import new_place, row_writer


@contextmanager
def _written() -> Iterator[None]:
    """What SQLite says where it cannot write, such as to a full disk, is an OSError."""
    try:
        yield
    except sqlite3.Error as error:
        raise OSError(errno.EIO, str(error)) from error


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One who changes an archive, moves or removes it at a time. Raises ArchiveBusy."""
    lock = FileLock(folder.with_name(f".{folder.name}.growing.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise ArchiveBusy(f"another process is changing {folder}. Wait until it is done.") from error
    try:
        yield
    finally:
        lock.release()


class Growing:
    """An archive that is being changed, by one process at a time. Used in a `with` block.

    The rows of a new one go to Milvus at `url`, if one is given.
    """

    def __init__(self, folder: Path, embedder: Embedder, made_with: MadeWith, url: str = "") -> None:
        self._folder, self._embedder, self._made_with, self._url = folder, embedder, made_with, url
        self._stack = ExitStack()

    def __enter__(self) -> Growing:
        """Take the archive, or begin one. Raises ArchiveBusy, IndexUnusable or OSError."""
        make_private(self._folder.parent)
        with ExitStack() as stack, _written():
            stack.enter_context(alone(self._folder))
            if not is_archive(self._folder):
                self._begin()
            records = Records(self._folder)
            self._check(records)
            self._database = sqlite3.connect(self._folder / DATABASE, isolation_level=None)
            stack.callback(self._database.close)
            place = records.place()
            self._dim, self._rows = place.dim, row_writer(self._folder, place)
            stack.callback(self._rows.release)
            if not self._rows.tidy(*records.state()):
                self._database.execute("UPDATE state SET is_whole = 0")
            self._sweep()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let it go; what was put in stays, and is searched by its vectors after `finish`."""
        self._stack.close()

    def source_of(self, document_id: str) -> str | None:
        """The hash of what a document here was read from; None where there is no such document."""
        found = self._database.execute("SELECT source_sha256 FROM documents WHERE id = ?", [document_id])
        row = found.fetchone()
        return str(row[0]) if row else None

    def add(self, documents: Sequence[Document], progress: Progress | None = None) -> None:
        """Put documents in, all at once, each in place of one of its id. Raises OSError."""
        rules = self._made_with.passages
        passages = [split_passages(document, rules) for document in documents]
        both = list(zip(documents, passages, strict=True))
        texts = [document.quote(one.start, one.end) for document, its in both for one in its]
        embedded = [
            text for document, its in both for text in passage_texts({document.id: document}, its, rules)
        ]
        vectors, row = self._embedder.embed_passages(embedded, progress), self._next_row()
        if texts and vectors.shape[1] != self._dim:
            raise IndexStale(
                f"{self._folder} has vectors of {self._dim} numbers, and the embedding model now gives "
                f"{vectors.shape[1]}: it is another one."
            )
        self._rows.add(row, texts, vectors)
        with self._all_at_once():
            for document, its in both:
                self._take_out(document.id)
                self._put(document, row, len(its))
                row += len(its)
            self._database.execute("UPDATE state SET next_row = ?, is_whole = 0", [row])

    def remove(self, document_ids: Sequence[str]) -> None:
        """Take documents out; ids that are not here are passed over. Raises OSError."""
        with self._all_at_once():
            for document_id in document_ids:
                self._take_out(document_id)
            self._database.execute("UPDATE state SET is_whole = 0")

    @_written()
    def finish(self) -> None:
        """Let what was changed be searched. Raises OSError."""
        next_row, build, is_whole = self._database.execute("SELECT * FROM state").fetchone()
        if is_whole:
            return
        spans = self._database.execute("SELECT first_row, n_rows FROM documents ORDER BY first_row")
        parts = [np.arange(first, first + count) for first, count in spans]
        rows = np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
        self._rows.finish(rows, next_row, build + 1)
        self._database.execute("UPDATE state SET build = ?, is_whole = 1", [build + 1])
        self._rows.finished(build + 1)
        os.utime(self._folder / DATABASE)  # whoever has it open looks at when it was written

    def _begin(self) -> None:
        """An empty archive, there at once."""
        dim = self._embedder.embed_queries(["?"]).shape[1]
        model, rules = self._made_with.model, self._made_with.rules
        place = new_place(self._url, dim, f"{model} {rules}")
        self._folder.mkdir(mode=0o700, exist_ok=True)
        fresh = self._folder / f"{DATABASE}.new"
        fresh.unlink(missing_ok=True)
        database = sqlite3.connect(fresh)
        database.executescript(SCHEMA)
        database.execute("INSERT INTO made_with VALUES (?, ?)", [model, rules])
        database.execute("INSERT INTO place VALUES (?, ?, ?)", [place.url, place.name, place.dim])
        database.commit()
        database.execute("PRAGMA journal_mode = WAL")
        database.close()
        fresh.rename(self._folder / DATABASE)

    def _check(self, records: Records) -> None:
        """Raise IndexStale where the archive is made with something else."""
        if records.made_with() != self._made_with:
            raise IndexStale(
                f"{self._folder} was made with another embedding model or other passages. Set them as they "
                "were, or give the new collection another name."
            )

    @contextmanager
    def _all_at_once(self) -> Iterator[None]:
        """A change of the database: whole, or not at all."""
        with _written():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._database.execute("COMMIT")
            finally:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
            self._sweep()

    def _sweep(self) -> None:
        """Take out the rows of documents that are gone."""
        gone = self._database.execute("SELECT first_row, n_rows FROM removed").fetchall()
        if gone:
            self._rows.remove(gone)
            self._database.execute("DELETE FROM removed")

    def _put(self, document: Document, row: int, n_rows: int) -> None:
        values = [document.id, document.source_sha256, document.sha256, document.title, row, n_rows]
        self._database.execute(
            "INSERT INTO documents (id, source_sha256, sha256, title, first_row, n_rows, body) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            [*values, packed(document)],
        )

    def _take_out(self, document_id: str) -> None:
        self._database.execute(
            "INSERT INTO removed SELECT first_row, n_rows FROM documents WHERE id = ? AND n_rows > 0",
            [document_id],
        )
        self._database.execute("DELETE FROM documents WHERE id = ?", [document_id])

    def _next_row(self) -> int:
        return int(self._database.execute("SELECT next_row FROM state").fetchone()[0])
