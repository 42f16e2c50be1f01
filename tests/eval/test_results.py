"""RESULTS.md says what the committed summaries say, and the program is still as good as its baseline."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

import pytest

from eval import results
from eval.formats import read_set, shipped_sets
from eval.metrics import PRIMARY
from eval.records import RunFolder
from eval.results import (
    ABLATION,
    CLAIMS,
    DEV,
    ENGLISH,
    RESULTS,
    SCORER,
    SUMMARIES,
    TEST,
    WRITERS,
    Bench,
    read_summary,
    render,
)
from eval.runner import run_session
from eval.session import Source, open_session

TOLERANCE = 0.02  # of `grounded`, in either direction


def grounded(summary: dict[str, Any]) -> float:
    """The overall mean of the primary metric."""
    (overall,) = (group for group in summary["groups"] if group["by"] == "overall")
    return float(overall["metrics"][PRIMARY]["mean"])


def test_the_results_page_is_what_the_summaries_say() -> None:
    assert RESULTS.read_text(encoding="utf-8") == render(), "make results, or python -m eval.results"


@pytest.mark.parametrize("name", [DEV, TEST, ENGLISH])
def test_the_summaries_are_of_the_sets_as_they_are(name: str) -> None:
    (file,) = (file for file in shipped_sets() if file.stem == name)
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    summary = read_summary(name)
    assert (summary["set"]["sha256"], summary["questions"]) == (sha256, len(read_set(file).questions))
    assert sha256 in RESULTS.read_text(encoding="utf-8") or name == DEV


def test_the_scorer_is_that_of_the_ablation_and_was_asked_the_same_questions() -> None:
    scorer = read_summary(SCORER)
    if scorer is not None:  # not measured yet
        assert scorer["set"] == read_summary(TEST)["set"]
        assert scorer["settings"] == read_summary(ABLATION)[-1]["settings"]


def test_no_summary_has_errors_or_is_unfinished() -> None:
    for file in SUMMARIES.iterdir():
        found = read_summary(file.stem)
        for summary in found if isinstance(found, list) else [found]:
            if file.stem in (*CLAIMS, WRITERS) or file.stem.startswith("bench-"):
                continue
            assert (summary["errors"], summary["finished"] is not None) == ([], True)


@pytest.mark.model
def test_grounded_is_as_high_as_the_baseline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENJU_HOME", str(tmp_path / "home"))
    measured = grounded(run_session(open_session(Source(DEV)), RunFolder(tmp_path / "run"), "new"))
    baseline = grounded(read_summary(DEV))
    assert measured >= baseline - TOLERANCE, f"grounded fell from {baseline:.3f} to {measured:.3f}"
    assert measured <= baseline + TOLERANCE, (
        f"grounded rose from {baseline:.3f} to {measured:.3f}: raise the baseline with make results"
    )


def test_what_a_bench_measured_is_taken_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(SUMMARIES, tmp_path / "summaries")
    monkeypatch.setattr(results, "SUMMARIES", tmp_path / "summaries")
    monkeypatch.setattr(results, "RESULTS", tmp_path / "RESULTS.md")
    results.take_in_bench("peers", Bench("2026-01-02", "a laptop", "| R@1 |\n|---|\n| 0.5 |"))
    assert (
        "## Retrieval beside other libraries, with the same encoder\n\n"
        "`python -m eval.bench peers`, 2026-01-02, a laptop\n\n| R@1 |\n|---|\n| 0.5 |\n"
    ) in (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
