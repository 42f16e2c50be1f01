"""Training examples of the reader from questions that were written, not made: scripts/questions/README.md.

A question stands with a passage that answers it, at times joined with its neighbour, and with the passage of
its text that looks most like it and does not; an unanswerable one with the two that look most like it. The
questions of a pair stand with the same passage.
"""

from __future__ import annotations

import json
import lzma
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from reader_data import Example, Row, rows_of

from corpus import Document, build_text
from index.lexical import LexicalIndex

QUESTIONS = Path(__file__).parent / "questions"
PAIRS = ("pairs.jsonl", *(f"pairs-{part}.jsonl" for part in range(2, 8)))
_JOINED = 0.3  # share of passages that are joined with their neighbour


@dataclass(frozen=True)
class Written:
    """A question over a text; `start` and `end` are of the answer in it, None where it has none."""

    text: str
    question: str
    start: int | None
    end: int | None


@dataclass(frozen=True)
class Cut:
    """A text in passages, with their terms."""

    document: Document
    rows: list[Row]
    index: LexicalIndex

    @classmethod
    def of(cls, text: str) -> Cut:
        """The text as the product cuts it."""
        document = build_text("text", text)
        rows = rows_of(document)
        return cls(document, rows, LexicalIndex.build([row.text for row in rows]))

    def nearest(self, question: str, rows: list[Row], k: int) -> list[Row]:
        """Of some of its passages those that look most like a question."""
        found = (self.rows[row] for row, _ in self.index.search(question, len(self.rows)))
        return [row for row in found if row in rows][:k]


def written_examples(news: Path, rng: random.Random) -> list[Example]:
    """The examples of every written question; the Chinese ones are about documents of the file `news`."""
    questions = read_written(news)
    texts = {text: Cut.of(text) for text in {q.text for q in questions}}
    return [example for q in questions for example in _examples(q, texts[q.text], rng)]


def pair_examples() -> list[Example]:
    """The examples of pairs: a question that its passage answers, and one like it that it does not."""
    examples = []
    for row in chain.from_iterable(map(_lines, PAIRS)):
        for pair in row["pairs"]:
            examples.append(Example(pair["question"], row["passage"], pair["start"], pair["end"]))
            examples.append(Example(pair["miss"], row["passage"], None, None))
    return examples


def read_written(news: Path) -> list[Written]:
    """Every written question; the Chinese ones are about documents of the file `news`."""
    return [*_chinese(news), *_english()]


def _chinese(news: Path) -> Iterator[Written]:
    rows = [row for name in ("news", "news-2", "news-3", "news-4") for row in _lines(f"{name}.jsonl")]
    wanted = {row["document"] for row in rows}
    with lzma.open(news, "rt", encoding="utf-8") as lines:
        texts = {d["id"]: d["text"] for d in map(json.loads, lines) if d["id"] in wanted}
    for row in rows:
        yield Written(texts[row["document"]], row["question"], row["start"], row["end"])


def _english() -> Iterator[Written]:
    passages = {row["id"]: row["text"] for row in _lines("english-passages.jsonl")}
    for row in _lines("english.jsonl"):
        yield Written(passages[row["passage"]], row["question"], row["start"], row["end"])


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (QUESTIONS / name).read_text(encoding="utf-8").splitlines()]


def _examples(asked: Written, cut: Cut, rng: random.Random) -> Iterator[Example]:
    document, rows = cut.document, cut.rows
    span = place_of(asked, document)
    if asked.start is not None:
        holding = [i for i, row in enumerate(rows) if span and row.start <= span[0] and span[1] <= row.end]
        if span is None or not holding:
            return
        start, end = _joined(rows, rng.choice(holding), rng)
        yield Example(asked.question, document.text[start:end], span[0] - start, span[1] - start)
    others = [row for row in rows if span is None or row.end <= span[0] or span[1] <= row.start]
    answer = None if span is None else document.text[slice(*span)]
    others = [row for row in others if answer is None or answer not in row.text]
    for row in cut.nearest(asked.question, others, 2 if span is None else 1):
        yield Example(asked.question, row.text, None, None)


def place_of(asked: Written, document: Document) -> tuple[int, int] | None:
    """Where the answer stands in the cleaned text, which differs from the raw one in white space alone."""
    if asked.start is None or asked.end is None:
        return None
    solid = [i for i, c in enumerate(document.text) if not c.isspace()]
    raw = "".join(asked.text.split())
    if raw != "".join(document.text.split()):
        return None
    first = len("".join(asked.text[: asked.start].split()))
    last = len("".join(asked.text[: asked.end].split())) - 1
    return solid[first], solid[last] + 1


def _joined(rows: list[Row], i: int, rng: random.Random) -> tuple[int, int]:
    start, end = rows[i].start, rows[i].end
    if rng.random() < _JOINED:
        neighbour = rows[max(0, min(len(rows) - 1, i + rng.choice((-1, 1))))]
        start, end = min(start, neighbour.start), max(end, neighbour.end)
    return start, end
