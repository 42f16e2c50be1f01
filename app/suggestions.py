"""Questions to ask next, made from the article's own sentences; each is one that the article answers.

A figure in a clause gives way to the word that asks for it, as Chinese does (武汉有多少个园区？); a day that
opens a sentence is asked for. English turns around: what was done in a year (When was the mill built?), what
something has so many of, and a sentence that begins with a figure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, islice

from app.answer import Answer
from app.extractive import ExtractiveWriter
from app.pipeline import Pipeline
from corpus import EVIDENCE_KINDS, Document, Sentence

_TRIED = 8  # candidates that are asked before giving up: each takes the time of a question
_SHORTEST, _LONGEST = 8, 42  # characters of a question
_SAID = 4  # characters of a clause beside its figure and unit: "2,600台" alone says nothing
_CLAUSE = re.compile(r"[，；。！？：]")
_FIGURE = re.compile(
    r"(?:约|近|超过?|逾)?(?<![\d.第前每至到~－—-])\d[\d,.]*[余多]?[万亿]*[余多]?(?=[个家项人名公里台辆件座亩款类处次条])"
)
_ORDINAL = re.compile(r"第[一二三四五六七八九十\d]+(?=位|名)")
_DAY = re.compile(r"^(?:\d{4}年)?\d{1,2}月\d{1,2}日$")
# A clause that begins with one of these says something of what stands before it.
_LEANS = re.compile(
    r"^(?:其中|并|且|但|而|也|还|同时|此外|以及|及|达|超|较|同比|增长|比|约|近|为|共|成为|获|被|在|将|这|该|它|他|她|已|等|据)"
)
_PAIRS = ("“”", "《》", "（）", "‘’")
_UNFIT = re.compile(r"\d、\d|\d[至~－—-]|(?:说|表示|介绍|指出)")  # names (12345、119), ranges, speech
_SUBJECT = r"^(?P<what>(?:The |A |An )?[\w’' -]{3,50}?)"
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DONE = r"(?:\w+ed|built|begun|laid|sold|made|won|given|taken|bought|held|set up)"
_WAS = re.compile(
    rf"{_SUBJECT} (?P<was>was|were) (?P<done>{_DONE}(?: [\w’'-]+){{0,6}}?) (?:in|on) "
    rf"(?:\d{{1,2}} )?(?:{_MONTH} )?(?:\d{{1,2}}, )?(?:1[5-9]|20)\d\d\b"
)
_HAS = re.compile(
    rf"{_SUBJECT} (?P<has>has|have|had) (?:about |some |nearly |over |almost )?\d[\d,]* "
    r"(?P<things>[a-z]+(?: [a-z]+)?s)\b"
)
_COUNTED = re.compile(
    r"^(?:About |Some |Nearly |Over |Almost )?\d[\d,]* "
    r"(?P<rest>(?!million|billion|thousand|per)[a-z]+ (?:[\w’'-]+ ?){2,12})\.$"
)
# What such a word stands for is in the sentence before.
_POINTS = re.compile(
    r"\b(?:it|he|she|they|this|that|these|those|its|his|her|their|one|there)\b", re.IGNORECASE
)


def suggest(pipeline: Pipeline, past: Sequence[Answer], wanted: int = 3) -> list[str]:
    """Questions that are answered with a sentence not cited yet, those near the last citation first."""
    pipeline = replace(pipeline, writer=ExtractiveWriter(pipeline.writer.settings))  # never a language model
    asked = {answer.question for answer in past}
    cited = {(c.document_id, c.sentence_id) for answer in past for c in answer.citations}
    near = next((answer.citations[0] for answer in reversed(past) if answer.citations), None)
    first = [pipeline.documents[near.document_id]] if near and near.document_id in pipeline.documents else []
    documents = chain(first, (d for d in pipeline.documents.values() if d not in first))
    start = near.start if near else 0
    candidates = (
        (question, document, sentence)
        for document in documents
        for sentence in sorted(document.sentences, key=lambda s: abs(s.start - start))
        if (document.id, sentence.id) not in cited
        for question in questions_of(document, sentence)[:1]
        if question not in asked
    )
    tried = islice(candidates, _TRIED)
    answered = (
        question
        for question, document, sentence in tried
        if _is_answered(pipeline, question, document.id, sentence.id)
    )
    return list(islice(answered, wanted))


def questions_of(document: Document, sentence: Sentence) -> list[str]:
    """The questions that a sentence can be turned into, in simplified characters."""
    if document.block_by_id[sentence.block_id].kind not in EVIDENCE_KINDS:
        return []
    text = document.simplified[sentence.start : sentence.end]
    return _chinese(text) if document.language == "zh" else _english(text)


def _chinese(text: str) -> list[str]:
    made: list[str] = []
    clauses = [clause.strip() for clause in _CLAUSE.split(text)]
    for i, clause in enumerate(clauses):
        before = "，".join([*clauses[:i], ""])  # where its subject stands
        for pattern, word in ((_FIGURE, "多少"), (_ORDINAL, "第几")):
            if len(pattern.findall(clause)) == 1 and len(pattern.sub("", clause)) >= _SAID:
                made.append(before + pattern.sub(word, clause) + "？")
    if len(clauses) > 1 and _DAY.match(clauses[0]):
        made.append(clauses[1] + "是在什么时候？")
    return [question for question in made if _stands_alone(question)]


def _english(text: str) -> list[str]:
    made: list[str] = []
    if match := _WAS.search(text):
        made.append(f"When {match['was']} {_inside(match['what'])} {match['done']}?")
    if match := _HAS.search(text):
        asks = {"has": "does", "have": "do", "had": "did"}[match["has"]]
        made.append(f"How many {match['things']} {asks} {_inside(match['what'])} have?")
    if match := _COUNTED.search(text):
        made.append(f"How many {match['rest']}?")
    return [question for question in made if not _POINTS.search(question)]


def _inside(subject: str) -> str:
    """A subject as it stands inside a sentence."""
    return subject[0].lower() + subject[1:] if subject.startswith(("The ", "A ", "An ")) else subject


def _stands_alone(question: str) -> bool:
    closed = all(question.count(pair[0]) == question.count(pair[1]) for pair in _PAIRS)
    fits = closed and _SHORTEST <= len(question) <= _LONGEST
    return fits and not _LEANS.search(question) and not _UNFIT.search(question)


def _is_answered(pipeline: Pipeline, question: str, document_id: str, sentence_id: str) -> bool:
    cited = pipeline.answer(question).citations
    return any((one.document_id, one.sentence_id) == (document_id, sentence_id) for one in cited)
