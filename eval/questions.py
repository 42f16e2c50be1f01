"""Question sets: JSON lines, one question a line, each checked as it is read."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from app.questions import Turn
from corpus import Language, WenjuError


class QuestionSetError(WenjuError):
    """A question set is missing, empty or broken; the message names the line."""


class GoldSentence(BaseModel):
    """A source sentence of a named document."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    document_id: str
    text: str


class GoldQuestion(BaseModel):
    """A question with what a right reply holds; all three gold fields are empty if unanswerable."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    lang: Language
    type: str
    question: str
    history: tuple[Turn, ...] = ()
    answers: tuple[str, ...]
    must_contain: tuple[str | tuple[str, ...], ...]
    derived: bool = False
    evidence_sets: tuple[tuple[str | GoldSentence, ...], ...]


class _Header(BaseModel):
    """The optional first line."""

    model_config = ConfigDict(extra="forbid")

    set: str
    document_sha256: str | None = None
    license: str = ""


def read_questions(path: Path) -> list[GoldQuestion]:
    """The questions of a set, in order. Raises QuestionSetError."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionSetError(f"cannot read the question set {path}: {error}.") from error
    questions: list[GoldQuestion] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            if number == 1 and '"set"' in line and '"question"' not in line:
                _Header.model_validate_json(line)
            else:
                questions.append(GoldQuestion.model_validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"]) or "the line"
            raise QuestionSetError(f"{path}, line {number}: {place}: {first['msg']}.") from error
    ids = [question.id for question in questions]
    if len(set(ids)) < len(ids):
        twice = next(i for i in ids if ids.count(i) > 1)
        raise QuestionSetError(f"{path}: the id {twice!r} stands twice.")
    if not questions:
        raise QuestionSetError(f"{path} holds no question.")
    return questions
