"""One size of a collection, in a process of its own: python -m eval.growth_program ROWS FOLDER.

FOLDER holds real vectors and texts; what is measured is printed as JSON. Rows beyond the real ones are drawn
from them: a real passage's vector moved a random part of the way to another's, the texts of both in turn.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from eval import machine
from index.lexical import LexicalIndex, LexicalWriter
from index.near import NearRows, Stored, make_near

_T = TypeVar("_T")
_CHUNK = 50_000  # rows drawn at a time
_ASKED = 100  # questions
_K = 10
_DEPTH = 30  # as the retriever asks


def main() -> None:
    """Build, search, and print the figures."""
    n_rows, folder = int(sys.argv[1]), Path(sys.argv[2])
    passages, questions = (np.load(folder / f"{name}.npy") for name in ("passages", "questions"))
    texts, asked = (json.loads((folder / f"{name}.json").read_text()) for name in ("texts", "asked"))
    vectors = _draw(passages, n_rows, folder / f"vectors-{n_rows}")
    built, _ = _timed(lambda: make_near(folder / f"dense-{n_rows}", vectors, np.arange(n_rows)))
    lexical_built, _ = _timed(lambda: _write(texts, n_rows, folder / f"lexical-{n_rows}"))
    dense = NearRows.load(folder / f"dense-{n_rows}", vectors)
    lexical = LexicalIndex.load(folder / f"lexical-{n_rows}")
    found = [_timed(lambda q=q: dense.search(q, _DEPTH)) for q in questions[:_ASKED]]  # type: ignore[misc]
    words = [_timed(lambda q=q: lexical.search(q, _DEPTH)) for q in asked[:_ASKED]]  # type: ignore[misc]
    memory = machine.peak_memory_mb()
    figures = {
        "rows": n_rows,
        "dense_s": built,
        "lexical_s": lexical_built,
        "disk_mb": _megabytes([folder / f"vectors-{n_rows}", folder / f"dense-{n_rows}"])
        + _megabytes((folder / f"lexical-{n_rows}").iterdir()),
        "memory_mb": memory,
        "dense_ms": 1000 * float(np.median([s for s, _ in found])),
        "lexical_ms": 1000 * float(np.median([s for s, _ in words])),
        "recall": _recall(vectors, questions[:_ASKED], [rows for _, rows in found]),
    }
    sys.stdout.write(json.dumps(figures))


def _megabytes(files: Iterable[Path]) -> float:
    return sum(file.stat().st_size for file in files) / 1e6


def _timed(act: Callable[[], _T]) -> tuple[float, _T]:
    start = time.perf_counter()
    made = act()
    return time.perf_counter() - start, made


def _draw(passages: Stored, n_rows: int, path: Path) -> Stored:
    """So many unit vectors in a file."""
    rng = np.random.default_rng(0)
    made = np.memmap(path, dtype=np.float16, mode="w+", shape=(n_rows, passages.shape[1]))
    for begin in range(0, n_rows, _CHUNK):
        count = min(_CHUNK, n_rows - begin)
        one, other = (passages[rng.integers(len(passages), size=count)] for _ in range(2))
        share = rng.random((count, 1), dtype=np.float32)
        mixed = (1 - share) * one + share * other
        made[begin : begin + count] = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
    made.flush()
    return made


def _write(texts: Sequence[str], n_rows: int, folder: Path) -> None:
    rng = np.random.default_rng(0)
    writer = LexicalWriter(folder)
    for row in range(n_rows):
        one, other = rng.integers(len(texts), size=2)
        writer.add(row, texts[one] + texts[other])
    writer.close()


def _recall(vectors: Stored, asked: Stored, found: Sequence[Sequence[tuple[int, float]]]) -> float:
    """How many of the ten nearest of all rows are among the first ten found."""
    best = [np.empty((0, 2)) for _ in asked]
    for begin in range(0, len(vectors), _CHUNK):
        cosines = asked @ np.asarray(vectors[begin : begin + _CHUNK], dtype=np.float32).T
        for i, row in enumerate(cosines):
            top = np.argpartition(-row, min(_K, len(row) - 1))[:_K]
            both = np.vstack([best[i], np.stack([row[top], begin + top], axis=1)])
            best[i] = both[np.argsort(-both[:, 0])][:_K]
    right = [
        len({row for row, _ in rows[:_K]} & set(one[:, 1].astype(int))) / _K
        for rows, one in zip(found, best, strict=True)
    ]
    return float(np.mean(right))


if __name__ == "__main__":
    main()
