"""The trained reader: where in each passage the answer stands, whether there is one, and how sure that is."""

from __future__ import annotations

import hashlib
import math
import operator
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel, ConfigDict
from safetensors import SafetensorError

from app.answer_type import answer_type, places
from app.errors import ReaderError
from app.named import names_what_is_not_there
from app.reader import AnswerSpan, Reading
from app.spans import Marks, Probabilities, best_span
from corpus import Document, Sentence
from index import Hit, Index, embedded_folder

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

    from app.span_model import SpanModel

_BATCH = 4  # windows; larger batches gain nothing on two cores
_LEAST = 1e-3  # so that a mass of 0 has a logarithm
_REBUILD = "Install Wenju again, or make it again: python scripts/train_reader.py --help"


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


class ReaderConfig(BaseModel):
    """What stands beside the weights.

    The confidence that a sentence answers is the logistic function of intercept + logit * l + mass * ln m +
    rank * ln r of its passage's logit l, its mass m, and its document's rank r as found (Platt 1999);
    `scripts/calibrate_reader.py` fits it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    retriever: str  # SHA-256 of the retriever's weights that the reader was trained on
    intercept: float
    logit: float
    mass: float
    rank: float

    def features(self, candidate: ReadSentence) -> tuple[float, float, float]:
        """What the coefficients `logit`, `mass` and `rank` weigh."""
        read = candidate.read
        return read.logit, math.log(max(candidate.mass, _LEAST)), math.log(read.document_rank)

    def confidence(self, candidate: ReadSentence) -> float:
        """0..1: how sure it is that the sentence answers."""
        weights = (self.logit, self.mass, self.rank)
        z = self.intercept + sum(map(operator.mul, weights, self.features(candidate)))
        return 1 / (1 + math.exp(-z))


class SpanReader:
    """A Reader on the model in a folder; the weights load with the first question."""

    def __init__(self, index: Index, folder: Path | None = None) -> None:
        self._index = index
        self._folder = folder or Path(str(files("app") / "models" / "reader"))
        self._lock = threading.Lock()

    @cached_property
    def fingerprint(self) -> str:
        """The name and a hash of the weights."""
        files = (self._file(name).read_bytes() for name in ("config.json", "model.safetensors"))
        return f"span-reader:{hashlib.sha256(b''.join(files)).hexdigest()[:12]}"

    def load(self) -> None:
        """Load the weights now. Raises ReaderError."""
        with self._lock:
            _ = self._config, self._model, self._tokenizer

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
        with self._lock, torch.inference_mode():
            model, tokenizer = self._model, self._tokenizer
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
        document = self._index.document_by_id[read.hit.passage.document_id]
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
                mass = 0.0 if strange else math.sqrt(float(start.sum()) * float(end.sum())) * best.share
                yield ReadSentence(document, sentence, span, mass, read)

    def _answer_span(self, candidate: ReadSentence) -> AnswerSpan:
        start, end = candidate.span
        support = self._config.confidence(candidate)
        return AnswerSpan(candidate.document.id, candidate.sentence.id, start, end, support)

    def _text(self, span: AnswerSpan) -> str:
        return self._index.document_by_id[span.document_id].quote(span.start, span.end)

    def _file(self, name: str) -> Path:
        path = self._folder / name
        if not path.is_file():
            raise ReaderError(f"the reader's file {path} is missing. {_REBUILD}")
        return path

    @cached_property
    def _config(self) -> ReaderConfig:
        path = self._file("config.json")
        try:
            config = ReaderConfig.model_validate_json(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ReaderError(f"{path} cannot be read: {error}. {_REBUILD}") from error
        if config.retriever != retriever_sha256():
            raise ReaderError(f"the reader in {self._folder} was trained on another retriever. {_REBUILD}")
        return config

    @cached_property
    def _model(self) -> SpanModel:
        from app.span_model import load_model  # seconds of import

        try:
            return load_model(embedded_folder(), self._file("model.safetensors"))
        except (OSError, ValueError, RuntimeError, SafetensorError) as error:
            raise ReaderError(f"cannot load the reader in {self._folder}: {error}. {_REBUILD}") from error

    @cached_property
    def _tokenizer(self) -> PreTrainedTokenizerFast:
        from app.span_model import load_tokenizer

        return load_tokenizer(embedded_folder())


def retriever_sha256() -> str:
    """The hash of the retriever's weights, whose lower layers the reader stands on."""
    with (embedded_folder() / "model.safetensors").open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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
