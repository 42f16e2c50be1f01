"""Which ordinals of a sentence contradict those of a question."""

from __future__ import annotations

import pytest

from app.ordinals import contradicts


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("百强市第一名是哪座城市？", "武汉位列第十位。"),
        ("百强市榜首是哪座城市？", "武汉位列第10位。"),
        ("全国第一家数商协会在哪里？", "这里成立全国第4家数商协会。"),
        ("第一个获奖的平台是哪个？", "它成为第二个获奖的平台。"),
        ("首批有哪些城市？", "武汉入选第二批试点。"),
        ("第三名是谁？谢谢！", "冠军是张三，亚军是李四。"),
        ("第三届大会在哪里？", "第 七 届大会在武汉。".replace(" ", "")),
    ],
)
def test_another_one_of_the_kind_alone_is_no_answer(question: str, sentence: str) -> None:
    assert contradicts(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("武汉排第几？", "武汉位列第十位。"),  # asks for none
        ("第十名是谁？", "武汉位列第十位。"),
        ("第10名是谁？", "武汉位列第十位。"),
        ("第一名是谁？", "冠军是甲，乙是第二名。"),
        ("第一名是谁？", "甲市居首，乙市是第二位。"),
        ("第一家工厂在哪里？", "第一届大会在武汉。"),  # of another kind
        ("第二个园区在哪里？", "第一个在东区，第二个在西区。"),
        ("武汉是第一名吗？", "武汉位列第十位。"),  # what contradicts it is the answer
        ("第一名是谁？", "甲市拿了奖。"),
        ("百强市榜首是哪座城市？ 那武汉呢？", "武汉位列第十位。"),  # asked before, and no more
        ("武汉从第十一位上升到第几位？", "武汉位列第十位。"),
        ("第二名是谁？", "冠军是张三，亚军是李四。"),
        ("武汉是第一名，对吧？", "武汉位列第十位。"),
    ],
)
def test_what_may_be_an_answer_stays(question: str, sentence: str) -> None:
    assert not contradicts(question, sentence)
