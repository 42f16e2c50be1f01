"""One row a writer: what its replies are worth, how long they take, and what the checker did with them."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from app.composing import STOOD_IN
from eval.metrics import LABELS
from eval.records import RunFolder
from eval.tables import cell, table

_METRICS = ("grounded", "contains", "citation_recall", "citation_precision")


def writer_summary(folder: RunFolder) -> dict[str, Any]:
    """What the table shows of a run; times are medians over the replies that the writer wrote."""
    summary = folder.read_summary()
    overall = next(group for group in summary["groups"] if group["by"] == "overall")
    answers = [record.answer_record for record in folder.records() if record.answer_record is not None]
    notes = Counter(note["code"] for answer in answers for note in answer["notes"])
    replies = [answer for answer in answers if answer["statements"]]
    written = [reply for reply in replies if not any(note["code"] in STOOD_IN for note in reply["notes"])]
    return {
        "writer": summary["models"]["writer"],
        "command": summary["command"],
        "started": summary["started"],
        "machine": summary["machine"],
        "questions": summary["questions"],
        "metrics": {metric: overall["metrics"].get(metric) for metric in _METRICS},
        "replies": len(replies),
        "stood_in": sum(notes[code] for code in STOOD_IN),
        "left_out": notes["left_out"],
        "unsupported_shown": sum(s["verdict"] == "unsupported" for a in written for s in a["statements"]),
        "evidence_ms": _median([_until(answer, "decide") for answer in written]),
        "first_word_ms": _median([_until(answer, "first_word") for answer in written]),
        "total_ms": _median([answer["timings_ms"]["total"] for answer in written]),
        "tokens_per_second": summary["tokens_per_second"],
        "peak_memory_mb": summary["peak_memory_mb"],
    }


def writers_table(summaries: Sequence[Mapping[str, Any]]) -> str:
    """The rows of the writers, as they are given."""
    headers = [
        "writer",
        *(LABELS[metric] for metric in _METRICS),
        "replies",
        "quotes stood in",
        "with parts left out",
    ]
    headers += ["unsupported shown", "evidence, ms", "first word, ms", "whole, ms", "tokens/s", "peak MB"]
    return table(headers, [_row(summary) for summary in summaries])


def _row(of: Mapping[str, Any]) -> list[Any]:
    counts = [of["replies"], of["stood_in"], of["left_out"], of["unsupported_shown"]]
    times = [f"{of[name]:,.0f}" for name in ("evidence_ms", "first_word_ms", "total_ms")]
    pace = "–" if of["tokens_per_second"] is None else f"{of['tokens_per_second']:.1f}"
    metrics = [cell(of["metrics"][metric]) for metric in _METRICS]
    return [of["writer"], *metrics, *counts, *times, pace, f"{of['peak_memory_mb']:,.0f}"]


def _until(answer: Mapping[str, Any], step: str) -> float:
    """Milliseconds from the question to the end of a step; a quote comes whole."""
    laps = answer["timings_ms"]
    names, step = list(laps), step if step in laps else "write"
    return float(sum(laps[name] for name in names[: names.index(step) + 1]))


def _median(values: Sequence[float]) -> float:
    return round(statistics.median(values), 1) if values else 0.0
