"""The command line through its front door: exit code and exact output."""

from __future__ import annotations

import hashlib
import json
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import Result

from app.cli import main
from app.conversations import Conversations
from app.settings import ChatSettings
from eval.workbench import Workbench
from tests.app.conftest import NOTES, CommandModel, Wenju
from tests.corpus.formats.make_pdf import Pdf

WENJU = Path(sys.executable).with_name("wenju")

QUESTION = "算力中心在哪里？"
REPLY = """\
甲公司的算力中心在东区[1]。

[1] 东区与西区 > 导语 > s2 [6:18]
    甲公司的算力中心在东区。
"""
UNSURE = """\
文章没有直接回答这个问题，最接近的句子如下。

 ·  东区与西区 > 导语 > s2 [6:18]
    甲公司的算力中心在东区。

 ·  东区与西区 > 导语 > s3 [19:29]
    乙公司的工厂在西区。
"""
FOUND = """\
1. notes p1 [6:29]  dense 1, lexical 1
   甲公司的算力中心在东区。 / 乙公司的工厂在西区。

"""


def assert_printed(result: Result, stdout: str, stderr: str = "") -> None:
    assert (result.exit_code, result.stderr, result.stdout) == (0, stderr, stdout)


# --- ask ---------------------------------------------------------------------------------------


def test_ask(wenju: Wenju, notes_file: Path) -> None:
    assert_printed(wenju("ask", QUESTION, "--collection", "notes.txt"), REPLY)


def test_ask_from_standard_input(wenju: Wenju, notes_file: Path) -> None:
    assert_printed(wenju("ask", "-", "--collection", "notes.txt", stdin=f"{QUESTION}\n"), REPLY)


def test_ask_json(wenju: Wenju, notes_file: Path) -> None:
    result = wenju("ask", QUESTION, "--collection", "notes.txt", "--json")
    answer = json.loads(result.stdout)
    assert result.stdout == json.dumps(answer, ensure_ascii=False, indent=2) + "\n"
    support = answer["confidence"]
    assert 0.3 <= support <= 1
    assert list(answer.pop("timings_ms")) == [
        "resolve", "retrieve", "read", "decide", "write", "cite", "total",
    ]  # fmt: skip
    text = "东区与西区\n甲公司的算力中心在东区。\n乙公司的工厂在西区。"
    sentence = "甲公司的算力中心在东区。"
    assert answer == {
        "schema": 1,
        "question": QUESTION,
        "queries": [QUESTION],
        "outcome": "answered",
        "confidence": support,
        "answer": "甲公司的算力中心在东区[1]。",
        "short_answer": None,
        "statements": [
            {"text": sentence, "citation_numbers": [1], "verdict": "supported", "support": support}
        ],
        "citations": [
            {
                "number": 1,
                "document_id": "notes",
                "document_title": "东区与西区",
                "document_sha256": hashlib.sha256(text.encode()).hexdigest(),
                "sentence_id": "s2",
                "start": 6,
                "end": 18,
                "quote": sentence,
                "section": "导语",
                "page": None,
                "support": support,
                "highlights": [],
            }
        ],
        "nearest": [],
        "hits": [
            {
                "rank": 1,
                "document_id": "notes",
                "passage_id": "p1",
                "start": 6,
                "end": 29,
                "text": text[6:],
                "score": pytest.approx(1 / 61),  # first in both rankings, each with half the weight
                "ranks": {"dense": 1, "lexical": 1, "reader": 1},
            }
        ],
        "writer": "extractive",
        "notes": [],
    }


def test_what_is_not_in_the_article_is_not_found(wenju: Wenju, notes_file: Path) -> None:
    assert_printed(wenju("ask", "天气怎么样？", "--collection", "notes.txt"), "文章中没有提到。\n")


