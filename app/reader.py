"""Reading: which sentences of the retrieved passages answer the question, and how surely."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Protocol

from corpus import Document, Sentence, is_cjk
from index import Hit, Index

_MARKER = re.compile(r"\[\d+\]")


@dataclass(frozen=True)
class AnswerSpan:
    """A place that answers the question: `start` and `end` in the document, `support` 0..1."""

    document_id: str
    sentence_id: str
    start: int
    end: int
    support: float


@dataclass(frozen=True)
class Reading:
    """What a reader found for one query: spans best first, and whether the text answers at all."""

    spans: tuple[AnswerSpan, ...]
    confidence: float  # probability 0..1 that the best span answers the question
    passage_ranks: Mapping[tuple[str, str], int]  # (document id, passage id) -> rank from 1
    short_answer: str | None = None


def unsaid(reading: Reading, told: Sequence[str], documents: Mapping[str, Document]) -> Reading:
    """The reading without the sentences that stand in what was told."""
    said = [_MARKER.sub("", reply) for reply in told]
    return _kept(reading, lambda span: not any(_bare(span, documents) in one for one in said))


def about(reading: Reading, topic: str, documents: Mapping[str, Document]) -> Reading:
    """The reading without the sentences that do not name the topic, or most of it, in the topic's script."""
    least = max(2, math.ceil(len(topic) / 2))

    def names(span: AnswerSpan) -> bool:
        document = documents[span.document_id]
        foreign = document.language == "zh" and not any(map(is_cjk, topic))
        return foreign or len(shared(topic, _bare(span, documents))) >= least

    return _kept(reading, names)


def shared(text: str, other: str) -> str:
    """The longest run of characters that both hold."""
    match = SequenceMatcher(None, text, other, autojunk=False).find_longest_match()
    return text[match.a : match.a + match.size]


def _kept(reading: Reading, keep: Callable[[AnswerSpan], bool]) -> Reading:
    """The reading with some of its spans, as sure as the best that is left."""
    left = tuple(span for span in reading.spans if keep(span))
    if left[:1] == reading.spans[:1]:
        return replace(reading, spans=left)
    return replace(reading, spans=left, confidence=left[0].support if left else 0.0, short_answer=None)


def _bare(span: AnswerSpan, documents: Mapping[str, Document]) -> str:
    document = documents[span.document_id]
    sentence = document.sentence_by_id[span.sentence_id]
    return _MARKER.sub("", document.quote(sentence.start, sentence.end))


class Reader(Protocol):
    """The door behind which readers stand."""

    @property
    def fingerprint(self) -> str:
        """Its name and what it was fitted or trained to; readers with another give other readings."""
        ...

    def load(self) -> None:
        """Load what is slow to load, so that no question waits for it. Raises ReaderError."""
        ...

    def read(self, query: str, hits: Sequence[Hit]) -> Reading:
        """The answer spans of a query in the passages found for it."""
        ...


@dataclass(frozen=True)
class Candidate:
    """A sentence of a retrieved passage."""

    document: Document
    sentence: Sentence
    hit: Hit  # the best-ranked passage that holds it

    @property
    def text(self) -> str:
        """The sentence."""
        return self.document.quote(self.sentence.start, self.sentence.end)


def candidates(index: Index, hits: Sequence[Hit]) -> list[Candidate]:
    """The sentences of the passages, each once, in the order of the passages."""
    found: dict[tuple[str, str], Candidate] = {}
    for hit in hits:
        document = index.document_by_id[hit.passage.document_id]
        for sentence_id in hit.passage.sentence_ids:
            sentence = document.sentence_by_id[sentence_id]
            found.setdefault((document.id, sentence_id), Candidate(document, sentence, hit))
    return list(found.values())
