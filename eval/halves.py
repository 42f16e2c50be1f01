"""Questions to tune on and questions to report on, kept apart."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from app.settings import home
from eval.formats import Split, find_set, read_set
from eval.matching import normalize
from eval.questions import GoldQuestion, QuestionSet, QuestionSetError, check_fits
from eval.session import Session

_REPORTING = ("-test", "-report")  # how sets are named that are not tuned on
_LEAST = 10  # questions on either side; a sweep over fewer says nothing

Questions = list[GoldQuestion]


def sides(session: Session, report: str | None) -> tuple[Questions, Questions]:
    """The questions to tune on and those to report on. Raises QuestionSetError when they are not apart.

    A named set reports; otherwise a squad file has splits of its own, and a set of ours is halved.
    """
    source = session.source
    if report is not None:
        refuse_reporting(session.questions)
        other = read_set(find_set(report, home() / "sets"), source.format)
        check_fits(other, session.documents)
        tuning, reporting = list(session.questions.questions), list(other.questions)
    elif source.format == "squad":
        path = find_set(source.set, home() / "sets")
        splits: tuple[Split, Split] = ("tune", "report")
        tuning, reporting = (list(read_set(path, "squad", split).questions) for split in splits)
    else:
        tuning, reporting = halve(session.questions)
    check_apart(tuning, reporting)
    return tuning, reporting


def halve(questions: QuestionSet) -> tuple[Questions, Questions]:
    """Two halves of a set. Questions on the same sentence, or of the same words, are in one half.

    Raises QuestionSetError for a set that is for reporting.
    """
    refuse_reporting(questions)
    halves: tuple[Questions, Questions] = ([], [])
    for group in sorted(_related(questions.questions), key=lambda group: _hash(group[0].id)):
        sizes = [sum(q.answerable == group[0].answerable for q in half) for half in halves]
        halves[sizes.index(min(sizes))].extend(group)
    return halves


def refuse_reporting(questions: QuestionSet) -> None:
    """Raise QuestionSetError when nothing may be tuned on a set."""
    if questions.name.endswith(_REPORTING):
        raise QuestionSetError(f"{questions.name} is for reporting; nothing is tuned on it.")


def check_apart(tuning: Sequence[GoldQuestion], reporting: Sequence[GoldQuestion]) -> None:
    """Raise QuestionSetError when a question is on both sides, or either side has too few.

    An answerable question that names no evidence does not count: it has no `grounded`.
    """
    shared = {_words(question) for question in tuning} & {_words(question) for question in reporting}
    if shared:
        raise QuestionSetError(
            f"{len(shared)} questions are both to tune and to report on, as {min(shared)[-1]!r}."
        )
    for side, questions in (("tune", tuning), ("report", reporting)):
        graded = sum(bool(question.evidence_sets) or not question.answerable for question in questions)
        if graded < _LEAST:
            raise QuestionSetError(
                f"there are {graded} questions to {side} on; at least {_LEAST} are needed."
            )


def _related(questions: Sequence[GoldQuestion]) -> list[Questions]:
    """The questions in groups, each tied by common evidence or common words."""
    groups: list[tuple[set[str], Questions]] = []
    for question in questions:
        keys, members = set(_keys(question)), [question]
        apart = []
        for group in groups:
            if group[0] & keys:
                keys |= group[0]
                members = group[1] + members
            else:
                apart.append(group)
        groups = [*apart, (keys, members)]
    return [members for _, members in groups]


def _keys(question: GoldQuestion) -> Iterator[str]:
    yield "\n".join(_words(question))
    for one in question.evidence:
        yield from map(normalize, one)


def _words(question: GoldQuestion) -> tuple[str, ...]:
    return (*(normalize(turn.content) for turn in question.history), normalize(question.question))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
