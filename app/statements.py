"""A language model's text cut into statements while it streams, without what is mere decoration."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from corpus import split_sentences
from prompts import DECLINED

_NUMBERS = re.compile(
    r"\s*(?:\[\^?\d+(?:[,，、\s-]+\d+)*\]|【\d+】|[（(]?(?:见|来源|依据|根据)?(?:原文)?(?:第\s?)?\d+\s?句[）)]?(?=[。，；]|$))"
)
_MARKUP = re.compile(r"\*\*|__|`|^\s*(?:#+|[-*•>]|\d+[.、)）](?!\d))\s*", re.MULTILINE)
_DECLINES = [re.sub(r"[\s。.，,]+$", "", text).lower() for text in DECLINED.values()]


def statements(pieces: Iterable[str]) -> Iterator[tuple[list[str], str]]:
    """The statements that each piece completes, and the words behind them; at the end whatever is left.

    >>> list(statements(["今天晴。明", "天[1]雨"]))
    [(['今天晴。'], '明'), ([], '明天雨'), (['明天雨'], '')]
    """
    written = ""
    for piece in pieces:
        written += piece
        done, written = _cut(written)
        yield done, _plain(written)
    yield [text for text in (_plain(line) for line in _sentences(written)) if text], ""


def declines(statement: str) -> bool:
    """Whether a statement says that the article does not say it.

    >>> declines("文章中没有提到。"), declines("文章中没有提到他的年龄。"), declines("他没有提到年龄。")
    (True, True, False)
    """
    return statement.strip().lower().startswith(tuple(_DECLINES))


def _cut(written: str) -> tuple[list[str], str]:
    """What is complete: whole lines, and every sentence behind which another has begun."""
    *lines, last = written.split("\n")
    done = [text for line in lines for text in _sentences(line)]
    spans = split_sentences(last)
    # The words behind a quotation may turn out to be its speaker's, and then belong to it.
    open_ends = 2 if len(spans) > 1 and last[spans[-2][1] - 1] in "”」" else 1
    if len(spans) > open_ends:
        done += [last[start:end] for start, end in spans[:-open_ends]]
        last = last[spans[-open_ends][0] :]
    return [text for text in map(_plain, done) if text], last


def _sentences(line: str) -> list[str]:
    return [line[start:end] for start, end in split_sentences(line)]


def _plain(text: str) -> str:
    """Without Markdown and without the numbers that the model has put there."""
    plain = _MARKUP.sub("", _NUMBERS.sub("", text)).strip()
    return plain if any(c.isalnum() for c in plain) else ""
