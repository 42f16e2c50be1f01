"""Which neighbour of an answer's sentence is cited with it."""

from __future__ import annotations

import pytest

from app.extractive import ExtractiveWriter
from app.neighbour import neighbour
from app.questions import resolve
from app.reader import AnswerSpan
from app.settings import WriterSettings
from app.writer import Material
from corpus import build_document

OPENED = "上月，东湖产业园揭牌。"
SIGNED = "深圳数据交易所签约入驻。"
TRADITIONAL = "深圳數據交易所簽約入駐。"
OTHERS = "还有一批企业随后到来。"


def beside(question: str, text: str, answer: str) -> str | None:
    """The neighbour's text, for an answer that is a whole sentence."""
    document = build_document("doc", text.encode(), "markdown" if "#" in text else "plain")
    sentence = next(s for s in document.sentences if document.quote(s.start, s.end) == answer)
    span = AnswerSpan("doc", sentence.id, sentence.start, sentence.end, 0.9)
    found = neighbour(question, [span], document)
    return None if found is None else document.quote(found.start, found.end)


def drafted(question: str, text: str, support: dict[int, float], asked: str = "") -> list[tuple[str, float]]:
    """What is quoted, with its support, where the sentences of these numbers were read; the best is sure."""
    document = build_document("doc", text.encode(), "plain")
    spans = tuple(
        AnswerSpan("doc", document.sentences[i].id, document.sentences[i].start, document.sentences[i].end, s)
        for i, s in support.items()
    )
    material = Material(resolve(question), asked or question, "answer", spans, 1, {"doc": document})
    (writing,) = ExtractiveWriter(WriterSettings()).write(material)
    return [(draft.text, draft.spans[0].support) for draft in writing.drafts]


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("深圳数据交易所入驻的是哪个产业园？", OPENED + SIGNED + OTHERS, SIGNED),
        ("深圳数据交易所入驻的是哪个产业园？", SIGNED + OPENED, SIGNED),  # on either side
        ("深圳数据交易所入驻的是哪个产业园？", f"{OPENED}\n\n{SIGNED}", None),  # another paragraph
        ("深圳數據交易所入駐的是哪個產業園？", OPENED + SIGNED, SIGNED),  # in the other script
        ("深圳数据交易所入驻的是哪个产业园？", OPENED + TRADITIONAL, TRADITIONAL),
        ("深圳数据交易所入驻的是哪个产业园？", OPENED + OTHERS + SIGNED, None),  # not beside it
        ("交易所入驻的是哪个产业园？", OPENED + SIGNED, None),  # 交易所: too short a run
        (
            "深圳数据交易所入驻的是哪个产业园？",
            OPENED + SIGNED + f"\n\n{SIGNED}",
            None,
        ),  # told elsewhere, too
        (
            "上月揭牌的东湖产业园在哪里？",
            OPENED + "这里的东湖产业园很大。",
            None,
        ),  # the answer names it itself
        ("除了深圳数据交易所外，入驻的是哪个产业园？", OPENED + SIGNED, None),  # not asked about
    ],
)
def test_the_neighbour_that_names_what_is_asked(question: str, text: str, expected: str | None) -> None:
    assert beside(question, text, OPENED) == expected


@pytest.mark.parametrize(
    ("text", "answer", "expected"),
    [
        ("佳绩何以取得？抢先布局是关键。", "佳绩何以取得？", "抢先布局是关键。"),
        ("佳绩何以取得？\n\n抢先布局是关键。", "佳绩何以取得？", "抢先布局是关键。"),  # in the next paragraph
        ("他说：“佳绩何以取得？”抢先布局是关键。", "他说：“佳绩何以取得？”", "抢先布局是关键。"),
        ("How was it done? By starting early.", "How was it done?", "By starting early."),
        ("佳绩何以取得？", "佳绩何以取得？", None),  # nothing follows
        ("# 题\n\n## 一\n\n何以取得？\n\n靠早。\n\n## 二\n", "何以取得？", "靠早。"),
        ("# 题\n\n## 一\n\n何以取得？\n\n## 靠早\n\n早。\n", "何以取得？", None),  # a heading
        ("佳绩何以取得？抢先布局是关键。", "抢先布局是关键。", None),
    ],
)
def test_a_sentence_that_asks_takes_the_one_that_follows(
    text: str, answer: str, expected: str | None
) -> None:
    assert beside("为什么成绩这么好", text, answer) == expected


ASKED = "深圳数据交易所入驻的是哪个产业园？"


def test_it_is_quoted_in_the_order_of_the_text_and_never_twice() -> None:
    text = SIGNED + OPENED + OTHERS
    assert drafted(ASKED, text, {1: 0.9}) == [(SIGNED, 0.9), (OPENED, 0.9)]
    document = build_document("doc", text.encode(), "plain")
    signed, opened, _ = (AnswerSpan("doc", s.id, s.start, s.end, 0.9) for s in document.sentences)
    material = Material(resolve(ASKED), ASKED, "answer", (opened, signed), 2, {"doc": document})
    (writing,) = ExtractiveWriter(WriterSettings()).write(material)
    assert [draft.text for draft in writing.drafts] == [OPENED, SIGNED]


def test_it_has_its_own_support_or_the_least_that_was_read() -> None:
    text = SIGNED + OPENED + OTHERS
    assert drafted(ASKED, text, {1: 0.9, 2: 0.3, 0: 0.4}) == [(SIGNED, 0.4), (OPENED, 0.9)]
    assert drafted(ASKED, text, {1: 0.9, 2: 0.3}) == [(SIGNED, 0.3), (OPENED, 0.9)]


def test_it_is_looked_for_by_the_question_as_it_was_understood() -> None:
    assert drafted("还有吗？", SIGNED + OPENED, {1: 0.9}, asked=ASKED) == [(SIGNED, 0.9), (OPENED, 0.9)]
    assert drafted("还有吗？", SIGNED + OPENED, {1: 0.9}) == [(OPENED, 0.9)]


def test_what_repeats_the_answer_is_not_beside_it() -> None:
    assert drafted("为什么", "佳绩何以取得？" + "佳绩何以取得的？", {0: 0.9}) == [("佳绩何以取得？", 0.9)]
