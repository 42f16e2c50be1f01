"""The letters of a PDF page as runs: what stands on one line with no gap as wide as between columns."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from corpus.formats.pdf_page import Page, Run

_GAP = 1.15  # of the size: wider than a word space, narrower than between columns or cells
_BASELINE = 0.5  # of the size: a raised note mark stays in its line
_HYPHENS = (0x02, 0xFFFE)  # what PDFium puts for a hyphen that parts a word
_BREAKS = (0x0A, 0x0D)
_TAB = 0x09
_BULLETS = (0xF0B7, 0xF06C, 0xF0A7, 0xF0D8, 0xF075, 0xF0FC)  # of the fonts Symbol and Wingdings
_SMALLEST = 2000  # of the page's height: half a point on A4, which no eye can read
_BOLD = 600  # the weight from which a font counts as bold
_BOLD_NAMES = ("bold", "black", "heavy", "hei")  # SimHei, the font of Chinese headings


@dataclass(frozen=True)
class _Letter:
    code: int
    x0: float
    x1: float
    y: float
    size: float
    index: int


def read_page(file: pypdfium2.PdfDocument, index: int, limit: int) -> Page:
    """The runs of a page; of a page with more than `limit` letters, their number alone."""
    sheet = file[index]
    text = sheet.get_textpage()
    turns = sheet.get_rotation() // 90
    x0, y0, x1, y1 = sheet.get_bbox()
    (left, bottom), (right, top) = _box(_turned(x0, y0, turns), _turned(x1, y1, turns))
    page = Page(index + 1, top - bottom, n_letters=text.count_chars())
    spaced = False
    for letter in _letters(text, turns, page) if page.n_letters <= limit else ():
        if chr(letter.code).isspace():
            spaced = True
        elif _is_seen(letter, page.height) and left <= letter.x0 <= right and bottom <= letter.y <= top:
            _add(page.runs, letter, spaced, text)
            spaced = False
    for run in page.runs:
        run.y -= bottom
    page.is_picture = not page.runs and pdfium.FPDFPage_CountObjects(sheet) > 0
    text.close()
    sheet.close()
    return page


def _letters(text: pypdfium2.PdfTextPage, turns: int, page: Page) -> Iterator[_Letter]:
    """The upright letters in the order of the file; the others are counted in `page`."""
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(page.n_letters):
        code = pdfium.FPDFText_GetUnicode(text, index)
        pdfium.FPDFText_GetLooseCharBox(text, index, box)
        pdfium.FPDFText_GetCharOrigin(text, index, x, y)
        pdfium.FPDFText_GetMatrix(text, index, matrix)
        if code in _BREAKS:
            yield _Letter(code, 0, 0, 0, 0, index)
            continue
        if code in _HYPHENS:
            code = ord("-")
        if _is_unreadable(code):
            page.n_unreadable += 1
            code = ord("•") if code in _BULLETS else 0
        right, up = _turned(matrix.a, matrix.b, turns)
        if right <= 0 or abs(up) > right / 10:
            page.n_turned += code != 0x20
        elif code:
            size = pdfium.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d)
            (x0, _), (x1, _) = _box(_turned(box.left, box.bottom, turns), _turned(box.right, box.top, turns))
            yield _Letter(code, x0, x1, _turned(x.value, y.value, turns)[1], size, index)


def _is_seen(letter: _Letter, height: float) -> bool:
    """Whether a letter has a size that can be read, and a place: a damaged file gives any number."""
    return height / _SMALLEST < letter.size < height and math.isfinite(letter.x1)


def _is_unreadable(code: int) -> bool:
    """Control characters, the replacement character, and private signs, bullets among them."""
    return (code < 0x20 and code != _TAB) or code == 0xFFFD or 0xE000 <= code < 0xF900


def _add(runs: list[Run], letter: _Letter, spaced: bool, text: pypdfium2.PdfTextPage) -> None:
    """Put a letter into the last run if it goes on there, otherwise into a new one."""
    character = chr(letter.code)
    if runs:
        run = runs[-1]
        size = max(run.size, letter.size)
        near = -_BASELINE * size <= letter.x0 - run.x1 <= _GAP * size
        if near and abs(letter.y - run.y) <= _BASELINE * size:
            run.text += f" {character}" if spaced else character
            run.x1 = max(run.x1, letter.x1)
            run.is_bold = run.is_bold and _is_bold(text, letter.index)
            if letter.size > run.size:
                run.size, run.y = letter.size, letter.y
            return
    runs.append(Run(character, letter.x0, letter.x1, letter.y, letter.size, _is_bold(text, letter.index)))


def _is_bold(text: pypdfium2.PdfTextPage, index: int) -> bool:
    if pdfium.FPDFText_GetFontWeight(text, index) >= _BOLD:
        return True
    name = ctypes.create_string_buffer(100)
    pdfium.FPDFText_GetFontInfo(text, index, name, len(name), None)
    return any(mark in name.value.decode("utf-8", "replace").lower() for mark in _BOLD_NAMES)


def _turned(x: float, y: float, turns: int) -> tuple[float, float]:
    """A point of the page as it is shown, `turns` quarter turns clockwise."""
    return ((x, y), (y, -x), (-x, -y), (-y, x))[turns]


def _box(a: tuple[float, float], b: tuple[float, float]) -> tuple[tuple[float, float], tuple[float, float]]:
    """The lower left and the upper right of a box with these opposite corners."""
    return (min(a[0], b[0]), min(a[1], b[1])), (max(a[0], b[0]), max(a[1], b[1]))
