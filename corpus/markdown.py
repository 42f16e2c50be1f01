"""Markdown to blocks: headings, paragraphs, list items and table rows, without the marks."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.characters import join_all, strip_controls, tidy
from corpus.document import BlockKind
from corpus.layout import RawBlock

# What Hugo, Jekyll and Obsidian put before a text; a line of dashes alone is none.
_FRONT_MATTER = re.compile(r"---[ \t]*\n[\w-]+:(?:[ \t].*)?\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|$)")
_TITLE = re.compile(r"^title:[ \t]+([\"']?)([^\s\"'>|&*!\[{].*)\1[ \t]*$", re.MULTILINE)


def split_markdown(text: str) -> list[RawBlock]:
    """The blocks of a text; its title is a heading of level 1 before all others, or the front matter's."""
    front = _FRONT_MATTER.match(text)
    if front is None:
        return _blocks(text)
    blocks = _blocks(text[front.end() :])
    title = _TITLE.search(front[0])
    if title is None or not blocks or blocks[0].kind == "title":
        return blocks
    return [RawBlock("title", tidy(title[2])), *blocks]


def _blocks(text: str) -> list[RawBlock]:
    blocks: list[RawBlock] = []
    inside: list[str] = []
    cells: list[str] = []
    # Without blocks of HTML, all of it is inline: its tags go and the words between them stay.
    for token in MarkdownIt("commonmark").enable("table").disable("html_block").parse(text):
        if token.type == "inline":
            if "tr" in inside:
                cells.append(_plain(token))
            elif plain := _plain(token):
                blocks.append(RawBlock(_kind(inside, blocks), plain))
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
    """The text of an inline token: emphasis, links and HTML without marks, an image by its label."""
    text = strip_controls("".join(map(_text, inline.children or [])))
    return tidy(join_all(line.strip() for line in text.split("\n")))


def _text(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.type == "html_inline":
        return "\n" if token.content.lower().startswith("<br") else ""
    return token.content
