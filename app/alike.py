"""Telling documents apart, and collections, by what they hold."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from corpus import Document


def twins(documents: Sequence[Document]) -> dict[int, int]:
    """The places of documents that hold the very bytes of an earlier one, each with the place of that one."""
    first: dict[tuple[str, str], int] = {}
    places = [first.setdefault((d.source_sha256, d.layout), i) for i, d in enumerate(documents)]
    return {i: place for i, place in enumerate(places) if place != i}


def documents_sha256(hashes: Mapping[str, str]) -> str:
    """One hash of several documents, of their ids and the hashes of their texts, in their order."""
    lines = "".join(f"{document_id} {sha256}\n" for document_id, sha256 in hashes.items())
    return hashlib.sha256(lines.encode()).hexdigest()
