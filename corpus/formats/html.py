"""HTML to blocks: a saved page without its menus, or a document that was exported as HTML."""

from __future__ import annotations

import re
from dataclasses import replace

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from corpus.characters import CJK, strip_controls
from corpus.document import BlockKind
from corpus.encodings import decode
from corpus.errors import ArticleEmpty, ArticleTooLarge
from corpus.formats.page import remove_boilerplate, remove_unseen
from corpus.formats.reading import Blocks, Reading, clean, paragraph_kind
from corpus.formats.table import Cell, row_texts
from corpus.layout import RawBlock

MAX_ELEMENTS = 500_000  # a long page has 20,000; each takes about 2 KB of memory
MAX_DEPTH = 400  # a page has 30; tags of old that were never closed make 200
_CHARSET = re.compile(rb"<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_DECLARATION = re.compile(r"\s*<\?xml[^>]*>")
# References to characters that lxml takes from a page and then refuses to move.
_CONTROLS = re.compile(
    r"&#(?:x0*(?:[0-8bcef]|1[0-9a-f]|fff[ef])|0*(?:[0-8]|1[1-24-9]|2[0-9]|3[01]|6553[45]))(?![0-9a-f]);?",
    re.IGNORECASE,
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_KINDS: dict[str, BlockKind] = {
    **dict.fromkeys(_HEADINGS, "heading"),
    **dict.fromkeys(("li", "dt", "dd"), "item"),
    **dict.fromkeys(("figcaption", "caption"), "caption"),
}
_BLOCKS = frozenset(
    "address article aside blockquote body center details dir div dl fieldset figure footer form header hr "
    "html legend main menu nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
) | frozenset(_KINDS)
_LINE = "\u2028"  # a line break that the page asks for; the source's own mean no more than a space
# Pages of old part their paragraphs by line breaks: two of them, or one before an indentation.
_PARAGRAPHS = re.compile(rf"{_LINE}\s*{_LINE}\s*|{_LINE}\s*(?=[\u3000\xa0]{{2}})|(?<=[。！？])\s*{_LINE}")
_REFERENCE = re.compile(r"\[\w{1,5}\]")  # [12], [note]: they would look like our own numbers
_SITE = re.compile(rf"\s+[-–—]\s+|\||(?<={CJK.pattern})_|_(?={CJK.pattern})")  # 新桥通车_新禾日报
_LONG_CELL = 300  # characters: a cell that holds more lays out the page


def read_html(name: str, data: bytes) -> Reading:
    """The blocks of a web page, and the number of characters of menus and the like that were dropped.

    Raises NotText, UnknownEncoding, ArticleEmpty or ArticleTooLarge.
    """
    page = _parse(name, data)
    title = clean(page.findtext(".//title") or "")
    remove_unseen(page)
    dropped = remove_boilerplate(page)
    for element in page.xpath(".//pre/descendant-or-self::*"):
        element.text = " ".join(re.split(r"\s+", element.text or ""))
        element.tail = " ".join(re.split(r"\s+", element.tail or ""))
    walker = _Walker(Blocks(name))
    walker.visit(page, "paragraph")
    walker.flush("paragraph")
    blocks = _with_title(walker.blocks, title)
    return Reading(blocks, "html", {"dropped_characters": dropped} if dropped else {})


def _parse(name: str, data: bytes) -> HtmlElement:
    declared = _CHARSET.search(data, 0, 4096)
    text = strip_controls(decode(name, data, declared.group(1).decode() if declared else None))
    declaration = _DECLARATION.match(text)
    text = _CONTROLS.sub("", text[declaration.end() :] if declaration else text)
    try:
        # huge_tree: the parser's own limits cut the rest of a page off without a word. Ours refuse it.
        page: HtmlElement = document_fromstring(text, parser=HTMLParser(no_network=True, huge_tree=True))
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise ArticleEmpty(f"{name} holds no text. Give a page with at least one sentence.") from error
    elements = depth = 0
    for event, _ in etree.iterwalk(page, events=("start", "end")):
        elements += event == "start"
        depth += 1 if event == "start" else -1
        if elements > MAX_ELEMENTS or depth > MAX_DEPTH:
            raise ArticleTooLarge(
                f"{name} has more than {MAX_ELEMENTS:,} elements, or more than {MAX_DEPTH} inside each "
                "other. Save the page from a browser as PDF or text."
            )
    return page


def _with_title(blocks: Blocks, title: str) -> list[RawBlock]:
    """The only heading of the first level is the title, or else what the page calls itself."""
    tops = [block for block in blocks if block.kind == "title"]
    named = RawBlock("title", clean(_SITE.split(title)[0]))
    first = tops[0] if tops and (len(tops) == 1 or not named.text or tops[0] == named) else None
    others = [replace(b, kind="heading") if b.kind == "title" and b is not first else b for b in blocks]
    return others if first or not named.text or not others else [named, *others]


class _Walker:
    """Goes through a page and adds a block wherever a run of text ends."""

    def __init__(self, blocks: Blocks) -> None:
        self.blocks = blocks
        self._run: list[str] = []

    def flush(self, kind: BlockKind) -> None:
        """Add the text since the last block; line breaks in it may part paragraphs."""
        text = "".join(self._run)
        self._run = []
        if kind != "paragraph":
            self.blocks.add(kind, text.replace(_LINE, " "))
            return
        for part in map(clean, _PARAGRAPHS.split(text)):
            self.blocks.add(paragraph_kind(part), part)

    def visit(self, element: HtmlElement, kind: BlockKind) -> None:
        """Add an element's text; `kind` is what text directly inside it is."""
        tag = element.tag
        if tag == "sup" and _REFERENCE.fullmatch(element.text_content().strip()):
            return
        if tag in _BLOCKS:
            self.flush(kind)
            if tag == "table" and _is_data(element):
                self._table(element)
                return
        inner: BlockKind = "title" if tag == "h1" else _KINDS.get(str(tag), kind)
        if tag == "br":
            self._run.append(_LINE)
        self._run.append(element.text or "")
        for child in element:
            self.visit(child, inner)
            self._run.append(child.tail or "")
        if tag in _BLOCKS:
            self.flush(inner)

    def _table(self, table: HtmlElement) -> None:
        for caption in table.iter("caption"):
            self.blocks.add("caption", caption.text_content())
        rows = [row for row in table.iter("tr") if len(row)]
        has_header = bool(rows) and (
            _parent_tag(rows[0]) == "thead" or all(cell.tag == "th" for cell in _cells(rows[0]))
        )
        for text in row_texts(([self._cell(cell) for cell in _cells(row)] for row in rows), has_header):
            self.blocks.add("item", text)

    def _cell(self, cell: HtmlElement) -> Cell:
        inner = _Walker(Blocks(self.blocks.name))
        inner.visit(cell, "item")
        text = " ".join(block.text for block in inner.blocks)
        return Cell(text, _span(cell, "colspan"), _span(cell, "rowspan"))


def _is_data(table: HtmlElement) -> bool:
    """Whether a table holds data; others, older than CSS, lay out a page."""
    if table.get("role") == "presentation" or table.find(".//table") is not None:
        return False
    if any(next(table.iter(tag), None) is not None for tag in _HEADINGS):
        return False
    columns = max((len(_cells(row)) for row in table.iter("tr")), default=0)
    longest = max((len(cell.text_content().strip()) for cell in table.iter("td")), default=0)
    return columns > 1 and longest <= _LONG_CELL


def _cells(row: HtmlElement) -> list[HtmlElement]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _parent_tag(element: HtmlElement) -> str:
    parent = element.getparent()
    return "" if parent is None else str(parent.tag)


def _span(cell: HtmlElement, name: str) -> int:
    value = cell.get(name, "1").strip()
    return max(1, int(value)) if value.isascii() and value.isdigit() and len(value) < 6 else 1
