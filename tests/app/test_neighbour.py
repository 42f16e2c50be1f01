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
    document = build_document("doc", text.encode(), "plain")
    sentence = next(s for s in document.sentences if document.quote(s.start, s.end) == answer)
    found = neighbour(question, AnswerSpan("doc", sentence.id, sentence.start, sentence.end, 0.9), document)
    assert found is None or found.support == 0.9
    return None if found is None else document.quote(found.start, found.end)


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
        ("佳绩何以取得？抢先布局是关键。", "抢先布局是关键。", None),
    ],
)
def test_a_sentence_that_asks_takes_the_one_that_follows(
    text: str, answer: str, expected: str | None
) -> None:
    assert beside("为什么成绩这么好", text, answer) == expected


def test_it_is_quoted_in_the_order_of_the_text_and_never_twice() -> None:
    document = build_document("doc", (SIGNED + OPENED + OTHERS).encode(), "plain")
    signed, opened, _ = (AnswerSpan("doc", s.id, s.start, s.end, 0.9) for s in document.sentences)
    writer = ExtractiveWriter(WriterSettings())
    question = resolve("深圳数据交易所入驻的是哪个产业园？")
    for spans, texts in (([opened], [SIGNED, OPENED]), ([opened, signed], [OPENED, SIGNED])):
        drafts = list(
            writer.write(
                Material(question, question.text, "answer", tuple(spans), len(spans), {"doc": document})
            )
        )[-1].drafts
        assert [draft.text for draft in drafts] == texts
