"""What the styles of a Word file say a paragraph is, in the English and the Chinese names of Word and WPS."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from lxml.etree import _Element as Element

from corpus.document import BlockKind

# In the order they are tried: 标题 alone is the title, 标题 1 is a heading.
_NAMES: tuple[tuple[BlockKind | Literal["contents"], re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))  # type: ignore[misc]  # a tuple of literals widens to str
    for kind, pattern in (
        ("contents", r"(?:toc|目[录錄])\s*(?:[1-9]|heading|标题)|table of figures"),
        ("title", r"title|(?:文档|论文|文章)?(?:标题|標題)"),
        ("subtitle", r"subtitle|副(?:标题|標題)"),
        ("heading", r"(?:heading|标题|標題)\s*[1-9].*|[一二三四五六七八九]级(?:标题|標題)"),
        ("caption", r"caption|题注|標號|[图表](?:题|标题)"),
    )
)
_TOP = re.compile(r"(?:heading|标题|標題)\s*1|一级(?:标题|標題)", re.IGNORECASE)
_BODY_LEVEL = 9  # the outline level of text; 0 to 8 are headings


@dataclass(frozen=True)
class Style:
    """`kind` None where the style names nothing but body text; `is_top` for headings of the first level."""

    kind: BlockKind | Literal["contents"] | None = None
    is_top: bool = False


class Styles:
    """The styles of a Word file by what they make of a paragraph."""

    def __init__(self, word: WordDocument) -> None:
        self._elements: Mapping[str, Element] = {
            element.get(qn("w:styleId"), ""): element for element in word.styles.element.iter(qn("w:style"))
        }
        self._known: dict[str, Style] = {}

    def of(self, paragraph: Element) -> Style:
        """What a paragraph is by its own properties, or else by its style and what that is based on."""
        own = _by_properties(paragraph)
        style_id = _value(paragraph, "w:pPr/w:pStyle") or ""
        if style_id not in self._known:
            self._known[style_id] = self._resolve(style_id)
        named = self._known[style_id]
        return own if own.kind and named.kind in (None, "item") else named

    def _resolve(self, style_id: str) -> Style:
        seen: set[str] = set()  # a damaged file may base a style on itself
        listed = Style()
        while style_id in self._elements and style_id not in seen:
            seen.add(style_id)
            element = self._elements[style_id]
            name = (_value(element, "w:name") or "").strip()
            for kind, pattern in _NAMES:
                if pattern.fullmatch(name):
                    return Style(kind, _TOP.fullmatch(name) is not None)
            by_properties = _by_properties(element)
            if by_properties.kind == "heading":
                return by_properties
            listed = listed if listed.kind else by_properties
            style_id = _value(element, "w:basedOn") or ""
        return listed


def _by_properties(element: Element) -> Style:
    """What the outline level or the numbering of a paragraph or style says."""
    level = _value(element, "w:pPr/w:outlineLvl")
    if level is not None and level.isdecimal() and int(level) < _BODY_LEVEL:
        return Style("heading", int(level) == 0)
    number = _value(element, "w:pPr/w:numPr/w:numId")
    return Style("item") if number not in (None, "0") else Style()  # 0 takes a numbering away


def _value(element: Element, path: str) -> str | None:
    found = element.find("/".join(map(qn, path.split("/"))))
    return None if found is None else found.get(qn("w:val"))
