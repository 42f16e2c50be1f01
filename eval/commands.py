"""`wenju eval …`, which is also `python -m eval …`: parse, wire, show."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from tqdm import tqdm

from app.commands import Commands, prepare, writer_option
from app.settings import home

if TYPE_CHECKING:
    from eval.records import Mode
    from eval.session import Source

Item = TypeVar("Item")

_set = click.argument("questions", metavar="SET")
_format = click.option(
    "--format",
    "layout",
    type=click.Choice(["jsonl", "squad", "rgb"]),
    default="jsonl",
    show_default=True,
    help="How the file is laid out: our own, SQuAD or RGB.",
)
_split = click.option(
    "--split",
    type=click.Choice(["train", "tune", "report"]),
    help="A part of a squad file, by its articles.  [default: all of it]",
)
_types = click.option(
    "--type", "types", multiple=True, metavar="NAME", help="Ask the questions of this type alone; repeatable."
)
_collection = click.option(
    "--collection",
    metavar="NAME|FILE",
    help="What the set is asked over.  [default: its own article, or the shipped one]",
)
_force = click.option("--force", is_flag=True, help="Replace what an earlier run left there.")
_resume = click.option("--resume", is_flag=True, help="Go on with the interrupted run in --out.")
_out = click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The folder to write.  [default: a new one in the data folder]",
)


@click.group(
    "eval", cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option("--debug", is_flag=True, help="Show what happens, and the cause of an unexpected error.")
@click.pass_context
def evaluate(context: click.Context, debug: bool) -> None:
    """Score question sets: right, cited, and refused where the text is silent.

    SET is a file, or the name of a set: article-dev, article-test, english-test, or one of yours in the
    data folder.
    """
    if debug or context.parent is None:  # `wenju --debug` has prepared the log already
        prepare(debug)


@evaluate.command()
@_set
@_out
@_format
@_split
@_types
@_collection
@writer_option
@_force
@_resume
def run(out: Path | None, force: bool, resume: bool, **source: Any) -> None:
    """Ask every question of SET; print what the answers are worth and write a run folder.

    \b
    wenju eval run article-dev
    wenju eval run mine.jsonl --collection notes.md --out runs/mine
    wenju eval run cmrc2018_dev.json.gz --format squad --split report --type 'gold paragraph'
    """
    from eval import tables
    from eval.records import REPORT, RunFolder
    from eval.runner import run_session
    from eval.session import open_session

    named, mode = _source(**source), _mode(out, force, resume)
    folder = RunFolder(out or _new_folder(named))
    folder.check(mode)
    session = open_session(named)
    try:
        summary = run_session(session, folder, mode, _bar(len(session.questions.questions), " questions"))
    except KeyboardInterrupt:
        raise click.ClickException(f"interrupted; go on with --resume --out {folder.path}") from None
    click.echo(f"{tables.group_tables(summary)}\n\n{tables.facts(summary)}\nReport: {folder.path / REPORT}")
    raise click.exceptions.Exit(1 if summary["errors"] else 0)


@evaluate.command()
@click.argument("before", type=click.Path(path_type=Path), metavar="A")
@click.argument("after", type=click.Path(path_type=Path), metavar="B")
def compare(before: Path, after: Path) -> None:
    """What got better and worse from run A to run B; exit code 1 if `grounded` fell significantly."""
    from eval.compare import compare_runs

    comparison = compare_runs(before, after)
    click.echo(comparison.text)
    raise click.exceptions.Exit(1 if comparison.fell else 0)


@evaluate.command()
@_set
@click.option("--report", metavar="SET", help="Report on this set.  [default: the other part of SET]")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    default=Path("tuned.toml"),
    show_default=True,
    help="The settings snippet to write.",
)
@_format
@_collection
@_force
def tune(report: str | None, out: Path, force: bool, **source: Any) -> None:
    """Sweep the thresholds and the fusion weight on one part of SET, and report on another.

    A set of ours is halved, with questions on one sentence kept together; a squad file has its tune and
    report splits. Sets that are for reporting (…-test, …-report) are not tuned on.
    """
    from eval.halves import sides
    from eval.session import open_session
    from eval.tables import tuning_table
    from eval.tune import Trial
    from eval.tune import tune as sweep

    if out.exists() and not force:
        raise click.ClickException(f"{out} exists. Name another with --out, or replace it with --force.")
    if out.is_dir() or not out.parent.is_dir():
        raise click.ClickException(
            f"{out} cannot be written. Name a file in a folder that exists with --out."
        )
    session = open_session(_source(**source))
    tuning, reporting = sides(session, report)
    trial = Trial(session.settings, session.index(), session.embedder)
    result = sweep(trial, tuning, reporting, _bar(None, " settings"))
    out.write_text(result.chosen.snippet, encoding="utf-8")
    click.echo(f"{tuning_table(result)}\n\n{result.chosen.snippet}\nWritten to {out}. To use it: add it to")
    click.echo(f"{home() / 'settings.toml'}")


@evaluate.command()
@_set
@_out
@_format
@_split
@_collection
@_force
def ablate(out: Path | None, force: bool, **source: Any) -> None:
    """Ask SET with parts of the program left out: one run folder a variant, and one table.

    Exit code 1 if a question failed.
    """
    from eval.ablate import VARIANTS, ablate, ablation_table
    from eval.session import open_session

    named = _source(**source)
    folder = out or _new_folder(named, "ablate-")
    session = open_session(named)
    bar = _bar(len(session.questions.questions), f" questions, {len(VARIANTS)} times")
    summaries = ablate(session, folder, _mode(out, force, False), bar)
    errors = sum(len(summary["errors"]) for summary in summaries)
    click.echo(f"{ablation_table(summaries)}\n\n{errors} errors\nRuns: {folder}")
    raise click.exceptions.Exit(1 if errors else 0)


@evaluate.command()
@click.argument("half", metavar="HALF", type=click.Choice(["dev", "test"]))
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="A summary to write, as JSON.")
def claims(half: Any, out: Path | None) -> None:
    """Check 300 claims, true and untrue ones, against their evidence: how many of each kind are stopped.

    HALF is dev or test.

    Claims of a language model that are stopped are not shown as facts. Nothing is tuned on the test half.
    """
    from app.engine import make_checker
    from eval.claims import Verdict, claims_table, run_claims

    bar: Callable[[Iterable[Verdict]], Iterable[Verdict]] = _bar(None, " claims")
    summary = run_claims(half, make_checker(), bar)
    if out is not None:
        out.write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    click.echo(claims_table(summary))


def _source(questions: str, layout: Any, **narrowed: Any) -> Source:
    from eval.session import Source

    return Source(questions, layout, **narrowed)


def _mode(out: Path | None, force: bool, resume: bool) -> Mode:
    if force and resume:
        raise click.UsageError("--force begins anew and --resume goes on; give one of them.")
    if resume and out is None:
        raise click.UsageError("--resume goes on with the run in --out DIR; name it.")
    return "force" if force else "resume" if resume else "new"


def _new_folder(source: Source, prefix: str = "") -> Path:
    """A folder of its own for every run, in the data folder."""
    name = "-".join(filter(None, [Path(source.set).name.split(".")[0], source.split]))
    return home() / "runs" / f"{prefix}{name}-{datetime.now():%Y%m%d-%H%M%S}"


def _bar(total: int | None, unit: str) -> Callable[[Iterable[Item]], Iterable[Item]]:
    """A progress bar over what passes; none where the output is no terminal."""
    return lambda items: tqdm(items, total=total, unit=unit, leave=False, disable=None)
