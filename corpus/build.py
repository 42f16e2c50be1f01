"""From the bytes of a file to a Document: read its format, place its blocks, split its sentences."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from corpus.characters import is_cjk, strip_controls
from corpus.document import EVIDENCE_KINDS, Block, Document, Language, Layout, Sentence
from corpus.errors import ArticleEmpty
from corpus.formats import read_blocks, read_text
from corpus.formats.reading import Reading
from corpus.layout import RawBlock
from corpus.limits import DEFAULT_LIMITS, Limits
from corpus.metadata import Metadata
from corpus.names import document_id
from corpus.sentences import split_sentences

_TITLE = 200  # characters: it stands in every citation
_LEAD = {"zh": "导语", "en": "Introduction"}


def build_document(
    name: str,
    data: bytes,
    layout: Layout | None = None,
    metadata: Metadata | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Document:
    """The document that `data` holds; `name` without its ending becomes its id. Raises an ArticleError.

    Only for bytes that are trusted: nothing here bounds the time and memory that the readers take.
    """
    return _document(name, data, read_blocks(name, data, layout, limits), metadata or Metadata())


def build_text(name: str, text: str, metadata: Metadata | None = None) -> Document:
    """The document of a text whose lines are paragraphs, whatever it begins with. Raises an ArticleError."""
    data, cleaned = text.encode("utf-8", "replace"), strip_controls(text).encode()
    return _document(name, data, read_text(name, cleaned, "plain"), metadata or Metadata())


def _document(name: str, data: bytes, reading: Reading, metadata: Metadata) -> Document:
    raw = _apply_title(reading.blocks, metadata.title)
    if not any(any(c.isalnum() for c in block.text) for block in raw):
        raise ArticleEmpty(f"{name} holds no text. Give a file with at least one sentence.")
    if not any(b.kind in EVIDENCE_KINDS and any(c.isalnum() for c in b.text) for b in raw):
        raw = [replace(block, kind="paragraph") for block in raw]  # headings only: they are the text
    language: Language = _language(raw)
    text, blocks, sentences = _place(raw, _LEAD[language])
    own_id = document_id(name)
    title = metadata.title or next((b.text[:_TITLE] for b in raw if b.kind == "title"), None) or own_id
    return Document(
        id=own_id,
        title=title,
        text=text,
        source_sha256=hashlib.sha256(data).hexdigest(),
        layout=reading.layout,
        language=language,
        published=metadata.published,
        suggestions=metadata.suggestions,
        blocks=blocks,
        sentences=sentences,
        omissions=reading.omissions,
    )


def _language(raw: list[RawBlock]) -> Language:
    text = "".join(block.text for block in raw)
    return "zh" if sum(map(is_cjk, text)) * 10 >= sum(c.isalpha() for c in text) else "en"


def _apply_title(raw: list[RawBlock], title: str | None) -> list[RawBlock]:
    """Where the metadata names the title, other lines of the head are subtitles."""
    if title is None or not any(block.text == title for block in raw):
        return raw
    return [
        replace(block, kind="title" if block.text == title else "subtitle")
        if block.kind in ("title", "subtitle")
        else block
        for block in raw
    ]


def _place(raw: list[RawBlock], lead: str) -> tuple[str, tuple[Block, ...], tuple[Sentence, ...]]:
    """Blocks one a line: the joined text, and every block and sentence with its offsets."""
    blocks: list[Block] = []
    sentences: list[Sentence] = []
    section, position = lead, 0
    for item in raw:
        if item.kind == "heading":
            section = item.text
        end = position + len(item.text)
        block = Block(f"b{len(blocks) + 1}", item.kind, section, position, end, item.page)
        blocks.append(block)
        for start, stop in split_sentences(item.text):
            sentences.append(Sentence(f"s{len(sentences) + 1}", block.id, position + start, position + stop))
        position = end + 1
    return "\n".join(item.text for item in raw), tuple(blocks), tuple(sentences)
