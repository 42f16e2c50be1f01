"""Nearest rows among many: exact while that is cheap, measured recall beyond."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import faiss
import numpy as np
import pytest

from index import near
from index.errors import IndexDamaged
from index.near import NearRows, make_near

DIM = 16


def unit(count: int, seed: int = 0) -> near.Stored:
    """Rows of length 1 around a hundred centres, as texts lie around their topics."""
    centres = np.random.default_rng(9).normal(size=(100, DIM))
    rng = np.random.default_rng(seed)
    rows = centres[rng.integers(100, size=count)] + 0.3 * rng.normal(size=(count, DIM))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)


def every(vectors: near.Stored) -> near.Rows:
    return np.arange(len(vectors))


def test_few_rows_are_all_compared(tmp_path: Path) -> None:
    vectors = np.eye(4, DIM, dtype=np.float16)
    vectors[3, :2] = 0.6, 0.8
    make_near(tmp_path / "a", vectors, every(vectors))
    rows = NearRows.load(tmp_path / "a", vectors)
    asked = np.eye(1, DIM, dtype=np.float32)[0]
    assert len(rows) == 4
    assert [row for row, _ in rows.search(asked, 2)] == [0, 3]
    assert [score for _, score in rows.search(asked, 2)] == pytest.approx([1.0, 0.6], abs=1e-3)
    assert [row for row, _ in rows.search(asked, 4)] == [0, 3, 1, 2]  # ties by row
    assert [row for row, _ in rows.search(asked, 9, among=[2, 3])] == [3, 2]
    assert rows.search(asked, 3, among=[]) == []


def test_no_rows_are_no_fault(tmp_path: Path) -> None:
    vectors = np.empty((0, DIM), dtype=np.float16)
    make_near(tmp_path / "a", vectors, every(vectors))
    assert NearRows.load(tmp_path / "a", vectors).search(np.ones(DIM, dtype=np.float32), 3) == []


def test_many_rows_lie_in_lists_and_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near, "EXACT", 1000)
    vectors = unit(4000)
    make_near(tmp_path / "a", vectors, every(vectors))
    index = faiss.read_index(str(tmp_path / "a"))
    assert isinstance(index, faiss.IndexIVF) and index.nlist == int(4 * 4000**0.5) == 252
    assert 8 <= index.nprobe < 252
    rows = NearRows.load(tmp_path / "a", vectors)
    asked = unit(100, seed=1).astype(np.float32)
    exact = np.argsort(-(asked @ vectors.astype(np.float32).T), axis=1)[:, :10]
    recall = [
        np.isin(right, [row for row, _ in rows.search(one, 10)]).mean()
        for right, one in zip(exact, asked, strict=True)
    ]
    assert np.mean(recall) >= 0.96


def test_rows_are_added_and_removed_without_training_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near, "EXACT", 1000)
    vectors = unit(6000)
    make_near(tmp_path / "a", vectors, np.arange(3000))
    monkeypatch.setattr(faiss.IndexIVFScalarQuantizer, "train", lambda *_: pytest.fail("trained anew"))
    now = np.setdiff1d(np.arange(4000), np.arange(100, 200))
    make_near(tmp_path / "b", vectors, now, tmp_path / "a")
    rows = NearRows.load(tmp_path / "b", vectors)
    assert len(rows) == 3900
    for row in (50, 3999):  # each is nearest to itself
        assert rows.search(vectors[row].astype(np.float32), 1)[0][0] == row
    assert rows.search(vectors[150].astype(np.float32), 1)[0][0] != 150


def test_recall_is_measured_again_as_the_rows_become_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near, "EXACT", 1000)
    measured, probes = list[int](), near._probes

    def counted(index: faiss.IndexIVF, vectors: near.Stored, rows: near.Rows) -> int:
        measured.append(len(rows))
        return probes(index, vectors, rows)

    monkeypatch.setattr(near, "_probes", counted)
    # The further rows lie around no centre, so that near ones lie in many lists.
    strange = np.random.default_rng(3).normal(size=(2000, DIM))
    strange /= np.linalg.norm(strange, axis=1, keepdims=True)
    vectors = np.concatenate([unit(3000), strange.astype(np.float16)])
    sizes = [3000, *range(3010, 3101, 10), 5000]
    for before, size in pairwise([0, *sizes]):
        make_near(tmp_path / str(size), vectors, np.arange(size), tmp_path / str(before) if before else None)
    # Once for 3000, thrice on the way to 3,100, which is 3.3 hundredths more, and at last.
    assert (measured[0], len(measured), measured[-1]) == (3000, 5, 5000)
    first, last = (faiss.read_index(str(tmp_path / str(size))) for size in (3000, 5000))
    assert isinstance(first, faiss.IndexIVF) and isinstance(last, faiss.IndexIVF)
    assert first.nprobe < last.nprobe


@pytest.mark.parametrize(
    ("before", "now", "is_lists"), [(1500, 6000, True), (6000, 900, False), (900, 1500, True)]
)
def test_another_size_makes_another_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: int, now: int, is_lists: bool
) -> None:
    monkeypatch.setattr(near, "EXACT", 1000)
    vectors = unit(6000)
    make_near(tmp_path / "a", vectors, np.arange(before))
    make_near(tmp_path / "b", vectors, np.arange(now), tmp_path / "a")
    index = faiss.read_index(str(tmp_path / "b"))
    assert (isinstance(index, faiss.IndexIVF), index.ntotal) == (is_lists, now)
    if isinstance(index, faiss.IndexIVF):
        assert index.nlist == int(4 * now**0.5)


def test_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    with pytest.raises(IndexDamaged, match="cannot be read"):
        NearRows.load(tmp_path / "a", unit(3))
