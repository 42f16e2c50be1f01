"""What every reader gives, and the naming that all of them share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus.characters import join_all, strip_controls, tidy, width
from corpus.document import BlockKind, Format, Layout, Omission
from corpus.errors import ArticleTooLarge
from corpus.layout import LONGEST_HEADING, SENTENCE_MARKS, RawBlock

MAX_CHARACTERS = 20_000_000  # ten long books; beyond this a file is a data set, not an article
_CAPTION = re.compile(
    r"^(?:[图表圖]|附[图表圖]|Fig\.|Figure|Table)\s*[0-9一二三四五六七八九十]", re.IGNORECASE
)


@dataclass(frozen=True)
class Reading:
    """The blocks of a file in reading order, how it was read, and what was left out."""

    blocks: list[RawBlock]
    layout: Layout | Format
    omissions: Mapping[Omission, int] = field(default_factory=dict)


class Blocks(list[RawBlock]):
    """The blocks read so far; text is cleaned as it is added, and a file without end is refused."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name, self._characters = name, 0

    def add(self, kind: BlockKind, text: str, page: int | None = None) -> None:
        """Add a block, unless its text is empty. Raises ArticleTooLarge."""
        if cleaned := clean(text):
            self.append(RawBlock(kind, cleaned, page))
            self._characters += len(cleaned)
        if self._characters > MAX_CHARACTERS:
            raise ArticleTooLarge(
                f"{self.name} holds more than {MAX_CHARACTERS:,} characters of text. Split it."
            )


def clean(text: str) -> str:
    r"""One line of text without control characters, its lines joined as a reader would.

    >>> clean(" 工业大模\n型 11 月\u200b")
    '工业大模型11月'
    """
    return tidy(join_all(line.strip() for line in strip_controls(text).split("\n")))


def n_letters(text: str) -> int:
    """The characters of a text, white space aside: what is told of what was dropped."""
    return len("".join(text.split()))


def is_caption(text: str) -> bool:
    """Whether a paragraph begins as the caption of a figure or table does.

    >>> is_caption("图 3 产值"), is_caption("Table 2: output"), is_caption("表示同意")
    (True, True, False)
    """
    return _CAPTION.match(text) is not None


def could_be_heading(text: str) -> bool:
    """Whether a line is short and has no sentence marks, so that its type may make it a heading."""
    return width(text) <= LONGEST_HEADING and not SENTENCE_MARKS.search(text)


def paragraph_kind(text: str) -> BlockKind:
    """`caption` or `paragraph`, for text that nothing else names."""
    return "caption" if is_caption(text) else "paragraph"
