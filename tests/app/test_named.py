"""Years, quoted names and scripts of a question that a document never names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.named import names_what_is_not_there
from corpus import build_document

TEXT = "二〇二一年，厂里来了5G设备。今年新建“云谷”园区10个。98年的老楼还在，门牌是12025号。"
DOCUMENT = replace(build_document("doc", TEXT.encode(), "plain"), published="2024-12")
ENGLISH = build_document("doc", b"The plant opened in 1998. It was called Cloud Valley.", "plain")


@pytest.mark.parametrize(
    "question",
    [
        "2025年新建多少园区？",  # 12025 is another number
        "“数谷”园区有几个？",
        "《规划》是什么时候发的？",
        "How many were built in 2023?",
        "云谷有几个园区？ 那2025年呢？",
        "2025年新建多少园区？谢谢！",
        "2025年前三季度新建多少园区？",
        "ประเทศไทยอยู่ที่ไหน",
        "Где находится завод?",
    ],
)
def test_what_is_not_there_is_seen(question: str) -> None:
    assert names_what_is_not_there(question, DOCUMENT)


@pytest.mark.parametrize(
    "question",
    [
        "2021年来了什么？",  # in Chinese numerals
        "５Ｇ？",  # wide letters
        "α波和β波来了吗？",
        "1998年的是什么？",  # by its last digits
        "2024年新建多少园区？",  # 今年, as the document appeared then
        "“云谷”园区有几个？",
        "“云 谷”园区有几个？",
        'What is "cloud valley"?',  # another script says nothing
        "20世纪有什么？",
        "2025年前建成的有什么？",
        "2025年呢？ 那云谷呢？",  # asked before, and no more
        "“这是不是一个长到不像名字而像一整句话的东西呢”是谁说的？",
    ],
)
def test_what_is_there_or_may_be_is_let_pass(question: str) -> None:
    assert not names_what_is_not_there(question, DOCUMENT)


def test_names_are_one_in_both_scripts() -> None:
    traditional = build_document("doc", "今年新建「雲谷」園區。".encode(), "plain")
    assert not names_what_is_not_there("“云谷”园区有几个？", traditional)
    assert names_what_is_not_there("“数谷”园区有几个？", traditional)


def test_a_year_may_be_meant_where_nobody_says_when_the_document_appeared() -> None:
    undated = replace(DOCUMENT, published=None)
    assert not names_what_is_not_there("2024年新建多少园区？", undated)
    assert names_what_is_not_there("“数谷”园区有几个？", undated)


def test_years_stand_apart_from_other_numbers() -> None:
    document = build_document("doc", b"By 2024 15 parks had opened. It grew by 1,800 jobs.", "plain")
    assert not names_what_is_not_there("What had opened in 2024?", document)
    assert not names_what_is_not_there("Which of 2000 companies came?", document)
    assert not names_what_is_not_there('What is "parks," exactly?', document)


def test_names_of_an_english_article() -> None:
    assert not names_what_is_not_there('When did "Cloud Valley" open in 1998?', ENGLISH)
    assert names_what_is_not_there('When did "Data Valley" open?', ENGLISH)
    assert names_what_is_not_there("What opened in 2024?", ENGLISH)  # it does not say when it appeared
    assert not names_what_is_not_there("“云谷”是什么？", ENGLISH)
