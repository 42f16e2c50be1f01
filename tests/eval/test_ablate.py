"""The ablation: every variant run, the user's index left alone, one table."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from app.collections import Shelf
from eval.ablate import VARIANTS, folders
from eval.records import RECORDS, RunFolder
from tests.app.conftest import CommandModel, Wenju
from tests.eval.conftest import QUESTIONS, TOLD, Told, timeless, write_set

NAMES = [
    "as-shipped-fused-heading-context", "dense-only", "lexical-only", "without-heading-context",
    "follow-ups-without-what-was-said-before", "other-questions-behind-an-unrelated-one",
    "sentence-scorer-instead-of-the-reader",
]  # fmt: skip


@pytest.fixture
def arguments(told: Told, pair: Shelf, tmp_path: Path) -> list[str]:
    """The five questions over the two documents, a passage each."""
    file = write_set(tmp_path / "mine.jsonl")
    return ["eval", "ablate", str(file), "--collection", "pair", "--out", str(tmp_path / "out")]


def contents(folder: Path) -> dict[str, str]:
    """Every file below a folder by its hash."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


ALWAYS, NEVER = "1.00 (1.00 to 1.00)", "0.00 (0.00 to 0.00)"


def test_one_table_of_every_variant(wenju: Wenju, arguments: list[str], tmp_path: Path) -> None:
    """The reader is the same, and the retrieval differs.

    By the dense ranking the four questions find their sentence in the first passage, the first, the second
    (a query without a known word finds the passages in their order) and the second (it also holds the
    question before): R@1 0.5, MRR 0.75. By words only every one is in the first: 丁 stands in one passage.
    Fused by equal weights the first passage wins every tie.
    """
    result = wenju(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    table, end = result.stdout.split("\n\n")
    assert end == f"0 errors\nRuns: {tmp_path / 'out'}\n"
    header, _, *rows = table.split("\n")
    assert cells(header) == [
        "variant", "reader, writer", "questions", "grounded", "contains", "R@1", "R@5", "MRR@10",
        "refusal recall", "false refusals", "grounded: follow-ups", "area under risk", "calibration error",
        "ms p50",
    ]  # fmt: skip
    half = ["0.50 (0.00 to 1.00)", ALWAYS, "0.75 (0.50 to 1.00)"]
    few, same = "0.25 (0.00 to 0.75)", ["0.60 (0.20 to 1.00)", "0.50 (0.00 to 1.00)"]
    # 0.9 right, 0.8 wrong, 0.7 right: risks 0, 1/2, 1/3. Confidence is off by 0.1, 0.8, 0.3, 0.65 and 0.
    sure = [ALWAYS, "0.278", "0.370"]
    expected = [[*same, *half, ALWAYS, NEVER, *sure] for _ in VARIANTS]
    expected[2][2:5] = [ALWAYS] * 3
    # The follow-up alone is refused, with no confidence: risks 0, 1/2; off by 0.1, 0.8, 0, 0.65 and 1.
    alone = ["0.40 (0.00 to 0.80)", few, *half, ALWAYS, few, NEVER, "0.250", "0.510"]
    expected[4] = alone
    # One of the four is read at 0.35: unsure, and refused by the thresholds of the scorer.
    expected[-1][6] = few
    assert [cells(row)[3:-1] for row in rows] == expected
    assert [cells(row)[:3] for row in rows] == [[v.name, "told, extractive", "5"] for v in VARIANTS]
    assert all(re.fullmatch(r"\d+", cells(row)[-1]) for row in rows)


def test_every_variant_is_a_run_of_its_own_settings(
    wenju: Wenju, arguments: list[str], tmp_path: Path
) -> None:
    wenju(*arguments)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(NAMES)
    made = folders(tmp_path / "out")
    assert [folder.path.name for folder in made] == NAMES  # in the order of the table
    summaries = [folder.read_summary() for folder in made]
    assert [summary["variant"] for summary in summaries] == [variant.name for variant in VARIANTS]
    assert [
        (s["settings"]["retrieval"]["dense_weight"], s["settings"]["passages"]["heading_context"])
        for s in summaries
    ] == [(0.5, True), (1.0, True), (0.0, True), (0.5, False), *[(0.5, True)] * 3]
    for folder in made:
        assert [record.id for record in folder.records()] == [question.id for question in QUESTIONS]
    ranks = [
        {
            (hit["ranks"]["dense"] is None)
            for record in folder.records()
            for hit in (record.answer_record or {})["hits"]
        }
        for folder in made
    ]
    assert ranks[1] == {False}  # what is only found by its words is not kept


def test_the_first_variant_is_the_program_as_it_is(
    wenju: Wenju, arguments: list[str], tmp_path: Path
) -> None:
    wenju(*arguments)
    run = ["eval", "run", arguments[2], "--collection", "pair", "--out", str(tmp_path / "run")]
    assert wenju(*run).exit_code == 0
    one, other = RunFolder(tmp_path / "run"), folders(tmp_path / "out")[0]
    assert [timeless(r) for r in one.records()] == [timeless(r) for r in other.records()]


def test_the_users_indexes_are_left_alone(
    wenju: Wenju, arguments: list[str], pair: Shelf, home: Path, model: CommandModel
) -> None:
    before = contents(home)
    assert {path.split("/")[0] for path in before} == {"indexes"}
    assert wenju(*arguments).exit_code == 0
    assert contents(home) == before
    # Two passages, with and without headings; a query is embedded in each variant.
    # The follow-up is searched alone and behind the question before, where there is one.
    queries = 6
    assert model.embedded == 2 * 2 + 7 * queries - 1


@pytest.mark.parametrize("place", NAMES)
def test_a_folder_that_exists_is_refused_before_anything_runs(
    wenju: Wenju, arguments: list[str], told: Told, model: CommandModel, tmp_path: Path, place: str
) -> None:
    taken = tmp_path / "out" / place
    RunFolder(taken).create({})
    result = wenju(*arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"Error: {taken} exists. Name another with --out, replace the run with --force, "
        "or go on with it with --resume.\n"
    )
    assert (model.embedded, told.readers) == (0, [])
    assert [path.name for path in (tmp_path / "out").iterdir()] == [place]
    assert wenju(*arguments, "--force").exit_code == 0
    assert (taken / RECORDS).read_bytes().count(b"\n") == 5


def test_errors_are_counted_and_fail(wenju: Wenju, arguments: list[str], told: Told, tmp_path: Path) -> None:
    told.table["算力中心在哪里？"] = RuntimeError("out of memory")
    result = wenju(*arguments)
    assert (result.exit_code, result.stdout.split("\n\n")[1]) == (1, f"7 errors\nRuns: {tmp_path / 'out'}\n")
    # Alone the follow-up is refused: half of the four, not three quarters.
    expected = [["4", "0.75 (0.25 to 1.00)"]] * 7
    expected[4] = ["4", "0.50 (0.00 to 1.00)"]
    assert [cells(row)[2:4] for row in result.stdout.split("\n")[2:9]] == expected


def test_a_run_of_errors_alone_has_a_row_all_the_same(wenju: Wenju, arguments: list[str], told: Told) -> None:
    told.table |= {question.question: RuntimeError("no") for question in QUESTIONS}
    result = wenju(*arguments)
    assert result.exit_code == 1
    assert [cells(row)[2:] for row in result.stdout.split("\n")[2:9]] == [["0", *[""] * 11]] * 7
    assert "35 errors" in result.stdout


def test_conditions_have_a_row_each(wenju: Wenju, told: Told, tmp_path: Path) -> None:
    file = tmp_path / "made.json"
    file.write_text(
        '{"data": [{"title": "城", "paragraphs": [{"context": "武汉有10个园区。", "qas": '
        '[{"id": "Q", "question": "几个？", "answers": [{"text": "10个", "answer_start": 3}]}]}]}]}',
        encoding="utf-8",
    )
    told.table["几个？"] = ("武汉有10个园区。", 0.9)
    result = wenju("eval", "ablate", str(file), "--format", "squad", "--out", str(tmp_path / "out"))
    rows = [cells(row)[:4] for row in result.stdout.split("\n\n")[0].split("\n")[2:]]
    assert rows == [
        [f"{variant.name}: {condition}", "told, extractive", "1", ALWAYS]
        for variant in VARIANTS
        for condition in ("gold paragraph", "open-domain")
    ]
    assert TOLD.keys().isdisjoint({"几个？"})
