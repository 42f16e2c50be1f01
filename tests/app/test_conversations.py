"""The stored conversations: what is written comes back, to its owner alone, and survives a kill."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.answer import Answer, Citation, Statement
from app.conversations import MAX_TITLE, Conversations
from app.errors import (
    BadTitle,
    ConversationMissing,
    ConversationsDamaged,
    ConversationsTooNew,
    ConversationsUnwritable,
)
from tests.conftest import ROOT


def answer(question: str, quote: str = "甲在东区。") -> Answer:
    """An answer that quotes one sentence, which stands at the beginning of its document."""
    citation = Citation(
        "d", "题", "ab" * 32, "s1", 0, len(quote), quote, "导语", None, 1.0, ((0, 1),), number=1
    )
    statement = Statement(quote, (1,), "supported", 1.0)
    reply = f"{quote[:-1]}[1]{quote[-1]}"
    return Answer(
        question, (question,), "answered", 0.9, reply, "甲", (statement,), (citation,), (), (), "x", (), {}
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "conversations.db"


@pytest.fixture
def store(file: Path) -> Conversations:
    return Conversations(file)


def questions(store: Conversations, conversation: str) -> list[str]:
    return [turn.answer.question for turn in store.read(conversation)[1]]


def titles(store: Conversations, search: str = "") -> list[str]:
    return [found.title for found in store.find(search)]


def test_turns_come_back_as_they_were_and_in_order(store: Conversations) -> None:
    first, second = answer("一？"), answer("二？", "乙在\u2028西区。")
    conversation, one = store.begin("c", first)
    two = store.append(conversation, second)
    found, turns = store.read(conversation)
    assert (found.id, found.collection, found.title) == (conversation, "c", "一？")
    assert [(turn.id, turn.answer) for turn in turns] == [(one, first), (two, second)]
    assert found.created <= turns[0].time <= turns[1].time == found.updated
    # The same for another process, which opens the file anew.
    assert Conversations(store.path).read(conversation) == (found, turns)


def test_a_title_is_the_first_question_in_one_short_line(store: Conversations) -> None:
    conversation, _ = store.begin("c", answer("  甲\n\u202e在\x07哪里？" + "长" * 100))
    title = store.read(conversation)[0].title
    assert (title[:8], title[-2:], len(title)) == ("甲 在 哪里？长", "长…", MAX_TITLE)


def test_the_list_has_the_latest_first_whatever_they_are_over(store: Conversations) -> None:
    first, _ = store.begin("c", answer("一？"))
    store.begin("c", answer("二？"))
    store.begin("other", answer("别处？"))
    assert titles(store) == ["别处？", "二？", "一？"]
    store.append(first, answer("三？"))
    assert titles(store) == ["一？", "别处？", "二？"]


def test_conversations_are_counted_by_collection_and_follow_its_new_name(store: Conversations) -> None:
    eve = Conversations(store.path, "eve")
    first, _ = store.begin("c", answer("一？"))
    store.begin("other", answer("二？"))
    theirs, _ = eve.begin("c", answer("三？"))
    assert (store.count("c"), store.count("other"), store.count("none"), eve.count("c")) == (1, 1, 0, 1)
    store.follow("c", "new")
    assert (store.read(first)[0].collection, eve.read(theirs)[0].collection) == ("new", "new")
    assert (store.count("c"), store.count("new"), store.count("other")) == (0, 1, 1)


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("", ["乙？", "5G 在哪里？"]),
        ("乙", ["乙？"]),  # a question
        ("西区", ["乙？"]),  # a reply
        ("西区。", ["乙？"]),  # a number stands before the full stop
        ("５g", ["5G 在哪里？"]),  # full width and letter case
        ("在", ["乙？", "5G 在哪里？"]),
        ("%", []),
        ("_", []),
        ("' OR 1=1 --", []),
        ("schema", []),  # how it is stored is not what was said
    ],
)
def test_search(store: Conversations, sought: str, found: list[str]) -> None:
    store.begin("c", answer("5G 在哪里？"))
    store.begin("c", answer("乙？", "乙在西区。"))
    assert titles(store, sought) == found


def test_a_new_title_is_found_too(store: Conversations) -> None:
    conversation, _ = store.begin("c", answer("一？"))
    store.rename(conversation, "  关于\n工厂 ")
    assert titles(store, "工厂") == ["关于 工厂"]


@pytest.mark.parametrize(("title", "has"), [("", 0), (" \u200b\n", 0), ("长" * (MAX_TITLE + 1), 81)])
def test_a_bad_title_is_refused(store: Conversations, title: str, has: int) -> None:
    conversation, _ = store.begin("c", answer("一？"))
    with pytest.raises(BadTitle, match=rf"A title has 1 to 80 characters; this one has {has}\."):
        store.rename(conversation, title)
    assert titles(store) == ["一？"]


def test_a_turn_is_replaced_and_removed(store: Conversations) -> None:
    conversation, one = store.begin("c", answer("一？"))
    two = store.append(conversation, answer("二？"))
    three = store.append(conversation, answer("二改？"), [two])
    assert questions(store, conversation) == ["一？", "二改？"]
    assert three not in (one, two)
    store.remove(conversation, [three])
    assert questions(store, conversation) == ["一？"]
    four = store.append(conversation, answer("四？"))
    assert four not in (one, two, three)  # a page that still shows the removed turn cannot hit another
    store.remove(conversation, [one, four])
    assert titles(store) == []  # without a turn there is no conversation


def test_turns_of_another_conversation_are_not_removed(store: Conversations) -> None:
    mine, _ = store.begin("c", answer("一？"))
    store.append(mine, answer("二？"))
    other, there = store.begin("c", answer("三？"))
    store.remove(mine, [there])
    store.append(mine, answer("四？"), [there])
    assert questions(store, other) == ["三？"]


def test_a_deleted_conversation_leaves_nothing(store: Conversations, file: Path) -> None:
    conversation, _ = store.begin("c", answer("一？"))
    kept, _ = store.begin("c", answer("二？"))
    store.delete(conversation)
    assert titles(store) == ["二？"]
    with sqlite3.connect(file) as db:
        assert db.execute("SELECT conversation FROM turns").fetchall() == [(kept,)]
    db.close()


@pytest.mark.parametrize(
    "act",
    [
        lambda store, conversation: store.read(conversation),
        lambda store, conversation: store.append(conversation, answer("二？")),
        lambda store, conversation: store.rename(conversation, "我的"),
        lambda store, conversation: store.remove(conversation, [1]),
        lambda store, conversation: store.delete(conversation),
    ],
    ids=["read", "append", "rename", "remove", "delete"],
)
def test_another_owner_finds_nothing(store: Conversations, act: object) -> None:
    conversation, _ = store.begin("c", answer("一？"))
    before = store.read(conversation)
    other = Conversations(store.path, "eve")
    with pytest.raises(ConversationMissing, match=f"There is no conversation {conversation};"):
        act(other, conversation)  # type: ignore[operator]
    assert (store.read(conversation), other.find()) == (before, [])
    with pytest.raises(ConversationMissing):
        act(store, "")  # type: ignore[operator]


def test_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "share" / "home" / "conversations.db"
    Conversations(file).begin("c", answer("一？"))
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in list(file.parents)[:2]} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()} == {0o600}


def test_half_a_surrogate_pair_is_no_failure(store: Conversations) -> None:
    conversation, _ = store.begin("c", answer("a\ud83d?"))
    assert questions(store, conversation) == ["a??"]
    assert titles(store, "\ud83d?") == titles(store)
    with pytest.raises(ConversationMissing):
        store.read("\ud83d")


# Three turns are finished; the fourth is written and its transaction not at its end.
STUCK = """
import sys, time
from pathlib import Path
from app import conversations
from tests.app.test_conversations import answer

