"""A newspaper's archive: paragraphs that answer questions, alone and hidden among news."""

from __future__ import annotations

import json
import lzma
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from tabulate import tabulate

from app.engine import make_embedder, make_pipeline, make_shelf
from app.pipeline import Pipeline
from app.settings import home, load_settings
from eval.bench_chat import WENJU
from eval.bench_peers import Task, read_task, recalls

_COLLECTION = "archive"
_ANSWERED = 100  # questions that are answered as a user's are; for finding, all are asked
_HEADERS = (
    *("", "documents", "passages", "built in", "memory of building", "disk"),
    *("R@1", "R@10", "found p50", "answered p50"),
)

# In a small process: what a child takes is counted from what its parent had when it began.
_PEAK = """import subprocess, sys
from eval.machine import peak_memory_mb
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(peak_memory_mb(of_children=True))"""


def measure_archive(cmrc: Path, news: Path, n_news: int) -> str:
    """CMRC 2018 dev alone, then with so many documents of news. Raises CalledProcessError."""
    task = read_task(cmrc)
    paragraphs = [{"id": _id(row), "text": text} for row, text in enumerate(task.texts)]
    rows = [_row("paragraphs alone", paragraphs, task)]
    rows.append(_row("and news", list(_news(news, n_news)), task))
    return tabulate(rows, _HEADERS, tablefmt="github", disable_numparse=True)


def _id(row: int) -> str:
    return f"paragraph-{row}"


def _news(path: Path, count: int) -> Iterator[Mapping[str, str]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, islice(lines, count))


def _row(name: str, documents: Sequence[Mapping[str, Any]], task: Task) -> list[str]:
    """What it costs to put the documents in, and how well what answers is found."""
    file = home() / "documents.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in documents), encoding="utf-8")
    start = time.perf_counter()
    command = [sys.executable, "-c", _PEAK, str(WENJU), "index", str(file), "--collection", _COLLECTION]
    memory = float(subprocess.check_output(command))  # its progress is seen
    built = time.perf_counter() - start
    settings = load_settings()
    pipeline = make_pipeline(settings, make_shelf(settings, make_embedder(settings)), _COLLECTION)
    index = pipeline.retriever.index
    answered = _answer(pipeline, task)  # first: what was asked before is embedded already
    found, took = _find(pipeline, task)
    stored = sum(file.stat().st_size for file in (home() / "indexes").rglob("*") if file.is_file())
    return [
        name,
        f"{len(index.documents):,}",
        f"{len(index.passages):,}",
        f"{built:,.0f} s",
        f"{memory:,.0f} MB",
        f"{stored / 1e6:,.0f} MB",
        *recalls(found, task),
        f"{took:.1f} ms",
        f"{answered:.0f} ms",
    ]


def _find(pipeline: Pipeline, task: Task) -> tuple[list[list[int]], float]:
    """The rows of the documents found for each question, news last; the median milliseconds."""
    rows = {_id(row): row for row in range(len(task.texts))}
    found, took = [], []
    for question, _ in task.questions:
        start = time.perf_counter()
        hits = pipeline.retriever.retrieve(question)
        took.append(1000 * (time.perf_counter() - start))
        found.append([rows.setdefault(hit.passage.document_id, len(rows)) for hit in hits])
    return found, statistics.median(took)


def _answer(pipeline: Pipeline, task: Task) -> float:
    """The median milliseconds from a question to its answer, reading included."""
    step = max(1, len(task.questions) // _ANSWERED)
    asked = [question for question, _ in task.questions[::step]]
    pipeline.answer(task.texts[0][:30])  # the first is not warm
    return statistics.median(pipeline.answer(question).timings_ms["total"] for question in asked)
