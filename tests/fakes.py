"""Stand-ins for models, with values that a reader can work out by hand."""

from __future__ import annotations

import threading
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field

import numpy as np

from app.checker import Check
from app.errors import LanguageModelError, PromptTooLong
from app.extractive import ExtractiveWriter
from app.language_model import Message
from app.settings import WriterSettings
from app.told import Source
from app.writer import Writer
from app.writers import Writers
from index.dense import Vectors
from index.embedder import Progress

VOCABULARY = ("武汉", "算力", "工厂", "5G", "光", "城")


class WordEmbedder:
    """An `index.embedder.Embedder`: how often each word of a vocabulary occurs, then length 1.

    `"武汉的工厂"` gives `(1, 0, 1, 0, 0, 0) / sqrt(2)`; a text without any of the words gives zeros, whose
    cosine with everything is 0. Queries and passages are embedded alike. `embedded` counts the texts.
    """

    def __init__(self, vocabulary: Sequence[str] = VOCABULARY, fingerprint: str = "fake:1") -> None:
        self.vocabulary = tuple(vocabulary)
        self.embedded = 0
        self._fingerprint = fingerprint

    @property
    def fingerprint(self) -> str:
        """What the manifest records."""
        return self._fingerprint

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of questions."""
        return self._count(texts)

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Unit vectors of passages; `progress` is told once, at the end."""
        vectors = self._count(texts)
        if progress is not None:
            progress(len(texts), len(texts))
        return vectors

    def _count(self, texts: Sequence[str]) -> Vectors:
        self.embedded += len(texts)
        counts = np.array(
            [[text.count(word) for word in self.vocabulary] for text in texts], dtype=np.float32
        ).reshape(len(texts), len(self.vocabulary))
        lengths = np.linalg.norm(counts, axis=1, keepdims=True)
        vectors: Vectors = np.divide(counts, lengths, out=np.zeros_like(counts), where=lengths > 0)
        return vectors


class BrokenEmbedder(WordEmbedder):
    """Fails after the passages' texts came in, as a model does that runs out of memory."""

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Raises RuntimeError."""
        raise RuntimeError("out of memory")


@dataclass
class Scripted:
    """Writes what it is told to, a character at a time; fails with an error if one is given."""

    text: str
    error: LanguageModelError | None = None
    reads: int = 10_000  # characters of a prompt at most
    prompts: list[list[Message]] = field(default_factory=list)
    stopped_after: int = 0
    name: str = "scripted"
    sha256: str | None = None

    def load(self) -> None:
        """Nothing to load."""

    def stream(self, messages: Sequence[Message], limit: int) -> Generator[str]:
        """The text, then the error."""
        self.prompts.append(list(messages))
        if sum(len(message.content) for message in messages) > self.reads:
            raise PromptTooLong("too long")
        for number, character in enumerate(self.text[:limit], start=1):
            self.stopped_after = number
            yield character
        if self.error:
            raise self.error


class Literal:
    """A checker for which a sentence bears what it says, word for word."""

    fingerprint = "literal:1"

    def load(self) -> None:
        """Nothing to load."""

    def check(self, claim: str, sources: Sequence[Source]) -> Check:
        """The sentence that holds the claim."""
        places = [i for i, source in enumerate(sources) if claim.rstrip("。") in source.text]
        return Check("supported", (places[0],), 0.8) if places else Check("unsupported", (), 0.1)


class Choice(Writers):
    """The quoting writer, and those that are given, by their names; the first of them is the page's own."""

    def __init__(self, *writers: Writer) -> None:
        self._made = {writer.name: writer for writer in (*writers, ExtractiveWriter(WriterSettings()))}
        self.own = next(iter(self._made.values()))
        self._lock = threading.Lock()

    def names(self) -> list[str]:
        """All of them."""
        return list(self._made)
