"""What is made in a thread of its own, told at a reader's pace."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

Step = TypeVar("Step")

_BEAT = 0.125  # seconds between two steps that are told
_PATIENCE = 0.5  # seconds without a step, after which that is told


def paced(steps: Generator[Step], beat: float = _BEAT, patience: float = _PATIENCE) -> Generator[Step | None]:
    """The newest step of each beat, the last one in any case; None where none has come for a while.

    Closing it, which never waits, closes `steps` as soon as they give one more. Raises what they raise.
    """
    making = _Making(steps)
    threading.Thread(target=making.run, name="reply", daemon=True).start()
    try:
        while True:
            newest, end = making.newest(beat, patience)
            if newest is not None or end is None:
                yield newest
            if end is not None:
                if end.error is not None:
                    raise end.error
                return
    finally:
        making.left.set()


@dataclass(frozen=True)
class _End:
    """Nothing more comes; `error` is why, if it failed."""

    error: BaseException | None = None


class _Making(Generic[Step]):
    """Steps that are being made; `left` is set when nobody reads them any more."""

    def __init__(self, steps: Generator[Step]) -> None:
        self._steps = steps
        self._came: SimpleQueue[Step | _End] = SimpleQueue()
        self.left = threading.Event()

    def run(self) -> None:
        """Make them all, or until nobody reads them."""
        try:
            with closing(self._steps) as steps:
                for step in steps:
                    if self.left.is_set():
                        break
                    self._came.put(step)
        except BaseException as error:  # for the reader, who would wait for ever
            self._came.put(_End(error))
        else:
            self._came.put(_End())

    def newest(self, beat: float, patience: float) -> tuple[Step | None, _End | None]:
        """The newest step that comes within a beat of now, and the end if that comes, too."""
        newest: Step | None = None
        until, wait = time.monotonic() + beat, patience
        while wait > 0:
            try:
                step = self._came.get(timeout=wait)
            except Empty:
                break
            if isinstance(step, _End):
                return newest, step
            newest, wait = step, until - time.monotonic()
        return newest, None
