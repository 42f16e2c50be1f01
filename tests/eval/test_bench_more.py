"""The benches beside others and over growing collections: their figures, on little data."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from eval.bench_peers import Task, recalls
from index import embedded_folder

ROOT = Path(__file__).parents[2]


def test_recall_counts_texts_and_not_their_passages() -> None:
    task = Task(["a", "b", "c"], [("?", 1), ("?", 2), ("?", 0), ("?", 0)])
    # The second finds its text behind two passages of another, the last not at all.
    found = [[1, 0], [0, 0, 2], [0], [1, 2]]
    assert list(recalls(found, task)) == ["0.500", "0.750"]


@pytest.mark.model
def test_a_program_prints_what_it_found_and_how_long_it_took() -> None:
    texts = ["甲公司的工厂在西区，生产水泵。", "乙公司的仓库在南区，存放粮食。", "丙学校有两千名学生。"]
    task = {
        "folder": str(embedded_folder()),
        "texts": texts,
        "questions": ["粮食放在哪里？", "学校有多少学生？"],
    }
    ran = subprocess.run(
        [sys.executable, "eval/peer_programs.py", "wenju"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        input=json.dumps(task),
        capture_output=True,
        text=True,
        check=True,
    )
    figures = json.loads(ran.stdout.splitlines()[-1])
    assert [rows[0] for rows in figures["found"]] == [1, 2]
    assert len(figures["took"]) == 2 and min(figures["took"]) > 0
    assert figures["start"] > figures["import"] > 0 < figures["build"]


def test_a_size_of_a_collection_is_built_searched_and_weighed(tmp_path: Path) -> None:
    vectors = np.eye(12, 8, dtype=np.float32) + 0.1
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    np.save(tmp_path / "passages.npy", vectors)
    np.save(tmp_path / "questions.npy", vectors[:3])
    for name in ("texts", "asked"):
        (tmp_path / f"{name}.json").write_text(json.dumps(["甲厂在东区。", "乙厂在西区。", "丙厂。"]))
    ran = subprocess.run(
        [sys.executable, "-m", "eval.growth_program", "500", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    figures = json.loads(ran.stdout)
    assert (figures["rows"], figures["recall"]) == (500, 1.0)  # few rows are all compared
    stored = (tmp_path / "vectors-500").stat().st_size + (tmp_path / "dense-500").stat().st_size
    assert stored == pytest.approx(500 * 8 * 4, rel=0.4)  # half floats, twice, and ids
    assert figures["disk_mb"] * 1e6 > stored
