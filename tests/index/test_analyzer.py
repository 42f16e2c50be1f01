"""Terms of Chinese, Latin text and figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import analyze
from tests.generated import PROPERTY, texts


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("光", ["光"]),
        ("光谷城", ["光", "谷", "城", "光谷", "谷城"]),
        ("光，谷", ["光", "谷"]),  # no pair across a mark
        ("武漢", ["武", "汉", "武汉"]),
        ("看著計畫", ["看", "着", "计", "划", "看着", "着计", "计划"]),  # as 看着计划
        ("5G工厂", ["5g", "工", "厂", "工厂"]),
        ("用F5G网", ["用", "f5g", "网"]),
        ("超过1,300款", ["超", "过", "超过", "1300", "款"]),
        ("1,234,567.89", ["1234567.89"]),
        ("３．９％", ["3.9"]),
        ("ＡＢＣ", ["abc"]),
        ("增长3.9%", ["增", "长", "增长", "3.9"]),
        ("1,30", ["1", "30"]),
        ("2024年", ["2024", "年"]),
        ("Wuhan's AI-chips", ["wuhan", "s", "ai", "chips"]),
        ("a_b", ["a", "b"]),
        ("光光光", ["光", "光", "光", "光光", "光光"]),
        ("", []),
        ("，。 \n", []),
    ],
)
def test_terms_worked_out_by_hand(text: str, terms: list[str]) -> None:
    assert analyze(text) == terms


@PROPERTY
@given(texts | st.text())
def test_any_text_gives_terms_that_a_space_can_join(text: str) -> None:
    terms = analyze(text)
    assert " ".join(terms).split() == terms  # Tantivy gets them so


@PROPERTY
@given(texts)
def test_case_and_full_width_make_no_difference(text: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "a" <= c <= "z" or "A" <= c <= "Z" else c for c in text)
    assert analyze(wide) == analyze(text) == analyze(text.swapcase())
