"""The user's own set: put, replaced, taken back, and never lost."""

from __future__ import annotations

import errno
import json
import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from app.questions import Turn
from corpus import Document
from eval.formats import find_set, read_set
from eval.own import Judgement, OwnSet, OwnSetError
from eval.questions import GoldQuestion, GoldSentence, QuestionSetError, check_fits
from tests.eval.conftest import CENTRE, EAST, MANY, TWELVE, WEST

HISTORY = (Turn("user", "乙公司呢？"), Turn("assistant", "12家。"))
RIGHT = Judgement("有几家？", (), (TWELVE,), ("12家",))


@pytest.fixture
def own(home: Path) -> OwnSet:
    """The set over one document, with nothing in it."""
    return OwnSet(home / "sets" / "my-east.jsonl", {"east": EAST})


def lines(own: OwnSet) -> list[dict[str, Any]]:
    return [json.loads(line) for line in own.path.read_text(encoding="utf-8").splitlines()]


def rows(own: OwnSet) -> tuple[GoldQuestion, ...]:
    """The questions as `wenju eval run` gets them."""
    made = read_set(find_set(own.name, own.path.parent))
    check_fits(made, own.documents)
    return made.questions


def test_a_row_is_a_question_of_the_set(own: OwnSet) -> None:
    assert own.put(RIGHT) == 1
    assert lines(own) == [
        {"set": "my-east", "document_sha256": EAST.sha256},
        {
            "id": "own-1", "lang": "zh", "type": "own", "question": "有几家？", "answers": ["12家"],
            "must_contain": ["12家"], "evidence_sets": [[TWELVE]],
        },
    ]  # fmt: skip
    (row,) = rows(own)
    assert (row.answerable, row.evidence, row.within) == (True, [[TWELVE]], ())
    assert sorted(path.name for path in own.path.parent.iterdir()) == [".my-east.jsonl.lock", "my-east.jsonl"]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in list(own.path.parents)[:2]} == {0o700}


def test_several_words_are_no_short_answer(own: OwnSet) -> None:
    own.put(Judgement("Where is 甲公司 and what?", (), (CENTRE, TWELVE), ("东区", "12家")))
    (row,) = rows(own)
    assert (row.lang, row.answers, row.must_contain) == ("en", (), ("东区", "12家"))
    assert row.evidence == [[CENTRE, TWELVE]]  # all of them


def test_what_the_article_does_not_say_is_unanswerable(own: OwnSet) -> None:
    own.put(Judgement("天气？", HISTORY, (), ("12家",)))
    (row,) = rows(own)
    assert (row.type, row.answerable, row.history) == ("unanswerable", False, HISTORY)
    assert (row.answers, row.must_contain, row.evidence_sets) == ((), (), ())


def test_a_question_stands_once_as_it_was_judged_last(own: OwnSet) -> None:
    assert [own.put(RIGHT), own.put(Judgement("在哪里？", (), (CENTRE,)))] == [1, 2]
    assert own.put(Judgement("有几家？", (), (CENTRE,))) == 2
    assert [(row.id, row.question, row.evidence) for row in rows(own)] == [
        ("own-2", "在哪里？", [[CENTRE]]),
        ("own-1", "有几家？", [[CENTRE]]),
    ]
    # After something else the same words ask something else.
    assert own.put(Judgement("有几家？", HISTORY, (TWELVE,))) == 3
    assert [(row.id, len(row.history)) for row in rows(own)] == [("own-2", 0), ("own-1", 0), ("own-3", 2)]


def test_a_judgement_is_taken_back(own: OwnSet) -> None:
    own.take_back("有几家？", ())  # nothing there: nothing happens
    assert not own.path.parent.exists()
    own.put(RIGHT)
    own.put(Judgement("在哪里？", (), (CENTRE,)))
    own.take_back("有几家？", HISTORY)  # another question
    assert len(rows(own)) == 2
    own.take_back("有几家？", ())
    assert [row.id for row in rows(own)] == ["own-2"]
    own.put(Judgement("第三？", (), (TWELVE,)))
    assert [row.id for row in rows(own)] == ["own-2", "own-1"]  # the first that is free
    for question in ("在哪里？", "第三？"):
        own.take_back(question, ())
    assert not own.path.exists()  # a set without a question is none
    assert own.put(RIGHT) == 1


