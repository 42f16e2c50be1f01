"""Numbers and dates that are told in English words, in the form in which Chinese text tells them.

three is 3, twenty-five is 25, 3.2 billion is 3200000000, 5 March 1998 and March 5, 1998 are 1998年3月5日.
"""

from __future__ import annotations

import re
from decimal import Decimal

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
)
_SMALL = {word: n for n, word in enumerate(f"{_ONES} seventeen eighteen nineteen".split())}
_TENS = {
    word: 10 * n
    for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_SCALES = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12, "bn": 9}
# one and zero alone are seldom numbers: one of the plants
_COUNTS = "|".join(word for word in _SMALL if word not in ("zero", "one"))
_WORD = re.compile(
    rf"\b(?:(?P<tens>{'|'.join(_TENS)})(?:[- ](?P<ones>{'|'.join(_SMALL)}))?|(?P<small>{_COUNTS}))\b", re.I
)
_SCALED = re.compile(
    rf"(?<![\w.])(?P<value>\d[\d,]*(?:\.\d+)?|an?(?= )|one(?= ))[ -]?(?P<scale>{'|'.join(_SCALES)})\b", re.I
)
_MONTHS = "January February March April May June July August September October November December".split()
_MONTH = "|".join(f"{month}|{month[:3]}\\.?" for month in _MONTHS)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
# A month is written with a capital, which keeps it from may and march.
_DATES = (
    re.compile(rf"\b{_DAY}(?: of)? (?P<month>{_MONTH})\b(?:,? (?P<year>\d{{4}})\b)?"),
    re.compile(rf"\b(?P<month>{_MONTH}) {_DAY}\b(?:,? (?P<year>\d{{4}})\b)?"),
    re.compile(rf"\b(?P<month>{_MONTH}),? (?P<year>\d{{4}})\b"),
    re.compile(r"\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Bb]y|[Ll]ast|[Tt]his) (?P<month>" + _MONTH + r")\b"),
)


def in_figures(text: str) -> str:
    """The text with its English numbers and dates in digits.

    >>> in_figures("three plants for 1.5 billion dollars since 5 March 1998")
    '3 plants for 1500000000 dollars since 1998年3月5日'
    """
    for pattern in _DATES:
        text = pattern.sub(_date, text)
    text = _WORD.sub(lambda match: str(_small(match)), text)
    for _ in range(2):  # two hundred thousand
        text = _SCALED.sub(_scaled, text)
    return text


def _date(match: re.Match[str]) -> str:
    found = match.groupdict()
    month = next(n for n, name in enumerate(_MONTHS, start=1) if name.startswith(found["month"][:3]))
    year, day = found.get("year"), found.get("day")
    return f"{f'{year}年' if year else ''}{month}月{f'{int(day)}日' if day else ''}"


def _small(match: re.Match[str]) -> int:
    if match["small"]:
        return _SMALL[match["small"].lower()]
    return _TENS[match["tens"].lower()] + (_SMALL[match["ones"].lower()] if match["ones"] else 0)


def _scaled(match: re.Match[str]) -> str:
    told = match["value"].replace(",", "")
    value = Decimal(told) if told[0].isdecimal() else Decimal(1)
    return f"{(value.scaleb(_SCALES[match['scale'].lower()])).normalize():f}"
