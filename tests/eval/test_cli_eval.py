"""`wenju eval …` and `python -m eval …` through their front doors: exit code and exact output."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from app.cli import main
from eval.commands import evaluate
from eval.records import RECORDS, REPORT, SUMMARY, RunFolder
from tests.app.conftest import CommandModel, Wenju
from tests.app.gguf_writer import write_gguf
from tests.conftest import ROOT
from tests.eval.conftest import Told, gold, write_set

CENTRE, FACTORY = "甲公司的算力中心在东区。", "乙公司的工厂在西区。"  # of notes.txt
# Right; refused rightly; and cited rightly, where the reply should have held another word.
TINY = (
    gold("q1", "算力中心在哪里？", CENTRE, must=["东区"], type="entity"),
    gold("q2", "天气怎么样？"),
    gold("q3", "乙公司的工厂在哪里？", FACTORY, must=["南区"], type="entity"),
)
# Three values of 1, 0 and 1, or fewer, drawn again: the ends are the least and the most they can be.
SAID = """\
|              | questions   | grounded            | contains            | citation recall     | citation precision   | statements          |
|--------------|-------------|---------------------|---------------------|---------------------|----------------------|---------------------|
| all          | 3           | 0.67 (0.00 to 1.00) | 0.50 (0.00 to 1.00) | 1.00 (1.00 to 1.00) | 1.00 (1.00 to 1.00)  | 0.67 (0.00 to 1.00) |
| entity       | 2           | 0.50 (0.00 to 1.00) | 0.50 (0.00 to 1.00) | 1.00 (1.00 to 1.00) | 1.00 (1.00 to 1.00)  | 1.00 (1.00 to 1.00) |
| unanswerable | 1           | 1.00 (1.00 to 1.00) |                     |                     |                      | 0.00 (0.00 to 0.00) |
| zh           | 3           | 0.67 (0.00 to 1.00) | 0.50 (0.00 to 1.00) | 1.00 (1.00 to 1.00) | 1.00 (1.00 to 1.00)  | 0.67 (0.00 to 1.00) |

|              | questions   | refusal recall      | refusal precision   | false refusals      | unsure              |
|--------------|-------------|---------------------|---------------------|---------------------|---------------------|
| all          | 3           | 1.00 (1.00 to 1.00) | 1.00 (1.00 to 1.00) | 0.00 (0.00 to 0.00) | 0.00 (0.00 to 0.00) |
| entity       | 2           |                     |                     | 0.00 (0.00 to 0.00) | 0.00 (0.00 to 0.00) |
| unanswerable | 1           | 1.00 (1.00 to 1.00) | 1.00 (1.00 to 1.00) |                     | 0.00 (0.00 to 0.00) |
| zh           | 3           | 1.00 (1.00 to 1.00) | 1.00 (1.00 to 1.00) | 0.00 (0.00 to 0.00) | 0.00 (0.00 to 0.00) |

|              | questions   | R@1                 | R@5                 | R@10                | MRR@10              | nDCG@10             | R@1 after reading   |
|--------------|-------------|---------------------|---------------------|---------------------|---------------------|---------------------|---------------------|
| all          | 3           | 1.00 (1.00 to 1.00) | 1.00 (1.00 to 1.00) | 1.00 (1.00 to 1.00) | 1.00 (1.00 to 1.00) | 1.00 (1.00 to 1.00) | 1.00 (1.00 to 1.00) |
| entity       | 2           | 1.00 (1.00 to 1.00) | 1.00 (1.00 to 1.00) | 1.00 (1.00 to 1.00) | 1.00 (1.00 to 1.00) | 1.00 (1.00 to 1.00) | 1.00 (1.00 to 1.00) |
| unanswerable | 1           |                     |                     |                     |                     |                     |                     |
| zh           | 3           | 1.00 (1.00 to 1.00) | 1.00 (1.00 to 1.00) | 1.00 (1.00 to 1.00) | 1.00 (1.00 to 1.00) | 1.00 (1.00 to 1.00) | 1.00 (1.00 to 1.00) |

