"""Citing: numbers by first appearance, one a sentence, each pointing at the exact words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.answer import Citation, Place, Statement
from app.reader import AnswerSpan
from app.writer import Draft
from corpus import Document

_FULL_STOPS = "。！？!?."
_CLOSERS = "”’」』）)\"'"


def place(span: AnswerSpan, documents: Mapping[str, Document]) -> Place:
    """Where the sentence of a span stands, with its words."""
    document = documents[span.document_id]
    sentence = document.sentence_by_id[span.sentence_id]
    whole = (span.start, span.end) == (sentence.start, sentence.end)
    return Place(
        document_id=document.id,
        document_title=document.title,
        document_sha256=document.sha256,
        sentence_id=sentence.id,
        start=sentence.start,
        end=sentence.end,
        quote=document.quote(sentence.start, sentence.end),
        section=document.section_of(sentence),
        page=document.page_of(sentence),
        support=span.support,
        highlights=() if whole else ((span.start, span.end),),
    )


def cite(
    drafts: Sequence[Draft], documents: Mapping[str, Document]
) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    """The statements with their numbers, and the numbered sentences."""
    citations: dict[tuple[str, str], Citation] = {}
    statements: list[Statement] = []
    for draft in drafts:
        for span in draft.spans:
            key = (span.document_id, span.sentence_id)
            at = place(span, documents)
            if key not in citations:
                citations[key] = Citation(**vars(at), number=len(citations) + 1)
            elif draft.verdict == "derived":  # both answers in one sentence
                marked = tuple(sorted({*citations[key].highlights, *at.highlights}))
                citations[key] = replace(citations[key], highlights=marked)
        numbers = dict.fromkeys(citations[span.document_id, span.sentence_id].number for span in draft.spans)
        sure = min if draft.verdict == "derived" else max  # a conclusion is as sure as its weaker side
        support = sure((span.support for span in draft.spans), default=0.0)
        verdict = draft.verdict if numbers else "unsupported"
        statements.append(Statement(draft.text, tuple(numbers), verdict, support))
    return tuple(statements), tuple(citations.values())


def with_markers(statement: Statement) -> str:
    """The statement with its markers before the closing full stop.

    >>> with_markers(Statement("今天晴。", (1, 2), "supported", 1.0))
    '今天晴[1][2]。'
    """
    at = marker_place(statement.text)
    markers = "".join(f"[{number}]" for number in statement.citation_numbers)
    return statement.text[:at] + markers + statement.text[at:]


def marker_place(text: str) -> int:
    """The offset of a statement's markers: before its closing full stops, or its end.

    >>> marker_place("他说：“好。”"), marker_place("称为“样板”。"), marker_place("没有句号")
    (5, 6, 4)
    """
    body = text.rstrip(_CLOSERS)
    before = body.rstrip(_FULL_STOPS)
    return len(before) if before != body else len(text)
