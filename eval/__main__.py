"""Score a question set: python -m eval SET [--collection NAME|FILE].

Prints the table; the questions that fail are named, so that they can be asked again.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from tqdm import tqdm

from app.collections import SHIPPED
from app.engine import make_pipeline, make_shelf
from app.settings import load_settings
from corpus import WenjuError
from eval.metrics import Scores, mean_with_interval, score
from eval.questions import GoldQuestion, read_questions
from index import SentenceEmbedder

Scored = list[tuple[GoldQuestion, Scores]]


def main() -> None:
    """Ask every question of a set and print what the answers are worth."""
    parser = argparse.ArgumentParser(prog="python -m eval", description="Score a question set.")
    parser.add_argument("set", type=Path, help="a question set: JSON lines, as in eval/sets/")
    parser.add_argument("--collection", default=SHIPPED, help="a collection or a file")
    options = parser.parse_args()
    try:
        _run(options.set, options.collection)
    except WenjuError as error:
        raise SystemExit(f"Error: {error}") from error


def _run(path: Path, collection: str) -> None:
    questions = read_questions(path)
    settings = load_settings()
    embedder = SentenceEmbedder(settings.models.embedder, settings.models.threads)
    pipeline = make_pipeline(settings, make_shelf(settings, embedder), collection)
    scored = [(q, score(q, pipeline.answer(q.question, q.history))) for q in tqdm(questions, leave=False)]
    print(overall(scored))
    print(by_type(scored))
    wrong = [gold.id for gold, scores in scored if not scores.grounded]
    print(f"not grounded ({len(wrong)}): {' '.join(wrong)}")


def overall(scored: Scored) -> str:
    """Every metric's mean with its interval, as a Markdown table."""
    rows = ["| metric | questions | mean | 95% interval |", "|---|---|---|---|"]
    for group, chosen in (("answerable", True), ("unanswerable", False)):
        rows += [_row(f"refused, {group}", [s.refused for g, s in scored if bool(g.evidence_sets) == chosen])]
    for field in fields(Scores):
        if field.name != "refused":
            values = [getattr(s, field.name) for _, s in scored]
            rows.append(_row(field.name, [value for value in values if value is not None]))
    return "\n".join([*rows[:2], *sorted(rows[2:], key=lambda row: "grounded" not in row), ""])


def by_type(scored: Scored) -> str:
    """The primary metric by type of question."""
    rows = ["| grounded by type | questions | mean | 95% interval |", "|---|---|---|---|"]
    for kind in sorted({gold.type for gold, _ in scored}):
        rows.append(_row(kind, [scores.grounded for gold, scores in scored if gold.type == kind]))
    return "\n".join([*rows, ""])


def _row(name: str, values: Sequence[float]) -> str:
    if not values:
        return f"| {name} | 0 | | |"
    mean, low, high = mean_with_interval(values)
    return f"| {name} | {len(values)} | {mean:.3f} | {low:.3f} to {high:.3f} |"


if __name__ == "__main__":
    main()
