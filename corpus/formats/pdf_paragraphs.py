"""Lines of a PDF in reading order to blocks: paragraphs joined, headings by their type, table rows.

A paragraph ends where the type changes, at a wide gap, before an indented line, or at a line that had
room for the next line's first word. At the end of a column or page it ends if its sentence does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from corpus.characters import ends_sentence, join, tidy, width
from corpus.document import BlockKind
from corpus.formats.pdf_order import Line
from corpus.formats.reading import Blocks, could_be_heading, is_caption, n_letters, paragraph_kind
from corpus.formats.table import Cell, row_texts
from corpus.layout import ITEM, LONGEST_HEADING
from corpus.sentences import split_sentences

_LARGER = 1.1  # of the body's size: a heading, or at least no part of a paragraph
_WIDE_GAP = 1.3  # of the usual distance of two lines
_INDENT = 0.8  # of the size
_LATIN_WIDTH = 0.6  # of the size: a letter on average
# Characters: one that fits, and the mark that may not begin a line; the first only behind a full stop.
_CJK_ROOM, _CJK_ROOM_INSIDE = 2.2, 4.4
_WIDEST_STRETCH = 8  # of the size: a gap between words of a line set to fill a narrow column
_LEADER = re.compile(r"(?:[.·…]\s?){4,}\s*[0-9ivx]+$|[.·…]{4,}$")  # Introduction ........ 3
_WORD_CUT = re.compile(r"(?<![-\w])[^\W\d_]+-$")  # eight hun-: a hyphen within state-of- stays

_LATIN_WORD = re.compile(r"[!-\u024f]+")

_Found = tuple[BlockKind, str, int, float]  # a block with its page and the size of its letters


@dataclass(frozen=True)
class _Type:
    """What the document's running text looks like; `pitch` is the distance of its lines by their size."""

    size: float
    pitch: float
    is_bold: bool

    @classmethod
    def of(cls, lines: Sequence[Line]) -> _Type:
        sizes: Counter[float] = Counter()
        letters = bold = 0
        for line in lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
            letters += len(line.text)
            bold += len(line.text) * line.is_bold
        size = max(0.5, sizes.most_common(1)[0][0])
        gaps = [
            (a.y - b.y) / size
            for a, b in pairwise(lines)
            if a.page == b.page and 0 < a.y - b.y < 3 * size and max(a.size, b.size) < size * _LARGER
        ]
        return cls(size, median(gaps) if gaps else 1.5, bold * 2 > letters)


def add_blocks(lines: Sequence[Line], blocks: Blocks) -> int:
    """Add the blocks of a document's lines; the number of characters of its table of contents.

    The first page's largest heading is the title, and headings above it are subtitles.
    """
    contents = [line for line in lines if _LEADER.search(line.text)]
    lines = [line for line in lines if not _LEADER.search(line.text)]
    if not lines:
        return sum(n_letters(line.text) for line in contents)
    body = _Type.of(lines)
    largest = max(line.size for line in lines if line.page == lines[0].page)
    found = [f for part, is_table in _parts(lines) for f in (_rows(part) if is_table else _texts(part, body))]
    title = next((i for i, (kind, *_, size) in enumerate(found) if (kind, size) == ("heading", largest)), -1)
    for i, (kind, text, page, _) in enumerate(found):
        above = kind == "heading" and i < title
        blocks.add("title" if i == title else "subtitle" if above else kind, text, page)
    return sum(n_letters(line.text) for line in contents)


def _parts(lines: Sequence[Line]) -> Iterator[tuple[list[Line], bool]]:
    """Runs of lines, and whether they are rows of a table: two or more with cells below each other."""

    def together(a: Line, b: Line) -> bool:
        below = min(len(a.cells), len(b.cells)) > 1 and a.page == b.page and a.y > b.y
        return below and _aligned(a, b) and not (_is_stretched(a) and _is_stretched(b))

    rows = {i for i, (a, b) in enumerate(pairwise(lines)) if together(a, b)}
    marked = [(line, i in rows or i - 1 in rows) for i, line in enumerate(lines)]
    for is_table, part in groupby(marked, key=lambda pair: pair[1]):
        yield [line for line, _ in part], is_table


def _is_stretched(line: Line) -> bool:
    """Whether a line of text was set wide to fill its column: its gaps are all equal."""
    gaps = [b[0] - a[1] for a, b in pairwise(line.spans)]
    equal = max(gaps) - min(gaps) < line.size / 3 and max(gaps) < _WIDEST_STRETCH * line.size
    return equal and line.right - line.x1 < line.size


def _aligned(a: Line, b: Line) -> bool:
    """Whether half of the cells behind the first begin, end or lie at one place; stretched words do not."""
    few, many = sorted((a.spans[1:], b.spans[1:]), key=len)
    found = sum(
        any(min(abs(x0 - u0), abs(x1 - u1), abs(x0 + x1 - u0 - u1) / 2) < a.size / 2 for u0, u1 in many)
        for x0, x1 in few
    )
    return found * 2 >= len(few)


