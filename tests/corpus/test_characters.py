"""Cleaning and joining of lines."""

from __future__ import annotations

import pytest

from corpus.characters import ends_sentence, join, strip_controls, tidy, width


@pytest.mark.parametrize(
    ("left", "right", "joined"),
    [
        ("工业大模", "型", "工业大模型"),
        ("hard", "wrapped", "hard wrapped"),
        ("said Tom.", "He", "said Tom. He"),
        ("用上5G", "网络", "用上5G网络"),
        ("武汉", "5G", "武汉5G"),
        ("产值19", "34亿元", "产值1934亿元"),
        ("the summer of 1998", "30 men", "the summer of 1998 30 men"),
        ("the war —", "and after", "the war —and after"),
        ("", "甲", "甲"),
        ("甲", "", "甲"),
    ],
)
def test_lines_of_one_paragraph_are_joined(left: str, right: str, joined: str) -> None:
    assert join(left, right) == joined


@pytest.mark.parametrize(
    ("line", "tidied"),
    [
        ("  11 月 27 日 ", "11月27日"),
        ("增长 3.9% ，达 5G 水平", "增长3.9%，达5G水平"),
        ("抢先布局\u3000\u3000武汉数字产业", "抢先布局 武汉数字产业"),
        ("two   words\tand\u00a0more", "two words and more"),
    ],
)
def test_spaces_are_single_and_none_part_chinese_from_digits(line: str, tidied: str) -> None:
    assert tidy(line) == tidied
    assert tidy(tidied) == tidied


def test_every_line_end_becomes_one_newline() -> None:
    assert strip_controls("a\r\nb\rc\u2028d\u2029e\x85f\vg\fh") == "a\nb\nc\nd\ne\nf\ng\nh"


def test_invisible_and_control_characters_go_but_tabs_stay() -> None:
    assert strip_controls("武\u200b汉\u202e的\u2066光\ufeff\u00ad\x00\x07\x1b城\t。") == "武汉的光城\t。"


def test_width_counts_chinese_twice() -> None:
    assert width("武汉5G，") == 8


@pytest.mark.parametrize(
    ("line", "ends"),
    [
        ("好。", True),
        ("好！”）", True),
        ("《来了！》", False),
        ("He left.", True),
        ("1.", False),
        ("好，", False),
        ("”", False),
    ],
)
def test_a_line_ends_a_sentence_behind_its_closers(line: str, ends: bool) -> None:
    assert ends_sentence(line) is ends
