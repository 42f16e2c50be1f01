"""The shipped article and plain questions, each in simplified and in traditional characters."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from opencc import OpenCC

from app.answer import Answer
from app.collection_names import SHIPPED
from app.engine import make_pipeline, make_shelf
from app.pipeline import Pipeline
from app.questions import Turn
from app.settings import load_settings
from corpus import Document
from index import SentenceEmbedder
from tests.app.conftest import seal
from tests.app.test_pipeline import assert_contract, assert_grounded
from tests.app.test_shipped_questions import EASY, REFUSED

pytestmark = pytest.mark.model

ASKED = [question for question, _ in EASY + REFUSED]


@cache
def converter(name: str) -> OpenCC:
    """OpenCC by words: traditional, or the spelling of Taiwan or of Hong Kong."""
    return OpenCC(name)


def cited(answer: Answer) -> tuple[str, list[str]]:
    """The outcome and the ids of the cited sentences."""
    return answer.outcome, [citation.sentence_id for citation in answer.citations]


@pytest.fixture(scope="module")
def traditional(tmp_path_factory: pytest.TempPathFactory, article_path: Path) -> Pipeline:
    """The shipped article's files in traditional characters, opened as a user's file is."""
    folder = tmp_path_factory.mktemp("traditional")
    for file in (article_path, article_path.with_suffix(".toml")):
        text = converter("s2t").convert(file.read_text(encoding="utf-8"))
        (folder / file.name).write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        seal(patch, folder / "home")
        settings = load_settings()
        return make_pipeline(
            settings, make_shelf(settings, SentenceEmbedder()), str(folder / f"{SHIPPED}.txt")
        )


def test_the_traditional_article_has_the_sentences_of_the_simplified_one(
    traditional: Pipeline, article: Document
) -> None:
    (document,) = traditional.documents.values()
    assert "武漢市數據局於今年2月29日正式掛牌成立" in document.text
    assert [(s.id, s.start, s.end) for s in document.sentences] == [
        (s.id, s.start, s.end) for s in article.sentences
    ]


@pytest.mark.parametrize("question", ASKED)
def test_a_simplified_question_finds_the_same_sentences_of_the_traditional_article(
    shipped: Pipeline, traditional: Pipeline, question: str
) -> None:
    answer, expected = traditional.answer(question), shipped.answer(question)
    assert cited(answer) == cited(expected)
    assert_grounded(answer, traditional.documents)  # every quote as the article writes it
    assert_contract(answer)
    (document,) = traditional.documents.values()
    for citation, other in zip(answer.citations, expected.citations, strict=True):
        assert citation.highlights == other.highlights
    if answer.short_answer is not None:
        ((start, end),) = answer.citations[0].highlights
        assert answer.short_answer == document.text[start:end]


@pytest.mark.parametrize("spelling", ["s2tw", "s2hk"])
@pytest.mark.parametrize("question", ASKED)
def test_a_traditional_question_finds_the_same_sentences_of_the_simplified_article(
    shipped: Pipeline, question: str, spelling: str
) -> None:
    typed = converter(spelling).convert(question)
    answer = shipped.answer(typed)
    assert answer.question == typed
    assert cited(answer) == cited(shipped.answer(question))
    assert_grounded(answer, shipped.documents)


def test_a_traditional_follow_up_over_the_traditional_article(
    shipped: Pipeline, traditional: Pipeline
) -> None:
    history = [Turn("user", "武漢市數據局做什麼？"), Turn("assistant", "統籌推進數字經濟創新發展。")]
    answer = traditional.answer("它是什麼時候成立的？", history)
    assert answer.outcome == "answered"
    assert answer.citations[0].quote.startswith("武漢市數據局於今年2月29日正式掛牌成立")
    assert answer.answer.endswith("（今年指2024年）")
