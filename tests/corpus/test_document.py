"""Offsets, order and storage of documents, on the shipped article and on made-up ones."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from corpus import ArticleError, Block, Document, Layout, build_document
from corpus.characters import strip_controls
from tests.generated import PROPERTY, texts

LAYOUTS: list[Layout] = ["wrapped", "plain", "markdown"]


def check(document: Document) -> None:
    """What must hold for every document."""
    assert [document.quote(b.start, b.end) for b in document.blocks] == document.text.split("\n")
    assert [b.id for b in document.blocks] == [f"b{i + 1}" for i in range(len(document.blocks))]
    assert [s.id for s in document.sentences] == [f"s{i + 1}" for i in range(len(document.sentences))]
    assert [s for b in document.blocks for s in document.sentences_of(b)] == list(document.sentences)

    section = document.blocks[0].section
    for block in document.blocks:
        text = document.quote(block.start, block.end)
        assert text and text == text.strip()
        section = text if block.kind == "heading" else section
        assert block.section == section

        quotes = [document.quote(s.start, s.end) for s in document.sentences_of(block)]
        assert "".join("".join(quotes).split()) == "".join(text.split())
        position = block.start
        for sentence in document.sentences_of(block):
            assert position <= sentence.start < sentence.end <= block.end
            assert not document.quote(position, sentence.start).strip()
            assert document.section_of(sentence) == block.section
            position = sentence.end
        assert position == block.end


def test_offsets_of_the_shipped_article(article: Document) -> None:
    check(article)


@PROPERTY
@given(texts | st.text(st.characters(codec="utf-8")), st.sampled_from(LAYOUTS))
def test_offsets_of_any_text_in_any_layout(text: str, layout: Layout) -> None:
    try:
        document = build_document("made-up", text.encode(), layout)
    except ArticleError:
        assume(False)
        raise
    check(document)


@PROPERTY
@given(texts, st.sampled_from(["wrapped", "plain"]))
def test_no_character_is_lost_or_added_but_white_space(text: str, layout: Layout) -> None:
    assume(any(character.isalnum() for character in text))
    document = build_document("made-up", text.encode(), layout)
    assert "".join(document.text.split()) == "".join(strip_controls(text).split())


def test_json_gives_the_document_back(article: Document) -> None:
    stored = json.dumps(article.to_json(), ensure_ascii=False)
    assert Document.from_json(json.loads(stored)) == article
    assert Document.from_json(json.loads(stored)).sha256 == article.sha256


@PROPERTY
@given(texts)
def test_json_gives_any_document_back(text: str) -> None:
    assume(any(character.isalnum() for character in text))
    document = build_document("made-up", text.encode())
    assert Document.from_json(json.loads(json.dumps(document.to_json()))) == document


def test_json_of_another_form_is_refused(article: Document) -> None:
    stored = article.to_json()
    with pytest.raises(KeyError):
        Document.from_json({name: value for name, value in stored.items() if name != "blocks"})
    with pytest.raises(TypeError):
        Document.from_json({**stored, "colour": "blue"})
    with pytest.raises(ValueError, match="rhyme"):
        Document.from_json({**stored, "blocks": [{**stored["blocks"][0], "kind": "rhyme"}]})


def test_a_block_without_sentences_has_none(article: Document) -> None:
    assert article.sentences_of(Block("b999", "paragraph", "", 0, 0)) == ()
