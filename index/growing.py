"""Changing an archive: documents come in batch by batch and go; a build that was killed is gone on with."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType

import numpy as np
from filelock import FileLock, Timeout

from corpus import Document
from index.archive import (
    DATABASE,
    LEXICAL,
    SCHEMA,
    VECTORS,
    MadeWith,
    Records,
    dense_name,
    is_archive,
    map_vectors,
    packed,
    written,
)
from index.embedder import Embedder
from index.errors import ArchiveBusy, IndexDamaged, IndexStale
from index.lexical import LexicalWriter
from index.near import Stored, make_near
from index.passages import split_passages
from index.place import make_private
from index.retriever import passage_texts


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
    """An archive that is being changed, by one process at a time. Used in a `with` block."""

    def __init__(self, folder: Path, embedder: Embedder, made_with: MadeWith) -> None:
        self._folder, self._embedder, self._made_with = folder, embedder, made_with
        self._stack = ExitStack()

    def __enter__(self) -> Growing:
        """Take the archive, or begin one. Raises ArchiveBusy, IndexUnusable or OSError."""
        make_private(self._folder.parent)
        with ExitStack() as stack:
            stack.enter_context(alone(self._folder))
            if not is_archive(self._folder):
                self._begin()
            self._check()
            self._database = sqlite3.connect(self._folder / DATABASE, isolation_level=None)
            stack.callback(self._database.close)
            self._lexical = LexicalWriter(self._folder / LEXICAL)
            stack.callback(self._lexical.release)
            self._drop_beyond()
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

    def add(self, documents: Sequence[Document]) -> None:
        """Put documents in, all at once, each in place of one of its id. Raises OSError."""
        passages = [split_passages(document, self._made_with.passages) for document in documents]
        texts = [
            text
            for document, its in zip(documents, passages, strict=True)
            for text in passage_texts({document.id: document}, its, self._made_with.passages)
        ]
        vectors = self._embedder.embed_passages(texts).astype(np.float16)
        row = first = self._next_row()
        with self._all_at_once():
            self._append(first, vectors)
            for document, its in zip(documents, passages, strict=True):
                self._take_out(document.id)
                for place, passage in enumerate(its):
                    self._lexical.add(row + place, document.quote(passage.start, passage.end))
                self._put(document, row, len(its))
                row += len(its)
            self._lexical.commit()
            self._database.execute("UPDATE state SET next_row = ?, is_whole = 0", [row])

    def remove(self, document_ids: Sequence[str]) -> None:
        """Take documents out; ids that are not here are passed over. Raises OSError."""
        with self._all_at_once():
            for document_id in document_ids:
                self._take_out(document_id)
            self._database.execute("UPDATE state SET is_whole = 0")

    def finish(self) -> None:
        """Let what was changed be searched. Raises OSError."""
        before, is_whole = self._database.execute("SELECT dense, is_whole FROM state").fetchone()
        if is_whole:
            return
        spans = self._database.execute("SELECT first_row, n_rows FROM documents ORDER BY first_row")
        parts = [np.arange(first, first + count) for first, count in spans]
        rows = np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
        vectors = map_vectors(self._folder / VECTORS, self._next_row(), self._dim())
        earlier = self._folder / dense_name(before)
        make_near(
            self._folder / dense_name(before + 1), vectors, rows, earlier if earlier.is_file() else None
        )
        self._database.execute("UPDATE state SET dense = ?, is_whole = 1", [before + 1])
        earlier.unlink(missing_ok=True)
        os.utime(self._folder / DATABASE)  # whoever has it open looks at when it was written

    def _begin(self) -> None:
        """An empty archive, there at once."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        fresh = self._folder / f"{DATABASE}.new"
        fresh.unlink(missing_ok=True)
        dim = self._embedder.embed_queries(["?"]).shape[1]
        database = sqlite3.connect(fresh)
        database.executescript(SCHEMA)
        database.execute(
            "INSERT INTO made_with VALUES (?, ?, ?)", [self._made_with.model, written(self._made_with), dim]
        )
        database.commit()
        database.execute("PRAGMA journal_mode = WAL")
        database.close()
        fresh.rename(self._folder / DATABASE)

    def _check(self) -> None:
        """Raise IndexStale where the archive is made with something else."""
        found, _ = Records(self._folder).made_with()
        if found != self._made_with:
            raise IndexStale(
                f"{self._folder} was made with another embedding model or other passages. Set them as they "
                "were, or give the new collection another name."
            )

    def _drop_beyond(self) -> None:
        """Take out what a killed build has left in the files that the database does not know of."""
        row = self._next_row()
        path = self._folder / VECTORS
        path.touch(mode=0o600)
        if path.stat().st_size < row * self._dim() * 2:
            raise IndexDamaged(f"{path} is cut short. Make the collection again under another name.")
        os.truncate(path, row * self._dim() * 2)
        self._lexical.remove(row, 2**63)
        self._lexical.commit()
        self._sweep()
        (dense,) = self._database.execute("SELECT dense FROM state").fetchone()
        for other in self._folder.glob(dense_name(0).replace("0", "*")):
            if other.name != dense_name(dense):
                other.unlink()

    @contextmanager
    def _all_at_once(self) -> Iterator[None]:
        """A change of the database: whole, or not at all."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            self._lexical.rollback()
            raise
        self._database.execute("COMMIT")
        self._sweep()

    def _sweep(self) -> None:
        """Take the rows of documents that are gone out of the lexical index."""
        gone = self._database.execute("SELECT first_row, n_rows FROM removed").fetchall()
        for first, count in gone:
            self._lexical.remove(first, first + count - 1)
        if gone:
            self._lexical.commit()
            self._database.execute("DELETE FROM removed")

    def _append(self, row: int, vectors: Stored) -> None:
        with (self._folder / VECTORS).open("r+b") as file:
            file.seek(row * self._dim() * 2)
            file.write(vectors.tobytes())
            file.flush()
            os.fsync(file.fileno())

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

    def _dim(self) -> int:
        return int(self._database.execute("SELECT dim FROM made_with").fetchone()[0])
