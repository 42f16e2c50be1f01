"""Markdown to blocks: headings, paragraphs, list items and table rows, without the marks."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.characters import join_all, tidy
from corpus.document import BlockKind
from corpus.layout import RawBlock


def split_markdown(text: str) -> list[RawBlock]:
    """The blocks of a Markdown text, in order; the first heading is the title."""
    blocks: list[RawBlock] = []
    inside: list[str] = []
    cells: list[str] = []
    for token in MarkdownIt("commonmark", {"html": False}).enable("table").parse(text):
        if token.type == "inline":
            if "tr" in inside:
                cells.append(_plain(token))
            else:
                blocks.append(RawBlock(_kind(inside, blocks), _plain(token)))
        elif token.type in ("fence", "code_block"):
            blocks.append(RawBlock("paragraph", tidy(" ".join(token.content.split()))))
        elif token.nesting == 1:
            inside.append(token.tag)
        elif token.nesting == -1:
            inside.pop()
            if token.tag == "tr":
                blocks.append(RawBlock("item", " | ".join(filter(None, cells))))
                cells = []
    return [block for block in blocks if block.text]


def _kind(inside: list[str], blocks: list[RawBlock]) -> BlockKind:
    if inside and inside[-1] in ("h1", "h2", "h3", "h4", "h5", "h6"):
        return "title" if inside[-1] == "h1" and not blocks else "heading"
    return "item" if "li" in inside else "paragraph"


def _plain(inline: Token) -> str:
    """The text of an inline token: emphasis and links without marks, an image by its label."""
    text = "".join(
        "\n" if child.type in ("softbreak", "hardbreak") else child.content for child in inline.children or []
    )
    return tidy(join_all(line.strip() for line in text.split("\n")))
