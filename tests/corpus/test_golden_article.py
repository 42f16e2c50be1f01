"""The shipped article, block by block and sentence by sentence, against a gold made by reading."""

from __future__ import annotations

import json
from pathlib import Path

from corpus import Document

GOLD = json.loads(Path(__file__).with_name("golden_article.json").read_text(encoding="utf-8"))


def read_as_gold(document: Document) -> list[dict[str, object]]:
    """The document in the form of the gold file."""
    return [
        {
            "kind": block.kind,
            "section": block.section,
            "sentences": [
                document.quote(s.start, s.end) for s in document.sentences if s.block_id == block.id
            ],
        }
        for block in document.blocks
    ]


def test_every_block_and_sentence_is_as_read(article: Document) -> None:
    assert read_as_gold(article) == GOLD


def test_nothing_is_lost_but_white_space_and_bullets(article: Document, article_path: Path) -> None:
    source = "".join(article_path.read_text(encoding="utf-8").split()).replace("◆", "")
    assert "".join(article.text.split()) == source
