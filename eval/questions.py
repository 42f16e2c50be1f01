"""Question sets: what a question is, and what it is asked over; `eval.formats` reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.questions import Turn
from corpus import Document, Language, WenjuError
from index import sha256s


class QuestionSetError(WenjuError):
    """A question set is missing, empty, broken or of other documents; the message names the place."""


class GoldSentence(BaseModel):
    """A source sentence of a named document."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    document_id: str
    text: str


class GoldQuestion(BaseModel):
    """A question with what a right reply holds; all three gold fields are empty if unanswerable."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1)
    lang: Language
    type: str = Field(min_length=1)
    question: str
    history: tuple[Turn, ...] = ()
    answers: tuple[str, ...]
    must_contain: tuple[str | tuple[str, ...], ...]
    derived: bool = False
    evidence_sets: tuple[tuple[str | GoldSentence, ...], ...]
    within: tuple[str, ...] = ()  # the documents it is asked over; none: the whole collection

    @model_validator(mode="after")
    def _can_be_scored(self) -> GoldQuestion:
        # What is empty to the matching rules would stand in every passage, or in none.
        if not all(self.evidence_sets):
            raise ValueError("an evidence set holds no sentence")
        if () in self.must_contain:
            raise ValueError("an inner list of must_contain holds no string, which no reply can meet")
        wanted = [w for one in self.must_contain for w in ([one] if isinstance(one, str) else one)]
        for text in (self.question, *self.answers, *wanted, *(s for one in self.evidence for s in one)):
            if not any(map(str.isalnum, text)):
                raise ValueError(f"{text!r} holds no letter or digit")
        return self

    @property
    def answerable(self) -> bool:
        """Whether the text holds an answer."""
        return bool(self.answers or self.must_contain or self.evidence_sets)

    @property
    def base(self) -> str:
        """What its other conditions share with it: the id without the one that it is asked under."""
        return self.id.removesuffix(f"/{self.type}")

    @property
    def evidence(self) -> list[list[str]]:
        """The texts of the evidence sets; any one of them suffices."""
        return [[sentence_text(sentence) for sentence in one] for one in self.evidence_sets]


@dataclass(frozen=True)
class QuestionSet:
    """Questions in order, and the texts that came with them.

    A set without documents is asked over a collection: its own article, where it names one. One with
    documents brings its own; the types of its questions are then the conditions that they are asked
    under, which have no common mean.
    """

    name: str
    sha256: str  # of the file's bytes
    questions: tuple[GoldQuestion, ...]
    documents: tuple[Document, ...] = ()
    article: Path | None = None  # what it is asked over where no other collection is named
    document_sha256: str | None = None  # of the one document it was made for, where it says so
    left_out: int = 0  # questions of the file that cannot be asked or scored

    def __post_init__(self) -> None:
        if not self.questions:
            raise QuestionSetError(f"{self.name} holds no question.")
        seen: set[str] = set()
        for question in self.questions:
            if question.id in seen:
                raise QuestionSetError(f"{self.name}: the id {question.id!r} stands twice.")
            seen.add(question.id)


def sentence_text(sentence: str | GoldSentence) -> str:
    """The text of a gold sentence, whichever way it was given."""
    return sentence if isinstance(sentence, str) else sentence.text


def check_fits(questions: QuestionSet, documents: Mapping[str, Document]) -> None:
    """Raise QuestionSetError when a set was made for other documents than these, which go by their ids."""
    wanted = questions.document_sha256
    if wanted is not None and wanted not in sha256s(documents).values():
        raise QuestionSetError(
            f"{questions.name} was made for a document with the hash {wanted[:12]}…, which is not here. "
            f"{_way_out(questions)}, or mend the first line of the set."
        )
    for question_id, document_id, text in _astray(questions, documents):
        raise QuestionSetError(
            f"{questions.name}: question {question_id!r} names evidence that is not in "
            f"{'the collection' if document_id is None else repr(document_id)}: {text[:40]!r}. "
            f"{_way_out(questions)}, or mend the set."
        )
    for question in questions.questions:
        unknown = [document_id for document_id in question.within if document_id not in documents]
        if unknown:
            raise QuestionSetError(
                f"{questions.name}: question {question.id!r} is asked within {unknown[0]!r}, "
                "which is not in the collection."
            )


def _astray(
    questions: QuestionSet, documents: Mapping[str, Document]
) -> Iterator[tuple[str, str | None, str]]:
    """The gold sentences, each with its question and document, that do not stand where they should."""
    anywhere: dict[str, str] = {}  # the question of each that names no document
    for question in questions.questions:
        for document_id, text in _gold(question):
            if document_id is None:
                anywhere.setdefault(text, question.id)
            elif document_id not in documents or text not in documents[document_id].text:
                yield question.id, document_id, text
    for document in documents.values():  # once through them: there may be very many
        anywhere = {text: of for text, of in anywhere.items() if text not in document.text}
        if not anywhere:
            return
    yield from ((question_id, None, text) for text, question_id in anywhere.items())


def _way_out(questions: QuestionSet) -> str:
    if questions.article is not None:
        return f"It is asked over {questions.article.name} beside it: leave out --collection"
    return "Name the right collection with --collection"


def _gold(question: GoldQuestion) -> Iterator[tuple[str | None, str]]:
    for one in question.evidence_sets:
        for sentence in one:
            if isinstance(sentence, GoldSentence):
                yield sentence.document_id, sentence.text
            else:
                yield None, sentence
