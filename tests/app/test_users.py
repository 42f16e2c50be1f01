"""Who may sign in: the file of users, the line that `wenju password` makes, and what both refuse."""

from __future__ import annotations

import os
import pty
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from app.errors import BadPassword, BadUser, UsersDamaged, UsersError, UsersUnreadable
from app.users import read_users, user_line
from tests.app.conftest import CommandModel, Wenju
from tests.app.test_cli import WENJU
from tests.app.test_cli_errors import assert_fails, free_port

SECRET = "正确 horse$battery:staple"
WEAK = "bert:scrypt$2$8$1$c2FsdHNhbHRzYWx0c2FsdA==$" + "A" * 86 + "=="
MAKE = "wenju password NAME makes a line."


@pytest.fixture(scope="module")
def line() -> str:
    """The line of anna."""
    return user_line("anna", SECRET)


def write(folder: Path, *lines: str) -> Path:
    file = folder / "users"
    file.write_text("\n".join(lines), encoding="utf-8")
    file.chmod(0o600)
    return file


def test_a_user_comes_in_with_the_right_password_only(tmp_path: Path, line: str) -> None:
    users = read_users(write(tmp_path, "# who", "", line))
    assert users.admit("anna", SECRET)
    refused = [("anna", SECRET + " "), ("anna", ""), ("Anna", SECRET), ("nobody", SECRET), ("", "")]
    assert not any(users.admit(*pair) for pair in refused)


def test_the_hash_is_salted_and_shows_nowhere(tmp_path: Path, line: str) -> None:
    assert line.startswith("anna:scrypt$131072$8$1$")  # the OWASP parameters
    assert line != user_line("anna", SECRET) and SECRET not in line
    *_, salt, digest = line.split("$")
    users = read_users(write(tmp_path, line))
    assert salt not in repr(users) and digest not in repr(users)
    kept = users.passwords["anna"]
    assert repr(kept.salt) not in repr(users) and repr(kept.hash) not in repr(users)


def test_an_unknown_name_takes_as_long_as_a_known_one(
    tmp_path: Path, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[dict[str, Any]] = []
    monkeypatch.setattr("app.users.hashlib.scrypt", lambda text, **cost: hashed.append(cost) or b"")
    users = read_users(write(tmp_path, line))
    assert not users.admit("anna", SECRET) and not users.admit("nobody", SECRET)
    assert hashed[0] == hashed[1]


@pytest.mark.parametrize(
    ("lines", "error", "told"),
    [
        ([], UsersDamaged, "names nobody, so nobody could sign in."),
        (["# only", "  "], UsersDamaged, "names nobody"),
        (["{}", "anna"], UsersDamaged, "line 2: it is not name:scrypt$N$r$p$salt$hash."),
        (["{}", "bert:hunter2hunter2"], UsersDamaged, "line 2: it is not name:"),
        (["{}", WEAK], UsersDamaged, "line 2: it is not name:"),
        (["{}", WEAK.replace("$2$", "$8192$")], UsersDamaged, "line 2: it is not name:"),
        (["{}", WEAK.replace("$2$8$1$", "$131073$8$1$")], UsersDamaged, "line 2: it is not name:"),
        (["{}", WEAK.replace("$2$8$1$", "$1048576$8$99$")], UsersDamaged, "line 2: it is not name:"),
        (["{}", WEAK.replace("$2$", "$131072$").replace("A=", "=")], UsersDamaged, "line 2"),
        (["{}", WEAK.replace("$2$", "$131072$").replace("scrypt", "md5")], UsersDamaged, "line 2"),
        (["", "{}", "{}"], UsersDamaged, "line 3: anna stands there a second time."),
        (["{}", WEAK.replace("$2$", "$131072$").replace("bert", "local")], UsersDamaged, "line 2: 'local'"),
        (
            ["{}", WEAK.replace("$2$", "$131072$").replace("bert", "a\x07b")],
            UsersDamaged,
            "line 2: 'a\\x07b'",
        ),
    ],
)
def test_a_bad_file_is_named_with_its_line(
    tmp_path: Path, line: str, lines: list[str], error: type[UsersError], told: str
) -> None:
    with pytest.raises(error) as raised:
        read_users(write(tmp_path, *(text.format(line) if "{}" in text else text for text in lines)))
    assert told in str(raised.value) and str(tmp_path / "users") in str(raised.value)
    assert "hunter2" not in str(raised.value)  # it may be a password


@pytest.mark.parametrize(("content", "reason"), [(None, "No such file"), (b"\xff\xfe", "it is not UTF-8")])
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None, reason: str) -> None:
    if content is not None:
        (tmp_path / "users").write_bytes(content)
    with pytest.raises(UsersUnreadable, match=reason):
        read_users(tmp_path / "users")


