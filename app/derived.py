"""What follows from the two sentences that a comparison stands on, worked out and marked `derived`.

A difference, a sum or an order is stated only where both values are told exactly; where one is rounded
(40余家) or says too little, the two sentences stand alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from app.comparison import Comparison
from app.reader import AnswerSpan
from app.writer import Draft, quote
from corpus import Document

_DAY = re.compile(r"(\d{4}年|去年|前年|明年|次年|翌年)?(\d{1,2})月(\d{1,2})日")
_NUMBER = re.compile(
    r"(?P<about>约|近|超过?|逾)?(?P<value>\d[\d,]*(?:\.\d+)?)(?P<scale>[万亿]*)(?P<more>[余多])?"
    r"(?P<unit>%|[\u4e00-\u9fff])?"
)
_SCALES = {"": 1.0, "万": 1e4, "亿": 1e8, "万亿": 1e12}


@dataclass(frozen=True)
class Quantity:
    """A number as it is written; `exact` unless it is rounded."""

    text: str
    value: float
    unit: str
    exact: bool


def compare(
    comparison: Comparison, spans: Sequence[AnswerSpan], documents: Mapping[str, Document]
) -> list[Draft]:
    """What follows from the two spans, where something does, and the sentences that they stand in."""
    drafts = quote(spans, documents)
    answers = [documents[span.document_id].quote(span.start, span.end) for span in spans]
    derived = derive(comparison, [draft.text for draft in drafts], answers)
    if spans[0].sentence_id == spans[1].sentence_id and spans[0].document_id == spans[1].document_id:
        drafts = drafts[:1]
    return [*([Draft(derived, tuple(spans), derived=True)] if derived else []), *drafts]


def derive(comparison: Comparison, quotes: Sequence[str], answers: Sequence[str]) -> str | None:
    """The statement that follows from the two answers in their sentences, or None."""
    if comparison.asked == "both":
        return None
    if comparison.of_days:
        first, second = (_day(answer, text) for answer, text in zip(answers, quotes, strict=True))
        return _of_days(comparison, first, second) if first and second else None
    one, other = map(_quantity, answers)
    return _of_numbers(comparison, one, other) if one and other and one.unit == other.unit else None


def _day(answer: str, text: str) -> re.Match[str] | None:
    """The day in the answer, or the only one in its sentence."""
    told = list(_DAY.finditer(text))
    return _DAY.search(answer) or (told[0] if len(told) == 1 else None)


def _of_days(comparison: Comparison, first: re.Match[str], second: re.Match[str]) -> str | None:
    if first[1] != second[1]:  # other years, or the year of one only is told
        return None
    gaps = _gaps(first, second)
    if comparison.asked == "days":  # where the two years differ, a 29th of February may lie between
        return f"{first[0]}与{second[0]}相差{abs(gaps.pop())}天。" if len(gaps) == 1 else None
    if not gaps or 0 in gaps:
        return f"两者都在{first[0]}。" if gaps else None
    early, late = (first, second) if min(gaps) < 0 else (second, first)
    wanted, word = (early, "先") if comparison.asked == "earlier" else (late, "后")
    return f"{comparison.sides[wanted is second]}在{word}（{early[0]}早于{late[0]}）。"


def _gaps(first: re.Match[str], second: re.Match[str]) -> set[int]:
    """Days from the second day to the first, in a year with a 29th of February and in one without."""
    gaps = set()
    for year in (int(first[1][:4]),) if first[1] and first[1][0].isdigit() else (2023, 2024):
        with suppress(ValueError):  # the year has no such day
            days = (date(year, int(match[2]), int(match[3])) for match in (first, second))
            gaps.add((next(days) - next(days)).days)
    return gaps


def _of_numbers(comparison: Comparison, first: Quantity, second: Quantity) -> str | None:
    exact, unit = first.exact and second.exact, first.unit
    if comparison.asked == "total":
        return f"{first.text}与{second.text}合计{first.value + second.value:,.10g}{unit}。" if exact else None
    if comparison.asked == "difference":
        gap = abs(first.value - second.value)
        points = "个百分点" if unit == "%" else unit
        return f"{first.text}与{second.text}相差{gap:,.10g}{points}。" if exact else None
    if first.value == second.value:
        return f"两者都是{first.text}。" if exact else None
    more, less = (first, second) if first.value > second.value else (second, first)
    wanted, word = (more, "多") if comparison.asked == "more" else (less, "少")
    return f"{comparison.sides[wanted is second]}更{word}（{more.text}多于{less.text}）。"


def _quantity(text: str) -> Quantity | None:
    match = _NUMBER.search(text)
    if match is None or match["scale"] not in _SCALES:
        return None
    value = float(match["value"].replace(",", "")) * _SCALES[match["scale"]]
    return Quantity(match[0], value, match["unit"] or "", not (match["about"] or match["more"]))
