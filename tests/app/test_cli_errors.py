"""What goes wrong at the command line: one line that names the value and the way out, exit code 1."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.app.conftest import NOTES, CommandModel, Wenju

QUESTION = "算力中心在哪里？"
EMPTY = "请输入一个问题。 / Please type a question."


def assert_fails(result: Result, message: str) -> None:
    assert (result.exit_code, result.stderr, result.stdout) == (1, f"Error: {message}\n", "")


def answer(result: Result) -> str:
    """The reply of an `ask` that went well, whatever was said beside it."""
    assert result.exit_code == 0
    return result.stdout


# --- the question ------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["", " \t\n", "？！", "\x07\x00"])
@pytest.mark.parametrize("command", ["ask", "search"])
def test_no_question(
    wenju: Wenju, command_model: CommandModel, home: Path, command: str, question: str
) -> None:
    assert_fails(wenju(command, question), EMPTY)
    assert command_model.embedded == 0
    assert not home.exists()  # refused before anything is built


def test_no_question_on_standard_input(wenju: Wenju) -> None:
    assert_fails(wenju("ask", "-", stdin=""), EMPTY)


@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_question_of_ten_thousand_characters(wenju: Wenju, command: str) -> None:
    assert_fails(
        wenju(command, "问" * 10_000),
        "问题有 10,000 个字符，最多 1,000 个，请缩短。 / "
        "The question has 10,000 characters; the limit is 1,000. Shorten it.",
    )


# --- the article -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "{} is empty. Give a file with at least one sentence."),
        (b" \n\t\n", "{} is empty. Give a file with at least one sentence."),
        ("。！？".encode(), "{} holds no text. Give a file with at least one sentence."),
        (
            b"\x89PNG\r\n\x1a\n\x00\x00",
            "{} is no article. Give text (.txt), Markdown (.md), HTML, Word (.docx) or PDF.",
        ),
    ],
    ids=["empty", "blank", "punctuation", "binary"],
)
def test_an_article_without_text(wenju: Wenju, tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "notes.txt"
    file.write_bytes(content)
    assert_fails(wenju("ask", QUESTION, "--collection", str(file)), message.format("notes.txt"))
    assert_fails(wenju("index", str(file)), message.format("notes.txt"))


def test_an_article_that_is_not_there(wenju: Wenju, tmp_path: Path) -> None:
    file = str(tmp_path / "no.txt")
    message = f"cannot read {file}: No such file or directory. Check the path."
    assert_fails(wenju("ask", QUESTION, "--collection", file), message)
    assert_fails(wenju("index", file), message)


def test_a_folder_without_texts_is_no_collection(wenju: Wenju, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert_fails(wenju("index", str(empty)), f"{empty} holds no file that can be read.")
    broken = tmp_path / "broken.jsonl"
    broken.write_text("{", encoding="utf-8")
    result = wenju("index", str(broken))
    assert (result.exit_code, "line 1: it is no JSON" in result.stderr) == (1, True)
    assert "nothing of it could be read; there is no collection 'broken'" in result.stderr
    assert "there is no collection 'broken'" in wenju("ask", QUESTION, "--collection", "broken").stderr


def test_the_settings_bound_every_command_that_reads_a_file(
    wenju: Wenju, notes_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes_file.write_bytes(b" " * 1_000_001)
    monkeypatch.setenv("WENJU_ARTICLES__MEGABYTES", "1")
    name = "notes.txt"
    message = (
        f"{name} has 1,000,001 bytes; an article may have 1,000,000. Split it, or raise articles.megabytes."
    )
    assert_fails(wenju("index", name), message)
    assert_fails(wenju("ask", QUESTION, "--collection", name), message)
    assert_fails(wenju("search", "算力", "--collection", name), message)
    assert_fails(wenju("eval", "run", "article-dev", "--out", "run", "--collection", name), message)
    chat = wenju("chat", "--collection", name, "--port", free_port(), "--no-browser")
    assert_fails(chat, message.replace(name, str(notes_file.resolve())))


# --- collections -------------------------------------------------------------------------------


def test_an_unknown_collection_lists_those_there_are(wenju: Wenju, notes_file: Path) -> None:
    wenju("index", "notes.txt", "--collection", "mine")
    assert_fails(
        wenju("ask", QUESTION, "--collection", "yours"),
        "there is no collection 'yours' (there are: mine, wuhan-digital-economy) and no such file. "
        "Make one with: wenju index PATH --collection yours",
    )


@pytest.mark.parametrize("name", ["../mine", " a", "wuhan-digital-economy", ".mine", "m" * 65, "file-mine"])
def test_a_name_that_cannot_name_a_collection(wenju: Wenju, notes_file: Path, name: str) -> None:
    assert_fails(
        wenju("index", "notes.txt", "--collection", name),
        f"{name!r} cannot name a collection. Use up to 64 letters, digits, spaces, '-', '_' and '.', "
        "not 'wuhan-digital-economy' and nothing that begins with 'file-'.",
    )


def test_two_files_of_one_name(wenju: Wenju, notes_file: Path, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "notes.md").write_text(NOTES, encoding="utf-8")
    assert_fails(
        wenju("index", "notes.txt", "more/notes.md", "--collection", "mine"),
        "two files are named 'notes'. Rename one of them.",
    )


def test_a_file_given_twice_is_taken_once(wenju: Wenju, notes_file: Path, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    for copy in ("more/notes.txt", "copy.txt"):
        (tmp_path / copy).write_text(NOTES, encoding="utf-8")
    result = wenju("index", "notes.txt", "./notes.txt", "more/notes.txt", "copy.txt")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "notes: 1 document(s), 1 passages.\n"
        "notes.txt: the same file as notes.txt, taken once.\n"
        "more/notes.txt: the same file as notes.txt, taken once.\n"
        "copy.txt: the same file as notes.txt, taken once.\n"
        "Ask it: wenju ask QUESTION --collection notes\n"
    )


@pytest.mark.parametrize("damaged", ["dense.faiss", "documents.jsonl", "manifest.json"])
def test_a_damaged_index_is_built_again_and_answers_as_before(
    wenju: Wenju, notes_file: Path, home: Path, damaged: str
) -> None:
    ask = ["ask", QUESTION, "--collection", "notes.txt"]
    before = answer(wenju(*ask))
    (file,) = home.glob(f"indexes/*/{damaged}")
    file.write_bytes(file.read_bytes()[:-3])
    result = wenju(*ask)
    assert answer(result) == before
    assert result.stderr.startswith(f"wenju: {file} ")
    assert result.stderr.endswith("; building it again\n")
    assert result.stderr.count("\n") == 1
    assert wenju(*ask).stderr == ""


def test_a_home_that_cannot_be_written_still_answers(wenju: Wenju, notes_file: Path, home: Path) -> None:
    ask = ["ask", QUESTION, "--collection", "notes.txt"]
    before = answer(wenju(*ask))
    result = wenju(*ask, home="/proc/wenju")
    assert answer(result) == before
    assert result.stderr.startswith("wenju: cannot write /proc/wenju/indexes/file-")
    assert result.stderr.endswith(
        "). Set WENJU_HOME to a folder that can be written. The index is kept in memory for this run.\n"
    )
    assert result.stderr.count("\n") == 1


def test_a_home_that_cannot_be_written_keeps_no_collection(wenju: Wenju, notes_file: Path) -> None:
    assert_fails(
        wenju("index", "notes.txt", home="/proc/wenju"),
        "cannot write /proc/wenju/indexes/notes (No such file or directory). "
        "Set WENJU_HOME to a folder that can be written.",
    )


# --- settings ----------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [["ask", QUESTION], ["search", "算力"], ["index", "notes.txt"], ["chat"]])
@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        (
            "WENJU_RETRIEVAL__TOP_K",
            "many",
            "setting retrieval.top_k: Input should be a valid integer, unable to parse string as an integer "
            "(got 'many').",
        ),
        (
            "WENJU_CHAT__PORT",
            "70000",
            "setting chat: Value error, chat.port must be between 1 and 65535 (got {'port': '70000'}).",
        ),
        (
            "WENJU_RETREIVAL__TOP_K",
            "3",
            "WENJU_RETREIVAL__TOP_K is no setting; stages are articles, chat, index, language_model, models, "
            "outcome, passages, reader, retrieval, writer.",
        ),
    ],
)
def test_a_bad_variable(
    wenju: Wenju,
    notes_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
    variable: str,
    value: str,
    message: str,
) -> None:
    monkeypatch.setenv(variable, value)
    assert_fails(wenju(*command), message)


def test_a_bad_settings_file(wenju: Wenju, notes_file: Path, home: Path) -> None:
    home.mkdir()
    (home / "settings.toml").write_text("[retrieval]\ntop_k = 'few'\n", encoding="utf-8")
    assert_fails(
        wenju("ask", QUESTION),
        "setting retrieval.top_k: Input should be a valid integer, unable to parse string as an integer "
        "(got 'few').",
    )
    (home / "settings.toml").write_text("top_k =", encoding="utf-8")
    result = wenju("ask", QUESTION)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert result.stderr.startswith(f"Error: {home / 'settings.toml'}: ")
    assert result.stderr.endswith(" Mend or remove it.\n")


# --- the port ----------------------------------------------------------------------------------


def test_a_port_in_use(wenju: Wenju, command_model: CommandModel) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = wenju("chat", "--port", str(port), "--no-browser")
    assert_fails(
        result,
        f"port {port} is in use. Stop the other program or choose another: "
        f"wenju chat --port {port % 65535 + 1}",
    )
    assert command_model.embedded == 0  # told before any slow work


def test_a_host_that_is_not_this_machine(wenju: Wenju) -> None:
    result = wenju("chat", "--host", "192.0.2.1", "--no-browser")  # an address kept for documentation
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert result.stderr.startswith("Error: cannot listen on 192.0.2.1: ")


# --- the stored conversations -------------------------------------------------------------------


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_a_damaged_file_of_conversations(wenju: Wenju, home: Path, command_model: CommandModel) -> None:
    home.mkdir()
    file = home / "conversations.db"
    file.write_text("这不是数据库" * 100, encoding="utf-8")
    assert_fails(
        wenju("chat", "--port", free_port(), "--no-browser"),
        f"{file} cannot be read (file is not a database). Move it away or bring it back from a copy, "
        "or go on without stored conversations: WENJU_CHAT__HISTORY=false",
    )
    assert command_model.embedded == 0  # told before any slow work
    assert file.read_text(encoding="utf-8") == "这不是数据库" * 100


def test_without_a_place_for_conversations_the_chat_is_served(
    wenju: Wenju, home: Path, notes_file: Path, command_model: CommandModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[Any] = []
    monkeypatch.setattr("app.web.server.serve", lambda *arguments: served.extend(arguments))
    (home / "conversations.db").mkdir(parents=True)
    result = wenju("chat", "--collection", "notes.txt", "--port", free_port(), "--no-browser")
    assert (result.exit_code, served[0].conversations) == (0, None)
    assert result.stderr.startswith(f"wenju: cannot write {home / 'conversations.db'} (Is a directory). ")
    assert result.stderr.endswith("=false. This run's conversations are not stored.\n")


# --- usage and the unexpected ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask"], "Missing argument 'QUESTION'."),
        (["index"], "Name files to put in, or documents to take out with --remove."),
        (["index", "（）.txt"], "（）.txt gives no name for a collection. Name it with --collection."),
        (["ask", "一", "二"], "Got unexpected extra argument (二)"),
        (["answer", "一"], "No such command 'answer'."),
        (["ask", "一", "--jsn"], "No such option '--jsn'. Did you mean '--json'?"),
        (["ask", "一", "--layout", "pdf"], "'pdf' is not one of 'wrapped', 'plain', 'markdown'."),
        (["chat", "--port", "0"], "0 is not in the range 1<=x<=65535."),
    ],
)
def test_a_mistyped_command(wenju: Wenju, arguments: list[str], message: str) -> None:
    result = wenju(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Usage: wenju ")
    assert result.stderr.endswith(f"{message}\n")


def test_the_unexpected_is_one_line(
    wenju: Wenju, command_model: CommandModel, notes_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(command_model, "embed_passages", fail)
    message = "unexpected RuntimeError: out of memory. Run again with --debug for the details."
    assert_fails(wenju("ask", QUESTION, "--collection", "notes.txt"), message)
    result = wenju("--debug", "ask", QUESTION, "--collection", "notes.txt")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Traceback (most recent call last):" in result.stderr
    assert result.stderr.endswith(f"RuntimeError: out of memory\nError: {message}\n")


@pytest.mark.parametrize("command", [["ask", QUESTION], ["chat"], ["eval", "run", "article-dev"]], ids=str)
def test_a_writer_that_cannot_be_is_told_before_anything_is_loaded(
    wenju: Wenju, command_model: CommandModel, command: list[str]
) -> None:
    message = "openai:NAME needs the setting language_model.url, as in http://127.0.0.1:8080/v1."
    assert_fails(wenju(*command, "--writer", "openai:tiny"), message)
    assert not command_model.loaded.is_set()


@pytest.mark.parametrize(
    ("name", "way_out"),
    [
        ("qwen2.5-coder-0.5b", "is not here. Fetch it: wenju models fetch qwen2.5-coder-0.5b"),
        (
            "qwen",
            "there is no model 'qwen' in the catalogue. It has: qwen2.5-coder-0.5b, qwen2.5-coder-1.5b.",
        ),
    ],
)
@pytest.mark.parametrize(
    "command", [["ask", "哪里？"], ["eval", "run", "article-dev"]], ids=["ask", "eval run"]
)
def test_a_model_that_is_not_there(
    wenju: Wenju, notes_file: Path, command: list[str], name: str, way_out: str
) -> None:
    result = wenju(*command, "--writer", f"llama:{name}")
    assert (result.exit_code, result.stdout) == (1, "")
    assert way_out in result.stderr
