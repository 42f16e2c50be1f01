"""Figures as values: how they are written, rounded, hedged, and told as moments."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.figures import Amount, Moment, figures
from app.numerals import number
from tests.generated import PROPERTY


def told(text: str) -> list[tuple[Decimal, str, str]]:
    return [(one.value, one.unit, one.hedge) for one in figures(text).amounts]


@pytest.mark.parametrize(
    ("text", "value", "unit", "hedge"),
    [
        ("超39,000家企业", "39000", "个", "over"),
        ("3.9万家", "39000", "个", ""),
        ("两百多家", "200", "个", "over"),
        ("3000多亿元", "3e11", "元", "over"),
        ("近40家", "40", "个", "near"),
        ("约3000公顷", "3e7", "m2", "about"),
        ("两成以上", "20", "%", "least"),
        ("三成半", "35", "%", ""),
        ("百分之三十五点五", "35.5", "%", ""),
        ("四分之一", "25", "%", ""),
        ("一半", "50", "%", ""),
        ("第十位", "10", "第", ""),
        ("排名第10", "10", "第", ""),
        ("首个平台", "1", "第", ""),
        ("90kW", "90000", "w", ""),
        ("8厘米", "0.08", "m", ""),
        ("半个小时", "1800", "s", ""),
        ("2个百分点", "2", "点", ""),
        ("十大项目", "10", "个", ""),
        ("5G工厂", "5", "", ""),
        ("1亿2000万元", "120000000", "元", ""),
        ("一万两千多人", "12000", "个", "over"),
        ("零下5度", "-5", "度", ""),
        ("-5度", "-5", "度", ""),
        ("3.2 billion dollars", "3200000000", "", ""),
        ("twenty-five firms", "25", "", ""),
        ("two hundred thousand firms", "200000", "", ""),
    ],
)
def test_an_amount_is_its_value_unit_and_hedge(text: str, value: str, unit: str, hedge: str) -> None:
    assert told(text) == [(Decimal(value), unit, hedge)]


@pytest.mark.parametrize(
    "text", ["一家公司", "一体化", "千企万人", "十分重要", "数十家", "百家争鸣", "LK-99", "N8", "统一"]
)
def test_words_and_names_that_hold_a_numeral_are_no_amounts(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2月29日", Moment(None, 2, 29)),
        ("二月二十九日", Moment(None, 2, 29)),
        ("2024年11月底", Moment("2024", 11, None)),
        ("二〇二四年", Moment("2024", None, None)),
        ("今年7月", Moment("2024", 7, None)),
        ("去年", Moment("2023", None, None)),
        ("8月10日下午3点55分", Moment(None, 8, 10, 15, 55)),
        ("15时55分", Moment(None, None, None, 15, 55)),
        ("晚十一点二十八分", Moment(None, None, None, 23, 28)),
        ("on 5 March 1998", Moment("1998", 3, 5)),
        ("on March 5th, 1998", Moment("1998", 3, 5)),
        ("since May", Moment(None, 5, None)),
    ],
)
def test_a_moment_is_its_parts(text: str, moment: Moment) -> None:
    assert figures(text, published="2024").moments == (moment,)


def test_a_year_that_is_not_known_stays_a_word() -> None:
    assert figures("今年7月").moments == (Moment("今年", 7, None),)


@pytest.mark.parametrize("text", ["三点建议", "9号楼", "2号线", "三号", "13月", "40日"])
def test_what_only_looks_like_a_moment(text: str) -> None:
    assert figures(text).moments == ()


@pytest.mark.parametrize(
    ("evidence", "claim", "borne"),
    [
        ("3.9万家", "39000个", True),
        ("34个", "43个", False),
        ("3379公里", "3379平方公里", False),
        ("81.6毫米", "8厘米多", True),
        ("245家", "两百多家", True),  # rounded down, as its hedge says
        ("245家", "三百多家", False),
        ("12.83%", "近13%", True),
        ("12.83%", "近14%", False),
        ("262亿个", "超过226亿个", False),  # true, but nobody rounds so
        ("近百万元", "接近一千万元", False),
        ("超20%", "20%", True),
        ("超20%", "不足20%", False),
        ("约3000", "3000", True),
        ("近40家", "40家", True),
        ("不足40家", "40家", False),
        ("少于40家", "40家", False),
        ("不少于40家", "不足40家", False),
        ("不少于40家", "至少40家", True),
        ("40家以上", "不低于40家", True),
        ("减少于40家", "40家", True),
        ("未满18岁", "18岁", False),
        ("18岁以下", "未满18岁", True),
        ("40家", "超过40家", False),
        ("40家", "不足40家", False),
        ("40家", "至少40家", True),
        ("超40家", "至少40家", True),
        ("不足40家", "至少40家", False),
        ("40家", "约40家", True),
        ("第4家", "4家", False),
        ("10类", "10", True),
    ],
)
def test_a_told_amount_bears_what_is_said_of_it(evidence: str, claim: str, borne: bool) -> None:
    (ours,), (theirs,) = figures(evidence).amounts, figures(claim).amounts
    assert ours.bears(theirs) is borne


@pytest.mark.parametrize(
    ("evidence", "claim", "borne"),
    [
        ("2024年11月27日", "11月27日", True),
        ("2024年11月27日", "2024年", True),
        ("11月27日", "2024年11月27日", False),
        ("11月27日", "11月17日", False),
        ("11月", "11月27日", False),
    ],
)
def test_a_told_moment_bears_its_parts_alone(evidence: str, claim: str, borne: bool) -> None:
    (ours,), (theirs,) = figures(evidence).moments, figures(claim).moments
    assert ours.bears(theirs) is borne


@PROPERTY
@given(st.integers(0, 9999))
def test_a_chinese_numeral_is_the_number_that_it_spells(value: int) -> None:
    assert number(spelled(value)) == value


def spelled(value: int) -> str:
    """The numeral by its definition: 1005 is 一千零五."""
    digits = "零一二三四五六七八九"
    places = [(value // 10**power % 10, unit) for power, unit in ((3, "千"), (2, "百"), (1, "十"), (0, ""))]
    text = "".join(digits[digit] + unit if digit else "零" for digit, unit in places)
    while "零零" in text:
        text = text.replace("零零", "零")
    return text.strip("零") or "零"


@PROPERTY
@given(st.text("一两三十百千万亿0123456789.,%第约近多余个家元年月日成半分之点 武a-", max_size=40))
def test_any_text_has_figures_or_none_and_bears_itself(text: str) -> None:
    found = figures(text, published="2024")
    assert all(isinstance(one, Amount) and one.bears(one) for one in found.amounts)
    assert all(one.bears(one) for one in found.moments)
