"""A run whose process is killed in the middle, and what `--resume` makes of it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.collections import Shelf
from eval.records import RECORDS, REPORT, SUMMARY, RunFolder
from tests.app.conftest import CommandModel, Wenju
from tests.conftest import ROOT
from tests.eval.conftest import QUESTIONS, timeless, write_set

# `wenju eval run` with the fake model, that stands still at its fourth question.
STUCK = """
import sys, time
from pathlib import Path

import app.engine
from app.pipeline import Pipeline
from eval.commands import evaluate
from tests.app.conftest import CommandModel

model = CommandModel()
app.engine.SentenceEmbedder = lambda name, threads: model
records, torn = Path(sys.argv[1]), sys.argv[2]
answer = Pipeline.answer

def answer_three(self, *asked):
    if records.read_text(encoding="utf-8").count("\\n") == 3:
        with records.open("a", encoding="utf-8") as file:
            file.write(torn)
        print("stuck", flush=True)
        time.sleep(600)
    return answer(self, *asked)

Pipeline.answer = answer_three
evaluate(sys.argv[3:])
"""


@contextmanager
def stuck(folder: Path, torn: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", STUCK, str(folder / RECORDS), torn, *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("torn", ["", '{"id": "q4", "gold": {"questi'], ids=["between", "within a line"])
def test_a_killed_run_is_resumed(
    wenju: Wenju, model: CommandModel, pair: Shelf, tmp_path: Path, torn: str
) -> None:
    file, folder, whole = write_set(tmp_path / "mine.jsonl"), tmp_path / "killed", tmp_path / "whole"
    run = ["run", str(file), "--collection", "pair", "--out"]
    with stuck(folder, torn, *run, str(folder)) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "stuck\n"
        process.kill()
        assert process.wait() == -9
    assert (folder / RECORDS).read_bytes().count(b"\n") == 3
    assert RunFolder(folder).read_summary()["finished"] is None
    refused = wenju("eval", *run, str(folder))
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert re.fullmatch(r"Error: .*killed exists\. .* go on with it with --resume\.\n", refused.stderr)

    resumed, uninterrupted = wenju("eval", *run, str(folder), "--resume"), wenju("eval", *run, str(whole))
    assert (resumed.exit_code, resumed.stderr) == (uninterrupted.exit_code, uninterrupted.stderr) == (0, "")
    one, other = ([timeless(r) for r in RunFolder(path).records()] for path in (folder, whole))
    assert one == other
    assert [record["id"] for record in one] == [question.id for question in QUESTIONS]
    assert sorted(path.name for path in folder.iterdir()) == [RECORDS, REPORT, SUMMARY]
    summaries = [RunFolder(path).read_summary() for path in (folder, whole)]
    for summary in summaries:
        for group in summary["groups"]:
            del group["metrics"]["latency_ms"]
    assert summaries[0]["groups"] == summaries[1]["groups"]
    assert resumed.stdout.split("\n\n")[:-1] == uninterrupted.stdout.split("\n\n")[:-1]  # the tables
