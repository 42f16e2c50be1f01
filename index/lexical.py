"""The lexical index: BM25 over analysed terms, in Tantivy."""

from __future__ import annotations

import errno
import math
from collections.abc import Sequence
from pathlib import Path

import tantivy

from index.analyzer import analyze
from index.errors import IndexDamaged

# The smallest heap that Tantivy takes for one thread; one thread keeps one segment, and with it
# the order of equal scores.
_HEAP_BYTES = 15_000_000


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
    builder.add_unsigned_field("row", indexed=True, fast=True)
    return builder.build()


class LexicalWriter:
    """Changes an index in a folder or in memory. Nothing is changed before `commit` or `close`."""

    def __init__(self, folder: Path | None = None) -> None:
        """Begins a new index where there is none. Raises IndexDamaged."""
        if folder is not None:
            folder.mkdir(exist_ok=True)
        try:
            self._index = tantivy.Index(_schema(), path=str(folder) if folder else None)
            self._writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        except ValueError as error:
            raise IndexDamaged(f"the lexical index in {folder} cannot be changed: {error}") from error

    def add(self, row: int, text: str) -> None:
        """Add a row. Raises OSError."""
        document = tantivy.Document()
        document.add_text("terms", " ".join(analyze(text)))
        document.add_unsigned("row", row)
        try:
            self._writer.add_document(document)
        except ValueError as error:  # its thread has ended, as where the disk is full
            raise OSError(errno.EIO, str(error)) from error

    def remove(self, first: int, last: int) -> None:
        """Remove the rows from `first` to `last`, both included."""
        rows = tantivy.Query.range_query(
            self._index.schema, "row", tantivy.FieldType.Unsigned, first, last, True, True
        )
        self._writer.delete_documents_by_query(rows)

    def commit(self) -> None:
        """Make the changes last. Raises OSError."""
        try:
            self._writer.commit()
        except ValueError as error:  # how Tantivy says that the disk is full
            raise OSError(errno.EIO, str(error)) from error

    def rollback(self) -> None:
        """Forget the changes since the last commit."""
        self._writer.rollback()

    def close(self) -> tantivy.Index:
        """The index, with the last changes; another may change it then. Raises OSError."""
        self.commit()
        return self.release()

    def release(self) -> tantivy.Index:
        """The index without what was not committed; another may change it then. Raises OSError."""
        try:
            self._writer.wait_merging_threads()
        except ValueError as error:
            raise OSError(errno.EIO, str(error)) from error
        self._index.reload()
        return self._index


class LexicalIndex:
    """BM25 (k1 1.2, b 0.75: Robertson and Zaragoza 2009, p. 359 ff.) over rows of text."""

    def __init__(self, index: tantivy.Index) -> None:
        self._index = index
        self._searcher = index.searcher()

    @classmethod
    def build(cls, texts: Sequence[str], folder: Path | None = None) -> LexicalIndex:
        """An index of `texts`, numbered from 0: in `folder`, or in memory."""
        writer = LexicalWriter(folder)
        for row, text in enumerate(texts):
            writer.add(row, text)
        return cls(writer.close())

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """The index that `build` left in a folder. Raises IndexDamaged."""
        try:
            return cls(tantivy.Index.open(str(folder)))
        except ValueError as error:
            raise IndexDamaged(f"the lexical index in {folder} cannot be read: {error}") from error

    def __len__(self) -> int:
        return self._searcher.num_docs

    def search(self, query: str, k: int, among: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """The best `k` rows with their BM25 scores, best first, ties by row.

        `among` names the rows that may be found; None: all of them. It does not change the scores.
        """
        schema = self._index.schema
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(schema, "terms", term, "freq"))
            for term in dict.fromkeys(analyze(query))
        ]
        if not terms:
            return []
        wanted = tantivy.Query.boolean_query(terms)
        if among is not None:
            chosen = tantivy.Query.const_score_query(
                tantivy.Query.term_set_query(schema, "row", list(among)), 0.0
            )
            wanted = tantivy.Query.boolean_query([(tantivy.Occur.Must, wanted), (tantivy.Occur.Must, chosen)])
        hits = self._searcher.search(wanted, k).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        scored = [(int(row or 0), float(score)) for row, (score, _) in zip(rows, hits, strict=True)]
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))

    def idf(self, term: str) -> float:
        """How rare a term is: ln(1 + (N - n + 0.5) / (n + 0.5)) for n of N rows that hold it."""
        n = self._searcher.doc_freq("terms", term)
        return math.log(1 + (len(self) - n + 0.5) / (n + 0.5))
