"""When two strings count as the same: the matching rules of every metric.

NFKC, lower case, white space and thousands separators removed, punctuation ignored. A match whose
edge is a digit is not flanked by a digit or a decimal point; Latin words match on word boundaries.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
# What is ignored parts numbers all the same: "119、120" and "10 20" must not grow together.
_BETWEEN_NUMBERS = re.compile(r"(?<=\d)(?!\.\d)[\W_]+(?=\d)")
_MIN_COVER = 8  # characters that a partial overlap of a citation and a gold sentence must have


def normalize(text: str) -> str:
    """The text as metrics see it: no white space, no punctuation but decimal points.

    >>> normalize("１,３００ 多款“应用”，占 3.5%。")
    '1300多款应用占3.5'
    """
    text = _plain(text)
    kept = []
    for i, character in enumerate(text):
        point = character == "." and text[i - 1 : i].isdigit() and text[i + 1 : i + 2].isdigit()
        if point or unicodedata.category(character)[0] in "LNM":
            kept.append(character)
    return "".join(kept)


def contains(text: str, wanted: str) -> bool:
    """Whether `wanted` stands in `text`.

    >>> contains("共100家", "10"), contains("共 10 家", "10家"), contains("a planet", "plan")
    (False, True, False)
    """
    # Latin: words and numbers, blanks and punctuation between them: "3.5 GHz" is "3.5GHz", "U.S." is "US".
    latin = _is_latin(wanted)
    parts = re.findall(r"\d+(?:\.\d+)?|[a-z]", _plain(wanted)) if latin else [_numbers_apart(wanted)]
    if not parts[0]:
        return False
    before, after = (r"(?<![a-z0-9])", r"(?![a-z0-9])") if latin else ("", "")
    if parts[0][0].isdigit():
        before += r"(?<!\d)(?<!\d\.)"
    if parts[-1][-1].isdigit():
        after += r"(?!\d|\.\d)"
    pattern = before + r"[\W_]*".join(map(re.escape, parts)) + after
    return re.search(pattern, _plain(text) if latin else _numbers_apart(text)) is not None


def contains_all(text: str, must_contain: Sequence[str | Sequence[str]]) -> bool:
    """Whether a text holds every wanted string; an inner list is met by any of its strings."""
    return all(
        contains(text, wanted) if isinstance(wanted, str) else any(contains(text, w) for w in wanted)
        for wanted in must_contain
    )


def covers(citation: str, gold: str) -> bool:
    """Whether a cited sentence is a gold one: one holds the other, and the shorter has 8 characters."""
    a, b = normalize(citation), normalize(gold)
    if a == b:
        return bool(a)
    shorter, longer = sorted((a, b), key=len)
    return len(shorter) >= _MIN_COVER and shorter in longer


def _numbers_apart(text: str) -> str:
    """The normalised text with a bar where punctuation or white space parts two numbers."""
    return "|".join(map(normalize, _BETWEEN_NUMBERS.split(_plain(text))))


def _plain(text: str) -> str:
    """NFKC, lower case, without thousands separators."""
    return _THOUSANDS.sub("", unicodedata.normalize("NFKC", text).lower())


def _is_latin(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return bool(letters) and all(c.isascii() for c in letters)
