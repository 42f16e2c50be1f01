"""Cosines of vectors whose angles are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index import IndexDamaged, IndexStale
from index.dense import DenseIndex, Vectors

ROWS = np.array([[1, 0], [0.6, 0.8], [0, 1], [0.6, -0.8], [-1, 0]], np.float32)


def vector(x: float, y: float) -> Vectors:
    return np.array([x, y], np.float32)


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        # rows 1 and 3 tie: by row
        (vector(1, 0), [(0, 1.0), (1, 0.6), (3, 0.6), (2, 0.0), (4, -1.0)]),
        # 0.8 * 0.6 + 0.6 * 0.8 = 0.96; 0.48 - 0.48 = 0
        (vector(0.8, 0.6), [(1, 0.96), (0, 0.8), (2, 0.6), (3, 0.0), (4, -0.8)]),
        (vector(0, 0), [(0, 0.0), (1, 0.0), (2, 0.0), (3, 0.0), (4, 0.0)]),
    ],
)
def test_cosines_worked_out_by_hand(query: Vectors, hits: list[tuple[int, float]]) -> None:
    found = DenseIndex.build(ROWS).search(query, 5)
    assert [row for row, _ in found] == [row for row, _ in hits]
    assert [score for _, score in found] == pytest.approx([score for _, score in hits], abs=1e-6)


def test_k_cuts_and_may_be_more_than_there_is() -> None:
    index = DenseIndex.build(ROWS)
    assert len(index) == 5
    assert index.search(vector(1, 0), 2) == index.search(vector(1, 0), 100)[:2]
    assert len(index.search(vector(1, 0), 100)) == 5


def test_ties_at_the_cut_go_to_the_first_rows() -> None:
    index = DenseIndex.build(np.ones((50, 1), np.float32))
    assert index.search(np.ones(1, np.float32), 3) == [(0, 1.0), (1, 1.0), (2, 1.0)]


def test_only_the_named_rows_are_found() -> None:
    index = DenseIndex.build(ROWS)
    assert [row for row, _ in index.search(vector(1, 0), 5, among=[4, 3, 2])] == [3, 2, 4]
    assert index.search(vector(1, 0), 1, among=[3, 1]) == index.search(vector(1, 0), 5)[1:2]
    assert index.search(vector(1, 0), 5, among=[]) == []
    assert index.search(vector(1, 0), 5, among=range(5)) == index.search(vector(1, 0), 5)


def test_an_index_without_rows_finds_nothing() -> None:
    assert DenseIndex.build(np.empty((0, 2), np.float32)).search(vector(1, 0), 5) == []


def test_a_vector_of_another_length_is_refused() -> None:
    with pytest.raises(IndexStale, match="has 3 numbers, those of the collection 2: the embedding model is"):
        DenseIndex.build(ROWS).search(np.ones(3, np.float32), 5)


def test_a_stored_index_gives_the_same_cosines(tmp_path: Path) -> None:
    index = DenseIndex.build(ROWS)
    index.save(tmp_path / "dense.faiss")
    loaded = DenseIndex.load(tmp_path / "dense.faiss")
    assert len(loaded) == len(index)
    for query in ROWS:
        assert loaded.search(query, 5) == index.search(query, 5)


@pytest.mark.parametrize("keep", [0, 10, -1])
def test_a_cut_file_is_damage(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "dense.faiss"
    DenseIndex.build(ROWS).save(path)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(IndexDamaged, match="dense.faiss"):
        DenseIndex.load(path)


def test_a_missing_file_is_damage(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match="dense.faiss"):
        DenseIndex.load(tmp_path / "dense.faiss")
