"""How RESULTS.md comes from runs: what is taken in, and which sections there are."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from eval import results
from eval.ablate import VARIANTS, folders
from eval.claims import KINDS
from eval.records import Record, RunFolder
from eval.results import (
    ABLATION,
    CLAIMS,
    CMRC,
    DEV,
    ENGLISH,
    SCORER,
    SQUAD2,
    TEST,
    WRITER_RUNS,
    main,
    read_summary,
    render,
)
from eval.statistics import RESAMPLES
from eval.summary import scored, summarise
from tests.conftest import ROOT
from tests.eval.conftest import TWELVE, gold

COMMITTED = (DEV, TEST, CMRC, ABLATION)  # there before the others were first measured
QUOTED = ("nothing_borne_out", "writer_failed", "orders_only", "other_language")
CERTAIN = f"{1 / (RESAMPLES + 1):.4f}"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The committed summaries and the page, where they may be changed."""
    summaries = tmp_path / "summaries"
    summaries.mkdir()
    for name in COMMITTED:
        shutil.copy(results.SUMMARIES / f"{name}.json", summaries)
    monkeypatch.setattr("eval.results.SUMMARIES", summaries)
    monkeypatch.setattr("eval.results.RESULTS", tmp_path / "RESULTS.md")
    return tmp_path


def made(folder: RunFolder, grounded: list[float], *, conditions: bool = False, **more: Any) -> None:
    """A finished run: a question a value, of confidence 0.9 where it is 1 and 0.2 where it is 0.

    The last question has no answer. Each was found in the first passage only after reading.
    """
    name = folder.path.name
    about = {"name": name, "sha256": "ab", "left_out": 0}
    folder.create(
        {"command": f"wenju eval run {name}", "started": "2026-11-26T01:00:00+00:00", "machine": "two cores",
         "models": {"reader": "span-reader:1", "writer": "extractive"}, "set": about,
         "collection": {"documents": 1033}, "peak_memory_mb": 900.0, **more}
    )  # fmt: skip
    for n, value in enumerate(grounded):
        asked = gold(f"q{n}", "有几家？", *([TWELVE] if n < len(grounded) - 1 else []), type="gold paragraph")
        found = {"recall_at_1": 0.0, "read_recall_at_1": 1.0} if asked.answerable else {}
        answer = {"outcome": "answered", "confidence": 0.9 if value else 0.2}
        metrics = {"grounded": value, "refusal_recall": value, "latency_ms": 7.0, **found}
        folder.append(Record(id=asked.id, gold=asked, answer_record=answer, metrics=metrics, error=None))
    folder.write_summary({**folder.read_summary(), **summarise(*scored(folder.records()), conditions)})


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """What `make results` leaves: of three questions the scorer has none right and the reader all."""
    for name in (DEV, TEST, ENGLISH):
        made(RunFolder(tmp_path / "runs" / name), [1, 1, 1])
    made(RunFolder(tmp_path / "runs" / SCORER), [0, 0, 0])
    for name in (CMRC, SQUAD2):
        made(RunFolder(tmp_path / "runs" / name), [1, 0, 0], conditions=True)
    for variant, folder in zip(VARIANTS, folders(tmp_path / "runs" / ABLATION), strict=True):
        made(folder, [1, 0, 0], variant=variant.name)
    half = {"n": 4, "mean": 0.5, "low": 0.25, "high": 0.75}
    for name in CLAIMS:
        told: dict[str, Any] = {"half": name.split("-")[1], "machine": "two cores"}
        told |= {"started": "2026-11-26T01:00:00+00:00", "cited_right": half}
        told |= {"stopped": dict.fromkeys(KINDS, half)}
        (tmp_path / "runs" / f"{name}.json").write_text(json.dumps(told), encoding="utf-8")
    return tmp_path / "runs"


def sections(page: str) -> dict[str, str]:
    """The sections by their titles."""
    return dict(part.split("\n\n", 1) for part in page.split("\n## ")[1:])


