"""Sets beside an open chat: listed, run, stopped, finished."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from app.answer import Answer
from app.settings import load_settings
from eval.own import Judgement
from eval.questions import QuestionSetError
from eval.records import RECORDS, REPORT, SUMMARY, RunFolderError
from eval.session import Source, open_session
from eval.workbench import Workbench
from tests.app.conftest import CommandModel
from tests.eval.conftest import (
    EAST,
    GROUNDED,
    MANY,
    QUESTIONS,
    TOLD,
    TWELVE,
    OneOpen,
    told_pipeline,
    write_set,
)

IDS = [question.id for question in QUESTIONS]


@pytest.fixture
def bench(home: Path) -> Workbench:
    """A chat over the two documents, with the five questions as `mine`."""
    write_set(home / "sets" / "mine.jsonl")
    return Workbench(OneOpen(told_pipeline(TOLD)), CommandModel(), load_settings(), home, "pair")


@pytest.fixture
def single(home: Path) -> Workbench:
    """A chat over a file."""
    library = OneOpen(told_pipeline(TOLD, [EAST]))
    return Workbench(library, CommandModel(), load_settings(), home, "/tmp/x/east.txt")


def test_a_run_of_a_chat_with_another_writer_says_so(bench: Workbench) -> None:
    named = replace(bench, settings=load_settings("llama:/home/anna/mine.gguf"))
    command = named.begin("mine").folder.read_summary()["command"]
    assert command == "wenju eval run mine --collection pair --writer llama:mine.gguf"


def test_the_users_sets_come_first(bench: Workbench, single: Workbench, home: Path) -> None:
    write_set(home / "sets" / "a.jsonl")
    (home / "sets" / "notes.txt").write_text("", encoding="utf-8")
    assert bench.sets() == ["a", "mine", "article-dev", "article-test"]
    for path in (home / "sets").iterdir():
        path.unlink()
    assert bench.sets() == ["article-dev", "article-test"]


def test_a_shipped_set_with_an_article_of_its_own_is_listed_where_that_is_open(
    bench: Workbench, single: Workbench, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [
        write_set(tmp_path / "anywhere.jsonl"),
        write_set(tmp_path / "east.jsonl", set="east", article="east.txt", document_sha256=EAST.sha256),
        write_set(tmp_path / "other.jsonl", set="other", article="other.txt", document_sha256="ab" * 32),
    ]
    monkeypatch.setattr("eval.workbench.shipped_sets", lambda: files)
    write_set(home / "sets" / "mine.jsonl", set="mine", article="other.txt", document_sha256="ab" * 32)
    for opened_one in (bench, single):  # the user's own is listed; running it says what is wrong
        assert opened_one.sets() == ["mine", "anywhere", "east"]
    with pytest.raises(QuestionSetError, match=r"^mine was .*\. It is asked over other\.txt beside it"):
        bench.begin("mine")


def test_a_run_from_begin_to_finish(bench: Workbench, home: Path) -> None:
    run = bench.begin("mine")
    assert run.questions.questions == QUESTIONS
    assert re.fullmatch(r"mine-\d{8}-\d{6}-\d{6}", run.folder.path.name)
    assert run.folder.path.parent == home / "runs"
    assert run.folder.read_summary()["finished"] is None
    assert [record.id for record in bench.ask(run)] == IDS
    summary = bench.finish(run)
    assert (summary["questions"], summary["groups"][0]["metrics"]["grounded"]["mean"]) == (5, 0.6)
    assert sorted(path.name for path in run.folder.path.iterdir()) == [RECORDS, REPORT, SUMMARY]
    assert bench.begin("mine").folder.path != run.folder.path


def test_a_run_says_what_it_is_of_as_the_command_does(
    bench: Workbench, pair: object, home: Path, model: CommandModel
) -> None:
    """So that it can be run again by the command that is written down."""
    summary = bench.begin("mine").folder.read_summary()
    assert summary["command"] == "wenju eval run mine --collection pair"
    session = open_session(Source("mine", collection="pair"))
    identity = session.identity(bench.pipeline)
    assert {key: summary[key] for key in identity} == identity


def test_a_stopped_run_is_finished_with_what_was_asked(bench: Workbench) -> None:
    run = bench.begin("mine")
    with pytest.raises(RunFolderError, match=r"^no question was asked yet\.$"):
        bench.finish(run)
    asked = []
    for record in bench.ask(run):
        asked.append(record.id)
        if record.id == "q2":
            run.stop()
    assert asked == ["q1", "q2"]  # of three
    summary = bench.finish(run)
    assert summary["questions"] == 2
    assert summary["groups"][0]["metrics"]["grounded"]["mean"] == 0.5
    assert summary["finished"] is not None


def test_a_record_is_found_by_its_id(bench: Workbench) -> None:
    run = bench.begin("mine")
    assert bench.record(run, "q1") is None  # not asked yet
    list(bench.ask(run))
    for name, question in zip(IDS, QUESTIONS, strict=True):
        record = bench.record(run, name)
        assert record is not None
        assert (record.gold, (record.metrics or {})["grounded"]) == (question, GROUNDED[name])
        assert record.answer_record is not None
        assert Answer.from_json(record.answer_record).question == question.question
    assert bench.record(run, "q6") is None


def test_where_the_gold_sentences_stand(bench: Workbench) -> None:
    run = bench.begin("mine")
    found = {record.id: bench.gold(run, record) for record in bench.ask(run)}
    # Sentence 1 is the title; of the two below it TWELVE and MANY are the second.
    assert found == {
        "q1": [("east", "s3")], "q2": [("east", "s2")], "q3": [], "q4": [("west", "s3")],
        "q5": [("west", "s3")],
    }  # fmt: skip


def test_the_users_own_set_is_named_after_the_collection(
    bench: Workbench, single: Workbench, home: Path
) -> None:
    assert (bench.own.path, bench.own.documents) == (home / "sets" / "my-pair.jsonl", bench.documents)
    assert (single.own.name, single.own.documents) == ("my-east", {"east": EAST})  # a file's by its document
    single.own.put(Judgement("有几家？", (), (TWELVE,)))
    assert single.sets()[:2] == ["mine", "my-east"]
    run = single.begin("my-east")
    assert [record.id for record in single.ask(run)] == ["own-1"]
    assert single.finish(run)["set"]["name"] == "my-east"


def test_what_cannot_be_run_is_refused_before_a_folder_is_made(
    bench: Workbench, single: Workbench, home: Path
) -> None:
    write_set(home / "sets" / "other.jsonl", set="other", document_sha256="ab" * 32)
    (home / "sets" / "broken.jsonl").write_text("{}\n", encoding="utf-8")
    for made, name, message in (
        (bench, "other", "^other was made for a document with the hash abababababab…, which is not here"),
        (bench, "article-dev", "^article-dev: question '.*' names evidence that is not in the collection"),
        (single, "mine", f"^mine: question 'q4' names evidence that is not in 'west': '{MANY}'"),
        (bench, "broken", "^broken, line 1: "),
        (
            bench,
            "nothing",
            "^there is no question set nothing. Give a file, or one of: broken, mine, other, ",
        ),
    ):
        with pytest.raises(QuestionSetError, match=message) as caught:
            made.begin(name)
        assert "\n" not in str(caught.value)
    assert not (home / "runs").exists()
