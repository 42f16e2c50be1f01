"""One question in, one Answer out: resolve, retrieve, read, decide, write, cite."""

from __future__ import annotations

import time
from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from app.answer import Answer, HitRanks, Note, Outcome, Place, RetrievedPassage, Unfinished
from app.citations import cite, place
from app.outline import outline
from app.questions import MAX_CHARS, Question, Turn, resolve
from app.reader import AnswerSpan, Reader, Reading, about, unsaid
from app.reply import FROM_HISTORY, QUERY_FROM_HISTORY, Reply
from app.settings import OutcomeSettings, ReaderSettings
from app.talk import SMALL_TALK
from app.writer import Kind, Material, Writer, Writing
from corpus import Document, simplified
from index import Hit, Retriever

_NEAREST = 3


@dataclass(frozen=True)
class Read:
    """A query with the passages found for it and what was made of them; the kind of reply it is for."""

    query: str
    hits: tuple[Hit, ...]
    reading: Reading
    kind: Kind = "answer"


@dataclass(frozen=True)
class Pipeline:
    """Everything needed to answer questions over one collection."""

    retriever: Retriever
    reader: Reader
    writer: Writer
    reading: ReaderSettings
    outcome: OutcomeSettings

    @property
    def documents(self) -> Mapping[str, Document]:
        """The collection's documents by id."""
        return self.retriever.index.documents

    def search(self, query: str) -> tuple[RetrievedPassage, ...]:
        """The passages for a query, not read."""
        return tuple(_report(hit, {}) for hit in self.retriever.retrieve(query))

    def answer(self, text: str, history: Sequence[Turn] = (), within: Collection[str] = ()) -> Answer:
        """The Answer to a question, whole. Raises QuestionError when it cannot be asked.

        `within` names the documents that it is asked over; none: the whole collection.
        """
        for step in self.answering(text, history, within):
            if isinstance(step, Answer):
                return step
        raise AssertionError("the last step is an Answer")

    def answering(
        self, text: str, history: Sequence[Turn] = (), within: Collection[str] = ()
    ) -> Generator[Unfinished | Answer]:
        """The reply as it is written, then the Answer; closing it stops the writer. Raises QuestionError."""
        clock = _Clock()
        # 1. Resolve: the question as it can be searched.
        question = yield from self._resolve(text, history)
        clock.lap("resolve")
        # 2. Retrieve: passages for every query.
        found = [(query, self.retriever.retrieve(query, within)) for query in question.searched]
        clock.lap("retrieve")
        # 3. Read: the sentences that answer; the query whose reading is surest wins.
        reads = [Read(query, tuple(hits), self._read(query, hits, question)) for query, hits in found]
        best = self._choose(question, reads, within)
        clock.lap("read")
        # 4. Decide: answered, not found, or unsure.
        outcome = decide(best.reading, self.outcome)
        clock.lap("decide")
        # 5. Write: the reply's statements, each with what it stands on.
        writing = Writing()
        if outcome == "answered":
            writing = yield from self._write(self._material(question, best), clock)
        if writing.declined:
            outcome = "not_found"
        clock.lap("write")
        # 6. Cite: numbers and exact places.
        statements, citations = cite(writing.drafts, self.documents)
        reply = Reply(question, outcome, statements, citations, self.documents, writing.is_quoted)
        clock.lap("cite")
        yield Answer(
            question=text,
            queries=tuple(dict.fromkeys([best.query, *(read.query for read in reads)])),
            outcome=outcome,
            confidence=best.reading.confidence,
            answer=reply.text,
            short_answer=best.reading.short_answer if outcome == "answered" else None,
            statements=statements,
            citations=citations,
            nearest=self._places(best.reading.spans[:_NEAREST]) if outcome == "unsure" else (),
            hits=tuple(_report(hit, best.reading.passage_ranks) for hit in best.hits),
            writer=self.writer.name,
            notes=(*_notes(question, best), *writing.notes, *reply.years),
            timings_ms=clock.timings(),
        )

    def _resolve(self, text: str, history: Sequence[Turn]) -> Generator[Unfinished | Answer, None, Question]:
        """The question, with what the writer makes of one that points back as a further query."""
        question, alone = resolve(text, history), ""
        if question.from_history is not None:
            with closing(self.writer.rewritten(question, history)) as rewriting:
                for given in rewriting:
                    alone = given
                    yield Unfinished()
        if not alone:
            return question
        alone = simplified(alone)[:MAX_CHARS]
        return replace(question, queries=(*question.queries, alone), rewritten=alone)

    def _write(self, material: Material, clock: _Clock) -> Generator[Unfinished | Answer, None, Writing]:
        """The reply as it is written; given back when it is finished."""
        writing = Writing()
        with closing(self.writer.write(material)) as written:
            for writing in written:
                if not writing.finished:
                    yield self._unfinished(writing)
                    if writing.drafts or writing.tail:
                        clock.once("first_word")
        return writing

    def _material(self, question: Question, best: Read) -> Material:
        spans = best.reading.spans
        sure = sum(span.support >= self.outcome.answered_from for span in spans)
        typed = best.query == question.queries[0] != question.from_history  # 还有吗 asks the one before
        asked = question.text if typed else best.query
        return Material(question, asked, best.kind, spans, sure, self.documents)

    def _unfinished(self, writing: Writing) -> Unfinished:
        statements, citations = cite(writing.drafts, self.documents)
        return Unfinished(self._places(writing.evidence), statements, citations, writing.tail)

    def _read(self, query: str, hits: Sequence[Hit], question: Question) -> Reading:
        """What the reader finds, without what was told before and what is about something else."""
        reading = self.reader.read(query, hits[: self.reading.passages])
        if question.told:
            reading = unsaid(reading, question.told, self.documents)
        return about(reading, question.topic, self.documents) if question.topic else reading

    def _choose(self, question: Question, reads: list[Read], within: Collection[str]) -> Read:
        """What the reply stands on: both sides of a comparison where both are sure, else the surest query."""
        if question.talk:
            return Read(question.queries[0], (), Reading((), 0.0, {}))
        if question.wants_outline:
            whole = unsaid(outline(self.retriever, within), question.told, self.documents)
            # An outline is sure, and so is what is left of one.
            left = replace(whole, confidence=float(bool(whole.spans)))
            return Read(question.queries[0], (), left, "outline")
        sides = reads[len(question.queries) :]
        if sides and all(decide(side.reading, self.outcome) == "answered" for side in sides):
            return _both(question.queries[0], sides)
        return max(reads[: len(question.queries)], key=lambda read: read.reading.confidence)

    def _places(self, spans: Sequence[AnswerSpan]) -> tuple[Place, ...]:
        return tuple(place(span, self.documents) for span in spans)


