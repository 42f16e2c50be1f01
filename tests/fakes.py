"""Stand-ins for models, with values that a reader can work out by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

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
