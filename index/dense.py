"""The dense index: exact inner product in FAISS, which is the cosine of normalised vectors."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged, IndexStale

Vectors = NDArray[np.float32]


class DenseIndex:
    """Rows of unit vectors."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors) -> DenseIndex:
        """An index of `vectors`, `(n_rows, dim)`, each of length 1."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> DenseIndex:
        """The index that `save` wrote. Raises IndexDamaged."""
        try:
            return cls(faiss.read_index(str(path)))
        except RuntimeError as error:
            raise IndexDamaged(f"the dense index {path} cannot be read: {error}") from error

    def save(self, path: Path) -> None:
        """Write the index to a file. Raises OSError."""
        write_faiss(self._index, path)

    def vectors(self) -> Vectors:
        """Every row, `(n_rows, dim)`."""
        rows: Vectors = self._index.reconstruct_n(0, len(self))
        return rows

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, vector: Vectors, k: int, among: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """The best `k` rows for a vector `(dim,)` with their cosines, best first, ties by row.

        `among` names the rows that may be found; None: all of them. Raises IndexStale.
        """
        k = min(k, len(self) if among is None else len(among))
        if not k:  # FAISS takes no k of 0
            return []
        check_length("the question's vector", vector, self._index.d)
        chosen = faiss.SearchParameters()
        if among is not None:
            selector = faiss.IDSelectorBatch(np.array(among, dtype=np.int64))
            chosen.sel = selector  # FAISS keeps no reference of its own
        scores, rows = self._index.search(vector[None, :], k, params=chosen)
        scored = [(int(row), float(score)) for row, score in zip(rows[0], scores[0], strict=True)]
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))


def check_length(what: str, vector: Vectors, dim: int) -> None:
    """Raise IndexStale for a vector that is not as long as those of a collection."""
    if vector.shape[0] != dim:
        raise IndexStale(
            f"{what} has {vector.shape[0]} numbers, those of the collection {dim}: the embedding model is "
            "another one. Set it as it was, or make the collection again under another name."
        )


def write_faiss(index: faiss.Index, path: Path) -> None:
    """Write an index to a file. Raises OSError."""
    try:
        faiss.write_index(index, str(path))
        with path.open("rb") as file:
            os.fsync(file.fileno())
    except RuntimeError as error:  # how FAISS says that the disk is full
        raise OSError(errno.EIO, str(error)) from error
