"""Question sets beside an open chat: which there are, running one, and the user's own."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from app.library import Library
from app.pipeline import Pipeline
from app.settings import EXTRACTIVE, Settings
from corpus import Document
from eval.formats import find_set, read_set, shipped_sets
from eval.matching import covers
from eval.own import OwnSet
from eval.questions import GoldSentence, QuestionSet, check_fits
from eval.records import Record, RunFolder, RunFolderError
from eval.runner import ask_all, begin, finish
from eval.session import Source, identity
from index import Embedder, sha256s


@dataclass(frozen=True)
class Run:
    """A run that was begun: over what, its questions and its folder."""

    collection: str
    questions: QuestionSet
    folder: RunFolder
    _stopping: threading.Event = field(default_factory=threading.Event, repr=False, compare=False)

    @property
    def stopping(self) -> bool:
        """Whether the run ends with the question that is being asked."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """Ask nothing after the question that is being asked."""
        self._stopping.set()


@dataclass(frozen=True)
class Workbench:
    """Evaluation over a collection that the chat has open. `home` is the data folder."""

    library: Library
    embedder: Embedder
    settings: Settings
    home: Path
    collection: str

    def over(self, collection: str) -> Workbench:
        """The workbench over another collection of the library."""
        return replace(self, collection=collection)

    @property
    def documents(self) -> Mapping[str, Document]:
        """The collection's documents by their ids. Raises CollectionError where it is gone."""
        return self.library.opening(self.collection).documents

    @property
    def pipeline(self) -> Pipeline:
        """What answers, once it is there."""
        return self.library.opening(self.collection, again=True).pipeline

    @property
    def own(self) -> OwnSet:
        """The user's set over this collection."""
        return OwnSet(self.home / "sets" / f"my-{self._name}.jsonl", self.documents)

    @property
    def _name(self) -> str:
        # A collection that was given as a file goes by the file's name.
        return Path(self.collection).stem if os.sep in self.collection else self.collection

    def sets(self) -> list[str]:
        """The names of the user's sets, then of the shipped ones; none whose own article is not open."""
        shipped = [file for file in shipped_sets() if not self._lacks_article(file)]
        return [file.stem for file in [*sorted((self.home / "sets").glob("*.jsonl")), *shipped]]

    def _lacks_article(self, file: Path) -> bool:
        questions = read_set(file)
        return questions.article is not None and (
            questions.document_sha256 not in sha256s(self.documents).values()
        )

    def begin(self, name: str) -> Run:
        """Begin a run. Raises a WenjuError when the set is broken or was made for other documents."""
        questions = read_set(find_set(name, self.home / "sets"))
        check_fits(questions, self.documents)
        use = self.settings.writer.use
        source = Source(name, collection=self.collection, writer=None if use == EXTRACTIVE else use)
        folder = RunFolder(self.home / "runs" / f"{name}-{datetime.now():%Y%m%d-%H%M%S-%f}")
        of = identity(source, questions, self.pipeline, self.embedder, self.settings)
        folder.create(begin(of, f"wenju eval run {source.options}"))
        return Run(self.collection, questions, folder)

    def ask(self, run: Run) -> Iterator[Record]:
        """Ask the questions of a run one by one, until it is stopped; one is always asked."""
        for record in ask_all(run.questions, self.over(run.collection).pipeline, run.folder):
            yield record
            if run.stopping:
                return

    def finish(self, run: Run) -> dict[str, Any]:
        """The summary of what was asked so far. Raises RunFolderError when nothing was."""
        if next(run.folder.records(), None) is None:
            raise RunFolderError("no question was asked yet.")
        return finish(run.folder, conditions=False)

    def gold(self, run: Run, record: Record) -> list[tuple[str, str]]:
        """The (document id, sentence id) of a record's gold sentences, in the order of the text."""
        golds = [text for one in record.gold.evidence for text in one]
        return [
            (document.id, sentence.id)
            for document in self._evident(run, record)
            for sentence in document.sentences
            if any(covers(document.quote(sentence.start, sentence.end), gold) for gold in golds)
        ]

    def _evident(self, run: Run, record: Record) -> Iterator[Document]:
        """The documents that hold a record's gold sentences: those it names, or else all."""
        documents, golds = (
            self.over(run.collection).documents,
            [g for one in record.gold.evidence_sets for g in one],
        )
        named = {gold.document_id for gold in golds if isinstance(gold, GoldSentence)}
        chosen = documents if any(isinstance(gold, str) for gold in golds) else named & set(documents)
        return (documents[document_id] for document_id in documents if document_id in chosen)

    def record(self, run: Run, record_id: str) -> Record | None:
        """A record of a run."""
        return next((record for record in run.folder.records() if record.id == record_id), None)
