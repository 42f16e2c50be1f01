"""The sentence beside an answer that names what the question asks about, where the answer's own does not.

`甲公司今天签约。乙公司也来了。` The question 乙公司什么时候来的 stands on both sentences.
"""

from __future__ import annotations

from dataclasses import replace

from app.reader import AnswerSpan, shared
from corpus import Document, is_cjk, simplified

_LEAST = 4  # characters of a name; shorter runs are common words


def antecedent(question: str, span: AnswerSpan, document: Document) -> AnswerSpan | None:
    """The neighbour in the answer's block that alone in the document holds a run of the question's words."""
    sentence = document.sentence_by_id[span.sentence_id]
    asked, text = simplified(question), document.simplified
    answer = text[sentence.start : sentence.end]
    at = document.sentences.index(sentence)
    for neighbour in document.sentences[max(0, at - 1) : at] + document.sentences[at + 1 : at + 2]:
        if neighbour.block_id != sentence.block_id:
            continue
        run = shared(asked, text[neighbour.start : neighbour.end])
        if sum(map(is_cjk, run)) < _LEAST or text.count(run) > 1:
            continue
        if len(shared(run, answer)) < len(run) - 1:
            return replace(span, sentence_id=neighbour.id, start=neighbour.start, end=neighbour.end)
    return None
