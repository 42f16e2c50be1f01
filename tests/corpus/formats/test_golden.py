"""Eleven files come out block by block as a reader would write them down."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus import Document, build_document, load_document
from tests.corpus.formats.golden import GOLDEN, Golden
from tests.corpus.test_document import check

EACH = pytest.mark.parametrize("golden", GOLDEN, ids=[golden.name for golden in GOLDEN])


@EACH
def test_blocks_are_those_written_by_hand(golden: Golden, tmp_path: Path) -> None:
    path = tmp_path / golden.name
    path.write_bytes(golden.make())
    document = load_document(path)
    blocks = [(b.kind, document.quote(b.start, b.end), b.page) for b in document.blocks]
    assert blocks == list(golden.blocks)
    assert document.omissions.get("dropped_characters", 0) == golden.dropped
    suffix = {"htm": "html"}.get(path.suffix[1:], path.suffix[1:])
    assert document.layout == suffix


@EACH
def test_the_title_and_the_language_are_found(golden: Golden) -> None:
    document = build_document(golden.name, golden.make())
    assert document.title == golden.blocks[0][1]
    assert document.language == ("en" if golden.blocks[0][1].isascii() else "zh")


@EACH
def test_what_holds_for_every_document_holds_for_every_format(golden: Golden) -> None:
    document = build_document(golden.name, golden.make())
    check(document)
    assert Document.from_json(json.loads(json.dumps(document.to_json()))) == document


def test_documents_stored_before_pages_were_known_are_read_and_stay_as_they_are() -> None:
    document = build_document("a", "好。".encode())
    stored = json.loads(json.dumps(document.to_json()))
    assert "omissions" not in stored
    assert stored["blocks"] == [{"id": "b1", "kind": "paragraph", "section": "导语", "start": 0, "end": 2}]
    assert Document.from_json(stored) == document
