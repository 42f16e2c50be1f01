"""The trained reader: where in each passage the answer stands, whether there is one, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from app.answer_type import answer_type, places
from app.named import names_what_is_not_there
from app.ordinals import contradicts
from app.questions import language_of
from app.reader import AnswerSpan, Reading
from app.reader_weights import Features, ReaderWeights
from app.spans import Marks, Probabilities, best_span
from corpus import Document, Sentence
from index import Hit, Index

_BATCH = 4  # windows; larger batches gain nothing on two cores
_LEAST = 1e-3  # so that a mass of 0 has a logarithm


@dataclass(frozen=True)
class ReadPassage:
    """A passage with the model's view of it."""

    query: str
    hit: Hit
    offsets: list[tuple[int, int]]  # of its tokens, in the document
    start: Probabilities  # of each token to begin the answer; sums to 1
    end: Probabilities  # … to end it
    logit: float  # that it holds an answer at all
    document_rank: int  # from 1: its document's place among those found


@dataclass(frozen=True)
class ReadSentence:
    """A sentence of a passage with the best answer span in it."""

    document: Document
    sentence: Sentence
    span: tuple[int, int]  # in the document
    mass: float  # 0..1: how much of the passage's answer, of what is asked for, lies in the sentence
    read: ReadPassage

    @property
    def features(self) -> Features:
        """What its confidence goes by."""
        mass, rank = math.log(max(self.mass, _LEAST)), math.log(self.read.document_rank)
        is_foreign = self.document.language == "zh" and language_of(self.read.query) == "en"
        return self.read.logit, mass, rank, float(is_foreign)


class SpanReader:
    """A Reader over an index; the weights load with the first question."""

    def __init__(self, index: Index, weights: ReaderWeights) -> None:
        self._index = index
        self._weights = weights

    @property
    def fingerprint(self) -> str:
        """The name and a hash of the weights."""
        return self._weights.fingerprint

    def load(self) -> None:
        """Load the weights now. Raises ReaderError."""
        self._weights.load()

    def read(self, query: str, hits: Sequence[Hit]) -> Reading:
        """The sentences of the hits by how surely they answer, and the best span of all."""
        spans: dict[tuple[str, str], AnswerSpan] = {}
        support: dict[tuple[str, str], float] = {}  # of each passage's best sentence
        for passage in self.read_passages(query, hits):
            of = passage.hit.passage
            for candidate in self.sentences(passage):
                span = self._answer_span(candidate)
                sentence = (span.document_id, span.sentence_id)
                if sentence not in spans or span.support > spans[sentence].support:
                    spans[sentence] = span
                key = (of.document_id, of.id)
                support[key] = max(span.support, support.get(key, 0.0))
        best = sorted(spans.values(), key=lambda span: -span.support)
        ordered = sorted(support, key=lambda key: -support[key])
        return Reading(
            spans=tuple(best),
            confidence=best[0].support if best else 0.0,
            passage_ranks={key: rank for rank, key in enumerate(ordered, start=1)},
            short_answer=self._text(best[0]) if best else None,
        )

    def read_passages(self, query: str, hits: Sequence[Hit]) -> list[ReadPassage]:
        """What the model makes of each passage, or of each part of a long one."""
        if not hits:
            return []
        import torch

        from app.span_model import encode, pad

        found = list(dict.fromkeys(hit.passage.document_id for hit in hits))
        with self._weights.lock, torch.inference_mode():
            model, tokenizer = self._weights.model, self._weights.tokenizer
            windows = encode(tokenizer, query, [hit.text for hit in hits])
            windows.sort(key=lambda window: len(window.ids))  # like lengths together: little padding
            read = []
            for begin in range(0, len(windows), _BATCH):
                batch = windows[begin : begin + _BATCH]
                scores = model(*pad([window.ids for window in batch], int(tokenizer.pad_token_id or 0)))
                for row, window in enumerate(batch):
                    sides = (side[row, window.inside] for side in (scores.start, scores.end))
                    start, end = (torch.softmax(side, 0).numpy() for side in sides)
                    hit = hits[window.passage]
                    offsets = [(hit.passage.start + a, hit.passage.start + b) for a, b in window.offsets]
                    rank = found.index(hit.passage.document_id) + 1
                    logit = float(scores.answerable[row])
                    read.append(ReadPassage(query, hit, offsets, start, end, logit, rank))
        return read

    def sentences(self, read: ReadPassage) -> Iterator[ReadSentence]:
        """The sentences of a passage."""
        document = self._index.documents[read.hit.passage.document_id]
        strange = names_what_is_not_there(read.query, document)
        starts = np.array([start for start, _ in read.offsets])
        for sentence_id in read.hit.passage.sentence_ids:
            sentence = document.sentence_by_id[sentence_id]
            tokens = np.flatnonzero((starts >= sentence.start) & (starts < sentence.end))
            if len(tokens):
                inside = slice(int(tokens[0]), int(tokens[-1]) + 1)
                start, end, offsets = read.start[inside], read.end[inside], read.offsets[inside]
                best = best_span(start, end, _marks(read.query, document, sentence, offsets))
                span = (offsets[best.first][0], min(offsets[best.last][1], sentence.end))
                mass = math.sqrt(float(start.sum()) * float(end.sum())) * best.share
                if strange or contradicts(read.query, document.simplified[sentence.start : sentence.end]):
                    mass = 0.0
                yield ReadSentence(document, sentence, span, mass, read)

    def _answer_span(self, candidate: ReadSentence) -> AnswerSpan:
        start, end = candidate.span
        support = self._weights.config.confidence(candidate.features)
        return AnswerSpan(candidate.document.id, candidate.sentence.id, start, end, support)

    def _text(self, span: AnswerSpan) -> str:
        return self._index.documents[span.document_id].quote(span.start, span.end)


def _marks(
    query: str, document: Document, sentence: Sentence, offsets: Sequence[tuple[int, int]]
) -> Marks | None:
    """Which of the tokens touch what the query asks for; None where it may be anything.

    The patterns are for Chinese text.
    """
    asked = answer_type(query)
    if asked is None or document.language != "zh":
        return None
    text = document.simplified[sentence.start : sentence.end]
    told = [(sentence.start + a, sentence.start + b) for a, b in places(asked, text)]
    return np.array([any(a < end and start < b for a, b in told) for start, end in offsets])
