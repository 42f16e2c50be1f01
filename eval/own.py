"""The user's own question set over a collection: a file in the data folder that rows are put into."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock
from pydantic import ValidationError

from app.questions import Turn, language_of
from corpus import Document, WenjuError
from eval.formats import read_set
from eval.formats.lines import first_fault
from eval.questions import GoldQuestion, GoldSentence
from index import make_private

UNANSWERABLE = "unanswerable"
_TYPE = "own"


class OwnSetError(WenjuError):
    """The user's set, or a row of it, cannot be written."""


@dataclass(frozen=True)
class Judgement:
    """What a user says of a question: the sentences that answer it, none when the text does not."""

    question: str
    history: tuple[Turn, ...]
    evidence: tuple[str | GoldSentence, ...]
    must_contain: tuple[str, ...] = ()


@dataclass(frozen=True)
class OwnSet:
    """A set in our own layout; each question stands in it once, as it was judged last."""

    path: Path
    documents: Mapping[str, Document]  # by their ids

    @property
    def name(self) -> str:
        """The set's name, which `wenju eval run` takes."""
        return self.path.stem

    def put(self, judgement: Judgement) -> int:
        """Write a judgement, in place of one on the same question; the number of questions then.

        Raises OwnSetError, or QuestionSetError when the file was broken by other hands.
        """
        with self._locked():
            rows = self._others(judgement.question, judgement.history)
            try:
                rows.append(_row(judgement, _free_id({row.id for row in rows})))
            except ValidationError as error:
                raise OwnSetError(f"this cannot be a row of {self.name}: {first_fault(error)}.") from error
            self._write(rows)
        return len(rows)

    def take_back(self, question: str, history: tuple[Turn, ...]) -> None:
        """Remove the judgement on a question, if there is one. Raises as `put` does."""
        if self.path.exists():
            with self._locked():
                rows = self._others(question, history)
                if rows:
                    self._write(rows)
                else:
                    self.path.unlink(missing_ok=True)  # a set without a question is none

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            make_private(self.path.parent)
            with FileLock(self.path.with_name(f".{self.path.name}.lock")):
                yield
        except OSError as error:
            raise OwnSetError(
                f"cannot write {self.path} ({error.strerror}). Free the place it needs."
            ) from error

    def _others(self, question: str, history: tuple[Turn, ...]) -> list[GoldQuestion]:
        rows = read_set(self.path).questions if self.path.exists() else ()
        return [row for row in rows if (row.question, row.history) != (question, history)]

    def _write(self, rows: Sequence[GoldQuestion]) -> None:
        only = next(iter(self.documents.values())).sha256 if len(self.documents) == 1 else None
        lines = [json.dumps({"set": self.name, "document_sha256": only}, ensure_ascii=False)]
        lines += [row.model_dump_json(exclude_defaults=True) for row in rows]
        fresh = self.path.with_name(f".{self.path.name}.new")
        fresh.write_text("\n".join(lines) + "\n", encoding="utf-8")
        fresh.replace(self.path)


def _row(judgement: Judgement, row_id: str) -> GoldQuestion:
    answered = bool(judgement.evidence)
    return GoldQuestion(
        id=row_id,
        lang=language_of(judgement.question),
        type=_TYPE if answered else UNANSWERABLE,
        question=judgement.question,
        history=judgement.history,
        answers=judgement.must_contain[:1] if answered and len(judgement.must_contain) == 1 else (),
        must_contain=judgement.must_contain if answered else (),
        evidence_sets=(judgement.evidence,) if answered else (),
    )


def _free_id(taken: set[str]) -> str:
    """The first of own-1, own-2, … that no row has."""
    number = 1
    while f"own-{number}" in taken:
        number += 1
    return f"own-{number}"
