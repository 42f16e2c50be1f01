"""From the bytes of a file to a Document: read its format, place its blocks, split its sentences."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import Path, PurePath
from typing import Annotated

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from corpus.characters import is_cjk
from corpus.document import EVIDENCE_KINDS, Block, Document, Language, Layout, Sentence
from corpus.errors import ArticleEmpty, ArticleError, ArticleNotFound, ArticleTooLarge
from corpus.formats import read_blocks
from corpus.layout import RawBlock
from corpus.sentences import split_sentences

MAX_BYTES = 100_000_000  # an illustrated book is some 50 MB; no reader is given more
_LEAD = {"zh": "导语", "en": "Introduction"}


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Metadata:
    """What no rule can know of an article. `published` is `YYYY-MM`; suggestions are questions."""

    title: str | None = None
    published: Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")] | None = None
    licence: str | None = None
    suggestions: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)


def load_document(path: Path, layout: Layout | None = None) -> Document:
    """The document in a text, Markdown, HTML, Word or PDF file; a `.toml` file beside it may name its title.

    `layout` says how the lines of a text are meant; None means: Markdown for `.md`, otherwise detected.
    Raises an ArticleError that names the file.
    """
    data = read_bytes(path)
    return build_document(path.name, data, layout, read_metadata(path))


def read_bytes(path: Path) -> bytes:
    """The bytes of an article. Raises ArticleNotFound or ArticleTooLarge."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ArticleTooLarge(
                f"{path} has {path.stat().st_size:,} bytes; an article may have {MAX_BYTES:,}. Split it."
            )
        return path.read_bytes()
    except OSError as error:
        raise ArticleNotFound(f"cannot read {path}: {error.strerror}. Check the path.") from error


def read_metadata(article: Path) -> Metadata:
    """The metadata file beside an article, or empty metadata. Raises ArticleError if it is broken."""
    path = article.with_suffix(".toml")
    if not path.is_file():
        return Metadata()
    try:
        return TypeAdapter(Metadata).validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ArticleError(f"{path} is not valid TOML: {error}. Mend or remove it.") from error
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise ArticleError(f"{path}: {name}: {first['msg']}. Mend or remove it.") from error


def build_document(
    name: str, data: bytes, layout: Layout | None = None, metadata: Metadata | None = None
) -> Document:
    """The document that `data` holds; `name` becomes its id. Raises an ArticleError."""
    metadata = metadata or Metadata()
    reading = read_blocks(name, data, layout)
    raw = _apply_title(reading.blocks, metadata.title)
    if not any(any(c.isalnum() for c in block.text) for block in raw):
        raise ArticleEmpty(f"{name} holds no text. Give a file with at least one sentence.")
    if not any(b.kind in EVIDENCE_KINDS and any(c.isalnum() for c in b.text) for b in raw):
        raw = [replace(block, kind="paragraph") for block in raw]  # headings only: they are the text
    language: Language = _language(raw)
    text, blocks, sentences = _place(raw, _LEAD[language])
    stem = PurePath(name).stem
    title = metadata.title or next((b.text for b in raw if b.kind == "title"), None) or stem
    return Document(
        id=stem,
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
