"""An outline of the documents: of every section the sentence that stands nearest to all of it."""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby, islice

from app.reader import AnswerSpan, Reading
from corpus import EVIDENCE_KINDS, Document, Sentence
from index import Retriever

_MOST = 30  # sections; more would be no outline
_LEAST = 12  # characters; a shorter sentence tells too little of a section


def outline(retriever: Retriever, within: Collection[str] = ()) -> Reading:
    """One span a section, in the order of the text; of more than 30 documents, none.

    `within` names the documents, none: all.
    """
    there = retriever.index.documents
    chosen = [document_id for document_id in there if document_id in within] if within else there
    documents = (there[document_id] for document_id in chosen) if len(chosen) <= _MOST else ()
    spans = tuple(islice((span for d in documents for span in _of_sections(retriever, d)), _MOST))
    return Reading(spans, confidence=float(bool(spans)), passage_ranks={})


def _of_sections(retriever: Retriever, document: Document) -> list[AnswerSpan]:
    citable = [s for s in document.sentences if document.block_by_id[s.block_id].kind in EVIDENCE_KINDS]
    sections = (list(group) for _, group in groupby(citable, key=document.section_of))
    return [_nearest(retriever, document, _telling(document, sentences)) for sentences in sections]


def _telling(document: Document, sentences: list[Sentence]) -> list[Sentence]:
    """The longer sentences of a section's paragraphs, where it has such; else all."""
    longer = [s for s in sentences if s.end - s.start >= _LEAST] or sentences
    return [s for s in longer if document.block_by_id[s.block_id].kind == "paragraph"] or longer


def _nearest(retriever: Retriever, document: Document, sentences: list[Sentence]) -> AnswerSpan:
    """The sentence whose vector is nearest to the section's mean (centroid-based: Radev et al. 2004)."""
    vectors = retriever.vectors_of(document, sentences)
    centre = vectors.mean(axis=0)
    similar = vectors @ centre / float((centre @ centre) ** 0.5 or 1.0)
    best = int(similar.argmax())
    chosen = sentences[best]
    return AnswerSpan(
        document.id, chosen.id, chosen.start, chosen.end, min(1.0, max(0.0, float(similar[best])))
    )