|     | questions   | answerable   | area under ROC   |
|-----|-------------|--------------|------------------|
| all | 3           | 2            | 1.000            |

3 questions · 0 errors · … ms p50, … ms p95 a question · … MB of memory at the peak
Report: {report}
"""  # noqa: E501  # a table is as wide as it is


def measured_away(text: str) -> str:
    """The output without the figures of this machine."""
    return re.sub(r"[\d,]+(?= ms p| MB of)", "…", text)


@pytest.fixture
def tiny(notes_file: Path, model: CommandModel, tmp_path: Path) -> list[str]:
    """The command's arguments for the three questions over notes.txt."""
    return [str(write_set(tmp_path / "tiny.jsonl", TINY)), "--collection", "notes.txt"]


@pytest.mark.parametrize("door", ["wenju eval", "python -m eval"])
def test_run(wenju: Wenju, tiny: list[str], tmp_path: Path, door: str) -> None:
    arguments = ["run", *tiny, "--out", "out/run"]
    result = wenju("eval", *arguments) if door == "wenju eval" else CliRunner().invoke(evaluate, arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    assert measured_away(result.stdout) == SAID.format(report=Path("out", "run", REPORT))
    folder = RunFolder(tmp_path / "out" / "run")
    assert sorted(path.name for path in folder.path.iterdir()) == [RECORDS, REPORT, SUMMARY]
    assert {r.id: (r.metrics or {})["grounded"] for r in folder.records()} == {"q1": 1, "q2": 1, "q3": 0}
    assert folder.read_summary()["command"] == "wenju eval run tiny.jsonl --collection notes.txt"


def test_without_out_a_run_is_kept_in_the_data_folder(wenju: Wenju, tiny: list[str], home: Path) -> None:
    result = wenju("eval", "run", *tiny)
    (folder,) = (home / "runs").iterdir()
    assert re.fullmatch(r"tiny-\d{8}-\d{6}", folder.name)
    assert result.stdout.endswith(f"\nReport: {folder / REPORT}\n")


def test_a_set_of_the_users_by_its_name(wenju: Wenju, tiny: list[str], home: Path, tmp_path: Path) -> None:
    write_set(home / "sets" / "mine.jsonl", TINY)
    result = wenju("eval", "run", "mine", *tiny[1:], "--out", "run")
    assert (result.exit_code, measured_away(result.stdout)) == (0, SAID.format(report=Path("run", REPORT)))


def test_a_set_is_asked_over_its_own_article(wenju: Wenju, tiny: list[str], tmp_path: Path) -> None:
    """Not over the shipped one, and also by a command given elsewhere."""
    folder = tmp_path / "sets"
    write_set(folder / "tiny.jsonl", TINY, set="tiny", article="notes.txt")
    (tmp_path / "notes.txt").rename(folder / "notes.txt")
    result = wenju("eval", "run", "sets/tiny.jsonl", "--out", "run")
    assert (result.exit_code, measured_away(result.stdout)) == (0, SAID.format(report=Path("run", REPORT)))
    summary = RunFolder(tmp_path / "run").read_summary()
    assert summary["command"] == "wenju eval run tiny.jsonl"
    assert (summary["collection"]["name"], list(summary["collection"]["documents"])) == (
        "notes.txt", ["notes"],
    )  # fmt: skip


def test_a_named_collection_goes_before_the_sets_own_article(
    wenju: Wenju, tiny: list[str], tmp_path: Path
) -> None:
    write_set(tmp_path / "tiny.jsonl", TINY, set="tiny", article="gone.txt")
    result = wenju("eval", "run", *tiny, "--out", "run")
    assert (result.exit_code, measured_away(result.stdout)) == (0, SAID.format(report=Path("run", REPORT)))
    assert RunFolder(tmp_path / "run").read_summary()["collection"]["name"] == "notes.txt"


def test_a_failed_question_makes_exit_code_1(wenju: Wenju, told: Told, tiny: list[str]) -> None:
    told.table = {TINY[0].question: (CENTRE, 0.9), TINY[2].question: RuntimeError("no")}
    result = wenju("eval", "run", *tiny, "--out", "run")
    assert (result.exit_code, result.stderr.splitlines()[0]) == (1, "wenju: question q3 failed")
    assert "| all          | 2           | 1.00 (1.00 to 1.00) |" in result.stdout
    assert "\n3 questions · 1 errors · " in result.stdout
    told.table[TINY[2].question] = (FACTORY, 0.9)
    again = wenju("eval", "run", *tiny, "--out", "run", "--resume")
    assert (again.exit_code, again.stderr) == (0, "")
    assert measured_away(again.stdout) == SAID.format(report=Path("run", REPORT))


def test_force_replaces_a_run(wenju: Wenju, tiny: list[str], tmp_path: Path) -> None:
    wenju("eval", "run", *tiny, "--out", "run")
    write_set(tmp_path / "tiny.jsonl", TINY[:1])
    result = wenju("eval", "run", *tiny, "--out", "run", "--force")
    assert (result.exit_code, result.stdout.split(" · ")[0].split("\n")[-1]) == (0, "1 questions")
    assert [record.id for record in RunFolder(tmp_path / "run").records()] == ["q1"]


def test_resume_with_another_set_is_refused(wenju: Wenju, tiny: list[str], tmp_path: Path) -> None:
    wenju("eval", "run", *tiny, "--out", "run")
    before = (tmp_path / "run" / RECORDS).read_bytes()
    write_set(tmp_path / "tiny.jsonl", TINY[:2])
    result = wenju("eval", "run", *tiny, "--out", "run", "--resume")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: the run in run was made with another set. Begin a new one: name another folder with --out, "
        "or replace this one with --force.\n"
    )
    assert (tmp_path / "run" / RECORDS).read_bytes() == before


