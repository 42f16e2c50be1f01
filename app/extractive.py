"""The extractive writer: the reply's statements are the article's own sentences."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from app.derived import compare
from app.neighbour import neighbour
from app.pairs import pairs
from app.questions import Question, Turn
from app.settings import EXTRACTIVE, WriterSettings
from app.writer import Draft, Material, Writing, quote
from corpus import simplified


@dataclass(frozen=True)
class ExtractiveWriter:
    """Quotes the sentences of the answer spans."""

    settings: WriterSettings
    name: str = EXTRACTIVE
    checked_by: None = None

    def load(self) -> None:
        """Nothing: it has no model."""

    def rewritten(self, question: Question, history: Sequence[Turn]) -> Generator[str]:
        """Nothing: it has no model."""
        yield from ()

    def write(self, material: Material) -> Generator[Writing]:
        """The whole reply at once."""
        yield Writing(tuple(self._drafts(material)), is_quoted=True)

    def _drafts(self, material: Material) -> list[Draft]:
        question, spans, documents = material.question, material.spans, material.documents
        if material.kind == "comparison" and question.comparison:
            return compare(question.comparison, spans, documents)
        if material.kind == "outline":
            return quote(spans, documents)
        return self._answer(material)

    def _answer(self, material: Material) -> list[Draft]:
        """The best sentence with its neighbour, and those nearly as well supported; a list takes more."""
        wants_list, spans = material.question.wants_list, material.spans[: material.sure]
        wants = self.settings.list_statements if wants_list else self.settings.statements
        ratio = self.settings.list_ratio if wants_list else self.settings.ratio
        drafts: list[Draft] = []
        near = [span for span in spans if span.support >= ratio * spans[0].support]
        for draft in quote(near, material.documents):
            if len(drafts) < wants and not _is_told(draft, drafts):
                drafts.append(draft)
        return _with_neighbour(material, drafts)


def _with_neighbour(material: Material, drafts: list[Draft]) -> list[Draft]:
    """The drafts, the first of them together with its neighbour in the order of the text."""
    if not drafts:
        return drafts
    found = neighbour(material.asked, material.spans, material.documents[material.spans[0].document_id])
    beside = quote([found] if found else [], material.documents)
    pair = [drafts[0], *(draft for draft in beside if not _is_told(draft, drafts))]
    return sorted(pair, key=lambda draft: draft.spans[0].start) + drafts[1:]


def _is_told(draft: Draft, drafts: Sequence[Draft]) -> bool:
    return any(_repeats(draft.text, other.text) for other in drafts)


def _repeats(text: str, other: str) -> bool:
    """Whether most of a sentence's character pairs stand in another: a fact told twice."""
    ours, theirs = pairs(simplified(text)), pairs(simplified(other))
    return len(ours & theirs) >= 0.7 * min(len(ours), len(theirs))
