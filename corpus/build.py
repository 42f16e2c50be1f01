"""From the bytes of a file to a Document: decode, clean, lay out, place, split."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path, PurePath
from typing import Annotated

from charset_normalizer import from_bytes
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from corpus.characters import CJK, is_cjk, strip_controls
from corpus.document import EVIDENCE_KINDS, Block, Document, Language, Layout, Sentence
from corpus.errors import (
    ArticleEmpty,
    ArticleError,
    ArticleNotFound,
    ArticleTooLarge,
    NotText,
    UnknownEncoding,
)
from corpus.layout import RawBlock, detect_layout, split_blocks
from corpus.markdown import split_markdown
from corpus.sentences import split_sentences

MAX_BYTES = 20_000_000  # a book is about 2 MB; beyond this a file is a data set, not an article
_ENCODINGS = ["utf_8", "gb18030", "big5", "utf_16", "utf_32"]
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
# Two ideographs side by side; curly quotes of cp1252 read as GB18030 give single ones: don抰.
_NEIGHBOURS = re.compile(rf"{CJK.pattern}{{2}}")
_LEAD = {"zh": "导语", "en": "Introduction"}


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Metadata:
    """What no rule can know of an article. `published` is `YYYY-MM`; suggestions are questions."""

    title: str | None = None
    published: Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")] | None = None
    licence: str | None = None
    suggestions: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)


def load_document(path: Path, layout: Layout | None = None) -> Document:
    """The document in a text or Markdown file; a `.toml` file beside it may name its title.

    `layout` None means: Markdown for `.md`, otherwise detected from the lines.
    Raises an ArticleError that names the file.
    """
    data = read_bytes(path)
    if layout is None and path.suffix.lower() in (".md", ".markdown"):
        layout = "markdown"
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
    text = strip_controls(decode(name, data))
    metadata = metadata or Metadata()
    layout = layout or detect_layout(text)
    raw = split_markdown(text) if layout == "markdown" else split_blocks(text, layout)
    raw = _apply_title(raw, metadata.title)
    if not any(any(c.isalnum() for c in block.text) for block in raw):
        raise ArticleEmpty(f"{name} holds no text. Give a file with at least one sentence.")
    if not any(b.kind in EVIDENCE_KINDS and any(c.isalnum() for c in b.text) for b in raw):
        raw = [RawBlock("paragraph", block.text) for block in raw]  # headings only: they are the text
    language: Language = "zh" if sum(map(is_cjk, text)) * 10 >= sum(c.isalpha() for c in text) else "en"
    joined, blocks, sentences = _place(raw, _LEAD[language])
    stem = PurePath(name).stem
    title = metadata.title or next((b.text for b in raw if b.kind == "title"), None) or stem
    return Document(
        id=stem,
        title=title,
        text=joined,
        source_sha256=hashlib.sha256(data).hexdigest(),
        layout=layout,
        language=language,
        published=metadata.published,
        suggestions=metadata.suggestions,
        blocks=blocks,
        sentences=sentences,
    )


def decode(name: str, data: bytes) -> str:
    """The text of a file's bytes: UTF-8, UTF-16, GB18030 or Big5. Raises NotText or UnknownEncoding."""
    if not data.strip():
        raise ArticleEmpty(f"{name} is empty. Give a file with at least one sentence.")
    if b"\0" in data and not data.startswith(_BYTE_ORDER_MARKS):
        raise NotText(f"{name} is not a text file. Give plain text (.txt) or Markdown (.md).")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        best = from_bytes(data, cp_isolation=_ENCODINGS).best()
    # A few characters are too little for a statistic; Chinese of any length has neighbours.
    western = sum(byte < 0x80 for byte in data) * 10 >= len(data) * 9  # nearly all ASCII
    guesses = (None if best is None else str(best), _strict(data, "gb18030"))
    for text in (*guesses, _strict(data, "cp1252") if western else None):
        if text is not None and (_NEIGHBOURS.search(text) or not any(map(is_cjk, text))):
            return text
    raise UnknownEncoding(f"the encoding of {name} cannot be told. Save it as UTF-8 and try again.")


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _apply_title(raw: list[RawBlock], title: str | None) -> list[RawBlock]:
    """Where the metadata names the title, other lines of the head are subtitles."""
    if title is None or not any(block.text == title for block in raw):
        return raw
    return [
        RawBlock("title" if block.text == title else "subtitle", block.text)
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
        block = Block(f"b{len(blocks) + 1}", item.kind, section, position, end)
        blocks.append(block)
        for start, stop in split_sentences(item.text):
            sentences.append(Sentence(f"s{len(sentences) + 1}", block.id, position + start, position + stop))
        position = end + 1
    return "\n".join(item.text for item in raw), tuple(blocks), tuple(sentences)