def test_rows_of_other_hands_are_kept(own: OwnSet) -> None:
    own.path.parent.mkdir(parents=True)
    theirs = GoldQuestion(
        id="own-1", lang="en", type="list", question="Which?", answers=("12家", "十二家"),
        must_contain=(("12家", "十二家"), "乙"), derived=True,
        evidence_sets=((TWELVE,), (GoldSentence(document_id="east", text=CENTRE),)), within=("east",),
    )  # fmt: skip
    own.path.write_text(theirs.model_dump_json() + "\n", encoding="utf-8")
    own.put(RIGHT)
    assert [row.id for row in rows(own)] == ["own-1", "own-2"]
    assert rows(own)[0] == theirs
    assert lines(own)[0]["document_sha256"] == EAST.sha256


def test_over_several_documents_a_sentence_names_its_own(home: Path) -> None:
    own = OwnSet(home / "sets" / "my-pair.jsonl", {"east": EAST, "west": WEST})
    own.put(
        Judgement(
            "几家？",
            (),
            (GoldSentence(document_id="west", text=MANY), GoldSentence(document_id="east", text=TWELVE)),
        )
    )
    header, row = lines(own)
    assert header == {"set": "my-pair", "document_sha256": None}
    assert row["evidence_sets"] == [
        [{"document_id": "west", "text": MANY}, {"document_id": "east", "text": TWELVE}]
    ]
    assert rows(own)[0].evidence == [[MANY, TWELVE]]
    wrong = Judgement("哪里？", (), (GoldSentence(document_id="west", text=CENTRE),))
    own.put(wrong)
    with pytest.raises(QuestionSetError, match="question 'own-2' names evidence that is not in 'west'"):
        rows(own)


@pytest.mark.parametrize("text", ["{", '{"id": "own-1"}\n', "\xff", "", '{"set": "my-east"}\n'])
def test_a_broken_file_is_named_and_kept(own: OwnSet, text: str) -> None:
    own.path.parent.mkdir(parents=True)
    own.path.write_bytes(text.encode("latin-1"))
    for act in (lambda: own.put(RIGHT), lambda: own.take_back("有几家？", ())):
        with pytest.raises(QuestionSetError, match="my-east") as caught:
            act()
        assert "\n" not in str(caught.value)
        assert own.path.read_bytes() == text.encode("latin-1")


@pytest.mark.parametrize(
    "judgement",
    [
        Judgement("？", (), (TWELVE,)),
        Judgement("有几家？", (), (TWELVE,), ("！",)),
        Judgement("有几家？", (), ("◆",)),
    ],
    ids=["question", "words", "sentence"],
)
def test_what_cannot_be_scored_is_named_and_nothing_is_lost(own: OwnSet, judgement: Judgement) -> None:
    own.put(RIGHT)
    before = own.path.read_bytes()
    with pytest.raises(
        OwnSetError, match="^this cannot be a row of my-east: .* holds no letter or digit"
    ) as caught:
        own.put(judgement)
    assert "\n" not in str(caught.value)
    assert own.path.read_bytes() == before


@pytest.mark.parametrize("documents", [(EAST,), (EAST, WEST)])
def test_where_nothing_can_be_written(home: Path, documents: tuple[Document, ...]) -> None:
    home.mkdir()
    (home / "sets").write_text("a file where a folder should be", encoding="utf-8")
    own = OwnSet(home / "sets" / "my-east.jsonl", {document.id: document for document in documents})
    with pytest.raises(
        OwnSetError, match=r"^cannot write .*my-east\.jsonl \(.+\)\. Free the place it needs\.$"
    ):
        own.put(RIGHT)
    own.take_back("有几家？", ())
    assert (home / "sets").read_text(encoding="utf-8") == "a file where a folder should be"


def test_two_that_put_at_once_lose_nothing(own: OwnSet) -> None:
    start = threading.Barrier(2)

    def put(name: str) -> None:
        mine = OwnSet(own.path, own.documents)
        start.wait(timeout=10)
        for n in range(25):
            mine.put(Judgement(f"{name}{n}？", (), (TWELVE,)))

    threads = [threading.Thread(target=put, args=[name]) for name in "甲乙"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    made = rows(own)
    assert sorted(row.question for row in made) == sorted(
        f"{name}{n}？" for name in "甲乙" for n in range(25)
    )
    assert sorted(row.id for row in made) == sorted(f"own-{n}" for n in range(1, 51))


def test_a_full_disk_loses_no_row(own: OwnSet, monkeypatch: pytest.MonkeyPatch) -> None:
    own.put(RIGHT)
    before = own.path.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OwnSetError, match=r"^cannot write .*my-east\.jsonl \(No space left on device\)\."):
        own.put(Judgement("在哪里？", (), (CENTRE,)))
    assert own.path.read_bytes() == before
