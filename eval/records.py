"""The run folder: records.jsonl, summary.json and report.html.

records.jsonl   a line a question as soon as it is answered: {id, gold, answer_record, metrics, error}
summary.json    what was run with what, written at the start; what came out of it, at the end
report.html     the same to look at
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from corpus import WenjuError
from eval.formats.lines import first_fault
from eval.questions import GoldQuestion

Mode = Literal["new", "force", "resume"]  # what may lie in the folder: nothing, a run, an interrupted run
RECORDS, SUMMARY, REPORT = "records.jsonl", "summary.json", "report.html"


class RunFolderError(WenjuError):
    """A run folder cannot be written, read, resumed or compared."""


class Record(BaseModel):
    """One question of a run. Either it has an answer and metrics, or an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    gold: GoldQuestion
    answer_record: dict[str, Any] | None  # `Answer.to_json`
    metrics: dict[str, float] | None
    error: str | None


@dataclass(frozen=True)
class RunFolder:
    """A folder that holds one run."""

    path: Path

    def check(self, mode: Mode) -> None:
        """Raise RunFolderError when the folder is not one that a run in this mode may write."""
        if mode == "resume":
            self.read_summary()
        elif self.path.exists() and (not self.path.is_dir() or any(self.path.iterdir())):
            if mode == "new":
                raise RunFolderError(
                    f"{self.path} exists. Name another with --out, replace the run with --force, "
                    "or go on with it with --resume."
                )
            if not (self.path / SUMMARY).is_file():
                raise RunFolderError(f"{self.path} is no run folder; it is not replaced. Name another.")
        else:
            there = next(
                place for place in (self.path, *self.path.absolute().parents) if os.path.exists(place)
            )
            if not os.path.isdir(there) or not os.access(there, os.W_OK):
                raise RunFolderError(
                    f"cannot write {self.path}. Name a folder that can be written with --out."
                )

    def create(self, summary: Mapping[str, Any]) -> None:
        """Begin a run with what is known of it. Raises RunFolderError when it cannot be written."""
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            (self.path / REPORT).unlink(missing_ok=True)
            (self.path / RECORDS).write_text("", encoding="utf-8")
        except OSError as error:
            raise RunFolderError(f"cannot write {self.path} ({error.strerror}).") from error
        self.write_summary(summary)

    def resume(self, identity: Mapping[str, Any]) -> set[str]:
        """The ids that an interrupted run has answered; records of errors are dropped, to be asked again.

        Raises RunFolderError when there is no run or it was made with something else.
        """
        summary = self.read_summary()
        other = [name for name, value in identity.items() if summary.get(name) != value]
        if other:
            raise RunFolderError(
                f"the run in {self.path} was made with another {', '.join(other)}. "
                "Begin a new one: name another folder with --out, or replace this one with --force."
            )
        answered = set()  # of thousands of records no more than the ids is held
        whole = self.path / f"{RECORDS}.new"
        with whole.open("w", encoding="utf-8") as file:
            for record in self.records(torn_end=True):
                if record.error is None:
                    file.write(f"{record.model_dump_json()}\n")
                    answered.add(record.id)
        whole.replace(self.path / RECORDS)
        return answered

    def append(self, record: Record) -> None:
        """Add a record; it is on disk when this returns."""
        with (self.path / RECORDS).open("a", encoding="utf-8") as file:
            file.write(f"{record.model_dump_json()}\n")
            file.flush()
            os.fsync(file.fileno())

    def records(self, torn_end: bool = False) -> Iterator[Record]:
        """The records one by one. Raises RunFolderError for a broken line; a last one may be torn."""
        path = self.path / RECORDS
        try:
            file = path.open("rb")  # a torn line may end inside a character
        except OSError as error:
            raise RunFolderError(f"cannot read {path} ({error.strerror}). Is it a run folder?") from error
        with file:
            for number, line in enumerate(file, start=1):
                if torn_end and not line.endswith(b"\n"):
                    return
                try:
                    yield Record.model_validate_json(line)
                except ValidationError as error:
                    raise RunFolderError(f"{path}, line {number}: {first_fault(error)}.") from error

    def write_summary(self, summary: Mapping[str, Any]) -> None:
        """Put the summary in place in one step."""
        fresh = self.path / f"{SUMMARY}.new"
        fresh.write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        fresh.replace(self.path / SUMMARY)

    def read_summary(self) -> dict[str, Any]:
        """The summary. Raises RunFolderError."""
        path = self.path / SUMMARY
        try:
            return dict(json.loads(path.read_text(encoding="utf-8")))
        except OSError as error:
            raise RunFolderError(f"cannot read {path} ({error.strerror}). Is it a run folder?") from error
        except (ValueError, TypeError) as error:
            raise RunFolderError(f"{path} is broken: {error}. Run the set again.") from error
