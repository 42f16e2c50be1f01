"""The pipeline: three outcomes, exact places for whatever is asked, and the Answer contract."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.answer import Answer, HitRanks, Note
from app.errors import QuestionError
from app.pipeline import Pipeline, decide
from app.questions import Turn
from app.reader import AnswerSpan, Reading
from app.settings import OutcomeSettings, ReaderSettings, WriterSettings
from corpus import Document, build_document, is_cjk
from index import Hit, PassageRules
from tests.app.conftest import make_pipeline
from tests.fakes import WordEmbedder
from tests.generated import PROPERTY

ANSWERED = OutcomeSettings(0.0, 0.0)
UNSURE = OutcomeSettings(0.0, 1.0)
NOT_FOUND = OutcomeSettings(1.0, 1.0)
STEPS = ["resolve", "retrieve", "read", "decide", "write", "cite"]

PLACE = {
    "document_id", "document_title", "document_sha256", "sentence_id", "start", "end", "quote", "section",
    "page", "support", "highlights",
}  # fmt: skip
CONTRACT: dict[str, Any] = {
    "schema": 1,
    "": {
        "schema", "question", "queries", "outcome", "confidence", "answer", "short_answer", "statements",
        "citations", "nearest", "hits", "writer", "notes", "timings_ms",
    },
    "statements": {"text", "citation_numbers", "verdict", "support"},
    "citations": PLACE | {"number"},
    "nearest": PLACE,
    "hits": {"rank", "document_id", "passage_id", "start", "end", "text", "score", "ranks"},
    "notes": {"code", "text"},
}  # fmt: skip


def assert_contract(answer: Answer) -> None:
    """The keys are those of the contract, no more and no less, and JSON carries them."""
    data = answer.to_json()
    assert json.loads(json.dumps(data, ensure_ascii=False, allow_nan=False)).keys() == data.keys()
    assert data["schema"] == 1
    assert set(data) == CONTRACT[""]
    for part in ("statements", "citations", "nearest", "hits", "notes"):
        assert all(set(entry) == CONTRACT[part] for entry in data[part])
    assert all(set(hit["ranks"]) == {"dense", "lexical", "reader"} for hit in data["hits"])
    assert list(data["timings_ms"]) == [*STEPS, "total"]


def assert_grounded(answer: Answer, documents: Mapping[str, Document]) -> None:
    """Everything shown points at the exact words, and markers and citations are one set."""
    for place in (*answer.citations, *answer.nearest):
        document = documents[place.document_id]
        assert document.text[place.start : place.end] == place.quote
        assert document.sha256 == place.document_sha256
        sentence = document.sentence_by_id[place.sentence_id]
        assert (sentence.start, sentence.end) == (place.start, place.end)
        assert document.section_of(sentence) == place.section
        assert 0 <= place.support <= 1
    for hit in answer.hits:
        assert documents[hit.document_id].text[hit.start : hit.end] == hit.text
    markers = [int(number) for number in re.findall(r"\[(\d+)\]", answer.answer)]
    numbers = [citation.number for citation in answer.citations]
    assert list(dict.fromkeys(markers)) == numbers == list(range(1, len(numbers) + 1))
    assert [n for statement in answer.statements for n in statement.citation_numbers] == markers
    assert len({(c.document_id, c.sentence_id) for c in answer.citations}) == len(numbers)
    if answer.outcome == "answered":
        assert answer.citations
        assert answer.nearest == ()
    else:
        assert (answer.citations, answer.statements, answer.short_answer) == ((), (), None)
        assert bool(answer.nearest) is (answer.outcome == "unsure")


QUOTED = st.text(st.sampled_from("武汉算力工厂5G光城数据局成立时间多少谁哪些公里12月。，？ "), max_size=40)


@st.composite
def cuttings(draw: st.DrawFn, document: Document) -> str:
    """Pieces of the article with question words behind them."""
    starts = draw(st.lists(st.integers(0, len(document.text) - 1), min_size=1, max_size=3))
    pieces = [document.text[start : start + draw(st.integers(1, 25))] for start in starts]
    return "".join(pieces) + draw(
        st.sampled_from(["", "是什么时候？", "有多少？", "有哪些？", " what is it?"])
    )


@PROPERTY
@given(st.data())
def test_whatever_is_asked_every_place_is_exact(
    article: Document, article_pipeline: Pipeline, data: st.DataObject
) -> None:
    question = data.draw(st.one_of(cuttings(article), QUOTED))
    history = [Turn("user", data.draw(QUOTED)), Turn("assistant", "好。")]
    outcome = data.draw(st.sampled_from([OutcomeSettings(), ANSWERED, UNSURE, OutcomeSettings(1e-9, 1e-3)]))
    pipeline = replace(article_pipeline, outcome=outcome)
    try:
        answer = pipeline.answer(question, history)
    except QuestionError:
        letters = [c for c in question if c.isalnum()]
        assert not letters or (len(letters) == 1 and not is_cjk(letters[0]))
        return
    assert_grounded(answer, pipeline.documents)
    assert_contract(answer)
    assert answer.question == question
    spans = (AnswerSpan("", "", 0, 0, 0),) if answer.confidence else ()  # small talk and old news have none
    expected = decide(Reading(spans, answer.confidence, {}), outcome)
    assert answer.outcome == expected


@pytest.mark.parametrize(
    ("confidence", "outcome"),
    [
        (0.0, "not_found"),
        (0.1999999, "not_found"),
        (0.2, "unsure"),
        (0.5999999, "unsure"),
        (0.6, "answered"),
        (1.0, "answered"),
    ],
)
def test_the_edges_of_the_outcomes(confidence: float, outcome: str) -> None:
    span = AnswerSpan("notes", "s2", 6, 18, confidence)
    assert decide(Reading((span,), confidence, {}), OutcomeSettings(0.2, 0.6)) == outcome


def test_without_a_sentence_nothing_is_answered() -> None:
    assert decide(Reading((), 1.0, {}), ANSWERED) == "not_found"


def test_answered(notes: Document) -> None:
    answer = make_pipeline([notes]).answer("算力中心在哪里？")
    assert answer.outcome == "answered"
    assert answer.answer == "甲公司的算力中心在东区[1]。"
    assert [(c.number, c.start, c.end, c.quote) for c in answer.citations] == [
        (1, 6, 18, "甲公司的算力中心在东区。")
    ]
    assert answer.statements[0].text == "甲公司的算力中心在东区。"
    assert answer.statements[0].support == answer.citations[0].support == answer.confidence
    assert (answer.writer, answer.notes, answer.short_answer) == ("extractive", (), None)
    assert_grounded(answer, {"notes": notes})
    assert_contract(answer)


def test_not_found_has_neither_citations_nor_nearest(notes: Document) -> None:
    answer = make_pipeline([notes], NOT_FOUND).answer("算力中心在哪里？")
    assert (answer.outcome, answer.answer) == ("not_found", "文章中没有提到。")
    assert (answer.citations, answer.nearest, answer.statements) == ((), (), ())
    assert len(answer.hits) == 1  # what was looked at is still told
    assert_contract(answer)


def test_unsure_has_nearest_and_no_citations(notes: Document) -> None:
    answer = make_pipeline([notes], UNSURE).answer("算力中心在哪里？")
    assert (answer.outcome, answer.answer) == ("unsure", "文章没有直接回答这个问题，最接近的句子如下。")
    assert [(p.sentence_id, p.start, p.end) for p in answer.nearest] == [("s2", 6, 18), ("s3", 19, 29)]
    assert_grounded(answer, {"notes": notes})
    assert_contract(answer)


def test_unsure_shows_three_sentences_at_most(article_pipeline: Pipeline) -> None:
    assert len(replace(article_pipeline, outcome=UNSURE).answer("武汉的算力").nearest) == 3


def test_a_list_is_one_numbered_statement_a_line() -> None:
    document = build_document("list", "- 甲的光。\n- 乙的光。\n- 丙的城。\n".encode(), "markdown")
    writer = WriterSettings(list_statements=2, list_ratio=0)
    answer = make_pipeline([document], ANSWERED, writer).answer("哪些光？")
    assert answer.answer == "甲的光[1]。\n乙的光[2]。"
    assert_grounded(answer, {"list": document})


@pytest.mark.parametrize(
    ("outcome", "reply"),
    [
        (ANSWERED, "The article says (in Chinese):\n甲公司的算力中心在东区[1]。"),
        (UNSURE, "The article does not answer this directly. The nearest sentences follow."),
        (NOT_FOUND, "The article does not say."),
    ],
)
def test_an_english_question_gets_an_english_frame(
    notes: Document, outcome: OutcomeSettings, reply: str
) -> None:
    question = "In which district is the centre for 算力?"
    answer = make_pipeline([notes], outcome, WriterSettings(statements=1)).answer(question)
    assert answer.answer == reply
    assert_grounded(answer, {"notes": notes})


def test_a_follow_up_that_only_the_history_explains(notes: Document) -> None:
    pipeline = make_pipeline([notes])
    history = [Turn("user", "算力中心在哪里？"), Turn("assistant", "甲公司的算力中心在东区[1]。")]
    assert pipeline.answer("它呢？").outcome == "not_found"
    answer = pipeline.answer("它呢？", history)
    assert answer.outcome == "answered"
    assert answer.queries == ("算力中心在哪里？ 它呢？", "它呢？")  # the one that won first
    assert answer.notes == (Note("query_from_history", "按上文理解为：算力中心在哪里？ 它呢？"),)
    assert_contract(answer)


def test_a_question_that_the_history_does_not_help_stays_as_typed(notes: Document) -> None:
    answer = make_pipeline([notes]).answer("它的工厂？", [Turn("user", "天气怎么样？")])
    assert answer.queries == ("它的工厂？", "天气怎么样？ 它的工厂？")
    assert answer.notes == ()
    assert [c.sentence_id for c in answer.citations] == ["s3"]


def test_a_reader_with_a_short_answer_is_reported_and_its_words_are_marked(notes: Document) -> None:
    class Fixed:
        """A reader that found 东区 in the first sentence."""

        def read(self, query: str, hits: Sequence[Hit]) -> Reading:
            """The same, whatever is asked."""
            return Reading((AnswerSpan("notes", "s2", 15, 17, 0.9),), 0.9, {}, "东区")

    pipeline = replace(make_pipeline([notes]), reader=Fixed())
    answer = pipeline.answer("在哪里？")
    assert (answer.short_answer, answer.citations[0].highlights) == ("东区", ((15, 17),))
    assert notes.text[15:17] == "东区"
    assert_grounded(answer, pipeline.documents)
    refused = replace(pipeline, outcome=NOT_FOUND).answer("在哪里？")
    assert refused.short_answer is None


def test_a_wish_for_more_asks_again_without_what_was_told() -> None:
    document = build_document("list", "- 甲的光。\n- 乙的光。\n- 丙的城。\n".encode(), "markdown")
    pipeline = make_pipeline([document], OutcomeSettings(0.01, 0.01), WriterSettings(statements=1))
    history: list[Turn] = []
    replies = ["甲的光[1]。", "乙的光[1]。", "没有找到更多相关内容。"]
    for question, reply in zip(["光？", "还有呢？", "还有吗"], replies, strict=True):
        answer = pipeline.answer(question, history)
        assert answer.answer == reply
        assert_grounded(answer, {"list": document})
        history += [Turn("user", question), Turn("assistant", answer.answer)]
    assert answer.queries == ("光？",)
    assert answer.notes == (Note("query_from_history", "按上文理解为：光？"),)


def test_when_all_was_told_there_is_no_more(notes: Document) -> None:
    told = [Turn("user", "工厂？"), Turn("assistant", "甲公司的算力中心在东区[1]。\n乙公司的工厂在西区[2]。")]
    answer = make_pipeline([notes], OutcomeSettings(0.01, 0.01)).answer("还有吗？", told)
    assert (answer.outcome, answer.answer) == ("not_found", "没有找到更多相关内容。")


def test_a_contrast_is_answered_by_sentences_about_its_topic() -> None:
    text = "甲市的光排第十。\n\n乙市的光排第三。"
    pipeline = make_pipeline([build_document("ranks", text.encode(), "plain")], OutcomeSettings(0.01, 0.01))
    history = [Turn("user", "甲市的光排第几？"), Turn("assistant", "甲市的光排第十[1]。")]
    answer = pipeline.answer("那乙市的呢？", history)
    assert [citation.quote for citation in answer.citations] == ["乙市的光排第三。"]
    assert pipeline.answer("那丙市的呢？", history).outcome == "not_found"


def test_every_step_is_timed_and_they_add_up(article_pipeline: Pipeline) -> None:
    timings = article_pipeline.answer("武汉的算力").timings_ms
    assert list(timings) == [*STEPS, "total"]
    assert all(ms >= 0 for ms in timings.values())
    # Each is rounded to a hundredth.
    assert timings["total"] == pytest.approx(sum(timings[step] for step in STEPS), abs=0.01 * len(STEPS))


def test_search_gives_passages_with_their_ranks(article: Document, article_pipeline: Pipeline) -> None:
    hits = article_pipeline.search("算力公共服务平台")
    assert [hit.rank for hit in hits] == list(range(1, 11))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert "算力公共服务平台" in hits[0].text
    for hit in hits:
        assert article.text[hit.start : hit.end] == hit.text
        assert hit.ranks.reader is None


def test_the_best_passages_are_read_and_all_that_were_found_are_reported(article: Document) -> None:
    pipeline = replace(make_pipeline([article]), reading=ReaderSettings(passages=2))
    hits = pipeline.answer("武汉的算力").hits
    assert len(hits) == 10
    assert sorted(hit.ranks.reader for hit in hits[:2] if hit.ranks.reader) == [1, 2]
    assert all(hit.ranks.reader is None for hit in hits[2:])


def test_a_question_is_asked_over_the_named_documents_alone(notes: Document) -> None:
    other = build_document("other", "甲公司的算力中心在西区。".encode(), "plain")
    pipeline = make_pipeline([notes, other], ANSWERED)
    for within in (["other"], ["notes"], ["notes", "other"]):
        answer = pipeline.answer("甲公司的算力中心在哪里？", within=within)
        assert {hit.document_id for hit in answer.hits} == set(within)
        assert {citation.document_id for citation in answer.citations} <= set(within)


def test_hits_of_an_answer_carry_the_readers_ranks() -> None:
    text = "甲厂建在东边，占地三千多亩。\n\n乙厂的光在西区，占地四千亩多。\n"
    document = build_document("two", text.encode(), "plain")
    # Two sentences would be too long for one passage.
    pipeline = make_pipeline([document], rules=PassageRules(max_chars=20, overlap_chars=0))
    hits = pipeline.answer("光、西区？").hits
    assert [(h.passage_id, h.ranks) for h in hits] == [
        ("p2", HitRanks(1, 1, 1)),
        ("p1", HitRanks(2, None, 2)),
    ]


def test_two_documents_are_cited_apart(notes: Document) -> None:
    other = build_document("other", "丙公司的算力中心在南区。\n".encode(), "plain")
    pipeline = make_pipeline([notes, other], ANSWERED, WriterSettings(statements=2, ratio=0.0))
    answer = pipeline.answer("丙公司的算力中心")
    assert answer.citations[0].document_id == "other"
    assert_grounded(answer, pipeline.documents)


def test_a_question_is_embedded_once_for_all_steps(notes: Document) -> None:
    embedder = WordEmbedder()
    pipeline = make_pipeline([notes], embedder=embedder)
    pipeline.answer("算力中心在哪里？")  # the scorer asks for the sentences' vectors, which are kept
    before = embedder.embedded
    pipeline.answer("算力中心在何处？")
    assert embedder.embedded == before + 1
