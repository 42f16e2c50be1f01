"""An embedder that has the vectors of an index at hand: what was embedded before is not embedded again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.dense import Vectors, check_length
from index.embedder import Embedder, Progress
from index.passages import PassageRules
from index.retriever import WholeIndex, passage_texts


class Remembering:
    """An Embedder. The index must have been built by the one that it stands for, and by these rules."""

    def __init__(self, embedder: Embedder, before: WholeIndex, rules: PassageRules) -> None:
        self._embedder = embedder
        texts = passage_texts(before.documents, before.passages, rules)
        self._known = dict(zip(texts, before.dense.vectors(), strict=True))

    @property
    def fingerprint(self) -> str:
        """That of the embedder."""
        return self._embedder.fingerprint

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of questions."""
        return self._embedder.embed_queries(texts)

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Unit vectors of passages; `progress` is told of those that are new. Raises IndexStale."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        vectors = self._embedder.embed_passages(new, progress)
        if new and self._known:
            check_length("a new passage's vector", vectors[0], len(next(iter(self._known.values()))))
        known = self._known | dict(zip(new, vectors, strict=True))
        return np.stack([known[text] for text in texts])