store = conversations.Conversations(Path(sys.argv[1]))
conversation = None
for question in ("1", "2", "3"):
    if conversation:
        store.append(conversation, answer(question))
    else:
        conversation, _ = store.begin("c", answer(question))
put = conversations._put

def stand_still(*written):
    put(*written)
    print(conversation, flush=True)
    time.sleep(600)

conversations._put = stand_still
store.append(conversation, answer("4"), [1, 2, 3])
"""


def test_a_killed_process_loses_no_finished_turn(file: Path) -> None:
    command = [sys.executable, "-c", STUCK, str(file)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            conversation = process.stdout.readline().strip()
        finally:
            process.kill()
    assert process.returncode == -9
    store = Conversations(file)
    assert questions(store, conversation) == ["1", "2", "3"]
    store.append(conversation, answer("5"))
    assert questions(store, conversation) == ["1", "2", "3", "5"]


def test_many_writers_wait_for_each_other(file: Path) -> None:
    conversation, _ = Conversations(file).begin("c", answer("0"))

    def write(name: int) -> None:
        for turn in range(5):
            Conversations(file).append(conversation, answer(f"{name}{turn}"))

    threads = [threading.Thread(target=write, args=[name]) for name in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = ["0", *(f"{name}{turn}" for name in range(1, 5) for turn in range(5))]
    assert sorted(questions(Conversations(file), conversation)) == sorted(expected)


def damage(file: Path, how: str) -> None:
    """Make the file one that cannot be used."""
    file.parent.mkdir()
    if how == "text":
        file.write_text("这不是数据库" * 100, encoding="utf-8")
        return
    if how == "torn":
        store = Conversations(file)
        store.begin("c", answer("一？"))
        with sqlite3.connect(file) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()
        file.write_bytes(file.read_bytes()[:5000])
        return
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE birds (name)")
        db.execute(f"PRAGMA user_version = {1 if how == 'tables' else 0}")
    db.close()


@pytest.mark.parametrize("how", ["text", "torn", "other", "tables"])
def test_a_damaged_file_is_refused_and_left_as_it_is(file: Path, how: str) -> None:
    damage(file, how)
    before = file.read_bytes()
    with pytest.raises(ConversationsDamaged) as told:
        Conversations(file).find()
    assert str(file) in str(told.value)
    assert "Move it away" in str(told.value) and "WENJU_CHAT__HISTORY=false" in str(told.value)
    assert file.read_bytes() == before


def test_a_file_of_a_newer_version_is_refused_and_left_as_it_is(store: Conversations, file: Path) -> None:
    store.begin("c", answer("一？"))
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA user_version = 2")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    before = file.read_bytes()
    message = rf"^{file} was written by a newer version \(form 2; this one reads 1\)\. Use that version, or "
    with pytest.raises(ConversationsTooNew, match=message):
        store.check()
    assert file.read_bytes() == before


def test_a_turn_of_another_form_names_itself(store: Conversations, file: Path) -> None:
    conversation, turn = store.begin("c", answer("一？"))
    with sqlite3.connect(file) as db:
        db.execute("""UPDATE turns SET answer = '{"schema": 2}'""")
    db.close()
    with pytest.raises(ConversationsDamaged, match=rf"^turn {turn} in .* \(the answer has schema 2; "):
        store.read(conversation)
    store.delete(conversation)  # the way out that the message names


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    file = tmp_path / "home" / "conversations.db"
    with pytest.raises(
        ConversationsUnwritable, match=rf"^cannot write {file} \(File exists\)\. Free the place"
    ):
        Conversations(file).check()


def test_a_lock_that_stays_is_no_damage(
    store: Conversations, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.check()
    monkeypatch.setattr("app.conversation_file._WAIT", 0.05)
    db = sqlite3.connect(file, isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    with pytest.raises(ConversationsUnwritable, match=r"\(database is locked\)"):
        store.find()
    db.close()
