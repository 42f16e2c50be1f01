"""The sentence beside an answer's that a reader needs with it.

`甲公司今天签约。乙公司也来了。` The question 乙公司什么时候来的 stands on both sentences, and of
`诀窍何在？先做数据。` the first alone says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.reader import AnswerSpan, shared
from corpus import EVIDENCE_KINDS, Document, Sentence, is_cjk, simplified

_LEAST = 4  # characters of a name; shorter runs are common words
_ASKS = re.compile(r"[？?][”」』’\"]*$")
_EXCEPTED = re.compile(r"除了?.+?(?:外|[，,])")  # is named, but not asked about
_GOES_ON = EVIDENCE_KINDS - {"caption"}  # where a text goes on behind a paragraph


def neighbour(question: str, spans: Sequence[AnswerSpan], document: Document) -> AnswerSpan | None:
    """What follows a sentence that asks; or the neighbour that names what the question asks about.

    `spans` are all that was read, the answer's first. Support is how sure it is that a sentence answers the
    question, so the neighbour has its own; one that was not read has the least of those that were.
    """
    sentence = document.sentence_by_id[spans[0].sentence_id]
    at = document.sentences.index(sentence)
    before, after = document.sentences[max(0, at - 1) : at], document.sentences[at + 1 : at + 2]
    if _ASKS.search(document.quote(sentence.start, sentence.end)):
        found = next((other for other in after if _goes_on(sentence, other, document)), None)
    else:
        asked = _EXCEPTED.sub("", simplified(question))
        beside = (other for other in before + after if other.block_id == sentence.block_id)
        found = next((other for other in beside if _names(asked, sentence, other, document)), None)
    if found is None:
        return None
    own = (s.support for s in spans if (s.document_id, s.sentence_id) == (document.id, found.id))
    support = next(own, min(span.support for span in spans))
    return AnswerSpan(document.id, found.id, found.start, found.end, support)


def _goes_on(sentence: Sentence, after: Sentence, document: Document) -> bool:
    """Whether it is the next words of the same paragraph or section: no heading, and no caption."""
    return document.section_of(after) == document.section_of(sentence) and (
        after.block_id == sentence.block_id or document.block_by_id[after.block_id].kind in _GOES_ON
    )


def _names(asked: str, sentence: Sentence, beside: Sentence, document: Document) -> bool:
    """Whether it holds a run of the question's words that stands nowhere else in the document."""
    text = document.simplified
    run = shared(asked, text[beside.start : beside.end])
    if sum(map(is_cjk, run)) < _LEAST or text.count(run) > 1:
        return False
    return len(shared(run, text[sentence.start : sentence.end])) < len(run) - 1
