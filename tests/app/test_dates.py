"""The year that 今年 means: added after the quotes where the metadata gives it, otherwise nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.dates import derived_years
from app.settings import OutcomeSettings
from corpus import Document, Language, build_document
from tests.app.conftest import make_pipeline

ANSWERED = OutcomeSettings(unsure_from=0, answered_from=0)


def document(text: str, published: str | None) -> Document:
    return replace(build_document("notes", text.encode(), "plain"), published=published)


@pytest.mark.parametrize(
    ("quote", "published", "language", "texts"),
    [
        ("今年2月29日挂牌。", "2024-12", "zh", ["今年指2024年"]),
        ("比去年多，比前年少，明年再看。", "2024-01", "zh", ["去年指2023年", "前年指2022年", "明年指2025年"]),
        ("今年如此，今年还是如此。", "2024-12", "zh", ["今年指2024年"]),
        ("今年2月29日挂牌。", "2024-12", "en", ["今年: 2024"]),
        ("It opened last year.", "2024-12", "en", ["last year: 2023"]),
        ("今年2月29日挂牌。", None, "zh", []),
        ("2024年2月29日挂牌。", "2024-12", "zh", []),
        ("目前年产值超百亿元，过去年均增长两成；日本年轻人评上了文明年度人物。", "2024-12", "zh", []),
    ],
)
def test_derived_years(quote: str, published: str | None, language: Language, texts: list[str]) -> None:
    notes = derived_years([(document(quote, published), quote)], language)
    assert [note.text for note in notes] == texts
    assert {note.code for note in notes} <= {"derived_year"}


def test_the_reply_adds_the_year_after_the_quote_and_not_in_it() -> None:
    notes = document("甲公司今年在东区建厂。", "2024-12")
    answer = make_pipeline([notes], ANSWERED).answer("甲公司在哪里建厂？")
    assert answer.answer == "甲公司今年在东区建厂[1]。\n（今年指2024年）"
    assert answer.statements[0].text == answer.citations[0].quote == "甲公司今年在东区建厂。"
    assert [(note.code, note.text) for note in answer.notes] == [("derived_year", "今年指2024年")]


def test_without_a_date_nothing_is_added() -> None:
    answer = make_pipeline([document("甲公司今年在东区建厂。", None)], ANSWERED).answer("甲公司在哪里建厂？")
    assert (answer.answer, answer.notes) == ("甲公司今年在东区建厂[1]。", ())
