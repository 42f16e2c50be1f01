"""The rows of a large collection in Milvus: a server or cluster by its URL, or a file of Milvus Lite.

Terms go there as hashes, in letters and digits: Milvus Lite, a server and every version of their analyzers
take those apart at the spaces alone. The field of the vectors bears a hash of what they were made with.
Whoever needs a token sets MILVUS_TOKEN.
"""

from __future__ import annotations

import hashlib
import logging
import math
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import starmap
from typing import TYPE_CHECKING, Any

from index.analyzer import analyze
from index.dense import Vectors
from index.errors import IndexStale, IndexUnreachable
from index.near import Rows
from index.searching import RowPlace

if TYPE_CHECKING:
    from pymilvus import MilvusClient

SECONDS = 30.0  # without an answer before a server counts as down
_AT_ONCE = 1000  # rows a request: some 10 MB, where servers take up to 64
_TOKEN = "MILVUS_TOKEN"
_TERMS_CHARS = 65_535  # what Milvus keeps of a text at most
_BM25 = {"bm25_k1": 1.2, "bm25_b": 0.75}  # as Tantivy


class MilvusRows:
    """A RowWriter over a Milvus collection."""

    def __init__(self, place: RowPlace) -> None:
        self._place, self._client = place, _found(place)

    def add(self, first: int, texts: Sequence[str], vectors: Vectors) -> None:
        """Put rows in, from `first` on, in place of those that stand there."""
        field = _vector_field(self._place)
        rows = [
            {"row": row, field: vector, "terms": _hashed(analyze(text))}
            for row, (text, vector) in enumerate(zip(texts, vectors.tolist(), strict=True), start=first)
        ]
        with _named(self._place.url):
            for begin in range(0, len(rows), _AT_ONCE):
                part = rows[begin : begin + _AT_ONCE]
                self._client.upsert(self._place.name, part, timeout=SECONDS)

    def remove(self, spans: Sequence[tuple[int, int]]) -> None:
        """Take rows out, by their firsts and counts."""
        with _named(self._place.url):
            for first, count in spans:
                self._client.delete(self._place.name, filter=_between(first, first + count), timeout=SECONDS)

    def tidy(self, next_row: int, number: int) -> bool:
        """Take out what a killed build has left."""
        with _named(self._place.url):
            self._client.delete(self._place.name, filter=f"row >= {next_row}", timeout=SECONDS)
        return True

    def finish(self, rows: Rows, next_row: int, number: int) -> None:
        """Have what was put in sealed, so that it is indexed."""
        with _named(self._place.url):
            self._client.flush(self._place.name, timeout=10 * SECONDS)

    def finished(self, number: int) -> None:
        """Nothing: Milvus keeps no builds."""

    def release(self) -> None:
        """Nothing: the database's lock is who keeps others out."""


class _MilvusSearch:
    """Of the rows below `next_row` alone: those behind come in while a build goes on."""

    def __init__(self, place: RowPlace, client: MilvusClient, next_row: int) -> None:
        self._place, self._client, self._all = place, client, _between(0, next_row)

    def __len__(self) -> int:
        return self._count(self._all)

    def _count(self, which: str) -> int:
        with _named(self._place.url):
            (counted,) = self._client.query(
                self._place.name, filter=which, output_fields=["count(*)"], timeout=SECONDS
            )
        return int(counted["count(*)"])

    def _search(
        self, field: str, data: list[Any], k: int, among: Sequence[int] | None
    ) -> list[tuple[int, float]]:
        """The rows that are found, with their scores."""
        if not k or (among is not None and not among):
            return []
        chosen = self._all if among is None else " or ".join(starmap(_between, _spans(among)))
        with _named(self._place.url):
            (found,) = self._client.search(
                self._place.name,
                data=data,
                anns_field=field,
                limit=k,
                filter=chosen,
                output_fields=["row"],
                timeout=SECONDS,
            )
        return [(int(hit["entity"]["row"]), float(hit["distance"])) for hit in found]


