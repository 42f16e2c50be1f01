"""The Answer contract: one object for the page, `--json`, stores, exports and evaluation.

Offsets are Unicode code points into the cited document's text, end exclusive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Literal

from pydantic import TypeAdapter

Outcome = Literal["answered", "not_found", "unsure"]
Verdict = Literal["supported", "unsupported", "derived"]
Span = tuple[int, int]

SCHEMA = 1


@dataclass(frozen=True)
class Place:
    """A sentence and where it stands: `document.text[start:end] == quote`."""

    document_id: str
    document_title: str
    document_sha256: str
    sentence_id: str
    start: int
    end: int
    quote: str
    section: str
    page: int | None
    support: float  # 0..1: how sure it is that the sentence answers the question
    highlights: tuple[Span, ...]

    @property
    def part(self) -> str:
        """The part of the document to look in: the section, and the page where there are pages."""
        return self.section if self.page is None else f"{self.section}, p. {self.page}"


@dataclass(frozen=True)
class Citation(Place):
    """A numbered place. Numbers count from 1 by first appearance in the reply."""

    number: int


@dataclass(frozen=True)
class Statement:
    """One sentence of the reply with the numbers of what supports it."""

    text: str
    citation_numbers: tuple[int, ...]
    verdict: Verdict
    support: float  # 0..1


@dataclass(frozen=True)
class HitRanks:
    """Ranks from 1 in each ranking; None where the passage was not in it."""

    dense: int | None
    lexical: int | None
    reader: int | None


@dataclass(frozen=True)
class RetrievedPassage:
    """A passage that retrieval found, as it is reported."""

    rank: int
    document_id: str
    passage_id: str
    start: int
    end: int
    text: str
    score: float
    ranks: HitRanks


@dataclass(frozen=True)
class Note:
    """Something the reader of a reply should know: a stable code and a text."""

    code: str
    text: str


@dataclass(frozen=True)
class Unfinished:
    """A reply on its way: its evidence, the statements so far, and words not checked yet."""

    evidence: tuple[Place, ...] = ()
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    tail: str = ""


@dataclass(frozen=True)
class Answer:
    """A question with its reply and all that stands behind it."""

    question: str
    queries: tuple[str, ...]  # the one that won first
    outcome: Outcome
    confidence: float  # calibrated probability 0..1 that the evidence answers the question
    answer: str  # with markers [1] before the closing full stop of their statement
    short_answer: str | None
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    nearest: tuple[Place, ...]  # on `unsure` only
    hits: tuple[RetrievedPassage, ...]
    writer: str
    notes: tuple[Note, ...]
    timings_ms: dict[str, float]

    def to_json(self) -> dict[str, Any]:
        """The contract as a plain dict, `schema` first."""
        return {"schema": SCHEMA, **asdict(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Answer:
        """The Answer that `to_json` wrote. Raises ValueError for data of another form or schema."""
        if data.get("schema") != SCHEMA:
            raise ValueError(f"the answer has schema {data.get('schema')!r}; this version reads {SCHEMA}")
        return _adapter().validate_python({key: value for key, value in data.items() if key != "schema"})


@cache
def _adapter() -> TypeAdapter[Answer]:
    return TypeAdapter(Answer)
