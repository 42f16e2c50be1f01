"""What follows from the two answers that a comparison stands on, worked out and marked `derived`.

Nothing is stated unless both values are told exactly, once, and in the same unit: a rounded figure (40余家),
a range, a rank, a plan, a mean, a day of an unknown year or of another article leave the two sentences alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from app.comparison import Comparison
from app.figures import Moment
from app.gaps import gaps
from app.reader import AnswerSpan
from app.writer import Draft, quote
from corpus import Document

_UNITS = (
    "平方公里 平方米 公里 千米 厘米 毫米 米 公顷 亩 吨 公斤 千克 克 小时 分钟 天 个百分点 % 人次 人民币 "
    "美元 欧元 元 人 名 户 家 个 项 件 台 辆 架 座 条 款 类 处 次 场 种 部 本 张 所 栋 套 门 岁 GB TB MB 大"
).split()
_SCALES = {scale: Decimal(10) ** zeros for scale, zeros in (("", 0), ("万", 4), ("亿", 8), ("万亿", 12))}
_FIGURE = re.compile(
    rf"(?<![\d.第十百千万亿])(?P<value>\d[\d,]*(?:\.\d+)?)(?P<scale>万亿|亿|万)?(?P<unit>{'|'.join(_UNITS)})"
)
_SAME_UNIT = {"大": "个"}  # 10大项目
# What makes a figure inexact, a change or a rank: just before it, and just behind it.
_BEFORE = re.compile(
    r"(?:约|近|逾|超|超过|突破|不足|不到|未到|至少|至多|最多|最少|下降了?|降|减少了?|减|降低了?|下滑|下跌|回落|负增长|"
    r"净?亏损?了?|负|零下|前|每|萎缩了?|收窄了?|缩[水减]了?|下调了?|[未没]有?|不能|"
    r"[-－—~～至]|(?<!达)到)(?:有|达到?|为|了)?$"
)
# What is to come, and what is a mean: 计划建设300家 and 人均300家 are not compared with 有200家.
# 按照计划，已建成300家 is.
_NO_STATE = re.compile(
    r"(?:计划(?![”》的])|预[计期]|目标|力争|争取|有望|可望|(?<![虚模])拟|将[达建有新增投实])(?!.*已)|[人户年月日平]均[^，；。]*$"
)
# A growth is no state: 新增50家 is not compared with 有300家.
_GROWTH = re.compile(r"(?:新增|净增|增加|增长|增速|增幅|提高|上升|上涨|涨幅)[^，；。\d]{0,3}$")
_AFTER = re.compile(r"^(?:余|多|以上|以下|以内|左右|上下|每|[-－—~～至到/])")
# Behind another 年 (去年, 23年) a day's year is not known; nor behind 年底, 年初, 农历.
_DAY = re.compile(r"(?<![\d年底初历])(?P<year>\d{4}年|今年|本年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})日")
_TIME = re.compile(r"[年月日周时天]")
# Beside a day without a year: it may be of this one.
_OTHER_YEAR = re.compile(r"\d{2,4}年|(?<![较比])(?:[去前上明次翌]年)(?!同期)")


@dataclass(frozen=True)
class Told:
    """An answer as it is told: its document, its sentence in simplified characters, its place in that."""

    document_id: str
    sentence: str
    start: int
    end: int
    published: str | None = None  # the document, as YYYY-MM


@dataclass(frozen=True)
class Figure:
    """A number as it is written."""

    text: str
    value: Decimal
    scale: str
    unit: str
    is_growth: bool


def compare(
    comparison: Comparison, spans: Sequence[AnswerSpan], documents: Mapping[str, Document]
) -> list[Draft]:
    """What follows from the two spans, where something does, and the sentences that they stand in."""
    told = [_told(span, documents) for span in spans]
    derived = derive(comparison, *told)
    if derived:  # what it stands on is marked, not what else the reader found in the sentence
        spans = [_marked(comparison, span, one) for span, one in zip(spans, told, strict=True)]
    drafts = quote(spans, documents)
    if drafts[0].text == drafts[1].text:
        drafts = drafts[:1]
    return [*([Draft(derived, tuple(spans), "derived")] if derived else []), *drafts]


def _marked(comparison: Comparison, span: AnswerSpan, told: Told) -> AnswerSpan:
    """The span of the day or the figure that was compared."""
    found = _day(told) if comparison.of_days else _exact(told)
    offset = span.start - told.start
    return span if found is None else replace(span, start=offset + found.start(), end=offset + found.end())


def derive(comparison: Comparison, first: Told, second: Told) -> str | None:
    """The statement that follows from the two answers, or None."""
    apart = first.sentence != second.sentence or first.end <= second.start or second.end <= first.start
    if comparison.asked == "both" or not apart:
        return None
    if comparison.of_days:
        days = _days(first, second)
        return _of_days(comparison, *days) if days else None
    one, other = _figure(first), _figure(second)
    if one is None or other is None or (one.unit, one.is_growth) != (other.unit, other.is_growth):
        return None
    return _of_figures(comparison, one, other)


def _told(span: AnswerSpan, documents: Mapping[str, Document]) -> Told:
    document = documents[span.document_id]
    sentence = document.sentence_by_id[span.sentence_id]
    text = document.simplified[sentence.start : sentence.end]
    start, end = span.start - sentence.start, span.end - sentence.start
    return Told(document.id, text, start, end, document.published)


def _days(first: Told, second: Told) -> tuple[re.Match[str], re.Match[str]] | None:
    """The two days, if both tell their year, or neither does and both must be of one."""
    one, other = _day(first), _day(second)
    if one is None or other is None or _has_year(one) is not _has_year(other):
        return None
    alike = (
        first.document_id == second.document_id
        and not any(_OTHER_YEAR.search(told.sentence) for told in (first, second))
        and ((one["year"] and other["year"]) or _of_one_year(one, other, first.published))
    )
    return (one, other) if _has_year(one) or alike else None


def _of_one_year(one: re.Match[str], other: re.Match[str], published: str | None) -> bool:
    """Whether days without a year are of the same: 12月28日 in the news of a January is of the year before.

    No month may come after that of the news; where that is not known, not both ends of the year be named.
    """
    first, last = sorted(int(day["month"]) for day in (one, other))
    return last <= int(published[5:7]) if published else not (first <= 2 and last >= 11)


def _day(told: Told) -> re.Match[str] | None:
    """The day in the answer; or the only one in its sentence, where the answer tells no time itself."""
    days = list(_DAY.finditer(told.sentence))
    inside = [day for day in days if day.start() < told.end and told.start < day.end()]
    if not inside and not _TIME.search(told.sentence[told.start : told.end]):
        inside = days
    if len(inside) != 1 or _AFTER.search(told.sentence[inside[0].end() :]):
        return None
    return inside[0]


def _has_year(day: re.Match[str]) -> bool:
    return day["year"] is not None and day["year"][0].isdigit()


def _of_days(comparison: Comparison, first: re.Match[str], second: re.Match[str]) -> str | None:
    apart = gaps(_moment(first), _moment(second))
    if comparison.asked == "days":  # with a 29th of February and without: the two must agree
        return f"{first[0]}与{second[0]}相差{abs(apart.pop())}天（推算）。" if len(apart) == 1 else None
    if not apart or 0 in apart:
        return f"两者都在{first[0]}（推算）。" if apart else None
    early, late = (first, second) if min(apart) < 0 else (second, first)
    wanted, word = (early, "先") if comparison.asked == "earlier" else (late, "后")
    side = comparison.sides[0 if wanted is first else 1]
    return f"{side}在{word}，{early[0]}早于{late[0]}（推算）。"


def _moment(day: re.Match[str]) -> Moment:
    return Moment(day["year"][:4] if _has_year(day) else None, int(day["month"]), int(day["day"]))


def _of_figures(comparison: Comparison, first: Figure, second: Figure) -> str | None:
    a, b = comparison.sides
    told = f"{a}{first.text}，{b}{second.text}"
    if comparison.asked == "total":
        return None if first.unit == "%" else f"{told}，合计{_written(first, second, 1)}（推算）。"
    if comparison.asked == "difference":
        return f"{told}，相差{_written(first, second, -1)}（推算）。"
    if _value(first) == _value(second):
        return f"{told}，两者相同（推算）。"
    larger = _value(first) > _value(second)
    return f"{a if larger is (comparison.asked == 'more') else b}更{comparison.word}：{told}（推算）。"


def _written(first: Figure, second: Figure, sign: int) -> str:
    """The sum or the distance, in the larger of the two scales."""
    scale = max(first.scale, second.scale, key=lambda name: _SCALES[name])
    value = abs(_value(first) + sign * _value(second)) / _SCALES[scale]
    unit = "个百分点" if first.unit == "%" else first.unit
    return f"{value.normalize():,f}{scale}{unit}"


def _value(figure: Figure) -> Decimal:
    return figure.value * _SCALES[figure.scale]


def _figure(told: Told) -> Figure | None:
    if (match := _exact(told)) is None:
        return None
    value, scale = match["value"], match["scale"] or ""
    unit = _SAME_UNIT.get(match["unit"], match["unit"])
    is_growth = _GROWTH.search(told.sentence[: match.start()]) is not None
    return Figure(f"{value}{scale}{unit}", Decimal(value.replace(",", "")), scale, unit, is_growth)


def _exact(told: Told) -> re.Match[str] | None:
    """The only figure that the answer touches, if it is exact."""
    found = [m for m in _FIGURE.finditer(told.sentence) if m.start() < told.end and told.start < m.end()]
    if len(found) != 1:
        return None
    before, after = told.sentence[: found[0].start()], told.sentence[found[0].end() :]
    inexact = _BEFORE.search(before) or _NO_STATE.search(before) or _AFTER.search(after)
    return None if inexact else found[0]
