"""What each part of the program is worth: the same questions with a part left out."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from app.questions import Turn
from app.reply import NOT_FOUND
from eval.metrics import LABELS
from eval.questions import GoldQuestion
from eval.records import Mode, RunFolder
from eval.runner import Bar, run_session
from eval.session import Session
from eval.tables import cell, rounded, table

_COLUMNS = (
    "grounded",
    "contains",
    "recall_at_1",
    "recall_at_5",
    "mrr_at_10",
    "refusal_recall",
    "false_refusals",
)

FOLLOW_UP = "follow-up"  # the type of the questions that histories are about


@dataclass(frozen=True)
class Variant:
    """A change of the settings, by stage, or of what was said before a question."""

    name: str
    stages: dict[str, dict[str, Any]] = field(default_factory=dict)
    # `none`: nothing; `unrelated`: where the set has nothing, another question of it with its evidence.
    history: Literal["as given", "none", "unrelated"] = "as given"


VARIANTS = (
    Variant("as shipped: fused, heading context"),
    Variant("dense only", {"retrieval": {"dense_weight": 1.0}}),
    Variant("lexical only", {"retrieval": {"dense_weight": 0.0}}),
    Variant("without heading context", {"passages": {"heading_context": False}}),
    Variant("follow-ups without what was said before", history="none"),
    Variant("other questions behind an unrelated one", history="unrelated"),
    # With the thresholds that were tuned for it.
    Variant(
        "sentence scorer instead of the reader",
        {"models": {"reader": "scorer"}, "outcome": {"unsure_from": 0.4, "answered_from": 0.45}},
    ),
)


def folders(folder: Path) -> list[RunFolder]:
    """The run folder of each variant, in their order."""
    return [RunFolder(folder / _slug(variant.name)) for variant in VARIANTS]


def ablate(session: Session, folder: Path, mode: Mode, bar: Bar = iter) -> list[dict[str, Any]]:
    """Run every variant into a folder of its own below `folder`; the summaries, with `variant` in each."""
    places = folders(folder)
    for place in places:
        place.check(mode)  # all of them before the first is run
    summaries = []
    with tempfile.TemporaryDirectory(prefix="wenju-") as shelf:
        for variant, place in zip(VARIANTS, places, strict=True):
            summary = run_session(_changed(session, variant, Path(shelf)), place, mode, bar)
            summaries.append({"variant": variant.name, **summary})
            place.write_summary(summaries[-1])
    return summaries


def ablation_table(summaries: Sequence[Mapping[str, Any]], metrics: Sequence[str] = _COLUMNS) -> str:
    """One table: a row a variant, or a variant and condition, with the reader and writer that answered."""
    headers = [
        "variant",
        "reader, writer",
        "questions",
        *(LABELS[m] for m in metrics),
        "grounded: follow-ups",
    ]
    headers += ["area under risk", "calibration error", "ms p50"]
    return table(headers, [row for summary in summaries for row in _rows(summary, metrics)])


def _rows(summary: Mapping[str, Any], metrics: Sequence[str]) -> Iterator[list[Any]]:
    by = f"{summary['models']['reader'].split(':')[0]}, {summary['models']['writer']}"
    curves = summary["curves"]
    median = curves["latency_ms"]["p50"]
    latency = "" if median is None else f"{median:.0f}"  # none where every question failed
    costs = [rounded(curves["area_under_risk"]), rounded(curves["calibration_error"]), latency]
    follow_ups = next((g["metrics"]["grounded"] for g in summary["groups"] if g["name"] == FOLLOW_UP), None)
    overall = [group for group in summary["groups"] if group["by"] == "overall"]
    for group in overall or summary["groups"]:
        name = summary["variant"] if overall else f"{summary['variant']}: {group['name']}"
        cells = [cell(group["metrics"].get(metric)) for metric in metrics]
        yield [name, by, group["questions"], *cells, cell(follow_ups), *costs]


def _changed(session: Session, variant: Variant, shelf: Path) -> Session:
    """The session with other settings or histories, its index kept away from the user's."""
    settings = session.settings.model_copy(
        update={
            stage: replace(getattr(session.settings, stage), **changes)
            for stage, changes in variant.stages.items()
        }
    )
    rules = settings.passages
    aside = replace(session.shelf, folder=shelf / _slug(repr(rules)), rules=rules)
    golds = session.questions.questions
    told = tuple(_told(gold, golds[i - 1], variant) for i, gold in enumerate(golds))
    questions = replace(session.questions, questions=told)
    return replace(session, questions=questions, settings=settings, collection=None, shelf=aside)


def _told(gold: GoldQuestion, other: GoldQuestion, variant: Variant) -> GoldQuestion:
    """The question with the history that the variant gives it."""
    if variant.history == "none":
        return gold.model_copy(update={"history": ()})
    if variant.history == "unrelated" and not gold.history:
        reply = "".join(other.evidence[0]) if other.evidence else NOT_FOUND[other.lang]
        turns = (Turn("user", other.question), Turn("assistant", reply))
        return gold.model_copy(update={"history": turns})
    return gold


def _slug(name: str) -> str:
    return re.sub(r"\W+", "-", name.lower()).strip("-")
