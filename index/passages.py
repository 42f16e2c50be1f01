"""Passages: the retrieval unit, runs of whole sentences inside one section."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus import EVIDENCE_KINDS, Document, Sentence


@dataclass(frozen=True)
class PassageRules:
    """How documents are cut. Characters, not tokens: the cut must not depend on a model."""

    max_chars: int = 220  # about 150 tokens of Chinese; a short paragraph of a newspaper
    overlap_chars: int = 60  # a neighbour's last sentence is repeated when it is not longer
    heading_context: bool = True  # the section's title is embedded before the passage

    def __post_init__(self) -> None:
        if self.max_chars < 20 or self.overlap_chars < 0:
            raise ValueError("max_chars must be at least 20 and overlap_chars at least 0")


@dataclass(frozen=True)
class Passage:
    """`sentence_ids` in order; `document.text[start:end]` is the passage's text."""

    id: str
    document_id: str
    section: str
    start: int
    end: int
    sentence_ids: tuple[str, ...]


def split_passages(document: Document, rules: PassageRules) -> list[Passage]:
    """The passages of a document, in order. Titles and headings are context, not passages."""
    passages: list[Passage] = []
    for section, sentences in _sections(document):
        for run in _runs(sentences, rules):
            passages.append(
                Passage(
                    id=f"p{len(passages) + 1}",
                    document_id=document.id,
                    section=section,
                    start=run[0].start,
                    end=run[-1].end,
                    sentence_ids=tuple(sentence.id for sentence in run),
                )
            )
    return passages


def _sections(document: Document) -> Iterator[tuple[str, list[Sentence]]]:
    """Evidence sentences with no heading between them; two sections may share a title."""
    run: list[Sentence] = []
    for sentence in document.sentences:
        if document.block_by_id[sentence.block_id].kind in EVIDENCE_KINDS:
            run.append(sentence)
        elif run:
            yield document.section_of(run[0]), run
            run = []
    if run:
        yield document.section_of(run[0]), run


def _runs(sentences: Sequence[Sentence], rules: PassageRules) -> Iterator[list[Sentence]]:
    """Greedy runs of at most `max_chars`; a single longer sentence is a run of its own."""
    run: list[Sentence] = []
    for sentence in sentences:
        if run and sentence.end - run[0].start > rules.max_chars:
            yield run
            last = run[-1]
            fits = sentence.end - last.start <= rules.max_chars
            run = [last] if fits and last.end - last.start <= rules.overlap_chars else []
        run.append(sentence)
    if run:
        yield run
