"""Writing: the reply's statements, in the article's own sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.antecedent import antecedent
from app.questions import Question
from app.reader import AnswerSpan
from app.settings import WriterSettings
from corpus import Document, simplified
from prompts import DECLINED

NOT_FOUND = DECLINED
NO_MORE = {"zh": "没有找到更多相关内容。", "en": "Nothing more about it was found."}
UNSURE = {
    "zh": "文章没有直接回答这个问题，最接近的句子如下。",
    "en": "The article does not answer this directly. The nearest sentences follow.",
}
FROM_HISTORY = {"zh": "按上文理解为：{query}", "en": "Understood with what was asked before: {query}"}
_FRAME = "The article says (in Chinese):"
_STATED = {"zh": "原文是这样写的：", "en": "The article says:"}
_OUTLINED = {"zh": "各部分各摘一句原文：", "en": "One sentence of each section:"}


@dataclass(frozen=True)
class Draft:
    """A statement before it is numbered, with the spans it stands on."""

    text: str
    spans: tuple[AnswerSpan, ...]
    derived: bool = False  # worked out of the spans' sentences, not quoted


class Writer(Protocol):
    """The door behind which writers stand."""

    @property
    def name(self) -> str:
        """How an Answer names this writer."""
        ...

    def write(
        self, question: Question, spans: Sequence[AnswerSpan], documents: Mapping[str, Document]
    ) -> list[Draft]:
        """The statements of a reply over the answer spans, which come best first."""
        ...


@dataclass(frozen=True)
class ExtractiveWriter:
    """Quotes the sentences of the answer spans."""

    settings: WriterSettings
    name: str = "extractive"

    def write(
        self, question: Question, spans: Sequence[AnswerSpan], documents: Mapping[str, Document]
    ) -> list[Draft]:
        """The best sentence with its antecedent, and those nearly as well supported; a list takes more."""
        wants = self.settings.list_statements if question.wants_list else self.settings.statements
        ratio = self.settings.list_ratio if question.wants_list else self.settings.ratio
        drafts: list[Draft] = []
        near = [span for span in spans if span.support >= ratio * spans[0].support]
        for draft in quote(near, documents):
            if len(drafts) < wants and not any(_repeats(draft.text, other.text) for other in drafts):
                drafts.append(draft)
        return _with_antecedent(question, drafts, documents)


def _with_antecedent(
    question: Question, drafts: list[Draft], documents: Mapping[str, Document]
) -> list[Draft]:
    """The drafts, the first of them together with its antecedent in the order of the text."""
    if not drafts:
        return drafts
    (span,) = drafts[0].spans
    found = antecedent(question.text, span, documents[span.document_id])
    if found is None or any(found.sentence_id == draft.spans[0].sentence_id for draft in drafts):
        return drafts
    pair = [drafts[0], *quote([found], documents)]
    return sorted(pair, key=lambda draft: draft.spans[0].start) + drafts[1:]


def frame(question: Question, documents: Sequence[Document]) -> str | None:
    """The line before a quoted reply, where it needs one."""
    if question.language == "en" and any(d.language == "zh" for d in documents):
        return _FRAME
    if question.wants_outline:
        return _OUTLINED[question.language]
    return _STATED[question.language] if question.is_premise else None


def quote(spans: Sequence[AnswerSpan], documents: Mapping[str, Document]) -> list[Draft]:
    """The sentences of the spans, each a statement."""
    drafts = []
    for span in spans:
        document = documents[span.document_id]
        sentence = document.sentence_by_id[span.sentence_id]
        drafts.append(Draft(document.quote(sentence.start, sentence.end), (span,)))
    return drafts


def _repeats(text: str, other: str) -> bool:
    """Whether most of a sentence's character pairs stand in another: a fact told twice."""
    pairs, others = _pairs(simplified(text)), _pairs(simplified(other))
    return len(pairs & others) >= 0.7 * min(len(pairs), len(others))


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(max(1, len(text) - 1))}