def test_an_interrupted_run_says_how_to_go_on(
    wenju: Wenju, tiny: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("eval.runner.score", interrupt)
        result = wenju("eval", "run", *tiny, "--out", "run")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Error: interrupted; go on with --resume --out run\n"
    assert wenju("eval", "run", *tiny, "--out", "run", "--resume").exit_code == 0


def test_rgb_and_squad_bring_their_documents(wenju: Wenju, told: Told, tmp_path: Path) -> None:
    line = {
        "id": 0,
        "query": "几人？",
        "answer": ["12人"],
        "positive": ["港有12人。"],
        "negative": ["无关。"],
    }
    (tmp_path / "rgb.json").write_text(json.dumps(line), encoding="utf-8")
    told.table["几人？"] = ("港有12人。", 0.9)
    result = wenju(
        "eval", "run", str(tmp_path / "rgb.json"), "--format", "rgb", "--out", str(tmp_path / "run")
    )
    assert (result.exit_code, result.stderr) == (0, "")
    names = [row.split("|")[1].strip() for row in result.stdout.split("\n\n")[0].splitlines()[2:]]
    assert names == ["noise 0", "noise 0.2", "noise 0.4", "noise 0.6", "noise 0.8", "rejection"]
    assert all(" | 1.00 (1.00 to 1.00) |" in row for row in result.stdout.split("\n\n")[0].splitlines()[2:])


# --- help --------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [[], *([name] for name in sorted(evaluate.commands))], ids=str)
def test_help_mentions_and_explains_everything(wenju: Wenju, command: Sequence[str]) -> None:
    found = evaluate.commands[command[0]] if command else evaluate
    for door in (main, evaluate):
        named = ["eval", *command] if door is main else list(command)

        def run(flag: str, door: click.Group = door, named: list[str] = named) -> Result:
            return CliRunner().invoke(door, [*named, flag])

        result = run("--help")
        assert result.exit_code == 0
        assert result.stdout == run("-h").stdout
        assert found.help
        for parameter in found.params:
            if isinstance(parameter, click.Option):
                assert all(name in result.stdout for name in parameter.opts)
                assert parameter.help
                assert parameter.help.split()[-1] in result.stdout
            else:
                assert parameter.human_readable_name in result.stdout
    assert main.commands["eval"] is evaluate
    assert sorted(evaluate.commands) == ["ablate", "claims", "compare", "run", "tune"]


# --- as processes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "door",
    [[sys.executable, "-m", "eval"], [str(Path(sys.executable).with_name("wenju")), "eval"]],
    ids=["-m", "wenju"],
)
def test_a_real_process(wenju: Wenju, tiny: list[str], home: Path, tmp_path: Path, door: list[str]) -> None:
    def process(*arguments: str) -> tuple[int, str, str]:
        done = subprocess.run([*door, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    wenju("eval", "run", *tiny, "--out", "run")
    run = str(tmp_path / "run")
    assert process("compare", run, run) == (0, wenju("eval", "compare", run, run).stdout, "")
    assert process("run", tiny[0], "--out", run) == (
        1,
        "",
        f"Error: {run} exists. Name another with --out, replace the run with --force, "
        "or go on with it with --resume.\n",
    )
    code, stdout, _ = process("-h")
    assert (code, stdout.startswith("Usage: ")) == (0, True)


# --- the unexpected ----------------------------------------------------------------------------


def test_the_unexpected_is_one_line_and_is_shown_with_debug(
    wenju: Wenju, tiny: list[str], model: CommandModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(model, "embed_passages", fail)
    message = "Error: unexpected RuntimeError: out of memory. Run again with --debug for the details.\n"
    plain = wenju("eval", "run", *tiny, "--out", "run")
    assert (plain.exit_code, plain.stdout, plain.stderr) == (1, "", message)
    for arguments in (["--debug", "eval", "run"], ["eval", "--debug", "run"]):
        shown = wenju(*arguments, *tiny, "--out", "run")
        assert (shown.exit_code, shown.stdout) == (1, "")
        assert "Traceback (most recent call last):" in shown.stderr
        assert shown.stderr.endswith(f"RuntimeError: out of memory\n{message}")
    assert not Path("run").exists()


def test_a_run_names_its_writer_without_what_leads_to_a_model(
    wenju: Wenju, tiny: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "private" / "words").mkdir(parents=True)
    monkeypatch.setenv("WENJU_WRITER__PROMPTS", str(tmp_path / "private" / "words"))
    writer = f"llama:{write_gguf(tmp_path / 'private' / 'mine.gguf')}"
    monkeypatch.setattr("app.llama_model.LlamaModel.load", lambda model: None)
    monkeypatch.setattr("app.llama_model.LlamaModel.stream", lambda *asked: (_ for _ in ()))  # says nothing
    assert wenju("eval", "run", *tiny, "--out", "out", "--writer", writer).exit_code == 0
    folder = RunFolder(tmp_path / "out")
    summary = folder.read_summary()
    assert summary["command"] == "wenju eval run tiny.jsonl --collection notes.txt --writer llama:mine.gguf"
    assert summary["models"]["writer"] == "llama:mine"
    assert (summary["settings"]["writer"]["use"], summary["settings"]["writer"]["prompts"]) == (
        "llama:mine",
        "words",
    )
    assert "private" not in json.dumps([summary, *(record.answer_record for record in folder.records())])


def test_a_run_whose_writer_cannot_be_loaded_does_not_begin(
    wenju: Wenju, tiny: list[str], tmp_path: Path
) -> None:
    (tmp_path / "broken.gguf").write_bytes(b"no model")
    result = wenju("eval", "run", *tiny, "--out", "out", "--writer", f"llama:{tmp_path / 'broken.gguf'}")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "broken.gguf" in result.stderr
    assert not Path("out").exists()
