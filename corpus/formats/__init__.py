"""What a file holds, block by block: one module a format, chosen by the first bytes, then by the name."""

from __future__ import annotations

import re
from pathlib import PurePath

from corpus.characters import strip_controls
from corpus.document import Format, Layout
from corpus.encodings import decode
from corpus.errors import ArticleTooLarge
from corpus.formats.reading import Reading
from corpus.layout import detect_layout, split_blocks
from corpus.limits import Limits

MAX_TEXT_BYTES = 20_000_000  # of a file that is text as it lies; a book is about 2 MB
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # a .doc of old, or a .docx behind a password
_HTML = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s|<\?xml[^>]*>|<!--[^>]*-->)*<(?:!doctype\s+html|html)\b", re.I)
_BY_SUFFIX: dict[str, Format] = {".html": "html", ".htm": "html", ".docx": "docx", ".pdf": "pdf"}
_MARKDOWN = (".md", ".markdown")


def read_blocks(name: str, data: bytes, layout: Layout | None, limits: Limits) -> Reading:
    """The blocks of a file. A `layout` means that it is a text, and how its lines are meant.

    Raises an ArticleError that names the file.
    """
    # Each reader brings a library, and a process reads one file: it loads what that file needs.
    suffix = PurePath(name).suffix.lower()
    if layout is None and suffix in _MARKDOWN:
        layout = "markdown"
    form = _format(suffix, data)
    if form == "docx":
        from corpus.formats.docx import read_docx

        return read_docx(name, data)
    if form == "pdf":
        from corpus.formats.pdf import read_pdf

        return read_pdf(name, data, limits.pages)
    if form == "html" and layout is None:
        from corpus.formats.html import read_html

        _check_size(name, data)
        return read_html(name, data)
    return read_text(name, data, layout)


def read_text(name: str, data: bytes, layout: Layout | None) -> Reading:
    """The blocks of a text, whatever its first bytes look like. Raises an ArticleError."""
    _check_size(name, data)
    text = strip_controls(decode(name, data))
    layout = layout or detect_layout(text)
    if layout == "markdown":
        from corpus.markdown import split_markdown

        return Reading(split_markdown(text), layout)
    return Reading(split_blocks(text, layout), layout)


def _format(suffix: str, data: bytes) -> Format | None:
    """None for plain text and Markdown, and for bytes that no reader knows."""
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(_OLE) or (data.startswith(b"PK\x03\x04") and b"word/" in data):
        return "docx"
    return "html" if _HTML.match(data, 0, 2000) else _BY_SUFFIX.get(suffix)


def _check_size(name: str, data: bytes) -> None:
    if len(data) > MAX_TEXT_BYTES:
        raise ArticleTooLarge(
            f"{name} has {len(data):,} bytes; an article of text may have {MAX_TEXT_BYTES:,}. Split it."
        )
