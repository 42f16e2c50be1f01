"""Documents from JSON Lines, compressed or not, one at a time: files may be larger than memory.

A line is an object with `id` and `text`; `title` and `date` (a year with a month) are optional, whatever
else it has is passed over.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
import lzma
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from corpus.build import build_text
from corpus.characters import strip_controls
from corpus.document import Document
from corpus.errors import ArticleDamaged, ArticleNotFound, ArticleTooLarge, ArticleUnread
from corpus.metadata import Metadata

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ENDINGS = (".jsonl", ".jsonl.gz", ".jsonl.xz", ".jsonl.zst")
_LONGEST_ID = 200  # characters
_LONGEST_TITLE = 200
_BEGINNING = 30  # characters of the text that stand for a title
_MONTH = re.compile(r"(\d{4})\D{1,2}(\d{1,2})(?!\d)")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Line:
    """A line of a file; `number` counts from 1, `done` bytes of the file were read so far."""

    number: int
    text: bytes
    done: int


def read_lines(path: Path, longest: int) -> Iterator[Line]:
    """The lines that hold anything; of one beyond `longest` bytes only as many and one more.

    Raises ArticleNotFound, or ArticleDamaged where a compressed file is cut short or altered.
    """
    number = 0
    with _opened(path) as (raw, file):
        while True:
            try:
                text = rest = file.readline(longest + 1)
                number += 1
                while len(rest) > longest and not rest.endswith(b"\n"):
                    rest = file.readline(longest + 1)
            except (OSError, EOFError, lzma.LZMAError, zstd.ZstdError) as error:
                raise ArticleDamaged(f"{path} cannot be read beyond line {number}: {error}.") from error
            if not text:
                return
            if text.strip():
                yield Line(number, text, raw.tell())


@dataclass(frozen=True)
class Parsed:
    """A line's document before it is read: its id, the hash of the line, and what reads it."""

    id: str
    source_sha256: str
    read: Callable[[], Document]  # raises an ArticleError


def parse_line(line: bytes, longest: int) -> Parsed:
    """What a line holds. Raises an ArticleError that says what is wrong, not where."""
    if len(line.removesuffix(b"\n")) > longest:
        raise ArticleTooLarge(f"it has more than {longest:,} bytes; split it, or raise articles.megabytes")
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ArticleDamaged(f"it is no JSON: {error}") from error
    if not isinstance(row, dict):
        raise ArticleDamaged("it is no JSON object")
    own_id, text = check_id(row.get("id")), row.get("text")
    if not isinstance(text, str):
        raise ArticleDamaged("its text should be a text")
    source = hashlib.sha256(line.strip()).hexdigest()
    return Parsed(own_id, source, lambda: replace(_document(text, row), id=own_id, source_sha256=source))


def check_id(own_id: object) -> str:
    """The id of one of many documents, if it can be one. Raises ArticleDamaged."""
    if not isinstance(own_id, str) or not 0 < len(own_id) <= _LONGEST_ID or strip_controls(own_id) != own_id:
        raise ArticleDamaged(f"its id should be a text of at most {_LONGEST_ID} visible characters")
    return own_id


def _document(text: str, row: dict[str, Any]) -> Document:
    found = _MONTH.search(str(row.get("date") or ""))
    month = f"{int(found[1]):04}-{int(found[2]):02}" if found and 1 <= int(found[2]) <= 12 else None
    try:
        document = build_text("text", text, Metadata(published=month))
    except (LookupError, ValueError) as error:  # of ours: one line of millions must not keep the others out
        log.debug("unexpected error", exc_info=True)
        raise ArticleUnread(f"the reader failed on it: {type(error).__name__}: {error}") from error
    named = row.get("title")
    title = " ".join(strip_controls(named).split())[:_LONGEST_TITLE] if isinstance(named, str) else ""
    return replace(document, title=title or _beginning(document.text))


def _beginning(text: str) -> str:
    shown = " ".join(text[: 2 * _BEGINNING].split())
    return shown if len(shown) <= _BEGINNING else f"{shown[:_BEGINNING]}…"


@contextmanager
def _opened(path: Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """The file, and what it holds when it is unpacked."""
    try:
        raw = path.open("rb")
    except OSError as error:
        raise ArticleNotFound(f"cannot read {path}: {error.strerror}. Check the path.") from error
    with raw:
        unpackers: dict[str, Callable[[Any], Any]] = {
            ".gz": gzip.open,
            ".xz": lzma.open,
            ".zst": zstd.open,
        }
        yield raw, unpackers.get(path.suffix.lower(), lambda file: file)(raw)
