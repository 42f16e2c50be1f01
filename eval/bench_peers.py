"""Retrieval beside what a user would pick instead, over the same texts with the same encoder, in one run.

The peers are installed into an environment of their own, which stays for the next run.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tabulate import tabulate

from app.settings import home
from eval.formats import read_set
from eval.formats.squad import OPEN
from eval.questions import GoldSentence
from index import embedded_folder

_ROOT = Path(__file__).parents[1]
_PEERS = {  # whose program it is -> what is installed for it
    "langchain": ("langchain-community", "langchain-huggingface", "faiss-cpu"),
    "llamaindex": ("llama-index-core", "llama-index-embeddings-huggingface"),
    "txtai": ("txtai",),
    "haystack": ("haystack-ai", "sentence-transformers-haystack"),
}
_CPU_TORCH = ("--extra-index-url", "https://download.pytorch.org/whl/cpu")
_HEADERS = ("", "start", "build", "question p50", "p95", "memory", "R@1", "R@10")


@dataclass(frozen=True)
class Task:
    """Texts, and questions with the row of the text that answers each."""

    texts: list[str]
    questions: list[tuple[str, int]]


def measure_peers(cmrc: Path, runs: int) -> str:
    """The table, medians over the runs; every program takes its turn in each. Raises CalledProcessError."""
    task, python = read_task(cmrc), _environment()
    interpreters = {"wenju": sys.executable, **dict.fromkeys(_PEERS, str(python))}
    figures: dict[str, list[dict[str, Any]]] = {name: [] for name in interpreters}
    for _ in range(runs):
        for name, interpreter in interpreters.items():
            figures[name].append(_run(name, interpreter, task))
    rows = [_row(name, ran, task) for name, ran in figures.items()]
    of = f"{len(task.texts)} paragraphs of CMRC 2018 dev, {len(task.questions)} questions of its report split"
    table = tabulate(rows, _HEADERS, tablefmt="github", disable_numparse=True)
    return f"{of}, runs: {runs}\n\n{table}\n\n{_versions(python)}"


def read_task(cmrc: Path) -> Task:
    """All paragraphs of CMRC 2018 dev, and the open questions of its report split."""
    asked = read_set(cmrc, "squad", "report")
    rows = {document.id: row for row, document in enumerate(asked.documents)}
    questions = [
        (gold.question, rows[sentence.document_id])
        for gold in asked.questions
        if gold.type == OPEN
        for sentence in gold.evidence_sets[0][:1]
        if isinstance(sentence, GoldSentence)
    ]
    return Task([document.text for document in asked.documents], questions)


def _environment() -> Path:
    """The interpreter that has the peers."""
    folder = home() / "bench-peers"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        venv.create(folder, with_pip=True, clear=True)
        wanted = [package for packages in _PEERS.values() for package in packages]
        torch, encoder = (f"{name}=={_version(name)}" for name in ("torch", "sentence-transformers"))
        pip = [str(python), "-m", "pip", "install", "--quiet"]
        # The index of CPU builds is asked for torch alone: it knows little else.
        subprocess.run([*pip, "--retries", "1", *_CPU_TORCH, torch], check=True)
        subprocess.run([*pip, torch, encoder, *wanted], check=True)
        (folder / "ready").touch()
    return python


def _version(package: str) -> str:
    from importlib.metadata import version

    return version(package)


def _versions(python: Path) -> str:
    wanted = [packages[0] for packages in _PEERS.values()]
    code = "import sys; from importlib.metadata import version as v; print(*map(v, sys.argv[1:]))"
    told = subprocess.run([str(python), "-c", code, *wanted], check=True, capture_output=True, text=True)
    return ", ".join(map(" ".join, zip(wanted, told.stdout.split(), strict=True)))


def _run(name: str, interpreter: str, task: Task) -> dict[str, Any]:
    given = {
        "folder": str(embedded_folder()),
        "texts": task.texts,
        "questions": [question for question, _ in task.questions],
    }
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "PYTHONPATH": str(_ROOT) if name == "wenju" else ""}
    ran = subprocess.run(
        [interpreter, str(_ROOT / "eval" / "peer_programs.py"), name],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    figures: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return figures


def _row(name: str, ran: list[dict[str, Any]], task: Task) -> list[str]:
    took = sorted(ms for one in ran for ms in one["took"])
    first = ran[0]["found"]
    return [
        name,
        f"{_median(ran, 'start'):.1f} s",
        f"{_median(ran, 'build'):.1f} s",
        f"{statistics.median(took):.1f} ms",
        f"{statistics.quantiles(took, n=20)[-1]:.1f} ms",
        f"{_median(ran, 'megabytes'):,.0f} MB",
        *recalls(first, task),
    ]


def recalls(found: list[list[int]], task: Task) -> Iterator[str]:
    """How often the text that answers is the first one found, and among the first ten texts."""
    texts = [list(dict.fromkeys(rows)) for rows in found]
    for depth in (1, 10):
        right = [gold in rows[:depth] for rows, (_, gold) in zip(texts, task.questions, strict=True)]
        yield f"{statistics.mean(right):.3f}"


def _median(ran: list[dict[str, Any]], name: str) -> float:
    return float(statistics.median(one[name] for one in ran))
