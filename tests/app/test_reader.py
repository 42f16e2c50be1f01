"""Which sentences of a reading are about the topic of a question."""

from __future__ import annotations

import pytest

from app.reader import AnswerSpan, Reading, about
from corpus import Document, Metadata, build_document

TEXT = "成都2020年启动。目前已建成12个园区。\n\n武汉常住人口1300万。\n\n第一季度增长3%。\n"
CHINESE = build_document("zh", TEXT.encode(), "plain")
ENGLISH = build_document("en", b"Shanghai has 40 companies.\n\nWuhan has nine bridges.\n", "plain")


def kept(topic: str, document: Document) -> list[str]:
    """The sentences that are left."""
    spans = tuple(AnswerSpan(document.id, s.id, s.start, s.end, 0.9) for s in document.sentences)
    left = about(Reading(spans, 0.9, {}, "x"), topic, {document.id: document})
    return [document.quote(span.start, span.end) for span in left.spans]


@pytest.mark.parametrize(
    ("topic", "sentences"),
    [
        ("成都", ["成都2020年启动。", "目前已建成12个园区。"]),  # the second stands behind the name
        ("武汉的人口", ["武汉常住人口1300万。"]),
        ("武汉那边", ["武汉常住人口1300万。"]),
        ("第一季度", ["第一季度增长3%。"]),
        ("第二季度", []),
        ("2020年", ["成都2020年启动。", "目前已建成12个园区。"]),
        ("2023年", []),
        ("北京", []),
        ("天长", []),
        ("副局长", []),
        ("良渚遗址", []),
        ("上次", []),
        ("百度", []),
        ("机器人", []),
    ],
)
def test_sentences_about_a_topic(topic: str, sentences: list[str]) -> None:
    assert kept(topic, CHINESE) == sentences


@pytest.mark.parametrize(
    ("text", "named", "other"),
    [
        ("北京市有300家企业。", "北京市", "南京市"),
        ("甲公司今年签约。", "甲公司", "乙公司"),
        ("西湖区建成。", "西湖区", "东湖区"),
        ("江汉大学招生。", "江汉大学", "武汉大学"),
        ("下半年增长3%。", "下半年", "上半年"),
        ("一期工程完工。", "一期工程", "二期工程"),
        ("高中生共300人。", "高中生", "初中生"),
        ("一季度营收5亿元。", "今年一季度", "今年二季度"),
        ("信通院发布报告。", "中国信通院", "中国社科院"),
        ("神舟十九号于10月发射。", "神舟十九号任务", "神舟二十号任务"),
        ("建设银行设了分行。", "建设银行", "中国银行"),
        ("武汉都市圈建成。", "在武汉市", "成都市"),  # 武汉 is 武汉市
    ],
)
def test_things_of_one_kind_are_told_apart(text: str, named: str, other: str) -> None:
    document = build_document("zh", text.encode(), "plain")
    assert (kept(named, document), kept(other, document)) == ([text], [])


def test_a_year_may_be_told_by_another_word() -> None:
    told = build_document(
        "zh", "去年新建8个。\n\n今年新建10个。\n".encode(), "plain", Metadata(published="2024-12")
    )
    assert kept("2023年", told) == ["去年新建8个。"]
    assert kept("2024年", told) == ["今年新建10个。"]
    assert kept("2022年", told) == []
    assert len(kept("去年", told)) == len(kept("第二名", told)) == 2


def test_a_topic_in_the_other_script() -> None:
    document = build_document("zh", "廣州建成12個園區。\n\n武漢建成9個。\n".encode(), "plain")
    assert kept("广州", document) == ["廣州建成12個園區。"]


@pytest.mark.parametrize(
    "topic",
    [
        "面积", "具体时间", "名次", "职责", "地址", "优点", "局长", "董事长", "营收", "增长率", "投资额",
        "企业数量", "财务情况", "产值", "进度", "方式", "负责人", "效益", "the price", "Shanghai",
    ],
)  # fmt: skip
def test_an_attribute_and_another_script_leave_everything(topic: str) -> None:
    assert len(kept(topic, CHINESE)) == 4


def test_topics_of_an_english_article() -> None:
    assert kept("companies in Shanghai", ENGLISH) == ["Shanghai has 40 companies."]
    assert len(kept("price", ENGLISH)) == 2
    assert len(kept("成都", ENGLISH)) == 2


def test_with_the_best_sentence_goes_its_confidence() -> None:
    document = CHINESE
    first, *_, last = document.sentences
    spans = (
        AnswerSpan(document.id, first.id, first.start, first.end, 0.9),
        AnswerSpan(document.id, last.id, last.start, last.end, 0.4),
    )
    left = about(Reading(spans, 0.9, {}, "2020年"), "第一季度", {document.id: document})
    assert (left.spans, left.confidence, left.short_answer) == (spans[1:], 0.4, None)
