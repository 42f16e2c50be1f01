"""Greetings, outlines and premises: what is said beside questions."""

from __future__ import annotations

import pytest

from app.answer import Note
from app.questions import Turn, resolve
from app.talk import talk_of
from corpus import Document, Metadata, build_document
from tests.app.conftest import make_pipeline
from tests.app.test_pipeline import ANSWERED, assert_contract, assert_grounded


@pytest.mark.parametrize(
    ("text", "talk"),
    [
        ("你好", "greeting"),
        ("您好！", "greeting"),
        ("Hello!", "greeting"),
        ("谢谢", "thanks"),
        ("好的，谢谢你！", "thanks"),
        ("Thank you very much", "thanks"),
        ("谢谢你们", "thanks"),
        ("非常感谢！", "thanks"),
        ("再见", "farewell"),
        ("好的", "assent"),
        ("明白了", "assent"),
        ("你能做什么？", "ability"),
        ("能做什么？", None),  # of what was talked about
        ("怎么用？", None),
        ("What can you do?", "ability"),
        ("你好的拼音是什么", None),
        ("感谢信是谁写的？", None),
        ("他是谁？", None),
    ],
)
def test_small_talk_is_told_from_questions(text: str, talk: str | None) -> None:
    assert talk_of(text) == talk
    assert resolve(text).talk == talk


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("总结一下这篇文章", True),
        ("请概括全文", True),
        ("这篇文章讲了什么？", True),
        ("文章的主要内容是什么？", True),
        ("这篇文章主要讲了哪些内容？", True),
        ("概括一下文章大意", True),
        ("介绍一下这篇文章", True),
        ("Summarize the article", True),
        ("能总结一下吗？", True),
        ("帮我总结一下这篇文章吧", True),
        ("请用一句话总结这篇文章", True),
        ("文章讲了什么呀", True),
        ("这篇文章是关于什么的？", True),
        ("Can you summarize the article?", True),
        ("Summarize this article, please.", True),
        ("请问这篇文章讲了什么？", True),
        ("请问一下，这篇文章讲了什么？", True),
        ("请简要概括文章内容", True),
        ("文章内容是什么", True),
        ("全文的主题是什么", True),
        ("What are the main points?", True),
        ("What are the key points of this article?", True),
        ("Summarize the article in three sentences", True),
        ("Summarize the article in the annex", False),
        ("What are the main points of the strategy?", False),
        ("请问大会的主题是什么？", False),
        ("能用电话总结大会吗？", False),
        ("What's this article about?", True),
        ("介绍一下", False),
        ("What is this article about?", True),
        ("介绍一下武汉市数据局", False),
        ("总结大会在哪里开？", False),
        ("文章讲了什么平台？", False),
    ],
)
def test_an_outline_is_told_from_questions(text: str, wanted: bool) -> None:
    assert resolve(text).wants_outline is wanted


def test_small_talk_searches_nothing_and_offers_questions() -> None:
    metadata = Metadata(suggestions={"zh": ("甲？", "乙？", "丙？", "丁？")})
    document = build_document("notes", "甲公司在东区。".encode(), "plain", metadata)
    answer = make_pipeline([document], ANSWERED).answer("你好！")
    lines = answer.answer.split("\n")
    assert lines[1:] == ["可以这样问：", "· 甲？", "· 乙？", "· 丙？"]
    assert (answer.outcome, answer.hits, answer.citations) == ("not_found", (), ())
    assert answer.notes == (Note("small_talk", "greeting"),)
    assert_contract(answer)
    assert make_pipeline([document]).answer("谢谢").answer == "不客气。"


def test_more_of_a_follow_up_keeps_its_history() -> None:
    history = [
        Turn("user", "甲公司在哪里？"), Turn("assistant", "甲公司在东区[1]。"),
        Turn("user", "它有多少人？"), Turn("assistant", "甲公司有三人[1]。"),
        Turn("user", "好的"), Turn("assistant", "好的，还想问什么？"),
    ]  # fmt: skip
    question = resolve("还有没有？", history)
    assert question.queries == ("它有多少人？", "甲公司在哪里？ 它有多少人？")
    assert question.told == ("甲公司有三人[1]。",)  # what cites nothing told nothing


