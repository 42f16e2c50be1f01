"""Comparisons through the pipeline: two sides, what follows from them, and what is marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.answer import Answer
from app.reader import AnswerSpan, Reading
from corpus import build_document
from index import Hit
from tests.app.conftest import make_pipeline
from tests.app.test_pipeline import ANSWERED, assert_contract, assert_grounded

DAYS = "11月14日，甲园揭牌。\n\n乙榜于11月27日发布。\n"  # sentences at [0:12] and [13:25]


@dataclass
class SideReader:
    """A reader that is sure of a side's day by its first character, and of a whole question of nothing."""

    days: Mapping[str, AnswerSpan]

    def read(self, query: str, hits: Sequence[Hit]) -> Reading:
        """The span of 甲… or 乙…."""
        span = self.days.get(query[0], AnswerSpan("days", "s1", 7, 8, 0.1))
        return Reading((span,), span.support, {("days", "p1"): 1}, "…")


def ask_sides(first: float, second: float, question: str) -> Answer:
    document = build_document("days", DAYS.encode(), "plain")
    assert (document.text[0:6], document.text[16:22]) == ("11月14日", "11月27日")
    reader = SideReader(
        {"甲": AnswerSpan("days", "s1", 0, 6, first), "乙": AnswerSpan("days", "s2", 16, 22, second)}
    )
    answer = replace(make_pipeline([document]), reader=reader).answer(question)
    assert_grounded(answer, {"days": document})
    assert_contract(answer)
    return answer


def test_a_comparison_stands_on_both_sides() -> None:
    answer = ask_sides(0.9, 0.8, "从甲园揭牌到乙榜发布，相差几天？")
    assert answer.answer == (
        "11月14日与11月27日相差13天（推算）[1][2]。\n11月14日，甲园揭牌[1]。\n乙榜于11月27日发布[2]。"
    )
    assert [statement.verdict for statement in answer.statements] == ["derived", "supported", "supported"]
    assert answer.confidence == 0.8
    assert answer.short_answer is None
    assert answer.queries == (
        "从甲园揭牌到乙榜发布，相差几天？",
        "甲园揭牌是什么时候？",
        "乙榜发布是什么时候？",
    )
    assert [hit.rank for hit in answer.hits] == [1]  # found by both sides, told once


def test_two_questions_in_one_are_both_answered() -> None:
    answer = ask_sides(0.9, 0.8, "甲园是哪一天揭牌的？乙榜是哪一天发布的？")
    assert answer.answer == "11月14日，甲园揭牌[1]。\n乙榜于11月27日发布[2]。"
    assert [citation.highlights for citation in answer.citations] == [((0, 6),), ((16, 22),)]


def test_what_was_compared_is_marked_and_not_what_else_the_reader_found() -> None:
    document = build_document("days", DAYS.encode(), "plain")
    opened, listed = AnswerSpan("days", "s1", 9, 11, 0.9), AnswerSpan("days", "s2", 13, 15, 0.8)
    assert (document.text[9:11], document.text[13:15]) == ("揭牌", "乙榜")
    reader = SideReader({"甲": opened, "乙": listed})
    answer = replace(make_pipeline([document]), reader=reader).answer("从甲园揭牌到乙榜发布，相差几天？")
    assert answer.answer.startswith("11月14日与11月27日相差13天（推算）[1][2]。")
    assert [citation.highlights for citation in answer.citations] == [((0, 6),), ((16, 22),)]
    assert_grounded(answer, {"days": document})


def test_both_sides_in_one_sentence_are_one_citation_with_both_words_marked() -> None:
    text = "新建园区10个，改造园区21个。"  # 10个 at [4:7], 21个 at [12:15]
    document = build_document("days", text.encode(), "plain")
    first, second = (
        AnswerSpan("days", "s1", start, start + 3, sure) for start, sure in ((4, 0.9), (12, 0.6))
    )
    reader = SideReader({"新": first, "改": second})
    answer = replace(make_pipeline([document]), reader=reader).answer("新建的园区和改造的园区一共多少个？")
    assert answer.answer == (
        "新建的园区10个，改造的园区21个，合计31个（推算）[1]。\n新建园区10个，改造园区21个[1]。"
    )
    assert [citation.highlights for citation in answer.citations] == [((4, 7), (12, 15))]
    assert answer.statements[0].support == 0.6
    assert_grounded(answer, {"days": document})


def test_figures_of_traditional_text_are_worked_out_and_its_sentences_quoted_as_written() -> None:
    text = "新建園區10個，改造園區21個。"  # 10個 at [4:7], 21個 at [12:15]
    document = build_document("days", text.encode(), "plain")
    first, second = (AnswerSpan("days", "s1", start, start + 3, 0.9) for start in (4, 12))
    reader = SideReader({"新": first, "改": second})
    answer = replace(make_pipeline([document]), reader=reader).answer("新建的園區和改造的園區一共多少個？")
    assert answer.question == "新建的園區和改造的園區一共多少個？"
    assert answer.answer == (
        "新建的园区10个，改造的园区21个，合计31个（推算）[1]。\n新建園區10個，改造園區21個[1]。"
    )
    assert_grounded(answer, {"days": document})


def test_sides_without_a_sentence_are_no_comparison() -> None:
    class Blind:
        """A reader that finds nothing."""

        def read(self, query: str, hits: Sequence[Hit]) -> Reading:
            """No span."""
            return Reading((), 0.0, {})

    document = build_document("days", DAYS.encode(), "plain")
    pipeline = replace(make_pipeline([document], ANSWERED), reader=Blind())
    assert pipeline.answer("从甲园揭牌到乙榜发布，相差几天？").outcome == "not_found"


def test_a_comparison_with_an_unsure_side_is_read_as_it_is() -> None:
    answer = ask_sides(0.9, 0.2, "从甲园揭牌到乙榜发布，相差几天？")
    assert (answer.outcome, answer.confidence) == ("not_found", 0.1)
