"""What is made in a thread of its own, told at a reader's pace."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TypeVar

Step = TypeVar("Step")

_BEAT = 0.125  # seconds between two steps that are told
_PATIENCE = 0.5  # seconds without a step, after which that is told


@dataclass(frozen=True)
class _End:
    """Nothing more comes; `error` is why, if it failed."""

    error: BaseException | None = None


def paced(steps: Generator[Step], beat: float = _BEAT, patience: float = _PATIENCE) -> Generator[Step | None]:
    """The newest step of each beat, the last one in any case; None where none has come for a while.

    Closing it, which never waits, closes `steps` as soon as they give one more. Raises what they raise.
    """
    came: SimpleQueue[Step | _End] = SimpleQueue()
    left = threading.Event()
    threading.Thread(target=_take, args=(steps, came, left), name="reply", daemon=True).start()
    try:
        while True:
            newest, end = _newest(came, beat, patience)
            if newest is not None or end is None:
                yield newest
            if end is not None:
                if end.error is not None:
                    raise end.error
                return
    finally:
        left.set()


def _take(steps: Generator[Step], came: SimpleQueue[Step | _End], left: threading.Event) -> None:
    try:
        with closing(steps):
            for step in steps:
                if left.is_set():
                    return
                came.put(step)
    except BaseException as error:  # for the reader, who would wait for ever
        came.put(_End(error))
    else:
        came.put(_End())


def _newest(came: SimpleQueue[Step | _End], beat: float, patience: float) -> tuple[Step | None, _End | None]:
    """The newest step that comes within a beat of now, and the end if that comes, too."""
    newest: Step | None = None
    until, wait = time.monotonic() + beat, patience
    while wait > 0:
        try:
            step = came.get(timeout=wait)
        except Empty:
            break
        if isinstance(step, _End):
            return newest, step
        newest, wait = step, until - time.monotonic()
    return newest, None