def test_more_of_an_outline_is_the_outline() -> None:
    history = [Turn("user", "总结一下这篇文章"), Turn("assistant", "…[1]。")]
    assert resolve("还有吗", history).wants_outline


def test_small_talk_is_nothing_to_point_back_to() -> None:
    history = [Turn("user", "甲公司在哪里？"), Turn("assistant", "…"), Turn("user", "谢谢")]
    assert resolve("它呢？", history).from_history == "甲公司在哪里？ 它呢？"


SECTIONS = """# 标题

前言说到光和城，还有许多别的。

## 一

武汉的工厂和武汉的工厂都在这里。
城城城城城城城城城城城城城城城。
武汉的工厂和武汉的光都在那里。

## 二

算力与算力与算力与算力与算力。
"""


def test_an_outline_quotes_a_sentence_of_every_section() -> None:
    document: Document = build_document("doc", SECTIONS.encode(), "markdown")
    answer = make_pipeline([document]).answer("总结一下这篇文章")
    assert answer.outcome == "answered"
    sections = [citation.section for citation in answer.citations]
    assert len(sections) == len(set(sections)) == 3
    first, *lines = answer.answer.split("\n")
    assert first == "各部分各摘一句原文："
    # (武汉, 工厂) and (武汉, 工厂, 光) pull the section's mean to their side, away from 城.
    assert lines[1] in ("一：武汉的工厂和武汉的工厂都在这里[2]。", "一：武汉的工厂和武汉的光都在那里[2]。")
    assert lines[2] == "二：算力与算力与算力与算力与算力[3]。"
    assert_grounded(answer, {"doc": document})
    assert_contract(answer)


def test_more_of_an_outline_leaves_out_what_was_told() -> None:
    pipeline = make_pipeline([build_document("doc", SECTIONS.encode(), "markdown")])
    told = [Turn("user", "总结一下这篇文章"), Turn("assistant", "导语：前言说到光和城，还有许多别的[1]。")]
    answer = pipeline.answer("还有吗？", told)
    assert [citation.section for citation in answer.citations] == ["一", "二"]
    told[1] = Turn("assistant", pipeline.answer("总结一下这篇文章").answer)
    answer = pipeline.answer("还有吗？", told)
    assert (answer.outcome, answer.answer) == ("not_found", "没有找到更多相关内容。")


@pytest.mark.parametrize(
    ("text", "opened"),
    [
        ("武汉排名第一，对吗？", "武汉排名第几？"),
        ("甲园有300家企业是吗", "甲园有多少家企业？"),
        ("数据局是3月1日挂牌的，对不对？", "数据局是什么时候挂牌的？"),
        ("数据局在2020年成立，是吗？", "数据局在什么时候成立？"),
        ("甲公司在东区，是真的吗？", "甲公司在东区"),
        ("武汉排名第几？", None),
        ("5G工厂在武汉，对吗", "5G工厂在武汉"),
        ("武汉排名第几，对吗？", None),  # asks by itself
        ("The park has 300 companies, right?", "The park has 300 companies"),
        ("Who owns the copyright?", None),
        ("对吗？", None),
    ],
)
def test_a_premise_is_searched_with_its_doubtful_part_left_open(text: str, opened: str | None) -> None:
    question = resolve(text)
    assert question.is_premise is (opened is not None)
    assert question.queries == ((text, opened) if opened else (text,))


def test_a_premise_is_answered_with_what_the_text_says(notes: Document) -> None:
    answer = make_pipeline([notes], ANSWERED).answer("算力中心在西区，对吗？")
    assert answer.answer.startswith("原文是这样写的：\n甲公司的算力中心在东区[1]。")
    assert answer.notes == ()
    assert_grounded(answer, {"notes": notes})
