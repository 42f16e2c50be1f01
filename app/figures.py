"""The figures of a text as values: amounts with their units, shares, ranks, and moments.

39,000家 is 3.9万家, 两成 is 20%, 第十 is 第10位, 二月二十九日 is 2月29日, 下午3点 is 15时. A hedged amount is
told by what it is rounded from: 超20% by 22.8%, never by 20% itself. Texts are in simplified characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Literal

from app.english_figures import in_figures
from app.numerals import CHINESE, NUMERAL, joined, number

Hedge = Literal["", "over", "least", "under", "near", "most", "about"]

_SCALES = {"": 0, "十": 1, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "万亿": 12}
# Counters of things say the same of them (3,000家 is 3,000个); what is measured must be of one kind.
_COUNTERS = (
    "个家项款条位名人户台辆架座件批种类处次场部本张所栋套门支艘枚颗座只头匹株篇幅份起例届期宗笔站口间片队组大"
)
_MEASURES: dict[str, tuple[str, str]] = {
    unit: (base, factor)
    for base, units in {
        "m": "米 1 厘米 0.01 毫米 0.001 公里 1000 千米 1000 km 1000 cm 0.01 mm 0.001 m 1",
        "m2": "平方米 1 平米 1 平方公里 1000000 平方千米 1000000 公顷 10000 亩 666.667",
        "g": "克 1 公斤 1000 千克 1000 kg 1000 吨 1000000",
        "s": "秒 1 分钟 60 小时 3600",
        "元": "元 1 块 1 人民币 1",
        "w": "瓦 1 千瓦 1000 兆瓦 1000000 w 1 kw 1000 mw 1000000",
        "天": "天 1 日 1",
        "周": "周 1 星期 1",
        "点": "个百分点 1 百分点 1",
        "度": "度 1 ℃ 1 摄氏度 1",
        **{
            unit: f"{unit} 1"
            for unit in "% 美元 欧元 日元 港元 韩元 英镑 倍 番 岁 个月 年 级 层 英寸 分".split()
        },
    }.items()
    for unit, factor in zip(units.split()[::2], units.split()[1::2], strict=True)
}
_UNIT = "|".join(sorted(_MEASURES, key=len, reverse=True))
_BEFORE = (
    "不少于|不小于|不低于|不足|不到|未到|不满|未满|低于|(?<!减)少于|小于|将近|接近|近|约为|约|大约|大概|"
    "超过|超|逾|突破|上(?=[百千万亿])|高于|多于|至少|达到|达"
)
_AFTER = "多|余|几|以上|左右|上下|以下|以内"
_RANGE_END = rf"(?<=\d-)(?=[\d.]+(?:[十百千]?[万亿]|{_UNIT}|[{_COUNTERS}]))"  # 300-800万元, no date
_AMOUNT = re.compile(
    rf"(?P<before>{_BEFORE})?(?:(?P<minus>零下|负(?=\d)|(?<![\da-z\-~])-(?=\d))|{_RANGE_END}|(?<![数几a-z\-.\d]))(?!十分(?![钟之]))(?P<rank>第)?(?:百分之(?P<percent>{NUMERAL})"
    rf"|(?P<whole>{NUMERAL})分之(?P<part>{NUMERAL})"
    rf"|(?P<tenths>{CHINESE}|\d(?:\.\d)?)成(?P<half>半)?(?![立为员本功果都绩长效分交就年品])"
    r"|(?P<halved>一半|半数|过半|对半)"
    rf"|(?P<first>首(?=[{_COUNTERS}]))"
    rf"|(?:(?P<number>{NUMERAL}|半(?=个?小时|个月))(?:个(?=多?小时))?(?P<inner>多|余|几)?"
    r"(?P<scale>万亿|[十百千]?万|亿|[百千](?![米克瓦]))?|(?P<bare>万亿|[万亿]))"
    rf"(?P<after>{_AFTER})?(?P<unit>(?:{_UNIT})(?![a-z])|[{_COUNTERS}]|))(?P<late>{_AFTER})?"
)
YEARS = {"今年": 0, "本年": 0, "去年": -1, "前年": -2, "明年": 1}  # after the one that a text appeared in
# Not those inside other words: 如今年轻人, 日本年产, 过去年均, 目前年产值, 文明年度.
RELATIVE_YEAR = (
    "(?:(?<![如当现])今年|(?<![日成资基样版])本年|(?<!过)去年|(?<![目当以此之往年月天])前年|(?<![文光发证聪])明年)"
    "(?!轻)"
)
_MOMENT = re.compile(
    rf"(?:(?P<year>\d{{4}}|[〇零一二三四五六七八九]{{4}})年|(?P<word>(?!去年同期){RELATIVE_YEAR}))?"
    rf"(?:(?P<month>{NUMERAL})月(?:份)?(?!球))?(?:(?P<day>{NUMERAL})[日号](?![线楼院店文]))?"
    rf"(?:当?[天日]?(?P<half>上午|下午|晚上?|凌晨|中午|早上?|傍晚)?(?P<hour>{NUMERAL})(?:[时点:](?!间|半钟)(?P<minute>{NUMERAL})?分?))?"
)
_HEDGES: dict[Hedge, set[str]] = {
    "under": {"不足", "不到", "未到", "不满", "未满", "低于", "少于", "小于"},
    "near": {"将近", "接近", "近"},
    "most": {"以下", "以内"},
    "over": {"超过", "超", "逾", "突破", "上", "高于", "多于", "多", "余", "几", "过半"},
    "least": {"至少", "不少于", "不小于", "不低于", "以上"},
    "about": {"约", "大约", "大概", "约为", "左右", "上下"},
}
# By what another hedge of the same number tells it.
_TELL: dict[Hedge, tuple[Hedge, ...]] = {
    "": ("near", "most", "over", "least", "about"),  # 超20% may be told as 20%, 不足300家 is not 300家
    "about": tuple(_HEDGES),
    "over": ("over",),
    "least": ("over", "least", "about"),
    "under": ("under", "most"),
    "near": ("under", "near", "about"),
    "most": ("under", "near", "most", "about"),
}
_ROUNDED: dict[Hedge, tuple[str, ...]] = {
    "": (),
    "about": (ROUND_FLOOR, ROUND_CEILING),
    **dict.fromkeys(("over", "least"), (ROUND_FLOOR,)),
    **dict.fromkeys(("under", "near", "most"), (ROUND_CEILING,)),
}
_WORDS = {"一", "百", "千", "万", "亿", "万亿"}  # alone they count nothing: 一家公司, 百家争鸣


@dataclass(frozen=True)
class Amount:
    """A number with the kind of thing it is of: 第 for ranks, % for shares, empty where nothing is said."""

    value: Decimal
    unit: str
    hedge: Hedge = ""

    def bears(self, other: Amount) -> bool:
        """Whether a text that tells this amount may be said to tell the other."""
        if self.unit != other.unit and self.unit and other.unit:
            return False
        if self.value == other.value:
            exactly = self.hedge == "" and other.hedge not in ("over", "under")
            return exactly or self.hedge in _TELL[other.hedge]
        step = Decimal(1).scaleb(int(other.value.normalize().as_tuple().exponent))
        near = self.value < 2 * other.value and other.value < 2 * self.value
        return near and any(
            (self.value / step).to_integral_value(way) * step == other.value for way in _ROUNDED[other.hedge]
        )


@dataclass(frozen=True)
class Moment:
    """A year, a month, a day, a time of it; what is not told is None. `year` may be a word (去年)."""

    year: str | None
    month: int | None
    day: int | None
    hour: int | None = None
    minute: int | None = None

    def bears(self, other: Moment) -> bool:
        """Whether whatever the other tells is told by this."""
        return all(theirs in (None, ours) for ours, theirs in zip(self._parts, other._parts, strict=True))

    @property
    def _parts(self) -> tuple[object, ...]:
        return self.year, self.month, self.day, self.hour, self.minute


@dataclass(frozen=True)
class Figures:
    """What a text tells in figures."""

    amounts: tuple[Amount, ...]
    moments: tuple[Moment, ...]


def plain(text: str) -> str:
    """The text as it is matched: NFKC, lower case, no thousands separators."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", folded)


