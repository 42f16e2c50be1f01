"""An index in memory, and retrieval over it: dense and lexical rankings, fused by rank."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from corpus import Document, Sentence
from index.dense import DenseIndex, Vectors
from index.embedder import Embedder, Progress
from index.fusion import reciprocal_rank_fusion
from index.lexical import LexicalIndex
from index.passages import Passage, PassageRules
from index.searching import DenseSearch, LexicalSearch, PassageList, Passages


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

    documents: Mapping[str, Document]  # by their ids, in order
    passages: Passages
    dense: DenseSearch
    lexical: LexicalSearch

    def rows_of(self, document_ids: Collection[str]) -> list[int]:
        """The rows of these documents' passages. Raises KeyError for a document that is not here."""
        return [row for one in dict.fromkeys(document_ids) for row in self.passages.rows_of(one)]

    def passage_text(self, passage: Passage) -> str:
        """The text of a passage."""
        return self.documents[passage.document_id].quote(passage.start, passage.end)


@dataclass(frozen=True)
class WholeIndex(Index):
    """An index in memory."""

    passages: PassageList
    dense: DenseIndex
    lexical: LexicalIndex


def build_index(
    documents: Sequence[Document],
    embedder: Embedder,
    rules: PassageRules,
    lexical_folder: Path | None = None,
    progress: Progress | None = None,
) -> WholeIndex:
    """The index of documents, whose ids must differ; the lexical part in a folder or in memory."""
    by_id = {document.id: document for document in documents}
    passages = PassageList(documents, rules)
    vectors = embedder.embed_passages(passage_texts(by_id, passages, rules), progress)
    return WholeIndex(
        documents=by_id,
        passages=passages,
        dense=DenseIndex.build(vectors),
        lexical=LexicalIndex.build(
            [by_id[p.document_id].quote(p.start, p.end) for p in passages], lexical_folder
        ),
    )


def passage_texts(
    documents: Mapping[str, Document], passages: Iterable[Passage], rules: PassageRules
) -> list[str]:
    """What is embedded of passages: their text, behind their headings if the rules say so."""
    texts = [(p.section, documents[p.document_id].quote(p.start, p.end)) for p in passages]
    return [f"{head}\n{text}" if rules.heading_context else text for head, text in texts]


class Retriever:
    """A question's way to passages, and the similarities that a reader needs."""

    def __init__(self, index: Index, embedder: Embedder, rules: RetrievalRules) -> None:
        self.index = index
        self._rules = rules
        # The reader asks for the similarities of the query that was just searched.
        self._embed = lru_cache(maxsize=16)(lambda query: embedder.embed_queries([query])[0])
        # Few sentences are ever asked for, and those again: an index of them would double every build.
        self._embed_sentences = lru_cache(maxsize=1024)(embedder.embed_passages)

    def retrieve(self, query: str, within: Collection[str] = ()) -> list[Hit]:
        """The passages for a query, best first; `within` are the documents searched, none: all."""
        rules = self._rules
        among = self.index.rows_of(within) if within else None
        found = {
            "dense": self.index.dense.search(self._embed(query), rules.depth, among),
            "lexical": self.index.lexical.search(query, rules.depth, among),
        }
        passages = self.index.passages
        rankings = {name: [row for row, _ in scored if passages.holds(row)] for name, scored in found.items()}
        weights = {"dense": rules.dense_weight, "lexical": 1 - rules.dense_weight}
        fused = [(row, score) for row, score in reciprocal_rank_fusion(rankings, weights) if score > 0]
        ranks = {
            name: {row: rank for rank, row in enumerate(rows, start=1)} for name, rows in rankings.items()
        }
        return [
            Hit(
                rank=rank,
                passage=passages[row],
                text=self.index.passage_text(passages[row]),
                score=score,
                dense_rank=ranks["dense"].get(row),
                lexical_rank=ranks["lexical"].get(row),
            )
            for rank, (row, score) in enumerate(fused[: rules.top_k], start=1)
        ]

    def similarities(self, query: str, document: Document, sentences: Sequence[Sentence]) -> Vectors:
        """The cosine of a query with each sentence, `(n_sentences,)`."""
        cosines: Vectors = self.vectors_of(document, sentences) @ self._embed(query)
        return cosines

    def vectors_of(self, document: Document, sentences: Sequence[Sentence]) -> Vectors:
        """The unit vectors `(n_sentences, dim)` of sentences of one document."""
        return self._embed_sentences(tuple(document.quote(s.start, s.end) for s in sentences))
