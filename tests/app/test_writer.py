"""The extractive writer: how many sentences, which are nearly as good, and none twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.citations import cite
from app.extractive import ExtractiveWriter
from app.questions import Question, resolve
from app.reader import AnswerSpan
from app.reply import Reply
from app.settings import WriterSettings
from app.writer import Draft, Material, quote
from corpus import Document, Language, build_document

ONE = resolve("武汉做了什么？")
MANY = resolve("武汉有哪些举措？")
SETTINGS = WriterSettings(statements=2, list_statements=4, ratio=0.5, list_ratio=0.25)

SENTENCES = ["甲建工厂。", "乙开大会。", "丙修马路。", "丁种树木。", "戊办学校。"]


def sheet(*sentences: str) -> Document:
    """A document with one sentence a paragraph."""
    return build_document("doc", "\n\n".join(sentences).encode(), "plain")


def spans(document: Document, supports: list[float]) -> list[AnswerSpan]:
    """A span for each of the first sentences."""
    pairs = zip(document.sentences, supports, strict=False)
    return [AnswerSpan("doc", s.id, s.start, s.end, support) for s, support in pairs]


def drafted(question: Question, found: list[AnswerSpan], document: Document) -> list[Draft]:
    """The drafts over spans that are all sure."""
    material = Material(question, question.text, "answer", tuple(found), len(found), {"doc": document})
    (writing,) = ExtractiveWriter(SETTINGS).write(material)
    assert writing.finished
    return list(writing.drafts)


def written(question: Question, supports: list[float], sentences: list[str] | None = None) -> list[str]:
    """The texts of the drafts for sentences of these supports."""
    document = sheet(*(sentences or SENTENCES))
    found = spans(document, supports)
    drafts = drafted(question, found, document)
    by_text = {document.quote(span.start, span.end): span for span in found}
    assert drafts == [Draft(draft.text, (by_text[draft.text],)) for draft in drafts]
    return [draft.text for draft in drafts]


@pytest.mark.parametrize(
    ("supports", "count"),
    [
        ([0.8], 1),
        ([0.8, 0.4], 2),  # exactly half
        ([0.8, 0.39], 1),
        ([0.8, 0.8, 0.8], 2),  # the limit
        ([0.8, 0.39, 0.39], 1),
        ([], 0),
    ],
)
def test_a_plain_question_takes_what_is_nearly_as_good(supports: list[float], count: int) -> None:
    assert written(ONE, supports) == SENTENCES[:count]


@pytest.mark.parametrize(
    ("supports", "count"),
    [([0.8, 0.2], 2), ([0.8, 0.19], 1), ([0.8, 0.7, 0.6, 0.5, 0.4], 4)],
)
def test_a_list_takes_more_and_weaker_ones(supports: list[float], count: int) -> None:
    assert written(MANY, supports) == SENTENCES[:count]


def test_a_fact_told_twice_is_written_once_and_does_not_count() -> None:
    # 8 pairs, all of them in the second sentence.
    told = ["新建十个产业园区。", "全市已新建十个产业园区。", "乙开大会。"]
    assert written(ONE, [0.9, 0.9, 0.9], told) == [told[0], told[2]]


def test_a_fact_told_twice_in_two_scripts_is_written_once() -> None:
    told = ["新建十个产业园区。", "全市已新建十個產業園區。", "乙开大会。"]
    assert written(ONE, [0.9, 0.9, 0.9], told) == [told[0], told[2]]


@pytest.mark.parametrize(
    ("other", "kept"),
    [
        ("一二三四五六七八甲乙", False),  # 7 of 10 pairs
        ("一二三四五六七甲乙丙", True),  # 6 of 10 pairs
    ],
)
def test_seven_tenths_of_the_pairs_make_a_repeat(other: str, kept: bool) -> None:
    first = "一二三四五六七八九十"
    assert written(ONE, [0.9, 0.9], [f"{first}。", f"{other}！"]) == (
        [f"{first}。", f"{other}！"] if kept else [f"{first}。"]
    )


def test_items_of_one_character_are_not_repeats_of_each_other() -> None:
    document = build_document("doc", "- 甲\n- 乙\n- 丙\n".encode(), "markdown")
    drafts = drafted(MANY, spans(document, [0.9, 0.9, 0.9]), document)
    assert [draft.text for draft in drafts] == ["甲", "乙", "丙"]


@pytest.mark.parametrize(
    ("asked", "language", "opening"),
    [
        ("Who built it?", "zh", ["The article says (in Chinese):"]),
        ("Who built it?", "en", []),
        ("谁建的？", "zh", []),
        ("谁建的？", "en", []),
    ],
)
def test_an_english_question_over_a_chinese_text_gets_a_frame(
    asked: str, language: Language, opening: list[str]
) -> None:
    document = replace(sheet("甲建工厂。"), language=language)
    statements, citations = cite(quote(spans(document, [0.9]), {"doc": document}), {"doc": document})
    reply = Reply(resolve(asked), "answered", statements, citations, {"doc": document}, is_quoted=True)
    assert reply.text.split("\n") == [*opening, "甲建工厂[1]。"]
    assert replace(reply, is_quoted=False).text == "甲建工厂[1]。"  # a model's words need no frame
