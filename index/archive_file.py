"""The database of an archive: what it is made with, its documents and where its rows lie, for reading."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from index.errors import IndexDamaged, IndexMissing, IndexStale
from index.passages import PassageRules
from index.searching import RowPlace

DATABASE = "archive.db"
FORMAT = 1
SCHEMA = f"""
CREATE TABLE made_with (model TEXT NOT NULL, passages TEXT NOT NULL);
CREATE TABLE place (url TEXT NOT NULL, name TEXT NOT NULL, dim INTEGER NOT NULL);
CREATE TABLE documents (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    source_sha256 TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    title TEXT NOT NULL,
    first_row INTEGER NOT NULL,
    n_rows INTEGER NOT NULL,
    body BLOB NOT NULL
);
CREATE INDEX by_row ON documents (first_row);
CREATE TABLE removed (first_row INTEGER NOT NULL, n_rows INTEGER NOT NULL);
CREATE TABLE state (next_row INTEGER NOT NULL, build INTEGER NOT NULL, is_whole INTEGER NOT NULL);
INSERT INTO state VALUES (0, 0, 0);
PRAGMA user_version = {FORMAT};
"""


@dataclass(frozen=True)
class MadeWith:
    """What the vectors of an archive are made with; with another model or other passages they do not fit."""

    model: str
    passages: PassageRules

    @property
    def rules(self) -> str:
        """The rules of passages as they are stored."""
        return json.dumps(asdict(self.passages), sort_keys=True)


def is_archive(folder: Path) -> bool:
    """Whether an archive lies there."""
    return (folder / DATABASE).is_file()


class Records:
    """The database, seen as it was when it was opened. Raises IndexMissing or IndexDamaged."""

    def __init__(self, folder: Path) -> None:
        if not is_archive(folder):
            raise IndexMissing(f"there is no archive at {folder}")
        self._lock = threading.Lock()
        try:
            self._database = sqlite3.connect(_uri(folder), uri=True, check_same_thread=False)
            self._database.execute("BEGIN")  # until it is closed: what a build changes meanwhile is not seen
            (version,) = self.one("PRAGMA user_version")
        except sqlite3.Error as error:
            raise IndexDamaged(f"the archive {folder} cannot be read: {error}") from error
        if version != FORMAT:
            raise IndexStale(
                f"the archive {folder} has format {version}; this version of Wenju reads {FORMAT}"
            )

    def made_with(self) -> MadeWith:
        """What the vectors are made with."""
        model, passages = self.one("SELECT model, passages FROM made_with")
        return MadeWith(model, PassageRules(**json.loads(passages)))

    def state(self) -> tuple[int, int]:
        """The next row, and the number of the last build that was finished; 0 where none was."""
        next_row, build = self.one("SELECT next_row, build FROM state")
        return int(next_row), int(build)

    def place(self) -> RowPlace:
        """Where the rows lie."""
        made_with = self.made_with()
        url, name, dim = self.one("SELECT url, name, dim FROM place")
        return RowPlace(url, name, dim, f"{made_with.model} {made_with.rules}")

    def one(self, query: str, *values: object) -> tuple:  # type: ignore[type-arg]
        """The first row of what is asked for. Raises KeyError where there is none."""
        row = self.find(query, *values)
        if row is None:
            raise KeyError(*values)
        return row

    def find(self, query: str, *values: object) -> tuple | None:  # type: ignore[type-arg]
        """The first row of what is asked for, if there is one."""
        with self._lock:
            row: tuple[object, ...] | None = self._database.execute(query, values).fetchone()
        return row

    def all(self, query: str) -> list[tuple]:  # type: ignore[type-arg]
        """Every row of what is asked for."""
        with self._lock:
            return self._database.execute(query).fetchall()


def _uri(folder: Path) -> str:
    """What SQLite reads the database by. Raises IndexDamaged for changes that it cannot read there."""
    uri = f"{(folder / DATABASE).absolute().as_uri()}?mode=ro"
    changes, shared = folder / f"{DATABASE}-wal", folder / f"{DATABASE}-shm"
    if os.access(folder, os.W_OK):
        return uri
    # SQLite cannot put there what it shares with who writes; where that lies there already, it can read it.
    if not changes.is_file() or not changes.stat().st_size:
        return f"{uri}&immutable=1"  # which passes changes over
    if not shared.is_file():
        raise IndexDamaged(
            f"the archive {folder} has changes in {changes.name} that can be read only where its folder can "
            "be written: allow that, or copy it to where it can"
        )
    return uri
