"""Running a set: every question answered, scored and written down before the next is asked."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from app.composing import WRITER_FAILED
from app.pipeline import Pipeline
from corpus import Language
from eval import machine
from eval.metrics import score
from eval.questions import GoldQuestion, QuestionSet
from eval.records import REPORT, Mode, Record, RunFolder
from eval.session import Session
from eval.summary import scored, summarise
from eval.timing import tokens_per_second

log = logging.getLogger(__name__)
Bar = Callable[[Iterator[Record]], Iterable[Record]]


def run_session(session: Session, folder: RunFolder, mode: Mode, bar: Bar = iter) -> dict[str, Any]:
    """Run a set into a folder and give the summary. Raises a WenjuError before any slow work.

    `bar` shows the records as they pass.
    """
    # 1. The folder: looked at before anything is loaded.
    folder.check(mode)
    # 2. The index and the models.
    pipeline = session.pipeline()
    # 3. What the run is of, written down first.
    identity = session.identity(pipeline)
    answered = folder.resume(identity) if mode == "resume" else set[str]()
    if mode != "resume":
        folder.create(begin(identity, f"wenju eval run {session.source.options}"))
    # 4. The questions.
    asked = sum(1 for _ in bar(ask_all(session.questions, pipeline, folder, answered)))
    # 5. The summary and the report.
    pace = tokens_per_second(pipeline.writer)
    return finish(folder, bool(session.questions.documents), pace, asked > 0)


def ask_all(
    questions: QuestionSet, pipeline: Pipeline, folder: RunFolder, answered: Collection[str] = ()
) -> Iterator[Record]:
    """Ask what is not `answered` yet, in order; each record is on disk when it is given.

    Whoever stops taking records stops the run; it can be resumed.
    """
    for gold in questions.questions:
        if gold.id not in answered:
            record = ask(gold, pipeline)
            folder.append(record)
            yield record


def ask(gold: GoldQuestion, pipeline: Pipeline) -> Record:
    """The record of a question. A failure is recorded as one: it is no answer and gets no score."""
    try:
        answer = pipeline.answer(gold.question, gold.history, gold.within)
    except Exception as error:  # the run goes on; one question in thousands must not lose the others
        log.exception("question %s failed", gold.id)
        return _failed(gold, f"{type(error).__name__}: {error}")
    for note in answer.notes:
        if note.code == WRITER_FAILED:  # the quotes that stand in are for who chats: they are not the model's
            return _failed(gold, note.text)
    metrics = dict(score(gold, answer))
    return Record(id=gold.id, gold=gold, answer_record=answer.to_json(), metrics=metrics, error=None)


def _failed(gold: GoldQuestion, error: str) -> Record:
    return Record(id=gold.id, gold=gold, answer_record=None, metrics=None, error=error)


def begin(identity: Mapping[str, Any], command: str) -> dict[str, Any]:
    """The summary as it stands when a run begins."""
    return {
        **identity,
        "command": command,
        "started": _now(),
        "finished": None,
        "machine": machine.describe(),
    }


def finish(
    folder: RunFolder, conditions: bool, pace: float | None = None, asked: bool = True
) -> dict[str, Any]:
    """The summary of the records in a folder, put there with the report.

    `conditions` as in `summarise`; `pace`: tokens a second of the writer's language model; `asked`: whether
    this process asked any of the questions. What it measured does not take the place of an earlier one's.
    """
    from eval.report import render_report  # a second of import: not before it is needed

    found, errors = scored(folder.records())
    before = folder.read_summary()
    peak = before.get("peak_memory_mb")
    if asked or peak is None:
        peak = max(machine.peak_memory_mb(), peak or 0.0)
    summary = {
        **before,
        "finished": _now(),
        "peak_memory_mb": peak,
        "tokens_per_second": before.get("tokens_per_second") if pace is None else pace,
        **summarise(found, errors, conditions),
    }
    folder.write_summary(summary)
    language: Language = "zh" if 2 * sum(one.lang == "zh" for one in found) >= len(found) else "en"
    report = render_report(summary, folder.records(), language)
    (folder.path / REPORT).write_text(report, encoding="utf-8")
    return summary


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
