"""A language model's text cut into statements while it streams, without what is mere decoration."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from corpus import Language, is_cjk, simplified, split_sentences
from prompts import DECLINED

_NUMBERS = re.compile(
    r"\s*(?:\[\^?\d+(?:[,，、\s-]+\d+)*\]|[［【]\d{1,3}[］】]|(?:[（(](?:见|来源|依据|根据)?(?:原文)?第?\s?\d+\s?句[）)]|"
    r"(?:见|来源|依据|根据)(?:原文)?第?\s?\d+\s?句|(?:原文)?第\s?\d+\s?句)(?=[。，；]|$))"
)
_LINK = re.compile(r"!\[[^\]]*\]\([^)]*\)|\[(?P<words>[^\]]+)\]\([^)]*\)|</?[A-Za-z][\w-]*(?:\s[^<>]*)?/?>")
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s，。；、）)]+|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}", re.IGNORECASE
)
_RUNS_ON = re.compile(r"([^\W\d]{2,8}?)\1{3,}|\b([^\W\d]+)(?:\W+\2\b){3,}")
_FRAGMENT = 12  # characters; without a full stop a shorter text says nothing that could be checked
_MARKUP = re.compile(r"\*\*|__|`|^\s*(?:#+|[-*](?!\d)|[•>]|\d+[.、)）](?!\d))\s*", re.MULTILINE)
# What a model thinks before it writes; thoughts that the limit cut run to the end.
_THOUGHTS = re.compile(r"\A.*</think(?:ing)?>|<think(?:ing)?>.*", re.DOTALL | re.IGNORECASE)
_LABEL = re.compile(
    r"^(?:[^：:？?]{0,20}(?:改写|rewritten)[^：:？?]{0,12}|(?:最后一个|last )?(?:问题|question))[：:]\s*",
    re.IGNORECASE,
)
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


def strays(statement: str, evidence: str, language: Language) -> bool:
    """Whether a statement is such that no checker can judge it.

    A fragment (10个); and unless it stands in the evidence as it is, a question, another script, an address
    that is not there, or a word that is said again and again. `language` is that of the evidence.

    >>> [strays(text, "今天晴。", "zh") for text in ("It is dry.", "见http://a.example", "今天晴。")]
    [True, True, False]
    """
    statement, evidence = simplified(statement).lower(), simplified(evidence).lower()
    if statement[-1:].isalnum() and len(statement) < _FRAGMENT:
        return True
    if statement.strip("。.！!？? ") in evidence:
        return False
    asks = statement.rstrip("”’」』）)\"' ").endswith(("？", "?"))
    chinese = [c for c in statement if is_cjk(c)]
    unread = any(c not in evidence for c in chinese) if language == "en" else not chinese
    foreign = unread and any(c.isalpha() for c in statement)
    unknown = any(address not in evidence for address in _ADDRESS.findall(statement))
    return asks or foreign or unknown or _RUNS_ON.search(statement) is not None


def first_question(written: str) -> str:
    """The first line that says something, without what it is called; empty where there is none.

    >>> first_question("<think>它？</think>改写后的问题：武汉在哪里？")
    '武汉在哪里？'
    """
    lines = (_LABEL.sub("", _plain(line)) for line in _THOUGHTS.sub("", written).splitlines())
    return next(filter(None, lines), "")


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
    """Without Markdown, tags and the numbers that the model has put there."""
    words = _LINK.sub(lambda link: _words(link["words"] or ""), text)
    plain = _MARKUP.sub("", _NUMBERS.sub("", words)).strip()
    return plain if any(c.isalnum() for c in plain) else ""


def _words(linked: str) -> str:
    """The words of a link, unless they are a number that leads to a source."""
    return "" if linked.isdigit() else linked
