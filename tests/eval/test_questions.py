"""The shipped question sets are sound: whole, true to their article, and no question twice."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pytest

from corpus import Document, load_document
from eval.formats import read_set, shipped_sets
from eval.matching import contains, normalize
from eval.questions import GoldQuestion, GoldSentence, QuestionSet, check_fits

ARTICLE = ["article-dev", "article-test"]  # over the shipped article
ENGLISH = "english-test"
SETS = [*ARTICLE, ENGLISH]
# Nothing in it is changed to raise a score; what is mended is said in the commit that changes this.
SEAL = "9b0dadeb37d43dda61977fda5ad4315859d2ead11f5f3b66ded29d693a742e68"
TYPES = {
    "number", "date", "entity", "definition", "list", "how-why", "paraphrase", "multi-evidence", "follow-up",
    "english", "unanswerable",
}  # fmt: skip


def file(name: str) -> Path:
    return next(path for path in shipped_sets() if path.stem == name)


def shipped(name: str) -> QuestionSet:
    return read_set(file(name))


def questions(name: str) -> tuple[GoldQuestion, ...]:
    return shipped(name).questions


@pytest.fixture
def asked_over(name: str, article: Document) -> Document:
    """The document of a set: of its own article, or of the shipped one."""
    own = shipped(name).article
    return article if own is None else load_document(own)


def missing_words(question: GoldQuestion, sentences: list[str]) -> list[str]:
    """What a reply must hold and no evidence sentence does; of alternatives, one is enough."""
    wanted = [[one] if isinstance(one, str) else list(one) for one in question.must_contain]
    return [
        "|".join(alternatives)
        for alternatives in wanted
        if not any(contains(sentence, one) for one in alternatives for sentence in sentences)
    ]


def normal(question: GoldQuestion) -> tuple[str, ...]:
    """The question as it is compared with others: with what was said before it."""
    return (*(normalize(turn.content) for turn in question.history), normalize(question.question))


def test_the_sets_ship() -> None:
    assert [path.stem for path in shipped_sets()] == SETS


@pytest.mark.parametrize("name", ARTICLE)
def test_a_hundred_questions_of_every_type(name: str) -> None:
    asked = questions(name)
    assert (len(asked), sum(question.answerable for question in asked)) == (100, 70)
    counts = Counter(question.type for question in asked)
    assert set(counts) == TYPES
    assert {kind: n for kind, n in counts.items() if n < 6} == {}
    assert {question.type == "english" for question in asked if question.lang == "zh"} == {False}


def test_the_english_set_is_over_an_english_article_of_its_own_and_as_it_was_sealed() -> None:
    made = shipped(ENGLISH)
    assert made.article is not None
    article = load_document(made.article)
    assert (article.language, made.document_sha256) == ("en", article.sha256)
    assert hashlib.sha256(file(ENGLISH).read_bytes()).hexdigest() == SEAL


def test_thirty_questions_on_the_english_article() -> None:
    asked = questions(ENGLISH)
    assert (len(asked), sum(question.answerable for question in asked)) == (30, 22)
    assert {question.type for question in asked} == TYPES - {"english"}
    assert Counter(question.lang for question in asked) == {"en": 27, "zh": 3}


@pytest.mark.parametrize("name", SETS)
def test_unanswerable_means_wholly_empty(name: str) -> None:
    for question in questions(name):
        gold = (question.answers, question.must_contain, question.evidence_sets)
        whole = all(gold) if question.answerable else not any(gold)
        assert whole, question.id
        assert question.answerable == (question.type != "unanswerable"), question.id


@pytest.mark.parametrize("name", SETS)
def test_every_gold_sentence_is_a_sentence_of_its_article(name: str, asked_over: Document) -> None:
    check_fits(shipped(name), {asked_over.id: asked_over})
    sentences = {asked_over.quote(s.start, s.end) for s in asked_over.sentences}
    strange = [q.id for q in questions(name) for one in q.evidence if not set(one) <= sentences]
    assert strange == []


@pytest.mark.parametrize("name", SETS)
def test_every_evidence_set_holds_what_is_wanted_unless_it_is_derived(name: str) -> None:
    lacking = {
        question.id: missing
        for question in questions(name)
        if not question.derived
        for one in question.evidence
        if (missing := missing_words(question, one))
    }
    assert lacking == {}


@pytest.mark.parametrize("name", SETS)
def test_follow_ups_follow(name: str) -> None:
    for question in questions(name):
        if question.type == "follow-up":
            assert question.history, question.id
        # A history ends with the reply that the question follows.
        roles = [turn.role for turn in question.history]
        assert roles == ["user", "assistant"] * (len(roles) // 2), question.id


def test_no_question_stands_twice() -> None:
    asked = [(normal(question), question.id) for name in SETS for question in questions(name)]
    twice = {key for key, n in Counter(key for key, _ in asked).items() if n > 1}
    assert [question_id for key, question_id in asked if key in twice] == []


def test_the_checker_sees_what_is_wrong() -> None:
    """Each check on a question that fails it."""
    made = GoldQuestion(
        id="q",
        lang="zh",
        type="number",
        question="建成 几个？",
        answers=("10个",),
        must_contain=("10个", ("园区", "园地"), "10"),
        evidence_sets=((GoldSentence(document_id="d", text="园区10个。"),), ("有100个园地。",)),
    )
    assert missing_words(made, made.evidence[0]) == []
    assert missing_words(made, made.evidence[1]) == ["10个", "10"]
    assert missing_words(made, ["道路10个。"]) == ["园区|园地"]
    assert normal(made) == normal(made.model_copy(update={"question": "建成几个"}))
