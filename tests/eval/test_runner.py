"""Running a set: on disk at once, failures apart, resumed to the same records, in little memory."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.answer import Answer
from app.collections import Shelf
from app.composing import ComposingWriter
from app.errors import ReplyCut
from app.pipeline import Pipeline
from app.settings import WriterSettings
from eval.records import RECORDS, REPORT, SUMMARY, RunFolder, RunFolderError
from eval.runner import ask_all, begin, finish, run_session
from eval.session import Session, Source, open_session
from prompts import Prompts, load_prompts
from tests.eval.conftest import (
    EAST,
    ENGLISH,
    FOLLOWING,
    GROUNDED,
    QUESTIONS,
    TOLD,
    WEST,
    Told,
    ToldReader,
    as_set,
    gold,
    timeless,
    told_pipeline,
    write_set,
)
from tests.fakes import Literal, Scripted

IDENTITY: dict[str, Any] = {
    "set": {"name": "mine", "file": "mine", "sha256": "0", "format": "jsonl", "split": None, "left_out": 0}
}
IDS = [question.id for question in QUESTIONS]


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """A run that has begun."""
    made = RunFolder(tmp_path / "run")
    made.create(begin(IDENTITY, "wenju eval run mine"))
    return made


@pytest.fixture
def session(told: Told, pair: Shelf, tmp_path: Path) -> Session:
    """The five questions over the two documents, with readers by a table."""
    return open_session(Source(str(write_set(tmp_path / "mine.jsonl")), collection="pair"))


class Watched:
    """A pipeline that calls back before each question."""

    def __init__(self, pipeline: Pipeline, look: Any) -> None:
        self._pipeline, self._look = pipeline, look

    def answer(self, *asked: Any) -> Answer:
        """What the pipeline answers."""
        self._look()
        return self._pipeline.answer(*asked)


def ids(folder: RunFolder) -> list[str]:
    return [record.id for record in folder.records()]


def test_a_record_is_on_disk_before_the_next_question(folder: RunFolder) -> None:
    before: list[list[str]] = []
    pipeline: Any = Watched(told_pipeline(TOLD), lambda: before.append(ids(folder)))
    given = [(record.id, ids(folder)) for record in ask_all(as_set(QUESTIONS), pipeline, folder)]
    assert before == [IDS[:n] for n in range(5)]
    assert given == [(name, IDS[: n + 1]) for n, name in enumerate(IDS)]


def test_what_is_written_is_what_is_given(folder: RunFolder) -> None:
    given = list(ask_all(as_set(QUESTIONS), told_pipeline(TOLD), folder))
    assert [r.model_dump_json() for r in folder.records()] == [r.model_dump_json() for r in given]
    assert [record.gold for record in given] == list(QUESTIONS)
    assert {record.id: record.metrics["grounded"] for record in given if record.metrics} == GROUNDED
    for record in given:
        assert record.answer_record is not None
        assert Answer.from_json(record.answer_record).question == record.gold.question


def test_a_question_that_fails_is_an_error_and_nothing_else(
    folder: RunFolder, caplog: pytest.LogCaptureFixture
) -> None:
    told = {**TOLD, "算力中心在哪里？": ValueError("no\nreading")}
    list(ask_all(as_set(QUESTIONS), told_pipeline(told), folder))
    failed = {record.id: record for record in folder.records()}["q2"]
    assert (failed.gold, failed.answer_record, failed.metrics) == (QUESTIONS[1], None, None)
    assert failed.error == "ValueError: no\nreading"
    assert ids(folder) == IDS  # the run went on
    (logged,) = caplog.records
    assert (logged.getMessage(), logged.levelname) == ("question q2 failed", "ERROR")
    summary = finish(folder, conditions=False)
    assert (summary["questions"], summary["errors"]) == (5, ["q2"])
    overall = summary["groups"][0]
    assert (overall["questions"], overall["metrics"]["grounded"]["n"]) == (4, 4)
    assert overall["metrics"]["grounded"]["mean"] == 0.75  # q2 is neither right nor wrong
    assert "entity" not in [group["name"] for group in summary["groups"]]


@pytest.mark.parametrize(
    ("model", "outcome", "error"),
    [
        (Scripted("", ReplyCut("cut")), None, "语言模型没有写成（ReplyCut），这里是原文的句子。"),
        (Scripted("文章中没有提到。"), "not_found", None),
        (Scripted("没有一句得到证实。"), "answered", None),  # quotes stand in, and that is its answer
    ],
    ids=["failed", "declined", "not borne out"],
)
def test_a_language_model_that_fails_is_an_error_and_one_that_declines_is_none(
    folder: RunFolder, model: Scripted, outcome: str | None, error: str | None
) -> None:
    writer = replace(composing(load_prompts()), model=model)
    pipeline = replace(told_pipeline(TOLD), writer=writer)
    (record,) = ask_all(as_set(QUESTIONS[:1]), pipeline, folder)
    assert (record.error, record.metrics is None, record.answer_record is None) == (error, *[bool(error)] * 2)
    assert outcome is None or (record.answer_record or {})["outcome"] == outcome
    assert folder.resume(IDENTITY) == (set() if error else {"q1"})


def test_a_question_that_cannot_be_asked_is_an_error(folder: RunFolder) -> None:
    long = gold("long", "问" * 1001)
    (record,) = ask_all(as_set([long]), told_pipeline(TOLD), folder)
    assert (record.answer_record, record.metrics) == (None, None)
    assert record.error is not None
    assert record.error.startswith("QuestionError: ")


@pytest.mark.parametrize("taken", range(6))
def test_a_stopped_run_is_resumed_to_the_same_records(folder: RunFolder, tmp_path: Path, taken: int) -> None:
    whole = RunFolder(tmp_path / "whole")
    whole.create(IDENTITY)
    list(ask_all(as_set(QUESTIONS), told_pipeline(TOLD), whole))
    run = ask_all(as_set(QUESTIONS), told_pipeline(TOLD), folder)
    for _, _ in zip(range(taken), run, strict=False):
        pass
    run.close()  # type: ignore[attr-defined]  # it is a generator
    again = told_pipeline(TOLD)
    rest = list(ask_all(as_set(QUESTIONS), again, folder, folder.resume(IDENTITY)))
    assert [record.id for record in rest] == IDS[taken:]  # none is asked twice
    assert [timeless(r) for r in folder.records()] == [timeless(r) for r in whole.records()]


def test_history_and_within_reach_the_pipeline(folder: RunFolder) -> None:
    east_only = gold("q6", "工厂呢", *QUESTIONS[0].evidence[0], within=("east",))
    pipeline = told_pipeline(TOLD)
    followed, refused = ask_all(as_set([QUESTIONS[4], east_only]), pipeline, folder)
    assert isinstance(pipeline.reader, ToldReader)
    both = ("east", "west")
    assert pipeline.reader.reads == [("那丁公司呢？", both), (FOLLOWING, both), ("工厂呢", ("east",))]
    assert followed.answer_record is not None
    assert followed.answer_record["queries"] == (FOLLOWING, "那丁公司呢？")  # the one that won first
    assert refused.answer_record is not None
    assert {hit["document_id"] for hit in refused.answer_record["hits"]} == {"east"}


def test_finish_writes_the_summary_and_the_report(folder: RunFolder) -> None:
    started = folder.read_summary()
    assert started["finished"] is None
    list(ask_all(as_set(QUESTIONS), told_pipeline(TOLD), folder))
    summary = finish(folder, conditions=False)
    assert folder.read_summary() == summary
    assert {key: summary[key] for key in started if key != "finished"} == {
        key: value for key, value in started.items() if key != "finished"
    }
    assert summary["finished"] >= summary["started"]
    assert sorted(path.name for path in folder.path.iterdir()) == [RECORDS, REPORT, SUMMARY]
    report = (folder.path / REPORT).read_text(encoding="utf-8")
    assert '<html lang="zh' in report  # as most of the questions are
    assert all(question.question in report for question in QUESTIONS)
    means = {
        (group["by"], group["name"]): group["metrics"]["grounded"]["mean"] for group in summary["groups"]
    }
    assert (means["overall", "all"], means["language", "zh"], means["language", "en"]) == (0.6, 0.75, 0)


def test_conditions_get_no_overall_mean_and_english_questions_an_english_report(folder: RunFolder) -> None:
    list(ask_all(as_set([QUESTIONS[3]]), told_pipeline(TOLD), folder))
    assert [group["by"] for group in finish(folder, conditions=True)["groups"]] == ["type"]
    assert '<html lang="en' in (folder.path / REPORT).read_text(encoding="utf-8")


def test_the_order_of_questions_changes_no_mean(tmp_path: Path) -> None:
    groups = []
    for name, questions in (("one", QUESTIONS), ("other", QUESTIONS[::-1])):
        run = RunFolder(tmp_path / name)
        run.create(IDENTITY)
        list(ask_all(as_set(questions), told_pipeline(TOLD), run))
        groups.append(finish(run, conditions=False)["groups"])
        for group in groups[-1]:
            del group["metrics"]["latency_ms"]
    assert groups[0] == groups[1]


def test_a_run_of_a_session(session: Session, told: Told, tmp_path: Path) -> None:
    passed: list[str] = []

    def bar(records: Iterator[Any]) -> Iterator[Any]:
        for record in records:
            passed.append(record.id)
            yield record

    folder = RunFolder(tmp_path / "run")
    summary = run_session(session, folder, "new", bar)
    assert passed == ids(folder) == IDS
    models = {"embedder": "fake:1", "reader": "told:1", "writer": "extractive", "checker": None}
    assert (summary["models"], summary["tokens_per_second"]) == (models, None)
    assert summary["collection"]["documents"] == {"east": EAST.sha256, "west": WEST.sha256}
    assert summary["set"]["sha256"] == session.questions.sha256
    assert summary["command"] == "wenju eval run mine.jsonl --collection pair"
    assert summary["schema"] == 3  # 2 did not say who checks: it is not resumed
    with pytest.raises(RunFolderError, match="exists"):
        run_session(session, folder, "new")
    assert len(told.readers) == 1  # refused before the pipeline is made


def test_errors_are_asked_again_on_resume(session: Session, told: Told, tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    told.table[ENGLISH] = RuntimeError("out of memory")
    assert run_session(session, folder, "new")["errors"] == ["q4"]
    told.table[ENGLISH] = TOLD[ENGLISH]
    summary = run_session(session, folder, "resume")
    assert [query for query, _ in told.readers[-1].reads] == [ENGLISH]
    assert (summary["questions"], summary["errors"]) == (5, [])
    assert ids(folder) == ["q1", "q2", "q3", "q5", "q4"]


def test_a_run_of_something_else_is_not_resumed(session: Session, told: Told, tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    run_session(session, folder, "new")
    before = (folder.path / RECORDS).read_bytes()
    changed = session.settings.model_copy(
        update={"outcome": replace(session.settings.outcome, unsure_from=0.1)}
    )
    fewer = replace(session, questions=replace(session.questions, sha256="1"))
    for other, name in (
        (replace(session, settings=changed), "settings"),
        (fewer, "set"),
        (replace(session, documents={"west": WEST, "east": EAST}, collection=None), "collection"),
    ):
        with pytest.raises(RunFolderError, match=rf"run was made with another {name}\. Begin a new one"):
            run_session(other, folder, "resume")
    assert (folder.path / RECORDS).read_bytes() == before
    assert all(reader.reads == [] for reader in told.readers[1:])


def composing(prompts: Prompts, sha256: str = "ab") -> ComposingWriter:
    return ComposingWriter(
        Scripted("文章中没有提到。", sha256=sha256), Literal(), WriterSettings(), prompts, 400
    )


def test_a_run_with_other_words_or_weights_under_the_same_names_is_not_resumed(
    session: Session, tmp_path: Path
) -> None:
    folder, shipped = RunFolder(tmp_path / "run"), load_prompts()
    run_session(replace(session, writer=composing(shipped)), folder, "new")
    (tmp_path / "answer.zh.txt").write_text("{declined}\n---\n{evidence}{question}", encoding="utf-8")
    run_session(replace(session, writer=composing(load_prompts())), folder, "resume")
    for writer, name in (
        (composing(load_prompts(tmp_path)), "prompts"),
        (composing(shipped, "cd"), "model_file"),
    ):
        with pytest.raises(RunFolderError, match=rf"run was made with another {name}\. Begin a new one"):
            run_session(replace(session, writer=writer), folder, "resume")


@pytest.mark.parametrize(
    ("asked", "pace", "now", "kept"),
    [
        (True, 12.5, 700.0, (900.0, 12.5)),
        (True, None, 1000.0, (1000.0, 10.0)),  # questions that the model had nothing to do with
        (False, None, 1000.0, (900.0, 10.0)),
    ],
)
def test_what_was_measured_stands_when_a_run_is_resumed(
    folder: RunFolder,
    monkeypatch: pytest.MonkeyPatch,
    asked: bool,
    pace: float | None,
    now: float,
    kept: tuple[float, float],
) -> None:
    list(ask_all(as_set(QUESTIONS), told_pipeline(TOLD), folder))
    for memory, *measured in ((900.0, 10.0, True), (now, pace, asked)):
        monkeypatch.setattr("eval.machine.peak_memory_mb", lambda memory=memory: memory)
        summary = finish(folder, False, *measured)  # type: ignore[arg-type]
    assert (summary["peak_memory_mb"], summary["tokens_per_second"]) == kept


def test_a_whole_run_that_is_resumed_keeps_what_was_measured(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = RunFolder(tmp_path / "run")
    before = run_session(session, folder, "new")["peak_memory_mb"]
    monkeypatch.setattr("eval.machine.peak_memory_mb", lambda: before + 1)
    assert run_session(session, folder, "resume")["peak_memory_mb"] == before


GROWTH = 2_000_000  # bytes that 2,700 more questions may cost until they are collected; held, 27 MB


@pytest.mark.parametrize("resumed", [False, True])
def test_memory_does_not_grow_with_the_questions(tmp_path: Path, resumed: bool) -> None:
    """The peak while 3,000 questions are asked, or resumed when all are answered, against that of 300."""
    answer = told_pipeline(TOLD).answer("乙公司的工厂有几家？")

    class Quick:
        def answer(self, *_: object) -> Answer:
            return replace(answer, notes=())

    def peak(number: int) -> int:
        questions = as_set([gold(f"q{n}", f"第{n}家有几家？") for n in range(number)])
        folder = RunFolder(tmp_path / str(number))
        folder.create(IDENTITY)
        pipeline: Any = Quick()
        if resumed:
            for _ in ask_all(questions, pipeline, folder):
                pass
        for question in questions.questions:
            question.model_dump_json()  # what Python keeps of an object that was written once
        gc.collect()
        tracemalloc.start()
        answered = folder.resume(IDENTITY) if resumed else set[str]()
        assert sum(1 for _ in ask_all(questions, pipeline, folder, answered)) == number - len(answered)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert sum(1 for _ in folder.records()) == number
        return found

    peak(10)  # what is loaded once
    assert peak(3000) - peak(300) < GROWTH
