"""The reply's text: what is not there, what is near, or the statements with their markers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.answer import Citation, Note, Outcome, Statement
from app.citations import with_markers
from app.dates import derived_years
from app.questions import Question
from app.talk import small_talk
from corpus import Document
from prompts import DECLINED

NOT_FOUND = DECLINED
NO_MORE = {"zh": "没有找到更多相关内容。", "en": "Nothing more about it was found."}
UNSURE = {
    "zh": "文章没有直接回答这个问题，最接近的句子如下。",
    "en": "The article does not answer this directly. The nearest sentences follow.",
}
QUERY_FROM_HISTORY = "query_from_history"  # the note's code
FROM_HISTORY = {"zh": "按上文理解为：{query}", "en": "Understood with what was asked before: {query}"}
_FRAME = "The article says (in Chinese):"
_STATED = {"zh": "原文是这样写的：", "en": "The article says:"}
_OUTLINED = {"zh": "各部分各摘一句原文：", "en": "One sentence of each section:"}
UNSUPPORTED = {"zh": "（未经证实）", "en": " (not borne out)"}
_PARENTHESES = {"zh": ("（", "；", "）"), "en": ("(", "; ", ")")}


@dataclass(frozen=True)
class Reply:
    """A reply before it is told; `documents` are the collection's."""

    question: Question
    outcome: Outcome
    statements: Sequence[Statement]
    citations: Sequence[Citation]
    documents: Mapping[str, Document]
    is_quoted: bool  # the statements are the article's own sentences

    @cached_property
    def years(self) -> tuple[Note, ...]:
        """What the quotes' relative years mean."""
        quotes = [(self.documents[citation.document_id], citation.quote) for citation in self.citations]
        return derived_years(quotes, self.question.language)

    @property
    def text(self) -> str:
        """The reply, one statement a line."""
        question, language = self.question, self.question.language
        if question.talk:
            return small_talk(question.talk, language, self.documents.values())
        if self.outcome == "not_found":
            return (NO_MORE if question.told else NOT_FOUND)[language]
        if self.outcome == "unsure":
            return UNSURE[language]
        opening = self._frame()
        lines = [opening] if opening else []
        lines += [self._line(statement) for statement in self.statements]
        if self.years:  # after the quotes, never in them
            left, between, right = _PARENTHESES[language]
            lines.append(f"{left}{between.join(note.text for note in self.years)}{right}")
        return "\n".join(lines)

    def _frame(self) -> str | None:
        """The line before a quoted reply, where it needs one."""
        question, cited = self.question, [self.documents[one.document_id] for one in self.citations]
        if not self.is_quoted:
            return None
        if question.language == "en" and any(document.language == "zh" for document in cited):
            return _FRAME
        if question.wants_outline:
            return _OUTLINED[question.language]
        return _STATED[question.language] if question.is_premise else None

    def _line(self, statement: Statement) -> str:
        line = with_markers(statement)
        if statement.verdict == "unsupported":
            return line + UNSUPPORTED[self.question.language]
        section = self._sections.get(statement.text)
        return f"{section}：{line}" if section else line

    @cached_property
    def _sections(self) -> Mapping[str, str]:
        """The sentences of a quoted outline, each with the section that it stands in."""
        if not (self.is_quoted and self.question.wants_outline):
            return {}
        return {citation.quote: citation.section for citation in self.citations}
