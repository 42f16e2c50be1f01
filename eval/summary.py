"""From records to a summary: means by group, and the curves that the report plots."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from eval.metrics import DEPTH, LABELS, PRIMARY
from eval.records import Record
from eval.statistics import (
    Mean,
    area_under_risk,
    area_under_roc,
    calibration_error,
    mean_with_interval,
    paired_means,
    reliability,
    risk_coverage,
)

# What reading may better: how the passages were found first, and after it.
_READ = {"recall_at_1": "read_recall_at_1", "document_recall_at_1": "read_document_recall_at_1"}


@dataclass(frozen=True)
class Scored:
    """What the summary needs of a record: few bytes, so that thousands of them can be held."""

    id: str
    lang: str
    type: str
    answerable: bool
    outcome: str
    confidence: float
    metrics: Mapping[str, float]


Parts = Mapping[str, Sequence[Scored]]  # by their names


@dataclass(frozen=True)
class Group:
    """The means of a group of questions; `by` says what they have in common."""

    by: str  # overall | type | language
    name: str
    questions: int
    metrics: Mapping[str, Mean]


def scored(records: Iterable[Record]) -> tuple[list[Scored], list[str]]:
    """The answered records in the order of their ids, and the ids of those that failed."""
    found, errors = [], []
    for record in records:
        if record.answer_record is None or record.metrics is None:
            errors.append(record.id)
            continue
        answer = record.answer_record
        found.append(
            Scored(
                record.id,
                record.gold.lang,
                record.gold.type,
                record.gold.answerable,
                answer["outcome"],
                answer["confidence"],
                record.metrics,
            )
        )
    return sorted(found, key=lambda one: one.id), sorted(errors)


def summarise(found: Sequence[Scored], errors: Sequence[str], conditions: bool) -> dict[str, Any]:
    """What came out of a run, as plain values. `conditions`: the types are asked under, and have no mean."""
    types = _parted(found, lambda one: one.type)
    wholes: Parts = types if conditions else {"all": found}
    parted = {"type": types}
    if not conditions:
        parted = {"overall": wholes, "type": types, "language": _parted(found, lambda one: one.lang)}
    groups = [_group(by, *part) for by, parts in parted.items() for part in parts.items()]
    return {
        "questions": len(found) + len(errors),
        "errors": list(errors),
        "groups": [asdict(group) for group in groups],
        "reading": [row for whole in wholes.items() for row in _reading(*whole)],
        "discrimination": [row for whole in wholes.items() for row in _discrimination(*whole)],
        "curves": _curves(found),
    }


def _parted(found: Sequence[Scored], by: Callable[[Scored], str]) -> Parts:
    """The parts in the order of their names."""
    return {name: [one for one in found if by(one) == name] for name in sorted(set(map(by, found)))}


def _group(by: str, name: str, members: Sequence[Scored]) -> Group:
    metrics = {}
    for metric in LABELS:
        values = [one.metrics[metric] for one in members if metric in one.metrics]
        # Among answerable questions alone every refusal is a false one; there is no precision to speak of.
        moot = metric == "refusal_precision" and all(one.answerable for one in members)
        if values and not moot:
            metrics[metric] = mean_with_interval(values)
    return Group(by, name, len(members), metrics)


def _reading(name: str, members: Sequence[Scored]) -> Iterator[dict[str, Any]]:
    for metric, after in _READ.items():
        pairs = [(one.metrics[metric], one.metrics[after]) for one in members if after in one.metrics]
        if pairs:
            yield {"name": name, "metric": metric, **asdict(paired_means(pairs))}


def _discrimination(name: str, members: Sequence[Scored]) -> Iterator[dict[str, Any]]:
    area = area_under_roc([(one.confidence, one.answerable) for one in members])
    if area is not None:
        answerable = sum(one.answerable for one in members)
        yield {"name": name, "n": len(members), "answerable": answerable, "area": area}


def _curves(found: Sequence[Scored]) -> dict[str, Any]:
    graded = [one for one in found if PRIMARY in one.metrics]
    answered = [(s.confidence, s.metrics[PRIMARY]) for s in graded if s.outcome == "answered"]
    risk = risk_coverage(answered, len(graded))
    bins = reliability([(s.confidence, _came_true(s)) for s in graded])
    latencies = sorted(one.metrics["latency_ms"] for one in found)
    return {
        "recall_at": [
            {"k": k, **asdict(mean_with_interval(values))}
            for k in range(1, DEPTH + 1)
            if (values := [s.metrics[f"recall_at_{k}"] for s in found if f"recall_at_{k}" in s.metrics])
        ],
        "risk_coverage": [list(point) for point in risk],
        "area_under_risk": area_under_risk(risk),
        "reliability": [asdict(one) for one in bins],
        "calibration_error": calibration_error(bins),
        "latency_ms": {"p50": _percentile(latencies, 50), "p95": _percentile(latencies, 95)},
        "latencies_ms": [round(value, 1) for value in latencies],
    }


def _came_true(one: Scored) -> float:
    """What `confidence` foretells: an answer that is grounded; where none was given, that there is one."""
    return one.metrics[PRIMARY] if one.outcome == "answered" else float(one.answerable)


def _percentile(ordered: Sequence[float], percent: int) -> float | None:
    """The nearest-rank percentile of ascending values; None of none."""
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)] if ordered else None
