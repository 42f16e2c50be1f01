"""The door behind which writers stand: what was read becomes the statements of a reply."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from app.answer import Note, Verdict
from app.questions import Question, Turn
from app.reader import AnswerSpan
from app.settings import WriterSettings
from corpus import Document

Kind = Literal["answer", "comparison", "outline"]


@dataclass(frozen=True)
class Material:
    """What a reply is written of. `spans` come best first; so many are `sure` to answer by themselves."""

    question: Question
    asked: str  # the question as it was understood
    kind: Kind
    spans: tuple[AnswerSpan, ...]
    sure: int
    documents: Mapping[str, Document]


@dataclass(frozen=True)
class Draft:
    """A statement before it is numbered, with the spans it stands on; an unsupported one has none."""

    text: str
    spans: tuple[AnswerSpan, ...]
    verdict: Verdict = "supported"


@dataclass(frozen=True)
class Writing:
    """A reply on its way: its statements, and the words behind them that are no statement yet."""

    drafts: tuple[Draft, ...] = ()
    evidence: tuple[AnswerSpan, ...] = ()  # what it is written of, while it is not finished
    tail: str = ""
    finished: bool = True
    notes: tuple[Note, ...] = ()
    is_quoted: bool = False  # the statements are the article's own sentences
    declined: bool = False  # the writer says that the evidence does not answer


class Writer(Protocol):
    """Writes replies."""

    @property
    def name(self) -> str:
        """How an Answer names this writer."""
        ...

    @property
    def checked_by(self) -> str | None:
        """The fingerprint of what checks its statements; None where they are quotes."""
        ...

    @property
    def settings(self) -> WriterSettings:
        """How it was set."""
        ...

    def load(self) -> None:
        """Load what is slow to load, so that no reply waits for it. Raises a WenjuError."""
        ...

    def rewritten(self, question: Question, history: Sequence[Turn]) -> Generator[str]:
        """A question that points back, as one that can be understood alone, once it is there.

        Until then empty texts, at which it can be closed; nothing more where it cannot be had.
        """
        ...

    def write(self, material: Material) -> Generator[Writing]:
        """The reply as it grows; the last one is finished. Closing it stops the writer."""
        ...


def quote(spans: Sequence[AnswerSpan], documents: Mapping[str, Document]) -> list[Draft]:
    """The sentences of the spans, each a statement."""
    drafts = []
    for span in spans:
        document = documents[span.document_id]
        sentence = document.sentence_by_id[span.sentence_id]
        drafts.append(Draft(document.quote(sentence.start, sentence.end), (span,)))
    return drafts
