"""Questions to ask next: their form, and that each is answered with the sentence it was made from."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from app.reader import AnswerSpan, Reading
from app.suggestions import questions_of, suggest
from corpus import Document, build_document
from index import Hit
from tests.app.conftest import make_pipeline


def made(text: str) -> list[str]:
    document = build_document("doc", text.encode(), "plain")
    return [question for sentence in document.sentences for question in questions_of(document, sentence)]


@pytest.mark.parametrize(
    ("sentence", "questions"),
    [
        ("甲园区引进40余家数字经济企业。", ["甲园区引进多少家数字经济企业？"]),
        ("截至11月底，乙平台接入企业节点超3.9万家。", ["截至11月底，乙平台接入企业节点多少家？"]),
        ("武汉在百强市榜单上位列第十位。", ["武汉在百强市榜单上位列第几位？"]),
        ("11月19日，工业互联网大会在汉开幕。", ["工业互联网大会在汉开幕是在什么时候？"]),
        ("甲園區引進40餘個數字經濟項目。", ["甲园区引进多少个数字经济项目？"]),  # the frame is simplified
        ("甲園區張經理說，引進40個數字經濟項目。", []),  # speech
        ("甲园区引进10至40家数字经济企业。", []),
        ("甲园区位居全国前10名城市之列。", []),
        ("11月19日，武汉的市长说：“好。”", []),
        ("其中引进40余家数字经济企业。", []),  # of what stands before it
        ("武汉成立全国第2家数商协会。", []),  # a rank, not an amount
        (
            "甲厂3家，乙厂和丙厂一共有4家。",
            ["甲厂3家，乙厂和丙厂一共有多少家？"],
        ),  # 甲厂多少家？ is too short
        ("平台聚合了119、120等多类事件源5类。", []),  # numbers that are names
        ("甲园区（占地40亩。", []),  # a bracket that stays open
        ("一号线：2,600台", []),  # what stands before the colon is no subject
        ("The park has 40 companies.", ["How many companies does the park have?"]),
        ("Brackley Mill was built in 1884.", ["When was Brackley Mill built?"]),
        (
            "The two locks were opened to ships on 4 May 1911 by the mayor.",
            ["When were the two locks opened to ships?"],
        ),
        ("Some 34 men came up the river.", ["How many men came up the river?"]),
        ("It was built in 1884.", []),  # what was?
        ("The park has 40 of them.", []),
        ("In 1884 the mill burned down.", []),
    ],
)
def test_a_sentence_becomes_questions(sentence: str, questions: list[str]) -> None:
    assert made(sentence) == questions


TEXT = "甲园区引进40余家数字经济企业。\n\n乙园区引进20余家数字经济企业。\n\n丙园区引进30余家数字经济企业。\n"


class FirstCharacter:
    """A reader that knows of each park but one its own sentence."""

    def __init__(self, document: Document, unknown: str = "") -> None:
        self.document, self.unknown = document, unknown

    def read(self, query: str, hits: Sequence[Hit]) -> Reading:
        """The sentence that begins as the query does."""
        sentence = next(s for s in self.document.sentences if self.document.text[s.start] == query[0])
        support = 0.1 if query[0] == self.unknown else 0.9
        span = AnswerSpan("doc", sentence.id, sentence.start, sentence.end, support)
        return Reading((span,), support, {})


@pytest.mark.parametrize(
    ("unknown", "asked", "wanted", "suggested"),
    [
        ("", [], 3, ["甲", "乙", "丙"]),
        ("", [], 2, ["甲", "乙"]),
        ("乙", [], 3, ["甲", "丙"]),  # not answered
        ("", ["丙园区引进多少家数字经济企业？"], 2, ["乙", "甲"]),  # never again, and those near it first
        ("", ["甲园区？", "乙园区？", "丙园区？"], 3, []),  # all cited
    ],
)
def test_what_is_suggested_is_answered_near_and_new(
    unknown: str, asked: list[str], wanted: int, suggested: list[str]
) -> None:
    from dataclasses import replace

    document = build_document("doc", TEXT.encode(), "plain")
    pipeline = replace(make_pipeline([document]), reader=FirstCharacter(document, unknown))
    past = [pipeline.answer(question) for question in asked]
    assert [question[0] for question in suggest(pipeline, past, wanted)] == suggested
