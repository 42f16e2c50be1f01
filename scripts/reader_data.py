"""Training examples of the reader from SQuAD-like files, with passages cut as the product cuts them.

For every answerable question: the passage that holds the answer (at times with its neighbour, so that the
place of the answer varies), the same passage without the sentences that hold it, and passages that BM25
finds for the question but that lack the answer. For every question that its paragraph does not answer: the
passages that BM25 finds in it.
"""

from __future__ import annotations

import gzip
import json
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from opencc import OpenCC

from corpus import Document
from eval.formats import read_set
from eval.formats.squad import GIVEN
from eval.questions import GoldQuestion, QuestionSet
from index import PassageRules, split_passages
from index.lexical import LexicalIndex

_FILES = (  # file, split that is trained on
    ("cmrc2018_dev", "train"),
    ("cmrc2018_trial", None),
    ("drcd_dev", None),
    ("drcd_test", None),
    ("squad2_zh_dev", "train"),
)
_TRADITIONAL = ("drcd_dev", "drcd_test")
_JOINED = 0.3  # share of passages that are joined with their neighbour
_KEPT = 0.5  # share of the negatives of either kind that are kept


@dataclass(frozen=True)
class Example:
    """A question over a passage; `start` and `end` are of the answer in it, None where it has none."""

    question: str
    passage: str
    start: int | None
    end: int | None


@dataclass(frozen=True)
class Row:
    """A passage of a document, by the offsets of its text."""

    document: Document
    start: int
    end: int

    @property
    def text(self) -> str:
        """The passage."""
        return self.document.text[self.start : self.end]


def squad_examples(folder: Path, rng: random.Random) -> list[Example]:
    """The examples of every training split."""
    sets = squad_sets(folder)
    rows = [row for one in sets for document in one.documents for row in rows_of(document)]
    index = LexicalIndex.build([row.text for row in rows])
    return [example for one in sets for example in _examples(one, rows, index, rng)]


def squad_sets(folder: Path) -> list[QuestionSet]:
    """The question sets, of each what is trained on, in simplified characters."""
    return [_read(folder, name, split) for name, split in _FILES]


def _read(folder: Path, name: str, split: str | None) -> QuestionSet:
    path = folder / f"{name}.json.gz"
    if name not in _TRADITIONAL:
        return read_set(path, "squad", split)  # type: ignore[arg-type]
    text = OpenCC("t2s").convert(gzip.decompress(path.read_bytes()).decode())
    with tempfile.TemporaryDirectory() as simplified:
        file = Path(simplified) / f"{name}.json"
        file.write_text(json.dumps(json.loads(text), ensure_ascii=False), encoding="utf-8")
        return read_set(file, "squad")


def rows_of(document: Document) -> list[Row]:
    """The passages of a document, as the product cuts them."""
    return [Row(document, p.start, p.end) for p in split_passages(document, PassageRules())]


def _examples(
    one: QuestionSet, rows: list[Row], index: LexicalIndex, rng: random.Random
) -> Iterator[Example]:
    by_id = {document.id: document for document in one.documents}
    for question in one.questions:
        if question.type != GIVEN:
            continue
        document = by_id[question.within[0]]
        if question.answerable:
            span = answer_span(question, document)
            if span is None:
                continue
            yield from _positive(question, document, span, rng)
            if rng.random() < _KEPT:
                yield from _without_answer(question, document, span, rng)
        else:
            yield from _nearest(question, rows_of(document), 2)
        if rng.random() < _KEPT:
            yield from _hard(question, rows, index)


def answer_span(question: GoldQuestion, document: Document) -> tuple[int, int] | None:
    """Where the first gold answer stands: in its first evidence sentence, as it is written."""
    for evidence in question.evidence:
        at = document.text.find(evidence[0])
        found = document.text.find(
            question.answers[0], max(0, at), at + sum(map(len, evidence)) + len(evidence)
        )
        if at >= 0 and found >= 0:
            return found, found + len(question.answers[0])
    return None


def _positive(
    question: GoldQuestion, document: Document, span: tuple[int, int], rng: random.Random
) -> Iterator[Example]:
    rows = rows_of(document)
    holding = [i for i, row in enumerate(rows) if row.start <= span[0] and span[1] <= row.end]
    if not holding:
        return
    i = rng.choice(holding)
    start, end = rows[i].start, rows[i].end
    if rng.random() < _JOINED:
        neighbour = rows[max(0, min(len(rows) - 1, i + rng.choice((-1, 1))))]
        start, end = min(start, neighbour.start), max(end, neighbour.end)
    yield Example(question.question, document.text[start:end], span[0] - start, span[1] - start)


def _without_answer(
    question: GoldQuestion, document: Document, span: tuple[int, int], rng: random.Random
) -> Iterator[Example]:
    """The passages of the paragraph with every sentence that holds an answer taken out: one of them."""
    kept = [
        text
        for s in document.sentences
        if not any(answer in (text := document.quote(s.start, s.end)) for answer in question.answers)
        and not (s.start < span[1] and span[0] < s.end)
    ]
    if kept:
        size = min(len(kept), rng.randint(2, 5))
        first = rng.randint(0, len(kept) - size)
        yield Example(question.question, "".join(kept[first : first + size])[:400], None, None)


def _nearest(question: GoldQuestion, rows: list[Row], k: int) -> Iterator[Example]:
    index = LexicalIndex.build([row.text for row in rows])
    for row, _ in index.search(question.question, k):
        yield Example(question.question, rows[row].text, None, None)


def _hard(question: GoldQuestion, rows: list[Row], index: LexicalIndex) -> Iterator[Example]:
    """The first passage found that lacks the answer."""
    for row, _ in index.search(question.question, 12):
        passage = rows[row]
        mine = passage.document.id == question.within[0] and not question.answerable
        if not mine and not any(answer in passage.text for answer in question.answers):
            yield Example(question.question, passage.text, None, None)
            return
