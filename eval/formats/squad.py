"""The SQuAD layout: SQuAD 1.1 and 2.0, CMRC 2018, DRCD and others of their form.

Every paragraph becomes a document, all of them together the collection. Each question is asked twice:
over the whole collection (type `open-domain`) and over its own paragraph (type `gold paragraph`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, Field, ValidationError

from app.questions import language_of
from corpus import EVIDENCE_KINDS, ArticleError, Document, Metadata, build_text
from eval.formats.lines import first_fault
from eval.questions import GoldQuestion, GoldSentence, QuestionSet, QuestionSetError

Split = Literal["train", "tune", "report"]
OPEN, GIVEN = "open-domain", "gold paragraph"
# Articles in the order of their titles' SHA-256: the last share reports, the tenth before it tunes.
_TUNE_SHARE = 0.1
_REPORT_SHARE = 0.3
_REPORT_SHARE_2 = 0.2  # SQuAD 2.0: few articles, each of many paragraphs


class _Gold(BaseModel):
    text: str
    answer_start: int


class _Question(BaseModel):
    id: str
    question: str
    answers: list[_Gold] = Field(default_factory=list)
    is_impossible: bool | None = None


class _Paragraph(BaseModel):
    context: str
    qas: list[_Question]


class _Article(BaseModel):
    title: str = ""
    paragraphs: list[_Paragraph]


class _File(BaseModel):
    data: list[_Article]


def parse_squad(name: str, sha256: str, text: str, split: Split | None) -> QuestionSet:
    """The set in the text of a file, of one split or all. Raises QuestionSetError."""
    try:
        articles = _File.model_validate_json(text).data
    except ValidationError as error:
        raise QuestionSetError(f"{name} is not of the SQuAD layout: {first_fault(error)}.") from error
    chosen = _titles(articles, split)
    documents: list[Document] = []
    questions: list[GoldQuestion] = []
    left_out = 0
    for article in articles:
        for paragraph in article.paragraphs:
            document = _document(name, len(documents) + 1, article.title, paragraph.context)
            documents.append(document)
            if article.title in chosen:
                for asked in paragraph.qas:
                    conditions = list(_conditions(asked, paragraph, document))
                    questions += conditions
                    left_out += not conditions
    whole = name if split is None else f"{name}-{split}"
    return QuestionSet(whole, sha256, tuple(questions), tuple(documents), left_out=left_out)


def _titles(articles: list[_Article], split: Split | None) -> set[str]:
    """The titles of a split's articles. Articles of one title are never parted: the first place counts."""
    if split is None:
        return {article.title for article in articles}
    asked = (q for article in articles for paragraph in article.paragraphs for q in paragraph.qas)
    share = _REPORT_SHARE_2 if any(q.is_impossible for q in asked) else _REPORT_SHARE
    ordered = sorted((a.title for a in articles), key=lambda t: hashlib.sha256(t.encode()).hexdigest())
    report = round(len(ordered) * (1 - share))
    tune = round(len(ordered) * (1 - share - _TUNE_SHARE))
    start, end = {"train": (0, tune), "tune": (tune, report), "report": (report, len(ordered))}[split]
    return set(ordered[start:end]) - set(ordered[:start])


def _document(name: str, number: int, title: str, context: str) -> Document:
    try:
        return build_text(f"paragraph-{number}", context, Metadata(title=title or None))
    except ArticleError as error:
        raise QuestionSetError(f"{name}: {error}") from error


def _conditions(asked: _Question, paragraph: _Paragraph, document: Document) -> Iterator[GoldQuestion]:
    """The question under both conditions; neither when it is blank or its answers stand nowhere."""
    golds = [] if asked.is_impossible else asked.answers
    evidence = dict.fromkeys(filter(None, (_evidence(gold, paragraph, document) for gold in golds)))
    if (golds and not evidence) or not _says_something(asked.question):
        return
    answers = tuple(dict.fromkeys(gold.text for gold in golds if _says_something(gold.text)))
    for condition, within in ((OPEN, ()), (GIVEN, (document.id,))):
        yield GoldQuestion(
            id=f"{asked.id}/{condition}",
            lang=language_of(asked.question),
            type=condition,
            question=asked.question,
            answers=answers,
            must_contain=(answers,) if answers else (),
            evidence_sets=tuple(evidence),
            within=within,
        )


def _evidence(gold: _Gold, paragraph: _Paragraph, document: Document) -> tuple[GoldSentence, ...]:
    """The sentences that an answer stands in; none when it is not in what can be cited.

    Cleaning changes white space, so places are counted without it. About 2% of the starts in CMRC 2018 are
    wrong: the occurrence nearest to where the start points is taken.
    """
    wanted = "".join(gold.text.split())
    if not _says_something(wanted):
        return ()
    places = [i for i, character in enumerate(document.text) if not character.isspace()]
    dense = "".join(document.text[i] for i in places)
    starts = [i for i in range(len(dense)) if dense.startswith(wanted, i)]
    if not starts:
        return ()
    pointed = len("".join(paragraph.context[: gold.answer_start].split()))
    first = min(starts, key=lambda i: abs(i - pointed))
    start, end = places[first], places[first + len(wanted) - 1] + 1
    touched = [s for s in document.sentences if s.start < end and start < s.end]
    citable = [s for s in touched if document.block_by_id[s.block_id].kind in EVIDENCE_KINDS]
    texts = filter(_says_something, (document.quote(s.start, s.end) for s in citable))
    return tuple(GoldSentence(document_id=document.id, text=text) for text in texts)


def _says_something(text: str) -> bool:
    return any(map(str.isalnum, text))
