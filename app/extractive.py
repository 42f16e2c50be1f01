"""The extractive writer: the reply's statements are the article's own sentences."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

from app.derived import compare
from app.neighbour import neighbour
from app.pairs import pairs
from app.questions import Question, Turn
from app.reader import AnswerSpan
from app.settings import EXTRACTIVE, WriterSettings
from app.writer import Draft, Material, Writing, quote
from corpus import Document, simplified


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
        return self._answer(question, spans[: material.sure], documents)

    def _answer(
        self, question: Question, spans: Sequence[AnswerSpan], documents: Mapping[str, Document]
    ) -> list[Draft]:
        """The best sentence with its neighbour, and those nearly as well supported; a list takes more."""
        wants = self.settings.list_statements if question.wants_list else self.settings.statements
        ratio = self.settings.list_ratio if question.wants_list else self.settings.ratio
        drafts: list[Draft] = []
        near = [span for span in spans if span.support >= ratio * spans[0].support]
        for draft in quote(near, documents):
            if len(drafts) < wants and not any(_repeats(draft.text, other.text) for other in drafts):
                drafts.append(draft)
        return _with_neighbour(question, drafts, documents)


def _with_neighbour(
    question: Question, drafts: list[Draft], documents: Mapping[str, Document]
) -> list[Draft]:
    """The drafts, the first of them together with its neighbour in the order of the text."""
    if not drafts:
        return drafts
    (span,) = drafts[0].spans
    found = neighbour(question.text, span, documents[span.document_id])
    if found is None or any(_place(found) == _place(draft.spans[0]) for draft in drafts):
        return drafts
    pair = [drafts[0], *quote([found], documents)]
    return sorted(pair, key=lambda draft: draft.spans[0].start) + drafts[1:]


def _place(span: AnswerSpan) -> tuple[str, str]:
    return span.document_id, span.sentence_id


def _repeats(text: str, other: str) -> bool:
    """Whether most of a sentence's character pairs stand in another: a fact told twice."""
    ours, theirs = pairs(simplified(text)), pairs(simplified(other))
    return len(ours & theirs) >= 0.7 * min(len(ours), len(theirs))
