"""The budget table: what was measured, and what was meant to be reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A line of the table. `budget` is empty where none was set."""

    what: str
    figure: str
    budget: str
    of: str


def budget_table(rows: Iterable[Row]) -> str:
    """The rows as Markdown."""
    lines = [f"| {row.what} | {row.figure} | {row.budget} | {row.of} |" for row in rows]
    return "\n".join(["| what | measured | budget | of what |", "|---|---|---|---|", *lines])
