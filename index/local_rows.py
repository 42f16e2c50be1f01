"""The rows of a large collection in files: vectors in half floats, terms in Tantivy, nearest rows in FAISS.

vectors         the unit vector of a passage, at its row
lexical/        Tantivy
dense-N.faiss   made of the vectors when a build ends
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.dense import Vectors
from index.errors import IndexDamaged
from index.lexical import LexicalIndex, LexicalWriter
from index.near import NearRows, Rows, Stored, make_near

VECTORS, LEXICAL = "vectors", "lexical"
_LAST = 2**63 - 1


class LocalRows:
    """A RowWriter over files in a folder; one at a time changes them."""

    def __init__(self, folder: Path, dim: int) -> None:
        self._folder, self._dim, self._size = folder, dim, dim * np.dtype(np.float16).itemsize
        self._lexical = LexicalWriter(folder / LEXICAL)

    def add(self, first: int, texts: Sequence[str], vectors: Vectors) -> None:
        """Put rows in, from `first` on, in place of all that stand there and behind."""
        with (self._folder / VECTORS).open("r+b") as file:
            file.seek(first * self._size)
            file.write(vectors.astype(np.float16).tobytes())
            file.flush()
            os.fsync(file.fileno())
        try:
            self._lexical.remove(first, _LAST)
            for row, text in enumerate(texts, start=first):
                self._lexical.add(row, text)
            self._lexical.commit()
        except BaseException:
            self._lexical.rollback()
            raise

    def remove(self, spans: Sequence[tuple[int, int]]) -> None:
        """Take rows out, by their firsts and counts."""
        for first, count in spans:
            self._lexical.remove(first, first + count - 1)
        self._lexical.commit()

    def tidy(self, next_row: int, number: int) -> bool:
        """Take out what a killed build has left; whether build `number` can be read. Raises IndexDamaged."""
        path = self._folder / VECTORS
        path.touch(mode=0o600)
        if path.stat().st_size < next_row * self._size:
            raise IndexDamaged(f"{path} is cut short. Make the collection again under another name.")
        os.truncate(path, next_row * self._size)
        self._lexical.remove(next_row, _LAST)
        self._lexical.commit()
        for other in self._folder.glob("dense-*.faiss"):
            if other.name != _dense(number):
                other.unlink()
        try:
            NearRows.load(self._folder / _dense(number), _mapped(self._folder, next_row, self._dim))
        except IndexDamaged:
            return False
        return True

    def finish(self, rows: Rows, next_row: int, number: int) -> None:
        """Let these rows be searched by their vectors, as build `number`; the one before stays."""
        vectors = _mapped(self._folder, next_row, self._dim)
        before = self._folder / _dense(number - 1)
        make_near(self._folder / _dense(number), vectors, rows, before if before.is_file() else None)

    def finished(self, number: int) -> None:
        """The build counts now; the one before it may go."""
        (self._folder / _dense(number - 1)).unlink(missing_ok=True)

    def release(self) -> None:
        """Let another change them."""
        self._lexical.release()


def search_local(folder: Path, dim: int, next_row: int, number: int) -> tuple[NearRows, LexicalIndex]:
    """The rows as they are, for searching. Raises IndexDamaged, OSError or ValueError."""
    dense = NearRows.load(folder / _dense(number), _mapped(folder, next_row, dim))
    return dense, LexicalIndex.load(folder / LEXICAL)


def _dense(number: int) -> str:
    return f"dense-{number}.faiss"


def _mapped(folder: Path, n_rows: int, dim: int) -> Stored:
    """The vectors `(n_rows, dim)`, which stay on disk. Raises ValueError where the file is too short."""
    if not n_rows:
        return np.empty((0, dim), dtype=np.float16)
    return np.memmap(folder / VECTORS, dtype=np.float16, mode="r", shape=(n_rows, dim))
