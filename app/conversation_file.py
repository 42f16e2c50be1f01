"""The SQLite file of the conversations: opened, made where there is none, refused where it does not fit."""

from __future__ import annotations

import os
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from app.errors import ConversationsDamaged, ConversationsError, ConversationsTooNew, ConversationsUnwritable
from index import make_private

OR_WITHOUT = "or go on without stored conversations: WENJU_CHAT__HISTORY=false"

_FORM = 1  # of the tables; the file holds it as its user_version
_WAIT = 10.0  # seconds for another process that writes
_TABLES = (
    """CREATE TABLE conversations (
        id TEXT PRIMARY KEY, owner TEXT NOT NULL, collection TEXT NOT NULL, title TEXT NOT NULL,
        created TEXT NOT NULL, updated TEXT NOT NULL)""",
    """CREATE TABLE turns (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        question TEXT NOT NULL, answer TEXT NOT NULL, folded TEXT NOT NULL, time TEXT NOT NULL)""",
    "CREATE INDEX turns_of ON turns (conversation, id)",
    "CREATE INDEX conversations_of ON conversations (owner, collection, updated)",
)


@contextmanager
def transaction(path: Path) -> Iterator[sqlite3.Connection]:
    """All or nothing, also when the process is killed in between.

    Raises ConversationsTooNew, ConversationsDamaged or ConversationsUnwritable; the file stays as it is.
    """
    try:
        with closing(_connect(path)) as db:
            _prepare(db, path)
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")
    except sqlite3.Error as error:
        raise _failure(path, error) from error


def fold(text: str) -> str:
    """The text as it is sought: full width and letter case make no difference."""
    return unicodedata.normalize("NFKC", text).casefold()


def _connect(path: Path) -> sqlite3.Connection:
    try:
        make_private(path.parent)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # for its owner alone
    except OSError as error:
        raise _unwritable(path, str(error.strerror)) from error
    db = sqlite3.connect(path, timeout=_WAIT, isolation_level=None)
    db.create_function("fold", 1, fold, deterministic=True)
    return db


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    """Check the file's form; an empty file gets its tables."""
    form = _form(db)
    if form > _FORM:
        raise ConversationsTooNew(
            f"{path} was written by a newer version (form {form}; this one reads {_FORM}). "
            f"Use that version, {OR_WITHOUT}"
        )
    if form == 0:
        if db.execute("SELECT 1 FROM sqlite_master").fetchone():
            raise _damaged(path, "it holds something else")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("BEGIN IMMEDIATE")
        if _form(db) == 0:  # no other process was faster
            for table in _TABLES:
                db.execute(table)
            db.execute(f"PRAGMA user_version = {_FORM}")
        db.execute("COMMIT")
    db.execute("PRAGMA foreign_keys = ON")


def _form(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _failure(path: Path, error: sqlite3.Error) -> ConversationsError:
    # SQLITE_ERROR is a table or a column that is not there. The other operational ones are the world's:
    # no place, no permission, locked by another process for too long.
    outside = isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode != sqlite3.SQLITE_ERROR
    return _unwritable(path, str(error)) if outside else _damaged(path, str(error))


def _unwritable(path: Path, how: str) -> ConversationsUnwritable:
    return ConversationsUnwritable(f"cannot write {path} ({how}). Free the place it needs, {OR_WITHOUT}")


def _damaged(path: Path, how: str) -> ConversationsDamaged:
    return ConversationsDamaged(
        f"{path} cannot be read ({how}). Move it away or bring it back from a copy, {OR_WITHOUT}"
    )