def test_a_file_that_others_may_read_is_told(
    tmp_path: Path, line: str, caplog: pytest.LogCaptureFixture
) -> None:
    file = write(tmp_path, line)
    read_users(file)
    assert not caplog.messages
    file.chmod(0o604)
    assert read_users(file).passwords.keys() == {"anna"}
    assert caplog.messages == [f"{file} is open to other users of this machine: chmod 600 {file}"]


@pytest.mark.parametrize("name", ["", " anna", "a:b", "#a", "a\nb", "local", "a" * 65])
def test_a_name_that_nobody_could_sign_in_by(name: str) -> None:
    with pytest.raises(BadUser):
        user_line(name, SECRET)


@pytest.mark.parametrize("password", ["", "1234567", "x" * 1025])
def test_a_password_too_short_or_too_long(password: str) -> None:
    with pytest.raises(BadPassword, match=f"现在有 {len(password)} 个"):
        user_line("anna", password)


# --- the command line --------------------------------------------------------------------------


def test_the_command_makes_a_line_from_standard_input(wenju: Wenju, tmp_path: Path) -> None:
    result = wenju("password", "anna", stdin=SECRET + "\n")
    assert (result.exit_code, result.stderr) == (0, "")
    assert read_users(write(tmp_path, result.stdout)).admit("anna", SECRET)
    assert_fails(wenju("password", "local", stdin=SECRET), str(refusal("local", SECRET)))
    assert_fails(wenju("password", "anna", stdin=""), str(refusal("anna", "")))


def refusal(name: str, password: str) -> UsersError:
    with pytest.raises(UsersError) as raised:
        user_line(name, password)
    return raised.value


def test_the_command_asks_twice_on_a_terminal_and_shows_nothing(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    with (tmp_path / "users").open("wb") as line:
        process = subprocess.Popen(
            [WENJU, "password", "anna"], stdin=theirs, stdout=line, stderr=theirs, start_new_session=True
        )
        os.close(theirs)  # so that reading ends with the process
        shown = ""
        for _ in range(2):
            while not shown.endswith(": "):
                shown += os.read(ours, 1000).decode()
            time.sleep(0.2)  # until it is quiet on the terminal
            os.write(ours, f"{SECRET}\n".encode())
            shown += "\n"
        assert process.wait(60) == 0
    assert SECRET not in shown
    assert read_users(tmp_path / "users").admit("anna", SECRET)


def test_a_bad_file_stops_the_chat_before_anything_slow(
    wenju: Wenju, command_model: CommandModel, tmp_path: Path
) -> None:
    file = write(tmp_path, "anna:secret")
    message = f"{file}, line 1: it is not name:scrypt$N$r$p$salt$hash. {MAKE}"
    assert_fails(wenju("chat", "--auth", str(file), "--port", free_port(), "--no-browser"), message)
    assert command_model.embedded == 0


def test_an_open_address_without_sign_in_is_told_and_served(
    wenju: Wenju, notes_file: Path, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[Any] = []
    monkeypatch.setattr("app.web.server.serve", lambda *arguments: served.append(arguments))
    chat = ["chat", "--collection", "notes.txt", "--port", free_port(), "--no-browser"]
    for host, warned in (("0.0.0.0", 1), ("127.0.0.2", 0), ("localhost", 0)):
        result = wenju(*chat, "--host", host)
        assert (result.exit_code, result.stderr.count("\n")) == (0, warned)
        assert result.stderr.count("--auth FILE") == warned
    result = wenju(*chat, "--host", "0.0.0.0", "--auth", str(write(tmp_path, line)))
    assert (result.exit_code, result.stderr, len(served)) == (0, "", 4)
    assert served[-1][0].users.passwords.keys() == {"anna"}
