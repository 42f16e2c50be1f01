"""Eleven files come out block by block as a reader would write them down."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus import build_document, load_document
from tests.corpus.formats.golden import GOLDEN, Golden

EACH = pytest.mark.parametrize("golden", GOLDEN, ids=[golden.name for golden in GOLDEN])


@EACH
def test_blocks_are_those_written_by_hand(golden: Golden, tmp_path: Path) -> None:
    path = tmp_path / golden.name
    path.write_bytes(golden.make())
    document = load_document(path)
    blocks = [(b.kind, document.quote(b.start, b.end), b.page) for b in document.blocks]
    assert blocks == list(golden.blocks)
    assert document.notes.get("dropped_characters", 0) == golden.dropped
    suffix = {"htm": "html"}.get(path.suffix[1:], path.suffix[1:])
    assert document.layout == suffix


@EACH
def test_the_title_and_the_language_are_found(golden: Golden) -> None:
    document = build_document(golden.name, golden.make())
    assert document.title == golden.blocks[0][1]
    assert document.language == ("en" if golden.blocks[0][1].isascii() else "zh")
