"""The user's conversations: finished turns, each with its whole Answer.

A turn is stored in one transaction when its reply is finished; a killed process loses nothing that was
finished. Everything is asked for by its owner and found for no other.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.answer import Answer
from app.conversation_file import OR_WITHOUT, fold, transaction
from app.errors import BadTitle, ConversationMissing, ConversationsDamaged

LOCAL = "local"  # the owner where nobody signs in
MAX_TITLE = 80  # characters
_COLUMNS = "id, collection, title, created, updated"


@dataclass(frozen=True)
class Conversation:
    """What a list shows of a conversation. Times are ISO 8601, UTC."""

    id: str
    collection: str
    title: str
    created: str
    updated: str


@dataclass(frozen=True)
class StoredTurn:
    """A question with its Answer. Ids count up and are never used again."""

    id: int
    answer: Answer
    time: str


@dataclass(frozen=True)
class Conversations:
    """One owner's conversations in a file. Every call raises a ConversationsError for a bad file."""

    path: Path
    owner: str = LOCAL

    def check(self) -> None:
        """Make the file if there is none, and raise what any later call would raise for it."""
        with transaction(self.path):
            pass

    def begin(self, collection: str, answer: Answer) -> tuple[str, int]:
        """Store a finished turn as the first of a new conversation; the ids of both."""
        with transaction(self.path) as db:
            new = self._insert(db, collection, answer.question)
            return new, _put(db, new, answer)

    def append(self, conversation: str, answer: Answer, instead: Sequence[int] = ()) -> int:
        """Store a finished turn, in place of others if they are named: those stay until it is safe.

        Gives the turn's id. Raises ConversationMissing.
        """
        with transaction(self.path) as db:
            kept = self._one(db, conversation).id
            _remove(db, kept, instead)
            return _put(db, kept, answer)

    def remove(self, conversation: str, turns: Sequence[int]) -> None:
        """Remove turns, and the conversation with its last one. Raises ConversationMissing."""
        with transaction(self.path) as db:
            kept = self._one(db, conversation).id
            _remove(db, kept, turns)
            if not db.execute("SELECT 1 FROM turns WHERE conversation = ?", (kept,)).fetchone():
                db.execute("DELETE FROM conversations WHERE id = ?", (kept,))

    def find(self, search: str = "") -> list[Conversation]:
        """The conversations, the latest first; those that hold a text, if one is given."""
        sought = fold(_whole(search.strip()))
        with transaction(self.path) as db:
            rows = db.execute(
                f"""SELECT {_COLUMNS} FROM conversations c
                WHERE owner = :owner AND (instr(fold(title), :sought) OR EXISTS
                (SELECT 1 FROM turns WHERE conversation = c.id AND instr(folded, :sought)))
                ORDER BY updated DESC, rowid DESC""",
                {"owner": self.owner, "sought": sought},
            )
            return [Conversation(*row) for row in rows]

    def count(self, collection: str) -> int:
        """How many of the conversations are over a collection."""
        counting = "SELECT count(*) FROM conversations WHERE owner = ? AND collection = ?"
        with transaction(self.path) as db:
            (n,) = db.execute(counting, (self.owner, collection)).fetchone()
        return int(n)

    def follow(self, collection: str, new: str) -> None:
        """Everyone's conversations over a collection are over one of another name now."""
        with transaction(self.path) as db:
            db.execute("UPDATE conversations SET collection = ? WHERE collection = ?", (new, collection))

    def read(self, conversation: str) -> tuple[Conversation, tuple[StoredTurn, ...]]:
        """A conversation with its turns in order. Raises ConversationMissing."""
        with transaction(self.path) as db:
            found = self._one(db, conversation)
            rows = db.execute(
                "SELECT id, answer, time FROM turns WHERE conversation = ? ORDER BY id", (found.id,)
            ).fetchall()
        return found, tuple(StoredTurn(turn, self._answer(turn, data), time) for turn, data, time in rows)

    def rename(self, conversation: str, title: str) -> None:
        """Give a conversation another title. Raises BadTitle or ConversationMissing."""
        clean = _line(title)
        if not 1 <= len(clean) <= MAX_TITLE:
            raise BadTitle(
                f"标题要有 1 到 {MAX_TITLE} 个字，现在有 {len(clean)} 个。 / "
                f"A title has 1 to {MAX_TITLE} characters; this one has {len(clean)}."
            )
        with transaction(self.path) as db:
            kept = self._one(db, conversation).id
            db.execute("UPDATE conversations SET title = ? WHERE id = ?", (clean, kept))

    def delete(self, conversation: str) -> None:
        """Delete a conversation with all of its turns. Raises ConversationMissing."""
        with transaction(self.path) as db:
            db.execute("DELETE FROM conversations WHERE id = ?", (self._one(db, conversation).id,))

    def _insert(self, db: sqlite3.Connection, collection: str, question: str) -> str:
        title, now, new = _line(question), _now(), secrets.token_urlsafe(12)
        short = title if len(title) <= MAX_TITLE else f"{title[: MAX_TITLE - 1]}…"
        row = (new, self.owner, collection, short, now, now)
        db.execute("INSERT INTO conversations VALUES (?, ?, ?, ?, ?, ?)", row)
        return new

    def _one(self, db: sqlite3.Connection, conversation: str) -> Conversation:
        wanted = (_whole(conversation), self.owner)
        row = db.execute(
            f"SELECT {_COLUMNS} FROM conversations WHERE id = ? AND owner = ?", wanted
        ).fetchone()
        if row is None:
            told = _line(conversation)[:MAX_TITLE]  # whatever an address may hold
            raise ConversationMissing(
                f"没有对话 {told}，可能已在别处删除。请开始新对话。 / There is no conversation "
                f"{told}; it may have been deleted elsewhere. Begin a new one."
            )
        return Conversation(*row)

    def _answer(self, turn: int, data: str) -> Answer:
        try:
            return Answer.from_json(json.loads(data))
        except (ValueError, AttributeError) as error:
            raise ConversationsDamaged(
                f"turn {turn} in {self.path} cannot be read ({error}). Delete its conversation, {OR_WITHOUT}"
            ) from error


def _put(db: sqlite3.Connection, conversation: str, answer: Answer) -> int:
    now, data = _now(), _whole(json.dumps(answer.to_json(), ensure_ascii=False))
    # The statements too: in the reply a number may part the words that are sought.
    texts = [answer.question, answer.answer, *(statement.text for statement in answer.statements)]
    row = (conversation, _whole(answer.question), data, fold(_whole("\n".join(texts))), now)
    columns = "conversation, question, answer, folded, time"
    (turn,) = db.execute(f"INSERT INTO turns ({columns}) VALUES (?, ?, ?, ?, ?) RETURNING id", row).fetchone()
    db.execute("UPDATE conversations SET updated = ? WHERE id = ?", (now, conversation))
    return int(turn)


def _remove(db: sqlite3.Connection, conversation: str, turns: Sequence[int]) -> None:
    rows = [(conversation, turn) for turn in turns]
    db.executemany("DELETE FROM turns WHERE conversation = ? AND id = ?", rows)


def _whole(text: str) -> str:
    """The text as SQLite takes it: a browser may send half of a surrogate pair."""
    return text.encode("utf-8", "replace").decode()


def _line(text: str) -> str:
    """The text in one line, without controls and what is invisible."""
    return " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in text).split())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
