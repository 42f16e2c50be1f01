"""Word (.docx) to blocks: headings by style, lists, tables in place, footnotes behind their paragraph.

The text is taken as it stands when every change is accepted: what is struck out is not shown, what
is inserted is. Tables of contents are left out; headers and footers are never read.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from typing import Any
from zipfile import BadZipFile

from docx import Document as open_word
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from lxml import etree
from lxml.etree import _Element as Element

from corpus.document import BlockKind, Omission
from corpus.formats.docx_package import check_package, damaged
from corpus.formats.docx_styles import Styles
from corpus.formats.reading import (
    Blocks,
    Reading,
    clean,
    could_be_heading,
    is_caption,
    n_letters,
    paragraph_kind,
)
from corpus.formats.table import Cell, row_texts
from corpus.layout import RawBlock

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_CONTROL = qn("w:sdt")
_PARAGRAPH, _TABLE, _ROW, _CELL, _BOX = map(qn, ("w:p", "w:tbl", "w:tr", "w:tc", "w:txbxContent"))
_LOST = frozenset({*map(qn, ("w:del", "w:moveFrom", "w:rPr", "w:pPr")), _FALLBACK})
_TEXT = frozenset(map(qn, ("w:t", "m:t")))
_BREAKS = {qn("w:tab"): " ", qn("w:br"): " ", qn("w:cr"): " ", qn("w:noBreakHyphen"): "-"}
_NOTES = {qn("w:footnoteReference"): "footnotes", qn("w:endnoteReference"): "endnotes"}
_PART = f"{qn('w:sdtPr')}/{qn('w:docPartObj')}/{qn('w:docPartGallery')}"
# What python-docx meets in a package that is not as it should be.
_UNREADABLE = (
    BadZipFile,
    zlib.error,
    etree.XMLSyntaxError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    TypeError,
    ValueError,
)
_LONG_CELL = 300  # characters: a cell that holds more lays out the page


def read_docx(name: str, data: bytes) -> Reading:
    """The blocks of a Word file, and the number of characters of its table of contents.

    Raises ArticleProtected, ArticleDamaged, ArticleTooLarge, or NotText for a Word file of old.
    """
    check_package(name, data)
    try:
        word = open_word(BytesIO(data))
        reader = _Reader(word, Blocks(name))
        body = list(_plain(word.element).body)
    except _UNREADABLE as error:
        raise damaged(name, error) from error
    reader.read_all(body)
    omissions: dict[Omission, int] = {"dropped_characters": reader.dropped} if reader.dropped else {}
    return Reading(name_title(reader.blocks, reader.tops), "docx", omissions)


def name_title(blocks: Blocks, tops: Sequence[int]) -> list[RawBlock]:
    """The blocks with one title: by style, or else a first heading that stands alone on the first level."""
    named = list(blocks)
    titles = [i for i, block in enumerate(named) if block.kind == "title"]
    if not titles and list(tops) == [0]:
        named[0] = replace(named[0], kind="title")
    for before, i in pairwise(titles):
        named[i] = replace(named[i], kind="subtitle" if i == before + 1 else "heading")
    return named


class _Reader:
    """Goes through the body of a Word file and adds a block for each paragraph, row and note."""

    def __init__(self, word: WordDocument, blocks: Blocks) -> None:
        self.blocks = blocks
        self.tops: list[int] = []  # the places of the headings of the first level
        self.dropped = 0
        self._styles = Styles(word)
        self._notes = {kind: _notes(word, kind) for kind in _NOTES.values()}

    def read_all(self, elements: Iterable[Element]) -> None:
        """Read paragraphs and tables, and those inside content controls and accepted changes."""
        for child in elements:
            if child.tag == _PARAGRAPH:
                self._paragraph(child)
            elif child.tag == _TABLE:
                self._table(child)
            elif (part := child.find(_PART)) is not None and part.get(qn("w:val")) == "Table of Contents":
                self.dropped += sum(n_letters(_text(p)) for p in child.iter(_PARAGRAPH))
            elif child.tag not in _LOST:
                self.read_all(child)

    def _paragraph(self, paragraph: Element) -> None:
        text = clean(_text(paragraph))
        style = self._styles.of(paragraph)
        if style.kind == "contents":
            self.dropped += n_letters(text)
            return
        if style.is_top and text:
            self.tops.append(len(self.blocks))
        self.blocks.add(style.kind or self._unnamed(paragraph, text), text)
        for box in _boxes(paragraph):
            self.read_all(box)
        self._add_notes(paragraph)

    def _unnamed(self, paragraph: Element, text: str) -> BlockKind:
        """What a paragraph without a telling style is, by its looks."""
        if is_caption(text) or not could_be_heading(text):
            return paragraph_kind(text)
        if not self.blocks and _is_centred(paragraph):
            return "title"
        return "heading" if _is_bold(paragraph) else "paragraph"

    def _table(self, table: Element) -> None:
        rows = [row for row in _inside(table, _ROW) if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is None]
        grid = [[_cell(cell) for cell in row.iter(_CELL)] for row in rows]
        longest = max((len(cell.text or "") for row in grid for cell in row), default=0)
        if (
            max(map(len, grid), default=0) < 2
            or longest > _LONG_CELL
            or table.find(f".//{_TABLE}") is not None
        ):
            for cell in (cell for row in rows for cell in _inside(row, _CELL)):
                self.read_all(cell)
            return
        for text in row_texts(grid, _has_header(table, rows, grid)):
            self.blocks.add("item", text)
        self._add_notes(table)

    def _add_notes(self, element: Element) -> None:
        for reference in element.iter(*_NOTES):
            text = self._notes[_NOTES[str(reference.tag)]].get(reference.get(qn("w:id"), ""))
            self.blocks.add("item", text or "")


def _inside(element: Element, tag: str) -> Iterator[Element]:
    """The children of a kind, also those in content controls."""
    for child in element.iterchildren(tag, _CONTROL):
        if child.tag == tag:
            yield child
        else:
            for content in child.iterchildren(qn("w:sdtContent")):
                yield from _inside(content, tag)


def _text(element: Element) -> str:
    """The text of a paragraph as it is shown; that of its text boxes stands apart."""
    if element.tag in _TEXT:
        return element.text or ""
    if element.tag in _BREAKS:
        return _BREAKS[str(element.tag)]
    hidden = element.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    if hidden is not None and hidden.get(qn("w:val")) not in ("0", "false"):
        return ""
    return "".join(_text(child) for child in element if child.tag not in _LOST and child.tag != _BOX)


def _boxes(element: Element) -> Iterator[Element]:
    for child in element:
        if child.tag == _BOX:
            yield child
        elif child.tag not in _LOST:
            yield from _boxes(child)


def _plain(root: Any) -> Any:
    """The root of a part, unless it brings entities of its own: they would tear sentences apart."""
    if root.getroottree().docinfo.doctype:
        raise ValueError("it declares a document type")
    return root


def _notes(word: WordDocument, kind: str) -> dict[str, str]:
    """The footnotes or endnotes of a file by their ids."""
    for relation in word.part.rels.values():
        if relation.reltype.endswith(f"/{kind}") and not relation.is_external:
            root = _plain(parse_xml(relation.target_part.blob))
            return {
                note.get(qn("w:id"), ""): " ".join(map(_text, note.iter(_PARAGRAPH)))
                for note in root
                if note.get(qn("w:type")) is None  # the line above the notes is one of them
            }
    return {}


def _is_centred(paragraph: Element) -> bool:
    alignment = paragraph.find(f"{qn('w:pPr')}/{qn('w:jc')}")
    return alignment is not None and alignment.get(qn("w:val")) == "center"


def _is_bold(element: Element) -> bool:
    """Whether every run with text says that it is bold."""
    runs = [run for run in element.iter(qn("w:r")) if _text(run).strip()]
    marks = [run.find(f"{qn('w:rPr')}/{qn('w:b')}") for run in runs]
    return bool(runs) and all(b is not None and b.get(qn("w:val")) not in ("0", "false") for b in marks)


def _cell(cell: Element) -> Cell:
    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    value = "" if span is None else span.get(qn("w:val"), "")
    columns = max(1, int(value)) if value.isascii() and value.isdigit() and len(value) < 6 else 1
    merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    if merged is not None and merged.get(qn("w:val")) != "restart":
        return Cell(None, columns)
    return Cell(clean(" ".join(map(_text, cell.iter(_PARAGRAPH)))), columns)


def _has_header(table: Element, rows: Sequence[Element], grid: Sequence[Sequence[Cell]]) -> bool:
    """Whether the first row names the columns.

    Word marks the first row of every new table, so that mark counts for three columns and more, where
    the row has no figures; pairs of a name and a value have two columns.
    """
    if rows[0].find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None or _is_bold(rows[0]):
        return True
    look = table.find(f"{qn('w:tblPr')}/{qn('w:tblLook')}")
    marked = look is not None and look.get(qn("w:firstRow")) == "1"
    figures = any(character.isdigit() for cell in grid[0] for character in cell.text or "")
    return marked and len(grid[0]) > 2 and not figures