def _rows(part: Sequence[Line]) -> Iterator[_Found]:
    """A table's rows. A first row without figures over three or more columns with them is the header."""
    first, *others = part
    has_header = (
        len(first.cells) > 2
        and all(len(line.cells) == len(first.cells) for line in others)
        and not _has_figures(first)
        and any(map(_has_figures, others))
    )
    if has_header:  # it may stand again at the top of the next page
        others = [line for line in others if line.cells != first.cells]
    rows = [[Cell(text) for text in line.cells] for line in (first, *others)]
    texts = row_texts(rows, has_header)
    for text, line in zip(texts, others if has_header else (first, *others), strict=True):
        yield "item", text, line.page, line.size


def _texts(part: Sequence[Line], body: _Type) -> Iterator[_Found]:
    for paragraph in _paragraphs(part, body):
        kind = _kind(paragraph, body)
        for text, page in _by_page(paragraph):
            yield kind, ITEM.sub("", text) if kind == "item" else text, page, paragraph[0].size


def _paragraphs(lines: Sequence[Line], body: _Type) -> Iterator[list[Line]]:
    paragraph: list[Line] = []
    for line in lines:
        if paragraph and _ends(paragraph, line, body):
            yield paragraph
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield paragraph


def _ends(paragraph: Sequence[Line], line: Line, body: _Type) -> bool:
    """Whether a paragraph ends before a line."""
    last, size = paragraph[-1], max(paragraph[-1].size, line.size)
    if size >= min(last.size, line.size) * _LARGER:
        return True
    if last.is_bold != line.is_bold and could_be_heading(_joined(paragraph)):
        return True
    is_item, in_item = ITEM.match(line.text), ITEM.match(paragraph[0].text)
    if last.page != line.page or not 0 < last.y - line.y < 3 * size:  # another column or page
        return ends_sentence(last.text) or _has_room(last, line) or bool(is_item and in_item)
    if last.y - line.y > _WIDE_GAP * body.pitch * size:
        return True
    if size >= body.size * _LARGER:  # a heading of several lines, centred maybe
        return False
    if is_item and (in_item or ends_sentence(last.text) or last.text.endswith(("：", ":"))):
        return True
    indented = min(line.x0 - line.left, line.x0 - last.x0) > _INDENT * size
    hangs = len(paragraph) == 1 and in_item
    return (indented and not hangs) or _has_room(last, line)


def _has_room(last: Line, line: Line) -> bool:
    """Whether the first word of a line would have fitted at the end of the last one, which so ended there."""
    word = _LATIN_WORD.match(line.text)
    if word is not None:
        need = len(word[0]) * _LATIN_WIDTH + 0.5
    else:
        need = _CJK_ROOM if ends_sentence(last.text) else _CJK_ROOM_INSIDE
    return last.right - last.x1 > need * line.size


def _kind(paragraph: Sequence[Line], body: _Type) -> BlockKind:
    text = _joined(paragraph)
    larger = paragraph[0].size >= body.size * _LARGER
    bold = not body.is_bold and all(line.is_bold for line in paragraph)
    if larger and width(text) <= LONGEST_HEADING and text[-1] not in "。.，,；;：:":
        return "heading"  # What is this spec?
    if bold and not is_caption(text) and could_be_heading(text):
        return "heading"
    return "item" if ITEM.match(text) else paragraph_kind(text)


def _by_page(paragraph: Sequence[Line]) -> Iterator[tuple[str, int]]:
    """A paragraph's text with its page; one that crosses pages is parted between sentences."""
    text = ""
    starts: list[tuple[int, int]] = []  # the page, and where its text begins
    for line in paragraph:
        text = _add(text, line.text)
        if not starts or line.page != starts[-1][0]:
            starts.append((line.page, len(text) - len(line.text)))
    if len(starts) == 1:
        yield text, starts[0][0]
        return
    spans = split_sentences(text)
    pages = [max(page for page, at in starts if at <= start) for start, _ in spans]
    for page, group in groupby(zip(spans, pages, strict=True), key=lambda pair: pair[1]):
        inside = [span for span, _ in group]
        yield text[inside[0][0] : inside[-1][1]], page


def _joined(paragraph: Sequence[Line]) -> str:
    text = ""
    for line in paragraph:
        text = _add(text, line.text)
    return tidy(text)


def _add(text: str, line: str) -> str:
    """A text with a further line; a hyphen that cuts a word goes, one that is part of it stays.

    >>> _add("eight hun-", "dred"), _add("state-of-", "the-art"), _add("工业大模", "型")
    ('eight hundred', 'state-of-the-art', '工业大模型')
    """
    if text.endswith("-") and line[:1].isalpha():
        return (text[:-1] if _WORD_CUT.search(text) and line[0].islower() else text) + line
    return join(text, line)


def _has_figures(line: Line) -> bool:
    return any(character.isdigit() for character in line.text)
