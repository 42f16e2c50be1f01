"""Everything a run needs, checked before any slow work: the questions, the texts, the settings."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from app.alike import documents_sha256
from app.collection_names import SHIPPED
from app.collections import Shelf
from app.commands import Bar
from app.composing import ComposingWriter
from app.engine import make_checker, make_embedder, make_shelf, pipeline_over
from app.language_models import without_folder
from app.pipeline import Pipeline
from app.settings import Settings, home, load_settings
from app.writer import Writer
from app.writers import make_writer
from corpus import Document
from eval.formats import Format, Split, find_set, read_set
from eval.questions import QuestionSet, QuestionSetError, check_fits
from eval.statistics import SEED
from eval.timing import timed
from index import Embedder, EmbeddingModel, Index, sha256s

_NAMED = 20  # documents that an identity lists one by one; of more it gives the hash alone


@dataclass(frozen=True)
class Source:
    """Where the questions come from, as it was typed."""

    set: str
    format: Format = "jsonl"
    split: Split | None = None
    collection: str | None = None  # None: the set's own documents or article, or the shipped one
    types: tuple[str, ...] = ()  # of the questions that are asked; none: all
    writer: str | None = None  # None: that of the settings

    @property
    def options(self) -> str:
        """As on the command line, without the paths of a machine."""
        words = [Path(self.set).name]
        if self.format != "jsonl":
            words += ["--format", self.format]
        if self.split:
            words += ["--split", self.split]
        if self.collection:
            words += ["--collection", Path(self.collection).name]
        for name in self.types:
            words += ["--type", name]
        if self.writer:
            words += ["--writer", without_folder(self.writer)]
        return shlex.join(words)


@dataclass(frozen=True)
class Session:
    """A question set with the texts it is asked over. Nothing is embedded and no model loaded yet."""

    source: Source
    questions: QuestionSet
    documents: Mapping[str, Document]  # by their ids
    collection: str | None  # what the shelf opens; None: it holds the documents for the session
    settings: Settings
    embedder: EmbeddingModel
    shelf: Shelf
    writer: Writer

    def index(self) -> Index:
        """The index of the documents, built if need be."""
        if self.collection:
            return self.shelf.open(self.collection)
        return self.shelf.hold([*self.documents.values()])

    def pipeline(self) -> Pipeline:
        """The pipeline that answers, its models loaded, so that no answer's time is that of loading."""
        pipeline = pipeline_over(self.settings, self.index(), self.embedder, self.writer)
        self.embedder.load()
        pipeline.reader.load()
        pipeline.writer.load()
        return pipeline

    def identity(self, pipeline: Pipeline) -> dict[str, Any]:
        """What a run is of. Two runs of the same identity ask the same questions of the same program."""
        return identity(self.source, self.questions, pipeline, self.embedder, self.settings)


def open_session(source: Source) -> Session:
    """The session for a set. Raises a WenjuError that names what is wrong, before any slow work."""
    path = find_set(source.set, home() / "sets")
    questions = _of_types(read_set(path, source.format, source.split), source.types)
    if questions.documents and source.collection is not None:
        raise QuestionSetError(f"{questions.name} brings its own documents; leave out --collection.")
    settings = load_settings(source.writer)
    writer = timed(make_writer(settings.writer.use, settings, make_checker))
    embedder = make_embedder(settings)
    shelf = make_shelf(settings, embedder, Bar())
    collection = None if questions.documents else _asked_over(source, questions)
    own = {document.id: document for document in questions.documents}
    documents = shelf.documents(collection) if collection else own
    check_fits(questions, documents)
    return Session(source, questions, documents, collection, settings, embedder, shelf, writer)


def identity(
    source: Source, questions: QuestionSet, pipeline: Pipeline, embedder: Embedder, settings: Settings
) -> dict[str, Any]:
    """The plain values by which runs are told apart; the paths of a machine are not among them.

    Nor are settings that no answer depends on: the page's, and what reading an article may take.
    """
    hashes = sha256s(pipeline.documents)
    return {
        "schema": 3,
        "set": {
            "name": questions.name,
            "file": Path(source.set).name,
            "sha256": questions.sha256,
            "format": source.format,
            "split": source.split,
            "types": sorted(set(source.types)),
            "questions": len(questions.questions),
            "left_out": questions.left_out,
        },
        "collection": {
            "name": questions.name if questions.documents else Path(_asked_over(source, questions)).name,
            "documents": hashes if len(hashes) <= _NAMED else len(hashes),
            "sha256": documents_sha256(hashes),
        },
        "models": {
            "embedder": embedder.fingerprint,
            "reader": pipeline.reader.fingerprint,
            "writer": pipeline.writer.name,
            "checker": pipeline.writer.checked_by,
        },
        **_told(pipeline.writer),
        "settings": _plain(settings, pipeline),
        "version": version("wenju"),
        "seed": SEED,
    }


def _told(writer: Writer) -> dict[str, str | None]:
    """What may change under the names of a language model and of the folder of its prompts, hashed."""
    if not isinstance(writer, ComposingWriter):
        return {"prompts": None, "model_file": None}
    return {"prompts": writer.prompts_sha256, "model_file": writer.model.sha256}


def _plain(settings: Settings, pipeline: Pipeline) -> dict[str, Any]:
    """The settings that answers depend on, a model and prompts in a folder by their names alone."""
    plain = settings.model_dump(mode="json", exclude={"articles", "chat"})
    plain["writer"] |= {"use": pipeline.writer.name, "prompts": Path(settings.writer.prompts).name}
    return plain


def _asked_over(source: Source, questions: QuestionSet) -> str:
    """The collection of a set without documents: what was named, its own article, or the shipped one."""
    return source.collection or str(questions.article or SHIPPED)


def _of_types(questions: QuestionSet, types: Sequence[str]) -> QuestionSet:
    """The questions of these types alone; of all, where none is named. Raises QuestionSetError."""
    if not types:
        return questions
    there = {question.type for question in questions.questions}
    for name in types:
        if name not in there:
            raise QuestionSetError(
                f"{questions.name} has no questions of the type {name!r}; its types are "
                f"{', '.join(map(repr, sorted(there)))}."
            )
    return replace(questions, questions=tuple(q for q in questions.questions if q.type in types))
