"""Where the rows of a large collection lie, their vectors and their terms: in files, or in Milvus.

A row is a passage. The collection's database says which rows count; others may lie there for a while, and
are not found.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from index.dense import Vectors
from index.local_rows import LocalRows, search_local
from index.milvus_rows import MilvusRows, make_rows, remove_rows, search_milvus
from index.near import Rows
from index.searching import DenseSearch, LexicalSearch, RowPlace


class RowWriter(Protocol):
    """Changes rows. Every change lasts when it returns; raises OSError or IndexUnusable where it cannot."""

    def add(self, first: int, texts: Sequence[str], vectors: Vectors) -> None:
        """Put rows in, from `first` on, in place of those that stand there."""
        ...

    def remove(self, spans: Sequence[tuple[int, int]]) -> None:
        """Take rows out, by their firsts and counts."""
        ...

    def tidy(self, next_row: int, number: int) -> bool:
        """Take out what a killed build has left: rows from `next_row` on, and builds but for `number`.

        False where that build has to be made again.
        """
        ...

    def finish(self, rows: Rows, next_row: int, number: int) -> None:
        """Let these rows, all below `next_row`, be searched by their vectors, as build `number`."""
        ...

    def finished(self, number: int) -> None:
        """The build counts now; the one before it may go."""
        ...

    def release(self) -> None:
        """Let another change them."""
        ...


def new_place(url: str, dim: int, made_with: str) -> RowPlace:
    """A place for the rows of a new collection, made ready. Raises IndexUnreachable."""
    place = RowPlace(url, f"wenju_{secrets.token_hex(8)}" if url else "", dim, made_with)
    if url:
        make_rows(place)
    return place


def row_writer(folder: Path, place: RowPlace) -> RowWriter:
    """Who changes the rows of the collection in a folder. Raises IndexUnusable."""
    if place.url:
        return MilvusRows(place)
    return LocalRows(folder, place.dim)


def search_rows(
    folder: Path, place: RowPlace, next_row: int, number: int
) -> tuple[DenseSearch, LexicalSearch]:
    """The rows of the collection in a folder, for searching. Raises IndexUnusable, OSError or ValueError."""
    if place.url:
        return search_milvus(place, next_row)
    return search_local(folder, place.dim, next_row, number)


def drop_rows(place: RowPlace) -> None:
    """Remove rows that do not lie in the collection's folder. Raises IndexUnusable."""
    if place.url:
        remove_rows(place)
