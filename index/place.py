"""The place of an index on disk: one at a time there, and every change of it in one step."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from index.errors import IndexMissing

_T = TypeVar("_T")


def put(folder: Path, build: Callable[[Path], None], load: Callable[[], _T]) -> _T:
    """Build a fresh folder beside `folder`, let it take its place, and give what `load` makes of it there.

    Two who build wait for each other; who reads waits for the change of places alone. What lies there stays
    where building or loading fails.
    """
    fresh, old = folder.with_name(f".{folder.name}.new"), _old(folder)
    with _held(folder, "build.lock"):
        shutil.rmtree(fresh, ignore_errors=True)  # left by a killed build
        fresh.mkdir(mode=0o700)
        try:
            build(fresh)
            # A power loss may leave a rename on the disk, and not what was written before it.
            for path in filter(Path.is_file, fresh.iterdir()):
                with path.open("r+b") as file:
                    os.fsync(file.fileno())
            _sync_folder(fresh)
            with locked(folder):
                if folder.exists():
                    folder.rename(old)
                fresh.rename(folder)
                try:
                    loaded = load()
                except BaseException:
                    folder.rename(fresh)
                    if old.exists():
                        old.rename(folder)
                    raise
                _sync_folder(folder.parent)
                shutil.rmtree(old, ignore_errors=True)
                return loaded
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


def _sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk, where the system can."""
    with suppress(OSError):  # Windows cannot, nor can some file systems
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)


def tidy(parent: Path) -> None:
    """Bring back what a killed change of places has left aside, and clear away what a killed build has."""
    for old in parent.glob(".*.old"):
        with locked(parent / old.name[1 : -len(".old")]):
            pass
    for fresh in parent.glob(".*.new"):
        # One that is still being built has its lock.
        with suppress(Timeout), _held(parent / fresh.name[1 : -len(".new")], "build.lock", timeout=0):
            shutil.rmtree(fresh, ignore_errors=True)


def move_index(folder: Path, to: Path) -> None:
    """Give an index another place in the same parent folder.

    Raises IndexMissing, FileExistsError where something lies there, or another OSError.
    """
    if folder == to:
        return
    # In one order, so that two who swap names do not wait for each other.
    first, second = sorted((folder, to))
    with locked(first), locked(second):
        _check_place(folder)
        if to.exists():
            raise FileExistsError(errno.EEXIST, "it is there already", str(to))
        folder.rename(to)


def remove_index(folder: Path) -> None:
    """Remove an index with its documents, all at once. Raises IndexMissing or OSError."""
    with locked(folder):
        _check_place(folder)
        # Under a name that the next builder clears away, should this be killed in between.
        going = folder.with_name(f".{folder.name}.new")
        shutil.rmtree(going, ignore_errors=True)
        folder.rename(going)
        shutil.rmtree(going)


def _check_place(folder: Path) -> None:
    """Raise IndexMissing, or OSError where an older one stays beside it, which would come back."""
    if not folder.is_dir():
        raise IndexMissing(f"there is no index at {folder}")
    if (old := _old(folder)).exists():
        shutil.rmtree(old)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """To look at what lies there, or to change places, one at a time."""
    with _held(folder, "lock"):
        old = _old(folder)
        if folder.exists():  # killed behind the two renames of `put`
            shutil.rmtree(old, ignore_errors=True)
        elif old.exists():  # killed between them
            old.rename(folder)
        yield


def _old(folder: Path) -> Path:
    """Where `put` keeps what it replaces."""
    return folder.with_name(f".{folder.name}.old")


@contextmanager
def _held(folder: Path, what: str, timeout: float = -1) -> Iterator[None]:
    """One process and thread at a time; a folder that cannot be written has nobody to wait for.

    Raises Timeout after so many seconds, if they are not below 0.
    """
    lock = FileLock(folder.with_name(f".{folder.name}.{what}"))
    try:
        make_private(folder.parent)  # else the lock would make it, for everyone
        lock.acquire(timeout=timeout)
    except Timeout:
        raise
    except OSError:
        yield
        return
    try:
        yield
    finally:
        lock.release()


def make_private(folder: Path) -> None:
    """Make a folder and those above it that are missing, for their owner alone."""
    if not folder.parent.exists():
        make_private(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
