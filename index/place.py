"""The place of an index on disk: one at a time there, and every change of it in one step."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from index.errors import IndexMissing


def move_index(folder: Path, to: Path) -> None:
    """Give an index another place in the same parent folder.

    Raises IndexMissing, FileExistsError where something lies there, or another OSError.
    """
    if folder == to:
        return
    # In one order, so that two who swap names do not wait for each other.
    first, second = sorted((folder, to))
    with locked(first), locked(second):
        if not folder.is_dir():
            raise IndexMissing(f"there is no index at {folder}")
        if to.exists():
            raise FileExistsError(errno.EEXIST, "it is there already", str(to))
        folder.rename(to)


def remove_index(folder: Path) -> None:
    """Remove an index with its documents, all at once. Raises IndexMissing or OSError."""
    with locked(folder):
        if not folder.is_dir():
            raise IndexMissing(f"there is no index at {folder}")
        # Under a name that the next builder clears away, should this be killed in between.
        going = folder.with_name(f".{folder.name}.new")
        shutil.rmtree(going, ignore_errors=True)
        folder.rename(going)
        shutil.rmtree(going)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One process at a time; a folder that cannot be written has no builder to wait for."""
    lock = FileLock(folder.with_name(f".{folder.name}.lock"))
    try:
        lock.acquire()
    except OSError:
        yield
        return
    try:
        old = folder.with_name(f".{folder.name}.old")
        if old.exists() and not folder.exists():  # killed between the two renames of `beside`
            old.rename(folder)
        yield
    finally:
        lock.release()


@contextmanager
def beside(folder: Path) -> Iterator[Path]:
    """A fresh folder beside `folder` that takes its place at the end, or goes without a trace."""
    fresh, old = (folder.with_name(f".{folder.name}.{what}") for what in ("new", "old"))
    for left_by_a_killed_build in (fresh, old):
        shutil.rmtree(left_by_a_killed_build, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    try:
        yield fresh
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def make_private(folder: Path) -> None:
    """Make a folder and those above it that are missing, for their owner alone."""
    if not folder.is_dir():
        make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
