"""The RGB layout (Chen et al. 2024, "Benchmarking Large Language Models in RAG", AAAI, sections 3.1 and 3.3).

Each question is asked over five passages of its own: under every noise rate, the share of passages that
do not help, and over unhelpful ones alone, where only `not_found` is right (type `rejection`). Where an
answer is made of several elements, with passages for each, the type is `integration` with the noise rate.
Passages are chosen as the benchmark's own script does: the first of each list.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Annotated

from pydantic import BaseModel, Field, ValidationError

from app.questions import language_of
from corpus import EVIDENCE_KINDS, ArticleError, Document, build_text
from eval.formats.lines import first_fault, numbered, parse
from eval.matching import contains
from eval.questions import GoldQuestion, GoldSentence, QuestionSet, QuestionSetError

NOISE = (0.0, 0.2, 0.4, 0.6, 0.8)
PASSAGES = 5  # a question
REJECTION = "rejection"


class _Line(BaseModel):
    id: int | str
    query: str
    answer: Annotated[str | list[str | Annotated[list[str], Field(min_length=1)]], Field(min_length=1)]
    positive: list[str] | list[list[str]]
    negative: list[str]

    @property
    def elements(self) -> list[tuple[str, ...]]:
        """What must appear, each with its alternatives."""
        whole = [self.answer] if isinstance(self.answer, str) else self.answer
        return [(one,) if isinstance(one, str) else tuple(one) for one in whole]

    @property
    def groups(self) -> list[list[str]]:
        """The helpful passages: one group an element, or one for all."""
        grouped = [one for one in self.positive if isinstance(one, list)]
        return grouped or [[one for one in self.positive if isinstance(one, str)]]

    @property
    def integration(self) -> bool:
        """Whether the answer is put together from several groups."""
        return any(isinstance(one, list) for one in self.positive)


def parse_rgb(name: str, sha256: str, text: str) -> QuestionSet:
    """The set in the text of a file. Raises QuestionSetError that names the line."""
    documents: list[Document] = []
    questions: list[GoldQuestion] = []
    for number, raw in numbered(text):
        line = parse(name, number, raw, _Line)
        passages = _documents(line, f"{name}, line {number}", f"line-{number}")
        documents += passages.values()
        try:
            questions += _conditions(line, passages)
        except ValidationError as error:
            raise QuestionSetError(f"{name}, line {number}: {first_fault(error)}.") from error
    return QuestionSet(name, sha256, tuple(questions), tuple(documents))


def _documents(line: _Line, place: str, prefix: str) -> dict[str, Document]:
    """A document for every passage that holds text, by the passage."""
    found: dict[str, Document] = {}
    for passage in [*(p for group in line.groups for p in group), *line.negative]:
        if passage not in found and any(c.isalnum() for c in passage):
            try:
                found[passage] = build_text(f"{prefix}-{len(found) + 1}", passage)
            except ArticleError as error:
                raise QuestionSetError(f"{place}: {error}") from error
    return found


def _conditions(line: _Line, passages: dict[str, Document]) -> Iterator[GoldQuestion]:
    kind = "integration, noise" if line.integration else "noise"
    groups = [[p for p in group if p in passages] for group in line.groups]
    helpful_ones = {p for group in groups for p in group}
    negatives = [p for p in dict.fromkeys(line.negative) if p in passages and p not in helpful_ones]
    if any(groups):
        for rate in NOISE:
            helpful, noise = choose(groups, negatives, rate)
            yield _asked(
                line, f"{kind} {rate:g}", [passages[p] for p in helpful], [passages[p] for p in noise]
            )
    if negatives:
        yield _asked(line, REJECTION, [], [passages[p] for p in negatives[:PASSAGES]])


def choose(
    groups: Sequence[Sequence[str]], negatives: Sequence[str], rate: float
) -> tuple[list[str], list[str]]:
    """The helpful and the unhelpful passages at a noise rate.

    Every group gives at least one passage, then the groups give in turn. What one side lacks, the other
    fills.

    >>> choose([["a", "b"], ["c"]], ["x", "y", "z"], 0.4)
    (['a', 'c', 'b'], ['x', 'y'])
    """
    noise = min(math.ceil(PASSAGES * rate), len(negatives))
    wanted = max(PASSAGES - noise, sum(map(bool, groups)))
    in_turn = [group[i] for i in range(max(map(len, groups))) for group in groups if i < len(group)]
    helpful = list(dict.fromkeys(in_turn))[:wanted]
    return helpful, list(negatives[: max(0, PASSAGES - len(helpful))])


def _asked(line: _Line, condition: str, helpful: list[Document], noise: list[Document]) -> GoldQuestion:
    # A span can only be the whole answer where the answer has one element.
    elements = line.elements if helpful else []
    return GoldQuestion(
        id=f"{line.id}/{condition}",
        lang=language_of(line.query),
        type=condition,
        question=line.query,
        answers=elements[0] if len(elements) == 1 else (),
        must_contain=tuple(elements),
        evidence_sets=tuple(_evidence(elements, helpful)) if helpful else (),
        within=tuple(document.id for document in [*helpful, *noise]),
    )


def _evidence(
    elements: Sequence[Sequence[str]], helpful: Sequence[Document]
) -> list[tuple[GoldSentence, ...]]:
    """Sets of sentences that hold every element: of each helpful passage the first that holds it.

    None where an element stands in no sentence as it is written: citations are then not scored.
    """
    holders = [
        [sentence for document in helpful if (sentence := _holder(element, document))] for element in elements
    ]
    return list(dict.fromkeys(tuple(dict.fromkeys(chosen)) for chosen in product(*holders)))


def _holder(element: Sequence[str], document: Document) -> GoldSentence | None:
    for sentence in document.sentences:
        text = document.quote(sentence.start, sentence.end)
        citable = document.block_by_id[sentence.block_id].kind in EVIDENCE_KINDS
        if citable and any(contains(text, alternative) for alternative in element):
            return GoldSentence(document_id=document.id, text=text)
    return None
