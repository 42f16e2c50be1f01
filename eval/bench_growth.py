"""How the cost of a collection grows with its passages: building, disk, memory, searching, recall."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tabulate import tabulate

from eval.formats import read_set
from eval.formats.squad import OPEN
from index import Embedder, PassageRules, build_index

SIZES = (1_000, 10_000, 100_000, 1_000_000)
_CURVES = (  # figure, its name, its unit
    ("built_s", "building", "s"),
    ("memory_mb", "memory at the peak", "MB"),
    ("disk_mb", "disk", "MB"),
    ("search_ms", "search, median", "ms"),
)
_HEADERS = (
    "passages",
    "vectors built",
    "terms built",
    "memory",
    "disk",
    "by meaning",
    "by terms",
    "recall@10",
)


def measure_growth(cmrc: Path, embedder: Embedder, plot: Path | None) -> str:
    """The table; the curves go to a file if one is named. Each size is measured in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="wenju-growth-") as folder:
        _write_real(cmrc, embedder, Path(folder))
        measured = [_run(size, Path(folder)) for size in SIZES]
    if plot:
        _draw(measured, plot)
    rows = [
        (
            f"{one['rows']:,}",
            f"{one['dense_s']:.1f} s",
            f"{one['lexical_s']:.1f} s",
            f"{one['memory_mb']:,.0f} MB",
            f"{one['disk_mb']:,.0f} MB",
            f"{one['dense_ms']:.2f} ms",
            f"{one['lexical_ms']:.2f} ms",
            f"{one['recall']:.3f}",
        )
        for one in measured
    ]
    return tabulate(rows, _HEADERS, tablefmt="github", disable_numparse=True)


def _write_real(cmrc: Path, embedder: Embedder, folder: Path) -> None:
    """The passages of CMRC 2018 dev and the questions of its report split, with their vectors."""
    asked = read_set(cmrc, "squad", "report")
    index = build_index(asked.documents, embedder, PassageRules())
    questions = [gold.question for gold in asked.questions if gold.type == OPEN]
    np.save(folder / "passages.npy", index.dense.vectors())
    np.save(folder / "questions.npy", embedder.embed_queries(questions))
    texts = [index.passage_text(passage) for passage in index.passages]
    (folder / "texts.json").write_text(json.dumps(texts))
    (folder / "asked.json").write_text(json.dumps(questions))


def _run(size: int, folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "eval.growth_program", str(size), str(folder)]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, Any] = json.loads(ran.stdout)
    figures["built_s"] = figures["dense_s"] + figures["lexical_s"]
    figures["search_ms"] = figures["dense_ms"] + figures["lexical_ms"]
    return figures


def _draw(measured: Sequence[dict[str, Any]], path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 5), layout="constrained")
    for axes, (name, title, unit) in zip(figure.subplots(2, 2).flat, _CURVES, strict=True):
        axes.loglog([one["rows"] for one in measured], [one[name] for one in measured], marker="o")
        axes.set(title=title, xlabel="passages", ylabel=unit)
        axes.grid(visible=True, alpha=0.3)
    figure.savefig(path)
