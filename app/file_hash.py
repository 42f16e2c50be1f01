"""The SHA-256 of a large file, worked out once for each size and time of change that it has had."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from pathlib import Path

log = logging.getLogger(__name__)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def noted_sha256(path: Path, note: Path) -> str:
    """The SHA-256 of a file: the note's if the file is as it was then, otherwise anew. Raises OSError."""
    state = _state(path)
    try:
        noted = json.loads(note.read_text(encoding="utf-8"))
        if noted == {**state, "sha256": str(noted["sha256"])}:
            return str(noted["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        log.debug("%s says nothing; reading %s", note, path)
    found = sha256_of(path)
    _write(note, found, state)
    return found


def note_sha256(path: Path, note: Path, sha256: str) -> None:
    """Note the SHA-256 that a file is known to have. Raises OSError where there is no such file."""
    _write(note, sha256, _state(path))


def _write(note: Path, sha256: str, state: dict[str, int]) -> None:
    """For its owner alone; where that fails, the file is read again next time."""
    fresh = note.with_name(f"{note.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump({**state, "sha256": sha256}, file)
        fresh.replace(note)
    except OSError as error:
        log.debug("cannot write %s (%s)", note, error.strerror)


def _state(path: Path) -> dict[str, int]:
    now = path.stat()
    return {"size": now.st_size, "mtime_ns": now.st_mtime_ns}