def _both(query: str, sides: Sequence[Read]) -> Read:
    """Two readings as one: the best span of each, as sure as the less sure of them."""
    found = sorted((hit for side in sides for hit in side.hits), key=lambda hit: -hit.rank)
    hits = {(hit.passage.document_id, hit.passage.id): hit for hit in found}  # each at its better rank
    ranks: dict[tuple[str, str], int] = {}
    for side in sides:
        for key, rank in side.reading.passage_ranks.items():
            ranks[key] = min(rank, ranks.get(key, rank))
    ordered = sorted(hits.values(), key=lambda hit: hit.rank)
    reading = Reading(
        spans=tuple(side.reading.spans[0] for side in sides),
        confidence=min(side.reading.confidence for side in sides),
        passage_ranks=ranks,
    )
    ranked = tuple(replace(hit, rank=rank) for rank, hit in enumerate(ordered, start=1))
    return Read(query, ranked, reading, "comparison")


def decide(reading: Reading, settings: OutcomeSettings) -> Outcome:
    """The outcome that a reading's confidence stands for."""
    if not reading.spans or reading.confidence < settings.unsure_from:
        return "not_found"
    return "answered" if reading.confidence >= settings.answered_from else "unsure"


def _report(hit: Hit, reader_ranks: Mapping[tuple[str, str], int]) -> RetrievedPassage:
    key = (hit.passage.document_id, hit.passage.id)
    return RetrievedPassage(
        rank=hit.rank,
        document_id=hit.passage.document_id,
        passage_id=hit.passage.id,
        start=hit.passage.start,
        end=hit.passage.end,
        text=hit.text,
        score=hit.score,
        ranks=HitRanks(hit.dense_rank, hit.lexical_rank, reader_ranks.get(key)),
    )


def _notes(question: Question, best: Read) -> tuple[Note, ...]:
    if question.talk:
        return (Note(SMALL_TALK, question.talk),)
    if best.query not in (question.from_history, question.rewritten):
        return ()
    return (Note(QUERY_FROM_HISTORY, FROM_HISTORY[question.language].format(query=best.query)),)


@dataclass
class _Clock:
    """Milliseconds a step, in order."""

    start: float = field(default_factory=time.perf_counter)
    laps: dict[str, float] = field(default_factory=dict)

    def lap(self, step: str) -> None:
        spent = sum(self.laps.values())
        self.laps[step] = (time.perf_counter() - self.start) * 1000 - spent

    def once(self, step: str) -> None:
        """The lap of what comes again and again, when it comes first."""
        if step not in self.laps:
            self.lap(step)

    def timings(self) -> dict[str, float]:
        """Every step and their total, rounded to a hundredth of a millisecond."""
        total = {"total": sum(self.laps.values())}
        return {step: round(ms, 2) for step, ms in (self.laps | total).items()}
