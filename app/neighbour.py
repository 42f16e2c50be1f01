"""The sentence beside an answer's that a reader needs with it.

`甲公司今天签约。乙公司也来了。` The question 乙公司什么时候来的 stands on both sentences, and of
`诀窍何在？先做数据。` the first alone says nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace

from app.reader import AnswerSpan, shared
from corpus import Document, Sentence, is_cjk, simplified

_LEAST = 4  # characters of a name; shorter runs are common words
_ASKS = re.compile(r"[？?][”」』’\"]*$")


def neighbour(question: str, span: AnswerSpan, document: Document) -> AnswerSpan | None:
    """What follows a sentence that asks; or the neighbour that names what the question asks about."""
    sentence = document.sentence_by_id[span.sentence_id]
    at = document.sentences.index(sentence)
    before, after = document.sentences[max(0, at - 1) : at], document.sentences[at + 1 : at + 2]
    if _ASKS.search(document.quote(sentence.start, sentence.end)):
        found = next(iter(after), None)
    else:
        beside = (other for other in before + after if other.block_id == sentence.block_id)
        found = next((other for other in beside if _names(question, sentence, other, document)), None)
    if found is None:
        return None
    return replace(span, sentence_id=found.id, start=found.start, end=found.end)


def _names(question: str, sentence: Sentence, beside: Sentence, document: Document) -> bool:
    """Whether it holds a run of the question's words that stands nowhere else in the document."""
    text = document.simplified
    run = shared(simplified(question), text[beside.start : beside.end])
    if sum(map(is_cjk, run)) < _LEAST or text.count(run) > 1:
        return False
    return len(shared(run, text[sentence.start : sentence.end])) < len(run) - 1
