"""The matching rules of every metric, each by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.matching import contains, contains_all, covers, normalize
from tests.generated import PROPERTY


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("", ""),
        ("。，！？“”", ""),
        ("１,３００ 多款“应用”，占 3.5%。", "1300多款应用占3.5"),
        ("ＡＢＣ　ａｂｃ", "abcabc"),
        ("1,234,567", "1234567"),
        ("１，２３４", "1234"),  # the full-width comma too
        ("1,2,3", "123"),  # commas of a list: punctuation
        ("12,3456", "123456"),
        ("第1. 第2.", "第1第2"),
        ("3.5", "3.5"),
        (".5", "5"),
        ("5.", "5"),
        ("v1.10.2", "v1.10.2"),
        ("5G+工业互联网", "5g工业互联网"),
        ("武汉\n市\t数据局", "武汉市数据局"),
        ("㎡", "m2"),
        ("की", "की"),  # a vowel sign is no punctuation
    ],
)
def test_normalize(text: str, normal: str) -> None:
    assert normalize(text) == normal


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        ("有100家", "10", False),
        ("有10家", "10", True),
        ("有110家", "10", False),
        ("有1340家", "34", False),
        ("34个部门", "34", True),
        ("部门34", "34", True),
        ("占3.55%", "3.5", False),
        ("占3.5%", "3.5", True),
        ("占13.5%", "3.5", False),
        ("版本1.10", "10", False),
        ("版本10.1", "10", False),
        ("只有1.10亿", "1.1", False),
        ("共10.", "10", True),  # a full stop, not a decimal point
        ("10.共三项", "10", True),
        ("有10家", "10家", True),
        ("有110家", "10家", False),
        ("第10家", "第10", True),
        ("第100家", "第10", False),
        ("1,300多款", "1300", True),
        ("1300多款", "1,300", True),
        ("1,300多款", "300", False),
        ("共1，300款", "1300", True),
        ("共３７９公里", "379", True),
        ("共379公里", "３７９公里", True),
        ("聚合了12345、119、120等事件源", "119", True),
        ("聚合了12345、119、120等事件源", "19", False),
        ("聚合了12345、119、120等事件源", "12345、119", True),
        ("有10，20家", "1020", False),
        ("占比达到50%[1]", "50", True),
        ("约10-20家", "10~20家", True),
        ("10 20", "10", True),
        ("入选10\n20家", "20家", True),  # two statements
        ("10 20", "10、20", True),
        ("10 20", "1020", False),
        ("第1. 20家", "20家", True),  # a full stop, not a decimal point
        ("10……20家", "20家", True),
    ],
)
def test_a_number_is_found_whole(text: str, wanted: str, found: bool) -> None:
    assert contains(text, wanted) is found


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        ("a planet", "plan", False),
        ("a plan.", "Plan", True),
        ("PLAN B", "plan b", True),
        ("plan-b", "plan b", True),
        ("planb", "plan b", True),
        ("replan", "plan", False),
        ("打造5G工厂", "5G", True),
        ("打造15G工厂", "5G", False),
        ("打造F5G工厂", "5G", False),
        ("AI产业", "AI", True),
        ("OpenAI产业", "AI", False),
        ("ＡＩ产业", "ai", True),
        ("the C++ code", "C++", True),
        ("全市共3个项目，其中D轮融资2个", "3D", False),
        ("A股公司的I期", "AI", False),
        ("共5家企业入选，G组第一", "5G", False),
        ("打造5 G工厂", "5G", True),
        ("a U. S. plant", "US", True),
        ("Qwen2.5", "Qwen2", False),
        ("Qwen2.", "Qwen2", True),
        ("Qwen2.5", "Qwen2.5", True),
        ("V2.0", "V2", False),
        ("1.5G", "5G", False),
        ("1.AI产业", "AI", True),  # a list's number: the edge is no digit
    ],
)
def test_a_latin_word_is_found_whole(text: str, wanted: str, found: bool) -> None:
    assert contains(text, wanted) is found


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        ("武汉市数据局", "数据局", True),
        ("“武汉 市，数据”局", "数据局", True),
        ("武汉市数据局", "“数据局”", True),
        ("武汉市数据局", "市长", False),
        ("5G+工业互联网大会", "5G+工业互联网", True),
        ("武汉", "", False),
        ("武汉。", "。", False),
        ("", "武汉", False),
    ],
)
def test_chinese_is_found_without_its_punctuation(text: str, wanted: str, found: bool) -> None:
    assert contains(text, wanted) is found


def test_contains_all_wants_every_string_and_one_of_an_inner_list() -> None:
    text = "2月29日正式挂牌成立"
    assert contains_all(text, [])
    assert contains_all(text, ["2月29日", ["成立", "建立"]])
    assert contains_all(text, [["建立", "成立"]])
    assert not contains_all(text, ["2月29日", "建立"])
    assert not contains_all(text, ["2月29日", ["建立", "开业"]])
    assert not contains_all(text, [[]])


@pytest.mark.parametrize(
    ("citation", "gold", "found"),
    [
        ("武汉市数据局今年成立。", "武汉市数据局今年成立！", True),
        ("武汉市数据局今年成立，多项成果入选。", "武汉市数据局今年成立", True),
        ("武汉市数据局今年成立", "武汉市数据局今年成立，多项成果入选。", True),
        ("一二三四五六七八", "零一二三四五六七八九", True),  # 8 characters
        ("一二三四五六七", "零一二三四五六七八九", False),  # 7 characters
        ("一二三四，五六七。", "零一二三四五六七八九", False),  # punctuation does not count
        ("12家", "12家。", True),  # short ones must be equal
        ("12家", "112家", False),
        ("", "", False),
        ("。", "！", False),
        ("武汉市数据局今年成立", "武汉市数据局去年成立", False),
    ],
)
def test_covers(citation: str, gold: str, found: bool) -> None:
    assert covers(citation, gold) is found
    assert covers(gold, citation) is found


@PROPERTY
@given(st.text("武汉10.,。 ab", max_size=12), st.text("武汉10.,。 ab", max_size=12))
def test_a_text_matches_itself_and_covers_both_ways(left: str, right: str) -> None:
    assert normalize(normalize(left)) == normalize(left)
    assert covers(left, right) == covers(right, left)
    assert covers(left, left) is bool(normalize(left))
    assert contains(f"前{left}后", left) or not normalize(left)