def test_unsure_shows_the_nearest_without_numbers(
    wenju: Wenju, notes_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENJU_OUTCOME__ANSWERED_FROM", "1")
    assert_printed(wenju("ask", QUESTION, "--collection", "notes.txt"), UNSURE)


def test_without_a_collection_the_shipped_article_is_asked(wenju: Wenju) -> None:
    result = wenju("ask", "武汉的算力", "--json")
    answer = json.loads(result.stdout)
    assert {hit["document_id"] for hit in answer["hits"]} == {"wuhan-digital-economy"}


def test_control_characters_and_html_do_no_harm(wenju: Wenju, notes_file: Path) -> None:
    question = "<script>alert(1)</script><b>算力</b>\x07中心\x1b[31m在哪里？\x00\u202e"
    result = wenju("ask", question, "--collection", "notes.txt", "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert answer["question"] == question
    assert not any(ord(c) < 32 for c in result.stdout if c != "\n")
    assert not any(ord(c) < 32 or c == "\u202e" for c in answer["queries"][0])
    plain = wenju("ask", "<b>算力</b>\x07中心\x1b在哪里？", "--collection", "notes.txt")
    assert_printed(plain, REPLY)


def test_a_gb18030_article_is_asked_end_to_end(wenju: Wenju, notes_file: Path) -> None:
    # Enough text for the encoding to be told.
    notes_file.write_bytes((NOTES + "\n本市数字经济稳步发展，企业纷纷落户。\n").encode("gb18030"))
    assert_printed(wenju("ask", QUESTION, "--collection", "notes.txt"), REPLY)


def test_a_layout_is_obeyed(wenju: Wenju, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("# 东区与西区\n\n甲公司的算力中心在东区。\n", encoding="utf-8")
    result = wenju("ask", QUESTION, "--collection", str(file), "--layout", "markdown")
    assert "[1] 东区与西区 > 导语 > s2 [6:18]" in result.stdout


# --- search ------------------------------------------------------------------------------------


def test_search(wenju: Wenju, notes_file: Path) -> None:
    assert_printed(wenju("search", "算力", "--collection", "notes.txt"), FOUND)


def test_search_shows_where_a_ranking_did_not_find_it(wenju: Wenju, notes_file: Path) -> None:
    assert_printed(
        wenju("search", "xyz", "--collection", "notes.txt"), FOUND.replace("lexical 1", "lexical -")
    )


def test_search_json(wenju: Wenju, notes_file: Path) -> None:
    result = wenju("search", "算力", "--collection", "notes.txt", "--json")
    (hit,) = json.loads(result.stdout)
    assert (hit["rank"], hit["passage_id"], hit["start"], hit["end"]) == (1, "p1", 6, 29)
    assert hit["ranks"] == {"dense": 1, "lexical": 1, "reader": None}


def test_a_search_that_finds_nothing_says_so(
    wenju: Wenju, notes_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENJU_RETRIEVAL__DENSE_WEIGHT", "0")
    assert_printed(wenju("search", "xyz", "--collection", "notes.txt"), "Nothing found.\n")
    assert_printed(wenju("search", "xyz", "--collection", "notes.txt", "--json"), "[]\n")


# --- index -------------------------------------------------------------------------------------


def test_index_then_ask(wenju: Wenju, notes_file: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.md"
    more.write_text("# 南区\n\n丙公司的城在南区。\n", encoding="utf-8")
    said = "mine: 2 document(s), 2 passages.\nAsk it: wenju ask QUESTION --collection mine\n"
    assert_printed(wenju("index", "notes.txt", "more.md", "--collection", "mine"), said)
    notes_file.unlink()  # the collection keeps the text
    assert_printed(wenju("ask", QUESTION, "--collection", "mine"), REPLY)
    assert "丙公司的城在南区[1]。" in wenju("ask", "丙公司的城", "--collection", "mine").stdout


def test_index_and_ask_files_of_other_formats(wenju: Wenju, notes_file: Path) -> None:
    page = "<html><nav><a href=1>首页</a></nav><h1>东区与西区</h1><p>甲公司的算力中心在东区。</p></html>"
    Path("page.html").write_text(page, encoding="utf-8")
    pdf = Pdf()
    pdf.put(72, 700, "乙公司的工厂在西区。")
    pdf.new_page()
    pdf.put(72, 700, "甲公司的算力中心在东区。")
    Path("two.pdf").write_bytes(pdf.bytes())
    said = (
        "page: 2 document(s), 2 passages.\n"
        "page: 2 characters of menus, running headers, stamps or contents were left out.\n"
        "Ask it: wenju ask QUESTION --collection page\n"
    )
    assert_printed(wenju("index", "page.html", "two.pdf"), said)
    result = wenju("ask", QUESTION, "--collection", "two.pdf")
    assert "[1] two > 导语, p. 2 > s2 [11:23]\n" in result.stdout


@pytest.mark.parametrize(
    ("file", "name"),
    [("notes.txt", "notes"), ("报告（2024）.txt", "报告 2024"), ("notes.2024", "notes.2024")],
)
def test_index_takes_the_first_files_name(wenju: Wenju, notes_file: Path, file: str, name: str) -> None:
    notes_file.rename(notes_file.with_name(file))
    said = f"{name}: 1 document(s), 1 passages.\nAsk it: wenju ask QUESTION --collection {name}\n"
    assert_printed(wenju("index", file), said)


# --- chat --------------------------------------------------------------------------------------


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_chat_serves_where_it_is_told(
    wenju: Wenju,
    command_model: CommandModel,
    notes_file: Path,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    served: list[Any] = []

    def serve(*arguments: Any) -> None:
        served.extend(arguments)
        assert not command_model.loaded.is_set()
        served[-1]()  # the page can be opened

    monkeypatch.setattr("app.web.server.serve", serve)
    monkeypatch.setenv("WENJU_CHAT__PORT", "1")  # the option wins
    port = free_port()
    result = wenju("chat", "--collection", "notes.txt", "--port", str(port), "--no-browser")
    assert_printed(result, f"Wenju: http://127.0.0.1:{port}  (Ctrl+C to stop)\n")
    page, place, browser, _ = served
    bench = page.bench
    assert isinstance(bench, Workbench)
    assert list(bench.documents) == ["notes"]
    assert (page.conversations, page.users) == (Conversations(home / "conversations.db"), None)
    assert (place, bench.home, browser) == (ChatSettings("127.0.0.1", port), home, False)
    assert command_model.loaded.wait(timeout=10)  # behind the page, ahead of the first question
    assert page.writers.names() == ["extractive"]


def test_a_chat_begins_with_the_writer_that_is_named(
    wenju: Wenju, notes_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[Any] = []
    monkeypatch.setattr("app.web.server.serve", lambda page, *rest: served.append(page))
    monkeypatch.setenv("WENJU_LANGUAGE_MODEL__URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("WENJU_CHAT__PORT", str(free_port()))
    result = wenju("chat", "--collection", "notes.txt", "--writer", "openai:tiny", "--no-browser")
    assert_printed(result, "")
    (page,) = served
    assert page.writers.names() == ["openai:tiny", "extractive"]
    page.bench.library.begin()
    assert page.bench.pipeline.writer is page.writers.own  # of the evaluation; not a second model


# --- help --------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [[], *([name] for name in sorted(main.commands))], ids=str)
def test_help_mentions_and_explains_everything(wenju: Wenju, command: Sequence[str]) -> None:
    result = wenju(*command, "--help")
    assert result.exit_code == 0
    assert result.stdout == wenju(*command, "-h").stdout
    found = main.commands[command[0]] if command else main
    assert found.help
    for parameter in found.params:
        if isinstance(parameter, click.Option):
            assert all(name in result.stdout for name in (*parameter.opts, *parameter.secondary_opts))
            assert parameter.help
        else:
            assert parameter.human_readable_name in result.stdout
    if not command:
        assert all(f"\n  {name} " in result.stdout for name in main.commands)


# --- the installed command ---------------------------------------------------------------------


def test_the_installed_command(home: Path) -> None:
    version = subprocess.run([WENJU, "--version"], capture_output=True, text=True, check=False)
    assert (version.returncode, version.stderr) == (0, "")
    assert version.stdout.startswith("wenju, version 0.")
    wrong = subprocess.run([WENJU, "ask", "？"], capture_output=True, text=True, check=False)
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr == "Error: 请输入一个问题。 / Please type a question.\n"
    assert not home.exists()  # a refused question leaves nothing behind
