"""From lines to blocks: how the text of a file was laid out, and what each run of lines is.

Two layouts:

wrapped   Text taken from a PDF in columns. A blank line means nothing by itself (it may fall
          inside a word), and paragraphs lost their indentation. A paragraph ends at a line that
          ends a sentence and is short of its column, or is followed by a line two characters
          short (a first line lost its indentation), or by a blank line.
plain     Blank lines part paragraphs. Between them, lines of about one width are one wrapped
          paragraph; lines of unequal width are a block each.

In both, a line that starts with a bullet starts an item, and a line without punctuation at the
start of a block is a heading where what follows starts a block of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.characters import BULLETS, CJK, ends_sentence, is_cjk, join_all, tidy, width
from corpus.document import BlockKind

# Columns. An indentation is two Chinese characters, four columns; compressed punctuation
# lets a full line come out up to two columns narrower than its column.
_SHORT = 3
# Lines on each side that tell how wide the column is: enough for a paragraph's full lines,
# few enough not to reach into a neighbouring column of another width.
_REACH = 5
SENTENCE_MARKS = re.compile("[。！？；，!?;：:]|,|\\.$")
ITEM = re.compile(
    rf"^(?:[{BULLETS}]\s*|[-*+]\s+|(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})[.、)）]\s*(?!\d))"
)
# How sections are numbered; lists are numbered so, too, but count on from line to line.
_NUMBERED = re.compile(
    r"^(?:([（(]?)([一二三四五六七八九十]{1,3})[、）)]|第[一二三四五六七八九十\d]{1,3}[章节節部编編])"
)
_DIGITS = "零一二三四五六七八九"
_TWO_PART = re.compile(rf"(?<={CJK.pattern}) (?={CJK.pattern})")
LONGEST_HEADING = 80  # columns: forty Chinese characters


@dataclass(frozen=True)
class RawBlock:
    """A block's kind and cleaned text, not yet placed in a document; its page, from 1, if it has one."""

    kind: BlockKind
    text: str
    page: int | None = None


@dataclass(frozen=True)
class _Line:
    text: str
    after_blank: bool

    @property
    def is_item(self) -> bool:
        return ITEM.match(self.text) is not None

    @property
    def number(self) -> tuple[str, int] | None:
        """How it is numbered as sections are: the sign before the number, and the number."""
        match = _NUMBERED.match(self.text)
        return (match[1] or "", _value(match[2] or "")) if match else None

    def counts_on(self, before: _Line | None) -> bool:
        """Whether its number is the next one."""
        if before is None or before.number is None or self.number is None:
            return False
        return self.number == (before.number[0], before.number[1] + 1)

    @property
    def could_be_heading(self) -> bool:
        return self.width <= LONGEST_HEADING and not SENTENCE_MARKS.search(_NUMBERED.sub("", self.text))

    @property
    def width(self) -> int:
        return width(self.text)


