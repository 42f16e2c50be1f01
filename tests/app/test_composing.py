"""The writer with a language model: what is shown of what it writes, and what stands in where it fails."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace

import pytest

from app.answer import Answer, Unfinished
from app.composing import ComposingWriter
from app.errors import ReplyCut
from app.language_model import Message
from app.pipeline import Pipeline
from app.questions import Turn
from app.settings import OutcomeSettings, WriterSettings
from corpus import build_document
from prompts import load_prompts
from tests.app.conftest import make_pipeline
from tests.fakes import Literal, Scripted

TEXT = "武汉有10家工厂。武汉的算力中心在东区。武汉的光谷很大。"
FACT, OTHER = "武汉有10家工厂。", "武汉的算力中心在东区。"
INVENTED = "武汉的工厂排名第一。"


def composing(model: Scripted, **settings: object) -> Pipeline:
    """A pipeline over the text whose every sentence is sure to answer."""
    document = build_document("doc", TEXT.encode(), "plain")
    pipeline = make_pipeline([document], OutcomeSettings(0.0, 0.0))
    rules = replace(WriterSettings(), **settings)  # type: ignore[arg-type]
    writer = ComposingWriter(model, Literal(), rules, load_prompts(), tokens=1000)  # type: ignore[arg-type]
    return replace(pipeline, writer=writer)


def codes(answer: Answer) -> list[str]:
    return [note.code for note in answer.notes]


def test_what_is_borne_out_gets_its_number_and_the_rest_is_left_out() -> None:
    answer = composing(Scripted(FACT + INVENTED + OTHER)).answer("武汉的工厂？")
    assert answer.answer == "武汉有10家工厂[1]。\n武汉的算力中心在东区[2]。"
    assert [(s.verdict, s.citation_numbers, s.support) for s in answer.statements] == [
        ("supported", (1,), 0.8),
        ("supported", (2,), 0.8),
    ]
    assert (answer.writer, codes(answer)) == ("scripted", ["left_out"])
    assert list(answer.timings_ms)[4:6] == ["first_word", "write"]
    assert "1" in answer.notes[0].text


def test_what_is_not_borne_out_may_be_shown_as_such() -> None:
    answer = composing(Scripted(FACT + INVENTED), unsupported="shown").answer("武汉的工厂？")
    assert answer.answer == "武汉有10家工厂[1]。\n武汉的工厂排名第一。（未经证实）"
    assert [s.verdict for s in answer.statements] == ["supported", "unsupported"]
    assert codes(answer) == []


@pytest.mark.parametrize(
    ("model", "code"),
    [
        (Scripted(INVENTED), "nothing_borne_out"),
        (Scripted(""), "nothing_borne_out"),
        (Scripted(FACT, ReplyCut("cut")), "writer_failed"),
        (Scripted(FACT, reads=0), "writer_failed"),
    ],
)
def test_the_articles_own_sentences_stand_in(model: Scripted, code: str) -> None:
    pipeline = composing(model)
    answer = pipeline.answer("武汉的工厂？")
    assert codes(answer) == [code]
    assert all(s.text in TEXT and s.citation_numbers for s in answer.statements)
    assert answer.statements


def test_the_evidence_is_seen_first_and_the_text_grows() -> None:
    steps = list(composing(Scripted(FACT + OTHER)).answering("武汉的工厂？"))
    *growing, answer = steps
    assert all(isinstance(step, Unfinished) for step in growing)
    first, last = growing[0], growing[-1]
    assert isinstance(first, Unfinished) and isinstance(last, Unfinished)
    assert (first.statements, first.tail) == ((), "")
    assert {place.quote for place in first.evidence} <= {FACT, OTHER, "武汉的光谷很大。"}
    assert [s.text for s in last.statements] == [FACT, OTHER]
    tails = [step.tail for step in growing if isinstance(step, Unfinished)]
    assert tails[1:4] == ["武", "武汉", "武汉有"]
    assert isinstance(answer, Answer)


def test_what_is_seen_first_is_what_the_model_is_given() -> None:
    model = Scripted(FACT)
    first = next(composing(model, evidence=1, statements=1).answering("武汉的工厂？"))
    given = model.prompts[0][1].content if model.prompts else ""
    assert isinstance(first, Unfinished) and given == ""  # nothing is written before it is seen
    whole = list(composing(model, evidence=1).answering("武汉的工厂？"))
    assert all(step.evidence for step in whole[:-1] if isinstance(step, Unfinished))
    told = model.prompts[0][1].content
    for sentence in (FACT, OTHER, "武汉的光谷很大。"):
        seen = any(place.quote == sentence for place in first.evidence)
        assert (sentence in told) is seen


def test_a_model_may_decline() -> None:
    answer = composing(Scripted("文章中没有提到。")).answer("武汉的工厂？")
    assert (answer.outcome, answer.answer, answer.citations) == ("not_found", "文章中没有提到。", ())


def test_what_was_said_before_it_declined_stands() -> None:
    answer = composing(Scripted(FACT + "文章中没有提到其他工厂。")).answer("武汉的工厂？")
    assert answer.answer == "武汉有10家工厂[1]。"
    assert answer.outcome == "answered"


def test_a_model_that_repeats_itself_is_stopped() -> None:
    model = Scripted(FACT * 100)
    answer = composing(model).answer("武汉的工厂？")
    assert answer.answer == "武汉有10家工厂[1]。"
    assert model.stopped_after < 4 * len(FACT)


def test_what_came_with_a_repeat_in_one_piece_stands() -> None:
    class Buffered(Scripted):
        def stream(self, messages: Sequence[Message], limit: int) -> Generator[str]:
            yield self.text

    answer = composing(Buffered(f"{FACT}\n{OTHER}\n{FACT}\n")).answer("武汉的工厂？")
    assert answer.answer == "武汉有10家工厂[1]。\n武汉的算力中心在东区[2]。"


def test_what_it_is_written_of_stands_in_the_prompt_in_the_order_of_the_text() -> None:
    model = Scripted(FACT)
    composing(model).answer("武汉的工厂？")
    ((system, user),) = model.prompts
    assert system.role == "system" and user.role == "user"
    assert user.content.index("10家工厂") < user.content.index("算力中心") < user.content.index("光谷")
    assert user.content.endswith("问题：武汉的工厂？")


def test_a_prompt_that_does_not_fit_is_cut_by_rank_and_that_is_told() -> None:
    whole = Scripted(FACT)
    composing(whole).answer("武汉的工厂？")
    length = sum(len(message.content) for message in whole.prompts[0])
    model = Scripted(FACT, reads=length - 1)
    answer = composing(model).answer("武汉的工厂？")
    assert codes(answer) == ["evidence_trimmed"]
    assert len(model.prompts) == 2
    assert "10家工厂" in model.prompts[1][1].content  # the best ranked one stays


def test_not_found_never_reaches_the_model() -> None:
    model = Scripted(FACT)
    pipeline = replace(composing(model), outcome=OutcomeSettings(1.0, 1.0))
    assert pipeline.answer("武汉的工厂？").outcome == "not_found"
    assert model.prompts == []


def test_a_question_in_another_language_is_answered_with_quotes() -> None:
    model = Scripted(FACT)
    answer = composing(model).answer("How many 工厂 are there in Wuhan?")
    assert codes(answer) == ["other_language"]
    assert model.prompts == []


def test_a_sentence_in_another_language_that_is_no_evidence_keeps_no_model_out() -> None:
    documents = [
        build_document("zh", FACT.encode(), "plain"),
        build_document("en", b"Ten mills stand on the river.", "plain"),
    ]
    writer = composing(Scripted(FACT), evidence=1).writer
    pipeline = replace(make_pipeline(documents, OutcomeSettings(0.2, 0.2)), writer=writer)
    answer = pipeline.answer("武汉的工厂？")
    assert ([note.code for note in answer.notes], answer.answer) == ([], "武汉有10家工厂[1]。")


def test_a_question_that_points_back_is_rewritten_by_the_model() -> None:
    model = Scripted("武汉的算力中心在哪里？\n别的")
    history = [Turn("user", "武汉有几家工厂？"), Turn("assistant", FACT)]
    answer = composing(model).answer("那它的算力中心呢？", history)
    assert answer.queries[0] == "武汉的算力中心在哪里？"
    assert [note.text for note in answer.notes if note.code == "query_from_history"] == [
        "按上文理解为：武汉的算力中心在哪里？"
    ]
    assert "那它的算力中心呢？" in model.prompts[0][1].content


@pytest.mark.parametrize(
    ("written", "query"),
    [
        ("<think>\n它是武汉吗？\n</think>\n\n武汉的算力中心在哪里？", "武汉的算力中心在哪里？"),
        ("它是武汉吗？\n</think>\n武汉的算力中心在哪里？", "武汉的算力中心在哪里？"),
        ("改写后的问题：武汉的算力中心在哪里？", "武汉的算力中心在哪里？"),
        ("**改写后的问题：**\n武汉的算力中心在哪里？", "武汉的算力中心在哪里？"),
        ("最后一个问题：武汉的算力中心在哪里？", "武汉的算力中心在哪里？"),
        ("问题: 武汉的算力中心在哪里？", "武汉的算力中心在哪里？"),
        ("Rewritten question: Where is it?", "Where is it?"),
        ("武汉最大的问题：人才还是资金？", "武汉最大的问题：人才还是资金？"),
        ("<think>\n它是武汉吗？", None),
        ("改写后的问题：", None),
        ("", None),
    ],
)
def test_of_what_the_model_makes_of_a_question_the_question_alone_is_searched(
    written: str, query: str | None
) -> None:
    history = [Turn("user", "武汉有几家工厂？"), Turn("assistant", FACT)]
    queries = composing(Scripted(written)).answer("那它的算力中心呢？", history).queries
    own = composing(Scripted("")).answer("那它的算力中心呢？", history).queries
    assert set(queries) - set(own) == ({query} if query else set())


def test_a_wish_for_more_asks_the_model_what_was_asked_before() -> None:
    model = Scripted("武汉有几家工厂？")
    composing(model).answer("还有吗？", [Turn("user", "武汉有几家工厂？"), Turn("assistant", "不知道。")])
    asked = model.prompts[-1][1].content
    assert "武汉有几家工厂？" in asked and "还有吗" not in asked


def test_closing_the_reply_stops_the_model() -> None:
    model = Scripted(FACT + OTHER)
    steps = composing(model).answering("武汉的工厂？")
    for _ in range(5):
        next(steps)
    steps.close()  # type: ignore[attr-defined]
    assert model.stopped_after < len(FACT)


def test_an_outline_is_asked_for_in_words_of_its_own() -> None:
    model = Scripted(FACT)
    answer = composing(model).answer("这篇文章讲了什么？")
    assert answer.answer == "武汉有10家工厂[1]。"
    assert "概括" in model.prompts[0][1].content
