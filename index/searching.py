"""What an index is searched by: doors for FAISS, Tantivy and others, and the passages of its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus import Document
from index.dense import Vectors
from index.passages import Passage, PassageRules, split_passages


@dataclass(frozen=True)
class RowPlace:
    """Where rows lie: `url` of a Milvus server, or a file of Milvus Lite, and the `name` of the rows there.

    An empty `url` stands for files beside the collection's database. `made_with` tells whose vectors are
    there.
    """

    url: str
    name: str
    dim: int
    made_with: str


class DenseSearch(Protocol):
    """Finds rows by a vector."""

    def __len__(self) -> int: ...

    def search(self, vector: Vectors, k: int, among: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """The best `k` rows for a unit vector `(dim,)` with their cosines, best first, ties by row.

        `among` names the rows that may be found; None: all of them.
        """
        ...


class LexicalSearch(Protocol):
    """Finds rows by their terms."""

    def __len__(self) -> int: ...

    def search(self, query: str, k: int, among: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """The best `k` rows with their BM25 scores, best first, ties by row.

        `among` names the rows that may be found; None: all of them.
        """
        ...

    def idf(self, term: str) -> float:
        """How rare a term is."""
        ...


class Passages(Protocol):
    """The passages of a collection by their rows."""

    def __len__(self) -> int: ...

    def __getitem__(self, row: int, /) -> Passage: ...

    def holds(self, row: int) -> bool:
        """Whether there is such a row."""
        ...

    def rows_of(self, document_id: str) -> Sequence[int]:
        """The rows of a document's passages. Raises KeyError for a document that is not here."""
        ...


class PassageList:
    """Passages in memory."""

    def __init__(self, documents: Iterable[Document], rules: PassageRules) -> None:
        self._passages: list[Passage] = []
        self._rows: dict[str, range] = {}
        for document in documents:
            first = len(self._passages)
            self._passages += split_passages(document, rules)
            self._rows[document.id] = range(first, len(self._passages))

    def __len__(self) -> int:
        return len(self._passages)

    def __getitem__(self, row: int) -> Passage:
        return self._passages[row]

    def __iter__(self) -> Iterator[Passage]:
        return iter(self._passages)

    def holds(self, row: int) -> bool:
        """Whether there is such a row."""
        return row < len(self._passages)

    def rows_of(self, document_id: str) -> range:
        """The rows of a document's passages. Raises KeyError for a document that is not here."""
        return self._rows[document_id]
