"""A sealed evaluation: two small documents, questions on them, and a reader that says what it is told."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from app.collections import Shelf
from app.engine import make_shelf, pipeline_over
from app.library import Library
from app.opening import Opening
from app.pipeline import Pipeline
from app.questions import Turn
from app.reader import AnswerSpan, Reading, candidates
from app.settings import load_settings
from corpus import Document, build_document
from eval.questions import GoldQuestion, GoldSentence, QuestionSet
from eval.records import Record
from index import Hit, Index
from tests.app.conftest import CommandModel, command_model, home, make_pipeline, notes_file, wenju

__all__ = ["command_model", "home", "notes_file", "wenju"]  # fixtures

CENTRE, TWELVE = "甲公司的算力中心在东区。", "乙公司的工厂有12家。"
VALLEY, MANY = "丙公司的光谷城在西区。", "丁公司的工厂有34家。"
EAST = build_document("east", f"东区\n\n{CENTRE}\n\n{TWELVE}\n".encode(), "plain")
WEST = build_document("west", f"西区\n\n{VALLEY}\n\n{MANY}\n".encode(), "plain")
ENGLISH = "How many factories does 丁公司 have?"
FOLLOWING = "乙公司的工厂有几家？ 那丁公司呢？"  # the follow-up behind the question before it


def gold(
    name: str, question: str, *evidence: str | GoldSentence, must: Sequence[str] = (), **more: Any
) -> GoldQuestion:
    """A question whose one evidence set is `evidence`; unanswerable without."""
    fields: dict[str, Any] = {
        "lang": "zh", "type": "number" if evidence else "unanswerable", "answers": (), "must_contain": must,
        "evidence_sets": (evidence,) if evidence else (),
    }  # fmt: skip
    return GoldQuestion(id=name, question=question, **{**fields, **more})


# With TOLD: right, wrong, refused rightly, unsure, and right with the history.
QUESTIONS = (
    gold("q1", "乙公司的工厂有几家？", TWELVE, must=["12家"]),
    gold("q2", "算力中心在哪里？", CENTRE, must=["东区"], type="entity"),
    gold("q3", "天气怎么样？"),
    gold("q4", ENGLISH, GoldSentence(document_id="west", text=MANY), must=["34"], lang="en", type="english"),
    gold(
        "q5", "那丁公司呢？", MANY, must=["34家"], type="follow-up",
        history=(Turn("user", "乙公司的工厂有几家？"), Turn("assistant", "12家。")),
    ),
)  # fmt: skip
GROUNDED = {"q1": 1, "q2": 0, "q3": 1, "q4": 0, "q5": 1}
Telling = Mapping[str, tuple[str, float] | Exception]  # query -> the sentence and how surely, or a failure
TOLD: Telling = {
    "乙公司的工厂有几家？": (TWELVE, 0.9),
    "算力中心在哪里？": (TWELVE, 0.8),
    ENGLISH: (MANY, 0.35),
    FOLLOWING: (MANY, 0.7),
}


class ToldReader:
    """A Reader that answers by a table; what stands neither there nor in the hits is no reading."""

    fingerprint = "told:1"

    def __init__(self, index: Index, told: Telling) -> None:
        self._index, self._told = index, told
        self.reads: list[tuple[str, tuple[str, ...]]] = []  # each query with the documents of its hits

    def load(self) -> None:
        """Nothing."""

    def read(self, query: str, hits: Sequence[Hit]) -> Reading:
        """The sentence that was told, as surely as was told."""
        self.reads.append((query, tuple(sorted({hit.passage.document_id for hit in hits}))))
        told = self._told.get(query)
        if isinstance(told, Exception):
            raise told
        for one in candidates(self._index, hits):
            if told is not None and one.text == told[0]:
                span = AnswerSpan(
                    one.document.id, one.sentence.id, one.sentence.start, one.sentence.end, told[1]
                )
                return Reading((span,), told[1], {(one.document.id, one.hit.passage.id): 1})
        return Reading((), 0.0, {})


def told_pipeline(told: Telling, documents: Sequence[Document] = (EAST, WEST)) -> Pipeline:
    """The real pipeline in memory, with a reader by a table."""
    pipeline = make_pipeline(list(documents))
    return replace(pipeline, reader=ToldReader(pipeline.retriever.index, told))


@dataclass
class Told:
    """What the command's readers are told, and the readers that were made."""

    table: dict[str, tuple[str, float] | Exception] = field(default_factory=lambda: dict(TOLD))
    readers: list[ToldReader] = field(default_factory=list)

    def pipeline_over(self, settings: Any, index: Index, embedder: Any, writer: Any) -> Pipeline:
        """As `app.engine.pipeline_over`, with a reader by the table."""
        self.readers.append(ToldReader(index, self.table))
        return replace(pipeline_over(settings, index, embedder, writer), reader=self.readers[-1])


@pytest.fixture
def model(command_model: CommandModel, monkeypatch: pytest.MonkeyPatch) -> CommandModel:  # noqa: F811
    """The fake model in place of the embedded weights, for every command."""
    monkeypatch.setattr("app.engine.SentenceEmbedder", lambda name, threads: command_model)
    return command_model


@pytest.fixture
def told(model: CommandModel, monkeypatch: pytest.MonkeyPatch) -> Told:
    """The fake model, and readers by a table."""
    made = Told()
    for room in ("session", "tune"):
        monkeypatch.setattr(f"eval.{room}.pipeline_over", made.pipeline_over)
    return made


@pytest.fixture
def pair(model: CommandModel) -> Shelf:
    """The shelf, with the two documents as the collection `pair`."""
    shelf = make_shelf(load_settings(), model)
    shelf.add("pair", [EAST, WEST])
    model.embedded = 0
    return shelf


def write_set(path: Path, questions: Sequence[GoldQuestion] = QUESTIONS, **header: object) -> Path:
    """A set in our own layout, with a first line if one is given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(header)] if header else []
    lines += [question.model_dump_json() for question in questions]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def as_set(questions: Sequence[GoldQuestion], name: str = "mine") -> QuestionSet:
    """Questions as a set that was never a file."""
    return QuestionSet(name, "0", tuple(questions))


def timeless(record: Record) -> dict[str, Any]:
    """A record without what no two runs share."""
    plain = record.model_dump()
    for part, key in (("answer_record", "timings_ms"), ("metrics", "latency_ms")):
        if plain[part] is not None:
            del plain[part][key]
    return plain


class OneOpen(Library):
    """A library of one collection, by whatever name, whose pipeline is there already."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._one = Opening(pipeline.documents)
        self._one.coming.set_result(pipeline)

    def opening(self, name: str, again: bool = False) -> Opening:
        """The one."""
        return self._one
