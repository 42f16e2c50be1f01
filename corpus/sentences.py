"""Splitting a block into sentences, with exact offsets.

Rules, in the order they are applied:
1. A sentence ends at 。！？ with the closing quotes and brackets that follow directly.
   ASCII .!? end one only before the start of another sentence, and not after an
   abbreviation or an initial (3.9, e.g., Mr., J.).
2. Nothing splits inside 《》, （）, 【】 or a quotation, nested ones included, unless the
   quotation is longer than `LONG_QUOTATION`: then its own full stops split.
3. A quotation that opens inside a clause ends nothing: 打出“加油！”的横幅.
4. A quotation stays with its attribution: “…。”某某说。 is one sentence.
5. A sentence longer than `LONGEST` (a text with no full stops) is cut at a comma or a space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.characters import CLOSERS, FULL_STOPS, OPEN_TO_CLOSE, is_cjk
from corpus.script import simplified

LONG_QUOTATION = 160  # characters; newspapers keep a quotation with one speaker below this
LONGEST = 400  # characters; the embedder reads at most 512 tokens

# What a speaker does, close behind the quotation: 某某说， 某某介绍道。 某某告诉记者，
_ATTRIBUTION = re.compile(
    r"[^。！？!?“”：]{1,60}?"
    r"(?:说|表示|介绍|称|道|指出|认为|坦言|透露|强调|回忆|解释|感叹|呼吁|告诉[^，。]{1,6})(?=[，。：；！,]|$)"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|vs|No|Inc|Ltd|Co|Corp|Fig|Gen|Sen|Rep|Gov|Mt|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)|\b[A-Za-z])$"
)
_NEXT_SENTENCE = re.compile(r"[\"'”’)\]]*(?:\s+[\"'“‘(\[]*[A-Z0-9]|\s*$|[\u4e00-\u9fff])")
_SOFT_BREAKS = ("；;", "，,、", " ")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """The spans of a block's sentences; white space between them belongs to none.

    >>> split_sentences("今天晴。“好。”他说。")
    [(0, 4), (4, 11)]
    """
    text = simplified(text)
    spans: list[tuple[int, int]] = []
    start = 0
    for end in _ends(text):
        spans.extend(_cut_long(text, start, end))
        start = end
    return spans


def _ends(text: str) -> Iterator[int]:
    """The offsets just behind each sentence, the text's own end last."""
    position = 0
    while position < len(text):
        inside = _behind_bracket(text, position)
        if inside is None and not _is_full_stop(text, position):
            position += 1
            continue
        stop = position if inside is None else position + len(text[position:inside].rstrip(CLOSERS)) - 1
        inner = inside is not None and _belongs_inside(text, position, stop)
        position = _behind_closers(text, position + 1) if inside is None else inside
        if inner or not _is_full_stop(text, stop):
            continue
        if text[position : position + 1] in tuple(FULL_STOPS):  # “…？”。
            position = _behind_closers(text, position)
        if not _is_attributed(text, position):
            yield position
    yield len(text)


def _behind_bracket(text: str, position: int) -> int | None:
    """The offset behind the bracket or quotation that opens here; None where none of use does."""
    opener = text[position]
    closer = OPEN_TO_CLOSE.get(opener)
    if closer is None:
        return None
    depth = 0
    for offset in range(position, min(len(text), position + LONG_QUOTATION)):
        depth += (text[offset] == opener) - (text[offset] == closer)
        if depth == 0:
            return offset + 1
    return None


def _belongs_inside(text: str, opening: int, stop: int) -> bool:
    """Whether the full stop in a bracket belongs to what is named there, not to the sentence.

    The ！ of 《加油！》 belongs to the title, that of 打出“加油！”的横幅 to the banner.
    """
    before = opening - 1
    while before >= 0 and text[before].isspace():
        before -= 1
    in_clause = before >= 0 and text[before] not in "：:，,；;。！？!?—…”」』"
    return text[opening] == "《" or (in_clause and text[stop] in "。！？")


def _is_full_stop(text: str, position: int) -> bool:
    character = text[position]
    if character in "。！？":
        return True
    if character not in ".!?" or _NEXT_SENTENCE.match(text, position + 1) is None:
        return False
    if text[position - 1 : position].isdigit() and is_cjk(text[position + 1 : position + 2]):
        return False  # the number of a point: 1.加强监管
    return character != "." or _ABBREVIATION.search(text, max(0, position - 6), position) is None


def _behind_closers(text: str, position: int) -> int:
    """The offset behind further full stops and the closing quotes and brackets."""
    while position < len(text) and text[position] in FULL_STOPS + CLOSERS:
        position += 1
    return position


def _is_attributed(text: str, position: int) -> bool:
    """Whether the quotation that ends just before `position` is followed by its speaker."""
    opener = {"”": "“", "」": "「"}.get(text[position - 1])
    if opener is None:
        return False
    opening = text.rfind(opener, 0, position)
    if opening > 0 and text[opening - 1] in "：:":  # its speaker came before it
        return False
    return _ATTRIBUTION.match(text, position) is not None


def _cut_long(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span without outer white space, in pieces of at most `LONGEST` characters."""
    while start < end:
        while start < end and text[start].isspace():
            start += 1
        cut = end if end - start <= LONGEST else _soft_break(text, start, start + LONGEST)
        stop = cut
        while stop > start and text[stop - 1].isspace():
            stop -= 1
        if stop > start:
            yield start, stop
        start = cut


def _soft_break(text: str, start: int, limit: int) -> int:
    """The best place before `limit` to cut a text that has no full stop."""
    for marks in _SOFT_BREAKS:
        cut = max(text.rfind(mark, start, limit) for mark in marks) + 1
        if cut - start > LONGEST // 4:
            return cut
    return limit
