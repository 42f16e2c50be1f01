"""Nearest rows among very many vectors: a quantised FAISS index finds candidates, exact cosines order them.

Up to 25,000 rows every one is compared; beyond them the rows lie in inverted lists (Jégou et al. 2011), of
which as many are looked into as measured recall asks for.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.dense import Vectors, check_length, write_faiss
from index.errors import IndexDamaged

Stored = NDArray[np.float16]  # (n_rows, dim), rows of unit vectors, mapped from a file
Rows = NDArray[np.int64]

EXACT = 25_000  # rows; fewer are too few to train lists on
RECALL = 0.985  # of the ten nearest, over a sample
_SAMPLE = 200  # rows that recall is measured on
_TRAINED_ON = 64  # rows a list
_STEP = math.log(1.01)  # by so much more rows, however they came in, recall is measured again
_GROWN = 2.0  # an index whose rows have become so many times those that it was trained for is trained anew
_WIDER = 4  # candidates for each row that is wanted
_CHUNK = 50_000  # rows that are read at a time


class NearRows:
    """A DenseSearch over rows of a file."""

    def __init__(self, index: faiss.Index, vectors: Stored) -> None:
        self._index, self._vectors = index, vectors

    @classmethod
    def load(cls, path: Path, vectors: Stored) -> NearRows:
        """What `make_near` left in a file, which stays on disk. Raises IndexDamaged."""
        try:
            return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP), vectors)
        except RuntimeError as error:
            raise IndexDamaged(f"the dense index {path} cannot be read: {error}") from error

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, vector: Vectors, k: int, among: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """The best `k` rows for a vector `(dim,)` with their cosines, best first, ties by row.

        `among` names the rows that may be found, which are all compared; None: all of them.
        """
        check_length("the question's vector", vector, self._vectors.shape[1])
        if among is None:
            found = self._index.search(vector[None, :], min(_WIDER * k, len(self)))[1][0] if len(self) else []
            rows = np.array([row for row in found if row >= 0], dtype=np.int64)
        else:
            rows = np.array(among, dtype=np.int64)
        cosines = self._vectors[rows].astype(np.float32) @ vector
        scored = zip(rows.tolist(), cosines.tolist(), strict=True)
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:k]


def make_near(path: Path, vectors: Stored, rows: Rows, before: Path | None = None) -> None:
    """Write the index of these rows; one from before is changed where it still fits. Raises OSError."""
    index = _changed(before, vectors, rows) if before else None
    write_faiss(index or _new(vectors, rows), path)


def _new(vectors: Stored, rows: Rows) -> faiss.Index:
    index = _every(vectors) if len(rows) <= EXACT else _lists(vectors, rows)
    _add(index, vectors, rows)
    if isinstance(index, faiss.IndexIVF):
        index.nprobe = _probes(index, vectors, rows)
    return index


def _every(vectors: Stored) -> faiss.Index:
    """An index that compares every row."""
    half = faiss.ScalarQuantizer.QT_fp16
    return faiss.IndexIDMap2(faiss.IndexScalarQuantizer(vectors.shape[1], half, faiss.METRIC_INNER_PRODUCT))


def _lists(vectors: Stored, rows: Rows) -> faiss.IndexIVF:
    """Empty lists, trained on a sample of the rows."""
    dim, n_lists, byte = vectors.shape[1], int(4 * math.sqrt(len(rows))), faiss.ScalarQuantizer.QT_8bit
    coarse = faiss.IndexFlatIP(dim)
    index = faiss.IndexIVFScalarQuantizer(coarse, dim, n_lists, byte, faiss.METRIC_INNER_PRODUCT)
    index.train(_read(vectors, _sampled(rows, min(len(rows), _TRAINED_ON * n_lists))))
    return index


def _changed(before: Path, vectors: Stored, rows: Rows) -> faiss.Index | None:
    """The index from before with rows added and removed; None where it was made for far fewer rows."""
    try:
        index = faiss.read_index(str(before))
    except RuntimeError:  # it cannot be read: a new one is made
        return None
    if isinstance(index, faiss.IndexIVF):
        fits = EXACT < len(rows) <= (index.nlist / 4) ** 2 * _GROWN
    else:
        fits = len(rows) <= EXACT
    if not fits:
        return None
    there = _ids(index)
    index.remove_ids(faiss.IDSelectorBatch(np.setdiff1d(there, rows)))
    _add(index, vectors, np.setdiff1d(rows, there))
    if isinstance(index, faiss.IndexIVF) and _steps(rows) > _steps(there):
        index.nprobe = _probes(index, vectors, rows)
    return index


def _steps(rows: Rows) -> int:
    return int(math.log(max(1, len(rows))) / _STEP)


def _ids(index: faiss.Index) -> Rows:
    if isinstance(index, faiss.IndexIDMap):
        return np.array(faiss.vector_to_array(index.id_map), dtype=np.int64)
    assert isinstance(index, faiss.IndexIVF) and index.invlists is not None
    lists = index.invlists
    sizes = [lists.list_size(i) for i in range(index.nlist)]
    return np.concatenate(
        [faiss.rev_swig_ptr(lists.get_ids(i), size).copy() for i, size in enumerate(sizes) if size]
    )


def _sampled(rows: Rows, count: int) -> Rows:
    return np.sort(np.random.default_rng(0).choice(rows, count, replace=False))


def _add(index: faiss.Index, vectors: Stored, rows: Rows) -> None:
    for begin in range(0, len(rows), _CHUNK):
        part = rows[begin : begin + _CHUNK]
        index.add_with_ids(_read(vectors, part), part)


def _probes(index: faiss.IndexIVF, vectors: Stored, rows: Rows) -> int:
    """How many lists to look into so that the ten nearest of a sample are found often enough."""
    asked = _read(vectors, _sampled(rows, _SAMPLE))
    exact = _nearest(vectors, rows, asked)
    probes = 8
    while probes < index.nlist:
        index.nprobe = probes
        found = index.search(asked, 10 * _WIDER)[1]
        recall = np.mean([np.isin(right, row).mean() for right, row in zip(exact, found, strict=True)])
        if recall >= RECALL:
            return probes
        probes *= 2
    return int(index.nlist)


def _nearest(vectors: Stored, rows: Rows, asked: Vectors) -> Rows:
    """The ten nearest of all rows to each vector, `(n_asked, 10)`."""
    best = np.full((len(asked), 10), -2.0, dtype=np.float32)
    found = np.full((len(asked), 10), -1, dtype=np.int64)
    for begin in range(0, len(rows), _CHUNK):
        part = rows[begin : begin + _CHUNK]
        cosines = np.hstack([best, asked @ _read(vectors, part).T])
        ids = np.hstack([found, np.broadcast_to(part, (len(asked), len(part)))])
        top = np.argpartition(-cosines, 9, axis=1)[:, :10]
        best, found = np.take_along_axis(cosines, top, 1), np.take_along_axis(ids, top, 1)
    return found


def _read(vectors: Stored, rows: Rows) -> Vectors:
    return np.ascontiguousarray(vectors[rows], dtype=np.float32)
