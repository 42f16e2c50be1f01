"""Summaries and comparisons as Markdown tables, for the terminal and for RESULTS.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from tabulate import tabulate

from eval.metrics import LABELS
from eval.tune import Tuning

# One table a line: what is read together stands side by side.
TOPICS = (
    ("grounded", "contains", "citation_recall", "citation_precision", "statements"),
    ("refusal_recall", "refusal_precision", "false_refusals", "unsure"),
    ("recall_at_1", "recall_at_5", "recall_at_10", "mrr_at_10", "ndcg_at_10", "read_recall_at_1"),
    ("document_recall_at_1", "document_recall_at_5", "document_recall_at_10", "read_document_recall_at_1"),
    ("exact_match", "f1", "f1_characters", "squad_exact_match", "squad_f1"),
)


def group_tables(summary: Mapping[str, Any]) -> str:
    """A table a topic: a row a group, a column a metric, each mean with its 95% interval.

    A last one says how well confidence tells the answerable questions from the others.
    """
    tables = []
    for topic in TOPICS:
        columns = [m for m in topic if any(m in group["metrics"] for group in summary["groups"])]
        if columns:
            rows = [
                [group["name"], group["questions"], *(cell(group["metrics"].get(m)) for m in columns)]
                for group in summary["groups"]
            ]
            tables.append(table(["", "questions", *(LABELS[m] for m in columns)], rows))
    told = [
        [row["name"], row["n"], row["answerable"], rounded(row["area"])]
        for row in summary.get("discrimination", [])
    ]
    if told:
        tables.append(table(["", "questions", "answerable", "area under ROC"], told))
    return "\n\n".join(tables)


def cell(mean: Mapping[str, Any] | None) -> str:
    """A mean with its interval: 0.48 (0.39 to 0.58)."""
    return f"{mean['mean']:.2f} ({mean['low']:.2f} to {mean['high']:.2f})" if mean else ""


def rounded(value: float | None) -> str:
    """A figure that stands alone, with three digits; empty where there is none."""
    return "" if value is None else f"{value:.3f}"


def table(headers: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A Markdown table, its columns padded for the terminal."""
    return str(tabulate(rows, headers, tablefmt="github", disable_numparse=True))


def reading_table(summary: Mapping[str, Any]) -> str:
    """R@1 of the same questions before and after reading."""
    rows = [
        [row["name"], LABELS[row["metric"]], row["n"], rounded(row["before"]), rounded(row["after"]),
         f"{100 * row['difference']:+.1f}", f"{row['p_value']:.4f}"]
        for row in summary["reading"]
    ]  # fmt: skip
    headers = ["", "metric", "questions", "before", "after", "difference, points", "p"]
    return table(headers, rows)


def facts(summary: Mapping[str, Any]) -> str:
    """Latency, memory and failures in one line."""
    latency = summary["curves"]["latency_ms"]
    parts = [f"{summary['questions']} questions", f"{len(summary['errors'])} errors"]
    if summary["set"]["left_out"]:
        parts.append(
            f"{summary['set']['left_out']} of the file left out: blank, or without an answer in the text"
        )
    if latency["p50"] is not None:
        parts.append(f"{latency['p50']:.0f} ms p50, {latency['p95']:.0f} ms p95 a question")
    parts.append(f"{summary['peak_memory_mb']:,.0f} MB of memory at the peak")
    return " · ".join(parts)


def tuning_table(tuning: Tuning) -> str:
    """What the sweep chose, where it was chosen and where it was not seen."""
    rows = [
        ["chosen, on the questions tuned on", tuning.tuned_on.n, cell(asdict(tuning.tuned_on))],
        ["chosen, on the questions reported on", tuning.reported.n, cell(asdict(tuning.reported))],
        ["in force, on the questions reported on", tuning.current.n, cell(asdict(tuning.current))],
    ]
    return (
        f"{table(['settings', 'questions', LABELS['grounded']], rows)}\n\n"
        f"The last two differ with p = {tuning.p_value:.3f} (paired bootstrap)."
    )