class MilvusDense(_MilvusSearch):
    """A DenseSearch."""

    def search(self, vector: Vectors, k: int, among: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """The best `k` rows for a unit vector `(dim,)` with their cosines, best first, ties by row."""
        return _ordered(self._search(_vector_field(self._place), [vector.tolist()], k, among))


class MilvusLexical(_MilvusSearch):
    """A LexicalSearch."""

    def search(self, query: str, k: int, among: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """The best `k` rows with their BM25 scores, best first, ties by row."""
        terms = _hashed(list(dict.fromkeys(analyze(query))))
        found = self._search("sparse", [terms], k, among) if terms else []
        return _ordered([(row, abs(score)) for row, score in found])  # Milvus Lite gives them below 0

    def idf(self, term: str) -> float:
        """How rare a term is: ln(1 + (N - n + 0.5) / (n + 0.5)) for n of N rows that hold it."""
        n = self._count(f"text_match(terms, '{_hashed([term])}')")
        return math.log(1 + (len(self) - n + 0.5) / (n + 0.5))


def search_milvus(place: RowPlace, next_row: int) -> tuple[MilvusDense, MilvusLexical]:
    """The rows of a place below `next_row`, for searching. Raises IndexStale or IndexUnreachable."""
    client = _found(place)
    return MilvusDense(place, client, next_row), MilvusLexical(place, client, next_row)


def make_rows(place: RowPlace) -> None:
    """Make a Milvus collection without rows. Raises IndexUnreachable."""
    client, vector = _client(place.url), _vector_field(place)
    from pymilvus import DataType, Function, FunctionType, MilvusClient

    schema = MilvusClient.create_schema(description=f"Wenju: {place.made_with}")
    schema.add_field("row", DataType.INT64, is_primary=True)
    schema.add_field(vector, DataType.FLOAT_VECTOR, dim=place.dim)
    analyzed: dict[str, Any] = {"enable_analyzer": True, "enable_match": True}
    schema.add_field("terms", DataType.VARCHAR, max_length=_TERMS_CHARS, **analyzed)
    schema.add_field("sparse", DataType.SPARSE_FLOAT_VECTOR)
    schema.add_function(Function("bm25", FunctionType.BM25, ["terms"], ["sparse"]))
    indexes = MilvusClient.prepare_index_params()
    indexes.add_index(vector, index_type="AUTOINDEX", metric_type="COSINE")
    indexes.add_index("sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25", params=_BM25)
    with _named(place.url):
        client.create_collection(
            place.name,
            schema=schema,
            index_params=indexes,
            consistency_level="Strong",
            timeout=SECONDS,
        )


def remove_rows(place: RowPlace) -> None:
    """Remove the Milvus collection of a place. Raises IndexUnreachable."""
    client = _client(place.url)
    with _named(place.url):
        client.drop_collection(place.name, timeout=SECONDS)


def _found(place: RowPlace) -> MilvusClient:
    """The client, once the collection there is known to be the one that is meant."""
    client = _client(place.url)
    with _named(place.url):
        is_there = client.has_collection(place.name, timeout=SECONDS)
        fields = client.describe_collection(place.name, timeout=SECONDS)["fields"] if is_there else []
    if not is_there:
        raise IndexStale(f"Milvus at {place.url} has no rows {place.name}. Make the collection again.")
    if _vector_field(place) not in [field["name"] for field in fields]:
        raise IndexStale(
            f"the rows {place.name} in Milvus at {place.url} were made with another embedding model or other "
            "passages. Make the collection again."
        )
    with _named(place.url):
        client.load_collection(place.name, timeout=SECONDS)  # as after the start of a server
    return client


@cache
def _client(url: str) -> MilvusClient:
    try:
        from pymilvus import MilvusClient
    except ImportError as error:
        raise IndexUnreachable(
            f"the rows are in Milvus at {url}, for which the extra is missing: pip install 'wenju[milvus]'."
        ) from error
    for noisy in ("pymilvus", "grpc._server"):  # what they log is raised, too
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    with _named(url):
        return MilvusClient(url, token=os.environ.get(_TOKEN, ""), timeout=SECONDS)


@contextmanager
def _named(url: str) -> Iterator[None]:
    """Say which server it is that fails."""
    from grpc import FutureTimeoutError, RpcError
    from pymilvus.exceptions import MilvusException

    try:
        yield
    except (MilvusException, RpcError, FutureTimeoutError, OSError) as error:
        raise IndexUnreachable(
            f"Milvus at {url} gives no answer: {error}. Start it, or see that it can be reached."
        ) from error


def _ordered(scored: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))


def _between(first: int, beyond: int) -> str:
    return f"(row >= {first} and row < {beyond})"


def _spans(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Rows as ranges, each by its first and the one behind its last.

    >>> _spans([7, 3, 4, 5])
    [(3, 6), (7, 8)]
    """
    spans: list[tuple[int, int]] = []
    for row in sorted(rows):
        if spans and row == spans[-1][1]:
            spans[-1] = (spans[-1][0], row + 1)
        else:
            spans.append((row, row + 1))
    return spans


def _vector_field(place: RowPlace) -> str:
    return f"vector_{hashlib.sha256(place.made_with.encode()).hexdigest()[:12]}"


def _hashed(terms: Sequence[str]) -> str:
    return " ".join(hashlib.blake2b(term.encode(), digest_size=8).hexdigest() for term in terms)[
        :_TERMS_CHARS
    ]