def detect_layout(text: str) -> Literal["wrapped", "plain"]:
    """`wrapped` where lines of Chinese break mid-sentence and blank lines cannot be trusted."""
    lines = _lines(text)
    broken = [line for line in lines if not ends_sentence(line.text)]
    chinese = sum(map(is_cjk, text)) * 2 > sum(c.isalnum() for c in text)
    if not chinese or len(lines) < 8 or len(broken) * 2 < len(lines):
        return "plain"
    widest = sorted(line.width for line in lines)[len(lines) * 9 // 10]
    full = {i for i, line in enumerate(lines) if line.width * 4 >= widest * 3}
    if widest > 120 or len(full) * 2 < len(lines):
        return "plain"
    blanks = [i for i, line in enumerate(lines) if line.after_blank and i > 0]
    inside = sum(1 for i in blanks if i - 1 in full and not ends_sentence(lines[i - 1].text))
    return "wrapped" if not blanks or inside * 4 >= len(blanks) else "plain"


def split_blocks(text: str, layout: Literal["wrapped", "plain"]) -> list[RawBlock]:
    """The blocks of a text, in order; the first without sentence marks is the title."""
    lines = _lines(text)
    if not any(SENTENCE_MARKS.search(line.text) for line in lines):  # a list or a form: no headings
        return [_unmarked(line) for line in lines]
    runs = list(_wrapped_runs(lines) if layout == "wrapped" else _plain_runs(lines))
    blocks: list[RawBlock] = []
    kept: list[list[_Line]] = []  # the run of each block: an item may be a mark and nothing else
    for position, run in enumerate(runs):
        before = runs[position - 1][0] if position else None
        following = runs[position + 1][0] if position + 1 < len(runs) else None
        kind = _kind(run, before, following)
        joined = join_all(line.text for line in run)
        body = ITEM.sub("", joined) if kind == "item" else joined
        if body:
            blocks.append(RawBlock(kind, tidy(body)))
            kept.append(run)
    blocks = _name_head(blocks)
    return _name_captions(blocks, kept) if layout == "wrapped" else blocks


def _unmarked(line: _Line) -> RawBlock:
    kind: BlockKind = "item" if line.is_item else "paragraph"
    return RawBlock(kind, tidy(ITEM.sub("", line.text)) or line.text)


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    after_blank = False
    for raw in text.split("\n"):
        if stripped := raw.strip():
            lines.append(_Line(stripped, after_blank))
        after_blank = not stripped
    return lines


def _wrapped_runs(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """Lines grouped by the rules of the wrapped layout."""
    short = [_is_short(lines, i) for i in range(len(lines))]
    run: list[_Line] = []
    for i, line in enumerate(lines):
        run.append(line)
        following = lines[i + 1] if i + 1 < len(lines) else None
        if following is None or following.is_item:
            ends = True
        elif ends_sentence(line.text):
            indented = short[i + 1] and not ends_sentence(following.text)
            ends = short[i] or indented or following.after_blank
        else:
            ends = len(run) == 1 and _is_wrapped_heading(line, following, short, i)
        if ends:
            yield run
            run = []


def _is_short(lines: Sequence[_Line], i: int) -> bool:
    """Whether a line is short of its column, whose width its neighbours tell."""
    near = sorted(line.width for line in lines[max(0, i - _REACH) : i + _REACH + 1])
    return lines[i].width <= near[-min(3, len(near))] - _SHORT


def _is_wrapped_heading(line: _Line, following: _Line, short: list[bool], i: int) -> bool:
    if line.is_item or SENTENCE_MARKS.search(line.text):
        return False
    return bool(_TWO_PART.search(line.text)) or (short[i] and (i < 2 or short[i + 1]))


def _plain_runs(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """Lines grouped by blank lines, then by whether they fill one width."""
    group: list[_Line] = []
    for i, line in enumerate(lines):
        group.append(line)
        if i + 1 == len(lines) or lines[i + 1].after_blank:
            yield from _split_group(group)
            group = []


def _split_group(group: list[_Line]) -> Iterator[list[_Line]]:
    widest = max(line.width for line in group)
    filled = widest <= 120 and all(line.width * 4 >= widest * 3 for line in group[:-1])
    run: list[_Line] = []
    for i, line in enumerate(group):
        run.append(line)
        if i + 1 == len(group) or not filled or group[i + 1].is_item:
            yield run
            run = []


def _kind(run: Sequence[_Line], before: _Line | None, following: _Line | None) -> BlockKind:
    line = run[0]
    could_be = len(run) == 1 and following is not None and line.could_be_heading
    if line.is_item:
        in_list = line.counts_on(before) or (following is not None and following.counts_on(line))
        return "heading" if could_be and line.number and not in_list else "item"
    leads = following is not None and (not following.is_item or following.number is not None)
    return "heading" if could_be and leads else "paragraph"


def _value(numeral: str) -> int:
    """A Chinese number below a hundred.

    >>> _value("三"), _value("十"), _value("二十一")
    (3, 10, 21)
    """
    tens, ten, ones = numeral.rpartition("十")
    return (_DIGITS.find(tens or "一") * 10 if ten else 0) + max(0, _DIGITS.find(ones or "零"))


def _name_head(blocks: list[RawBlock]) -> list[RawBlock]:
    """Headings before the first text are the title and its subtitles."""
    head = next((i for i, b in enumerate(blocks) if b.kind != "heading" or _NUMBERED.match(b.text)), 0)
    named = [RawBlock("subtitle" if i else "title", blocks[i].text) for i in range(head)]
    return named + blocks[head:]


def _name_captions(blocks: list[RawBlock], runs: Sequence[Sequence[_Line]]) -> list[RawBlock]:
    """One-line, one-sentence paragraphs are captions under the title or side by side."""
    lone = [
        block.kind == "paragraph" and len(run) == 1 and ends_sentence(block.text)
        for block, run in zip(blocks, runs, strict=True)
    ]
    named = list(blocks)
    for i, block in enumerate(blocks):
        under_title = i > 0 and blocks[i - 1].kind in ("title", "subtitle")
        beside = (i > 0 and lone[i - 1]) or (i + 1 < len(lone) and lone[i + 1])
        if lone[i] and (under_title or beside):
            named[i] = RawBlock("caption", block.text)
    return named
