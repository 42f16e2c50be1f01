"""Questions to tune on and questions to report on are never the same."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.collections import Shelf
from app.questions import Turn
from eval.halves import check_apart, halve, sides
from eval.questions import GoldQuestion, GoldSentence, QuestionSetError
from eval.session import Session, Source, open_session
from tests.eval.conftest import CENTRE, EAST, MANY, TWELVE, VALLEY, Told, as_set, gold, write_set
from tests.generated import PROPERTY

LINES = [f"第{n}号园区有{n}家工厂。" for n in range(40)]


def many(number: int, prefix: str = "q") -> list[GoldQuestion]:
    """Questions each on a sentence of its own."""
    return [gold(f"{prefix}{n}", f"{prefix}第{n}号园区？", LINES[n]) for n in range(number)]


def refused(number: int) -> list[GoldQuestion]:
    return [gold(f"r{n}", f"第{n}号天气？") for n in range(number)]


def ids(questions: Sequence[GoldQuestion]) -> list[str]:
    return [question.id for question in questions]


def half_of(questions: Sequence[GoldQuestion]) -> dict[str, int]:
    """Which half each question is in."""
    halves = halve(as_set(questions))
    return {question.id: side for side, half in enumerate(halves) for question in half}


def test_halves_are_disjoint_complete_and_balanced() -> None:
    questions = [*many(14), *refused(6)]
    one, other = halve(as_set(questions))
    assert sorted(ids(one) + ids(other)) == sorted(ids(questions))
    assert [sum(q.answerable for q in half) for half in (one, other)] == [7, 7]
    assert [sum(not q.answerable for q in half) for half in (one, other)] == [3, 3]
    assert halve(as_set(questions)) == (one, other)
    # Single questions stay where they are, wherever they stand in the file.
    assert half_of(questions[::-1]) == half_of(questions)


@pytest.mark.parametrize(
    ("question", "other"),
    [
        (gold("a", "有几家？", TWELVE), gold("b", "有多少？", "乙公司的工厂有 12 家。")),
        (gold("a", "有几家？", TWELVE, CENTRE), gold("b", "在哪里？", VALLEY, CENTRE)),
        (gold("a", "在哪里？", CENTRE), gold("b", "哪里？", GoldSentence(document_id="east", text=CENTRE))),
        (gold("a", "有几家？", TWELVE), gold("b", "几家？", evidence_sets=((MANY,), (TWELVE,)))),
        (gold("a", "工厂有几家？", TWELVE), gold("b", " 工厂 有几家", MANY)),
        (gold("a", "天气怎么样？"), gold("b", "天气怎么样")),
    ],
    ids=["one sentence", "one of two", "with its document", "another set", "one wording", "refused"],
)
def test_what_belongs_together_is_in_one_half(question: GoldQuestion, other: GoldQuestion) -> None:
    for among in ([*many(9), question, other], [question, *many(9), other], [other, *many(8), question]):
        sides_of = half_of(among)
        assert sides_of["a"] == sides_of["b"]


@pytest.mark.parametrize("order", ["abc", "acb", "cba", "bca"])
def test_a_chain_of_common_sentences_is_one_group(order: str) -> None:
    """One ties the other two, wherever it stands."""
    chain = {
        "a": gold("a", "一？", TWELVE, VALLEY),
        "b": gold("b", "二？", TWELVE),
        "c": gold("c", "三？", VALLEY),
    }
    sides_of = half_of([*many(9), *(chain[name] for name in order)])
    assert len({sides_of[name] for name in "abc"}) == 1


def test_the_same_words_after_other_words_are_another_question() -> None:
    asked = [gold(f"q{n}", "那里呢？", LINES[n], history=(Turn("user", f"{n}号？"),)) for n in range(10)]
    one, other = halve(as_set(asked))
    assert (len(one), len(other)) == (5, 5)


made_up = st.lists(st.tuples(st.booleans(), st.integers(0, 9)), min_size=1, max_size=30)


@PROPERTY
@given(made=made_up)
def test_any_set_is_halved(made: list[tuple[bool, int]]) -> None:
    """Questions of one key are on one sentence, or of the same words: groups by (answerable, key)."""
    questions = [
        gold(f"q{n}", f"{n}号？", LINES[key]) if answerable else gold(f"q{n}", f"天气{key}？")
        for n, (answerable, key) in enumerate(made)
    ]
    halves = halve(as_set(questions))
    placed = {question.id: side for side, half in enumerate(halves) for question in half}
    assert sorted(placed) == sorted(ids(questions))
    assert len(placed) == sum(map(len, halves))
    groups: dict[tuple[bool, int], set[str]] = {}
    for n, key in enumerate(made):
        groups.setdefault(key, set()).add(f"q{n}")
    assert all(len({placed[name] for name in group}) == 1 for group in groups.values())
    for kind in (True, False):
        sizes = [sum(q.answerable == kind for q in half) for half in halves]
        largest = max((len(group) for key, group in groups.items() if key[0] == kind), default=0)
        assert abs(sizes[0] - sizes[1]) <= largest


@pytest.mark.parametrize("name", ["article-test", "cmrc-report"])
def test_a_set_for_reporting_is_not_tuned_on(name: str) -> None:
    with pytest.raises(QuestionSetError, match=f"^{name} is for reporting; nothing is tuned on it.$"):
        halve(as_set(many(30), name))


def test_a_question_on_both_sides() -> None:
    tuning, reporting = many(12), [*many(12, "r")]
    check_apart(tuning, reporting)
    twice = [*reporting, gold("x", " q第3号园区", MANY), gold("y", "q第1号园区！", MANY)]
    with pytest.raises(
        QuestionSetError, match="^2 questions are both to tune and to report on, as 'q第1号园区'"
    ):
        check_apart(tuning, twice)


@pytest.mark.parametrize(("tuned", "reported", "side"), [(9, 10, "tune"), (10, 9, "report")])
def test_too_few_questions(tuned: int, reported: int, side: str) -> None:
    check_apart(many(10), many(10, "r"))
    with pytest.raises(
        QuestionSetError, match=f"^there are 9 questions to {side} on; at least 10 are needed.$"
    ):
        check_apart(many(tuned), many(reported, "r"))


def test_questions_that_cannot_be_graded_do_not_count() -> None:
    """Without evidence there is nothing to be cited, so no `grounded` to sweep for."""
    ungraded = [gold(f"u{n}", f"第{n}座？", type="number", must_contain=("12",)) for n in range(10)]
    with pytest.raises(QuestionSetError, match="^there are 9 questions to report on; "):
        check_apart(many(10), [*many(9, "r"), *ungraded])
    check_apart(refused(10), many(10))


# --- from a session ----------------------------------------------------------------------------


@pytest.fixture
def opened(told: Told, pair: Shelf, tmp_path: Path) -> Session:
    """Twenty questions over the two documents."""
    return open_session(Source(str(write_set(tmp_path / "mine.jsonl", refused(20))), collection="pair"))


def test_a_set_of_ours_is_halved(opened: Session) -> None:
    assert sides(opened, None) == halve(opened.questions)


def test_a_named_set_reports(opened: Session, home: Path) -> None:
    other = [gold(f"o{n}", f"{n}号城市？") for n in range(10)]
    write_set(home / "sets" / "other-test.jsonl", other)  # reporting is what it is for
    tuning, reporting = sides(opened, "other-test")
    assert (tuple(tuning), reporting) == (opened.questions.questions, other)


def test_a_named_set_must_be_another_and_fit(opened: Session, tmp_path: Path) -> None:
    with pytest.raises(QuestionSetError, match="^20 questions are both to tune and to report on"):
        sides(opened, opened.source.set)
    strange = write_set(tmp_path / "strange.jsonl", [gold("q", "几家？", "没有的话。")])
    with pytest.raises(QuestionSetError, match="^strange: question 'q' names evidence that is not in"):
        sides(opened, str(strange))
    with pytest.raises(QuestionSetError, match="^there is no question set nothing"):
        sides(opened, "nothing")


@pytest.mark.parametrize("report", [None, "other"])
def test_a_reporting_set_is_refused_before_the_other_is_read(
    opened: Session, tmp_path: Path, report: str | None
) -> None:
    file = write_set(tmp_path / "mine-test.jsonl", refused(20))
    session = open_session(Source(str(file), collection="pair"))
    with pytest.raises(QuestionSetError, match="^mine-test is for reporting; nothing is tuned on it.$"):
        sides(session, report)


def test_a_squad_file_has_its_own_splits(model: object, tmp_path: Path) -> None:
    """Of ten articles one tunes and three report, by the hashes of their titles (test_squad.py)."""
    answer = {"text": "东区", "answer_start": 2}
    articles = [
        {
            "title": title,
            "paragraphs": [
                {
                    "context": f"{title}有{EAST.title}。",
                    "qas": [
                        {"id": f"{title}{n}", "question": f"{title}{n}？", "answers": [answer]}
                        for n in range(5)
                    ],
                }
            ],
        }
        for title in "甲乙丙丁戊己庚辛壬癸"
    ]  # fmt: skip
    file = tmp_path / "made-test.json"
    file.write_text(json.dumps({"data": articles}), encoding="utf-8")
    tuning, reporting = sides(open_session(Source(str(file), "squad")), None)
    assert {question.id[0] for question in tuning} == {"癸"}
    assert {question.id[0] for question in reporting} == {"己", "丁", "丙"}
    assert (len(tuning), len(reporting)) == (10, 30)  # each under two conditions
