"""An index in memory, and retrieval over it: dense and lexical rankings, fused by rank."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import Document, Sentence
from index.dense import DenseIndex, Vectors
from index.embedder import Embedder, Progress
from index.fusion import reciprocal_rank_fusion
from index.lexical import LexicalIndex
from index.passages import Passage, PassageRules, split_passages


@dataclass(frozen=True)
class Hit:
    """A scored passage. Ranks count from 1; None where that retriever did not find it."""

    rank: int
    passage: Passage
    text: str
    score: float
    dense_rank: int | None
    lexical_rank: int | None


@dataclass(frozen=True)
class RetrievalRules:
    """How many passages are found, and how the two rankings weigh against each other."""

    top_k: int = 10
    depth: int = 30  # how far down each ranking the fusion looks
    dense_weight: float = 0.5  # 0: lexical only, 1: dense only

    def __post_init__(self) -> None:
        if not 1 <= self.top_k <= self.depth or not 0 <= self.dense_weight <= 1:
            raise ValueError("1 <= top_k <= depth and 0 <= dense_weight <= 1 must hold")


@dataclass(frozen=True)
class Index:
    """The documents of a collection with everything needed to search them."""

    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    dense: DenseIndex
    lexical: LexicalIndex
    sentence_vectors: NDArray[np.float16]  # (n_sentences, dim), documents in order

    @cached_property
    def document_by_id(self) -> Mapping[str, Document]:
        """Documents by their id."""
        return {document.id: document for document in self.documents}

    @cached_property
    def _first_row(self) -> Mapping[str, int]:
        rows, row = {}, 0
        for document in self.documents:
            rows[document.id] = row
            row += len(document.sentences)
        return rows

    @cached_property
    def _passage_rows(self) -> Mapping[str, Sequence[int]]:
        rows: dict[str, list[int]] = {document.id: [] for document in self.documents}
        for row, passage in enumerate(self.passages):
            rows[passage.document_id].append(row)
        return rows

    def rows_of(self, document_ids: Collection[str]) -> list[int]:
        """The rows of these documents' passages. Raises KeyError for a document that is not here."""
        return [row for document_id in dict.fromkeys(document_ids) for row in self._passage_rows[document_id]]

    def vectors_of(self, document: Document, sentences: Sequence[Sentence]) -> Vectors:
        """The unit vectors `(n_sentences, dim)` of sentences of one document."""
        first = self._first_row[document.id]
        rows = [first + int(sentence.id[1:]) - 1 for sentence in sentences]
        return self.sentence_vectors[rows].astype(np.float32)

    def passage_text(self, passage: Passage) -> str:
        """The text of a passage."""
        return self.document_by_id[passage.document_id].quote(passage.start, passage.end)


def build_index(
    documents: Sequence[Document],
    embedder: Embedder,
    rules: PassageRules,
    lexical_folder: Path | None = None,
    progress: Progress | None = None,
) -> Index:
    """The index of documents, whose ids must differ; the lexical part in a folder or in memory."""
    passages = [passage for document in documents for passage in split_passages(document, rules)]
    by_id = {document.id: document for document in documents}
    texts = [by_id[p.document_id].quote(p.start, p.end) for p in passages]
    vectors = embedder.embed_passages(embedded_texts(documents, passages, rules), progress)
    return Index(
        documents=tuple(documents),
        passages=tuple(passages),
        dense=DenseIndex.build(vectors[: len(passages)]),
        lexical=LexicalIndex.build(texts, lexical_folder),
        sentence_vectors=vectors[len(passages) :].astype(np.float16),
    )


def embedded_texts(
    documents: Sequence[Document], passages: Sequence[Passage], rules: PassageRules
) -> list[str]:
    """What is embedded of documents: passages, with their headings if the rules say so, then sentences."""
    by_id = {document.id: document for document in documents}
    texts = [(p.section, by_id[p.document_id].quote(p.start, p.end)) for p in passages]
    sentences = [d.quote(s.start, s.end) for d in documents for s in d.sentences]
    return [*(f"{head}\n{text}" if rules.heading_context else text for head, text in texts), *sentences]


class Retriever:
    """A question's way to passages, and the similarities that a reader needs."""

    def __init__(self, index: Index, embedder: Embedder, rules: RetrievalRules) -> None:
        self.index = index
        self._rules = rules
        # The reader asks for the similarities of the query that was just searched.
        self._embed = lru_cache(maxsize=16)(lambda query: embedder.embed_queries([query])[0])

    def retrieve(self, query: str, within: Collection[str] = ()) -> list[Hit]:
        """The passages for a query, best first; `within` are the documents searched, none: all."""
        rules = self._rules
        among = self.index.rows_of(within) if within else None
        found = {
            "dense": self.index.dense.search(self._embed(query), rules.depth, among),
            "lexical": self.index.lexical.search(query, rules.depth, among),
        }
        rankings = {name: [row for row, _ in scored] for name, scored in found.items()}
        weights = {"dense": rules.dense_weight, "lexical": 1 - rules.dense_weight}
        fused = [(row, score) for row, score in reciprocal_rank_fusion(rankings, weights) if score > 0]
        ranks = {
            name: {row: rank for rank, row in enumerate(rows, start=1)} for name, rows in rankings.items()
        }
        return [
            Hit(
                rank=rank,
                passage=self.index.passages[row],
                text=self.index.passage_text(self.index.passages[row]),
                score=score,
                dense_rank=ranks["dense"].get(row),
                lexical_rank=ranks["lexical"].get(row),
            )
            for rank, (row, score) in enumerate(fused[: rules.top_k], start=1)
        ]

    def similarities(self, query: str, document: Document, sentences: Sequence[Sentence]) -> Vectors:
        """The cosine of a query with each sentence, `(n_sentences,)`."""
        cosines: Vectors = self.index.vectors_of(document, sentences) @ self._embed(query)
        return cosines
