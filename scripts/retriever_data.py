"""Training examples of the retriever: a question, a passage that answers it, and one like it that does not.

Of the question sets that the reader is trained on, and of the questions that were written; passages are cut
as the product cuts them, in simplified characters as the retriever reads them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reader_data import Row, answer_span, rows_of, squad_sets
from reader_written import place_of, read_written

from corpus import Document, build_text, simplified
from eval.formats.squad import GIVEN
from index.lexical import LexicalIndex

_LOOKED_AT = 12  # passages that BM25 finds: the first that lacks the answer is the negative


@dataclass(frozen=True)
class Triplet:
    """What is asked, and what should be found before the other."""

    question: str
    positive: str
    negative: str


@dataclass(frozen=True)
class _Passages:
    """Passages that BM25 searches."""

    rows: Sequence[Row]
    index: LexicalIndex

    @classmethod
    def of(cls, documents: Sequence[Document]) -> _Passages:
        rows = [row for document in documents for row in rows_of(document)]
        return cls(rows, LexicalIndex.build([row.text for row in rows]))

    def like(self, question: str, answers: Sequence[str]) -> str | None:
        """The passage most like a question that holds none of its answers."""
        found = (self.rows[row].text for row, _ in self.index.search(question, _LOOKED_AT))
        return next((text for text in found if not any(answer in text for answer in answers)), None)


def triplets_of_sets(folder: Path, rng: random.Random) -> Iterator[Triplet]:
    """Of the training splits of CMRC 2018, DRCD and SQuAD 2.0; negatives from all of their paragraphs."""
    sets = squad_sets(folder)
    every = _Passages.of([document for one in sets for document in one.documents])
    for one in sets:
        by_id = {document.id: document for document in one.documents}
        for question in one.questions:
            if question.type == GIVEN and question.answerable:
                document = by_id[question.within[0]]
                span = answer_span(question, document)
                yield from _triplet(question.question, document, span, question.answers, every, rng)


def triplets_of_written(news: Path, rng: random.Random) -> Iterator[Triplet]:
    """Of the written questions; negatives from the same text, as in a chat over one article."""
    document_of = cache(lambda text: build_text("text", text))
    passages_of = cache(lambda text: _Passages.of([document_of(text)]))
    for asked in read_written(news):
        document = document_of(asked.text)
        span = place_of(asked, document)
        answers = [document.text[slice(*span)]] if span else []
        yield from _triplet(asked.question, document, span, answers, passages_of(asked.text), rng)


def _triplet(
    question: str,
    document: Document,
    span: tuple[int, int] | None,
    answers: Sequence[str],
    others: _Passages,
    rng: random.Random,
) -> Iterator[Triplet]:
    holding = [row for row in rows_of(document) if span and row.start <= span[0] and span[1] <= row.end]
    negative = others.like(question, answers)
    if holding and negative:
        yield Triplet(*map(simplified, (question, rng.choice(holding).text, negative)))
