"""The dense index: exact inner product in FAISS, which is the cosine of normalised vectors."""

from __future__ import annotations

import errno
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged

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
        """Write the index to a file."""
        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:  # how FAISS says that the disk is full
            raise OSError(errno.EIO, str(error)) from error

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """The best `k` rows for a vector `(dim,)` with their cosines, best first, ties by row."""
        if not len(self):  # FAISS takes no k of 0
            return []
        scores, rows = self._index.search(vector[None, :], min(k, len(self)))
        scored = [(int(row), float(score)) for row, score in zip(rows[0], scores[0], strict=True)]
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))