def rows(text: str) -> list[list[str]]:
    """The cells of every line of every table."""
    lines = [line for line in text.split("\n") if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


TITLES = [
    "The shipped article: article-test", "The shipped article: article-dev", "CMRC 2018 dev, report split",
    "Ablation on article-dev", "Latency and confidence",
]  # fmt: skip
TRANSLATED = "SQuAD 2.0 in Chinese, report split"
ENGLISH_ARTICLE = "An English article: english-test"


def test_without_the_newer_summaries_their_parts_are_left_out() -> None:
    page = render()
    assert list(sections(page)) == TITLES
    assert "sentence scorer, with the thresholds" not in page
    assert [row[0] for row in rows(sections(page)["Latency and confidence"])[1:]] == [
        "article-test", "article-dev", "cmrc2018_dev-report",
    ]  # fmt: skip


def test_runs_are_taken_in(runs: Path, elsewhere: Path) -> None:
    result = CliRunner().invoke(main, [str(runs)])
    assert (result.exit_code, result.output) == (0, "Written: RESULTS.md\n")
    page = (elsewhere / "RESULTS.md").read_text(encoding="utf-8")
    assert page == render()
    assert list(sections(page)) == [
        *TITLES[:2], ENGLISH_ARTICLE, TITLES[2], TRANSLATED, TITLES[3], "Checking claims", TITLES[4],
    ]  # fmt: skip
    for name in (DEV, TEST, ENGLISH, CMRC, SQUAD2, SCORER):
        summary = read_summary(name)
        assert summary["set"]["name"] == name
        assert "latencies_ms" not in summary["curves"]  # plotted, not tabled
    assert [variant["variant"] for variant in read_summary(ABLATION)] == [v.name for v in VARIANTS]


def test_of_some_runs_the_others_keep_their_summaries(runs: Path) -> None:
    before = read_summary(CMRC)
    for name in (CMRC, SQUAD2, SCORER, ABLATION):
        shutil.rmtree(runs / name)
    assert CliRunner().invoke(main, [str(runs)]).exit_code == 0
    assert read_summary(TEST)["set"]["sha256"] == "ab"
    assert (read_summary(CMRC), read_summary(SQUAD2), read_summary(SCORER)) == (before, None, None)


def test_the_reader_stands_beside_the_scorer(runs: Path) -> None:
    CliRunner().invoke(main, [str(runs)])
    text = sections(render())["The shipped article: article-test"]
    # Better in each of the three questions: every draw of the differences has their mean.
    assert f"`grounded` differs with p = {CERTAIN} (paired bootstrap)." in text
    header, reader, scorer = rows(text)[-3:]
    assert header == [
        "variant", "reader, writer", "questions", "grounded", "refusal recall", "false refusals",
        "grounded: follow-ups", "area under risk", "calibration error", "ms p50",
    ]  # fmt: skip
    # All right, at 0.9; none right, at 0.2.
    always, never = "1.00 (1.00 to 1.00)", "0.00 (0.00 to 0.00)"
    same = ["span-reader, extractive", "3"]
    assert reader == ["as shipped", *same, always, always, "", "", "0.000", "0.100", "7"]
    assert scorer == ["sentence scorer", *same, never, never, "", "", "1.000", "0.200", "7"]


def test_the_english_article_shows_its_groups_and_its_seal(runs: Path) -> None:
    CliRunner().invoke(main, [str(runs)])
    text = sections(render())[ENGLISH_ARTICLE]
    assert "`wenju eval run english-test`" in text
    assert "nothing is tuned on it. SHA-256 of `eval/sets/english-test.jsonl`: `ab`." in text
    assert rows(text)[1][:3] == ["all", "3", "1.00 (1.00 to 1.00)"]


def test_cmrc_shows_what_reading_changed(runs: Path) -> None:
    CliRunner().invoke(main, [str(runs)])
    table = rows(sections(render())["CMRC 2018 dev, report split"])[-1]
    assert table == ["gold paragraph", "R@1", "2", "0.000", "1.000", "+100.0", CERTAIN]


def test_squad_2_shows_what_confidence_tells_apart(runs: Path) -> None:
    CliRunner().invoke(main, [str(runs)])
    text = sections(render())[TRANSLATED]
    assert "1,033 of its paragraphs" in text
    # 0.9 and 0.2 with an answer, 0.2 without: above, and equal.
    header, told = rows(text)[-2:]
    assert (header, told) == (
        ["", "questions", "answerable", "area under ROC"],
        ["gold paragraph", "3", "2", "0.750"],
    )
    assert [row[0] for row in rows(sections(render())["Latency and confidence"])][-1] == SQUAD2


def test_the_scorer_runs_with_the_thresholds_of_the_ablation() -> None:
    (line,) = (line for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith("SCORER := "))
    variables = {
        f"WENJU_{stage}__{name}".upper() + f"={value}"
        for stage, changes in VARIANTS[-1].stages.items()
        for name, value in changes.items()
    }
    assert set(line.split()[2:]) == variables


def test_claims_show_each_kind_with_its_interval(runs: Path) -> None:
    CliRunner().invoke(main, [str(runs)])
    text = sections(render())["Checking claims"]
    assert "`wenju eval claims test`, 2026-11-26, two cores" in text
    assert ["negation", "4", "0.50 (0.25 to 0.75)"] in rows(text)


def test_writers_stand_side_by_side(runs: Path) -> None:
    statement = {"text": "有12家。", "verdict": "supported"}
    laps = {"resolve": 1.0, "retrieve": 2.0, "read": 3.0, "decide": 0.0, "first_word": 94.0, "write": 900.0}
    for name, note in ((WRITER_RUNS[0], None), (WRITER_RUNS[1], "left_out")):
        folder = RunFolder(runs / name)
        if note:
            made(folder, [1, 1, 1], models={"reader": "span-reader:1", "writer": "llama:small"})
        summary, records = folder.read_summary(), list(folder.records())
        folder.path.joinpath("records.jsonl").unlink()
        for record in records:
            answer = {**(record.answer_record or {}), "statements": [statement], "notes": []}
            answer["timings_ms"] = {**laps, "total": 1000.0}
            if note:
                answer["notes"] = [{"code": note, "text": ""}]
            folder.append(record.model_copy(update={"answer_record": answer}))
        for code in QUOTED if note else ():  # quotes, which are there at once
            quoted = {**answer, "notes": [{"code": code, "text": ""}]}
            quoted["timings_ms"] = {**dict.fromkeys(laps, 0.0), "total": 0.0}
            folder.append(records[0].model_copy(update={"id": code, "answer_record": quoted}))
        folder.write_summary({**summary, "tokens_per_second": 12.34 if note else None})
    assert CliRunner().invoke(main, [str(runs)]).exit_code == 0
    header, quoting, small = rows(sections(render())["Writers on article-test"])
    assert header[5:] == [
        "replies", "quotes stood in", "with parts left out", "unsupported shown", "evidence, ms",
        "first word, ms", "whole, ms", "tokens/s", "peak MB",
    ]  # fmt: skip
    assert quoting[0] == "extractive" and quoting[5:9] == ["3", "0", "0", "0"] and quoting[-2] == "–"
    assert small == [
        "llama:small",
        "1.00 (1.00 to 1.00)",
        "",
        "",
        "",
        "7",
        "4",
        "3",
        "0",
        "6",
        "100",
        "1,000",
        "12.3",
        "900",
    ]