def figures(text: str, published: str | None = None) -> Figures:
    """The figures of a text; `published` is the year that 今年 means there."""
    text = joined(plain(in_figures(text)))
    found = [match for match in _MOMENT.finditer(text) if match[0] and _is_moment(match)]
    rest = list(text)
    for match in found:
        rest[match.start() : match.end()] = "□" * len(match[0])
    moments = tuple(_moment(match, published) for match in found)
    return Figures(tuple(_amounts("".join(rest))), moments)


def _is_moment(match: re.Match[str]) -> bool:
    """Whether it says a time: a bare 3号 or 3点 in Chinese numerals may be anything."""
    parts = [name for name in ("year", "word", "month", "day", "hour", "half") if match[name]]
    month, day, hour = (number(match[name] or "1") for name in ("month", "day", "hour"))
    if not (1 <= month <= 12 and 1 <= day <= 31 and 0 <= hour <= 24):
        return False
    alone = parts == ["hour"] and not (match["minute"] and match["hour"].isdecimal())
    return not alone and not (parts == ["day"] and not match["day"].isdecimal())


def _moment(match: re.Match[str], published: str | None) -> Moment:
    year, word = match["year"], match["word"]
    if word:
        year = str(int(published) + YEARS[word]) if published else word
    elif year:
        year = str(number(year))
    month, day, hour, minute = (
        int(number(match[name])) if match[name] else None for name in ("month", "day", "hour", "minute")
    )
    if hour is not None and hour < 12 and match["half"] in ("下午", "晚", "晚上", "傍晚"):
        hour += 12
    return Moment(year, month, day, hour, minute)


def _amounts(text: str) -> Iterator[Amount]:
    for match in _AMOUNT.finditer(text):
        hedged = match["before"] or match["inner"] or match["scale"]
        counts = match["rank"] or (match["number"] != "一" and hedged)
        if (match["bare"] or match["number"]) not in _WORDS or counts:
            value, unit = _value(match)
            yield Amount(value, unit, _hedge(match))


def _value(match: re.Match[str]) -> tuple[Decimal, str]:
    if match["first"]:
        return Decimal(1), "第"
    if match["halved"]:
        return Decimal(50), "%"
    if match["percent"]:
        return number(match["percent"]), "%"
    if match["whole"]:
        return round(100 * number(match["part"]) / (number(match["whole"]) or 1), 4), "%"
    if match["tenths"]:
        return 10 * number(match["tenths"]) + (5 if match["half"] else 0), "%"
    told = Decimal("0.5") if match["number"] == "半" else number(match["number"] or "一")
    told = -told if match["minus"] else told
    value = told * Decimal(10) ** _SCALES[match["scale"] or match["bare"] or ""]
    if match["rank"]:
        return value, "第"
    base, factor = _MEASURES.get(match["unit"], ("个" if match["unit"] else "", "1"))
    return value * Decimal(factor), base


def _hedge(match: re.Match[str]) -> Hedge:
    words = {match[name] for name in ("before", "inner", "after", "late", "halved")}
    return next((hedge for hedge, its in _HEDGES.items() if words & its), "")
