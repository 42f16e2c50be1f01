"""A collection that is being built behind a page: told as it goes, and stopped between two batches."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, wait
from dataclasses import replace

from app.collections import Shelf
from app.errors import BuildStopped
from app.holdings import extend
from corpus import Document

_EVERY = 0.3  # seconds between two steps that are told


class Build:
    """Documents on their way into a collection of a shelf."""

    def __init__(self, shelf: Shelf, name: str, documents: Sequence[Document]) -> None:
        self._shelf = replace(shelf, progress=self._tell)
        self._name, self._documents = name, documents
        self._told = (0, 0)
        self._stopping = threading.Event()
        self._done: Future[None] = Future()

    def steps(self) -> Iterator[tuple[int, int]]:
        """Begin, and give how many of how many texts are embedded until the collection is there.

        Raises BuildStopped, CollectionError, or whatever else went wrong; nothing is changed then.
        """
        threading.Thread(target=self._run, daemon=True).start()
        while not self._done.done():
            yield self._told
            wait([self._done], _EVERY)
        self._done.result()

    def stop(self) -> None:
        """Give it up; what was there before stays."""
        self._stopping.set()

    def _run(self) -> None:
        try:
            extend(self._shelf, self._name, self._documents)
        except BaseException as error:  # whoever follows the steps is told
            self._done.set_exception(error)
        else:
            self._done.set_result(None)

    def _tell(self, done: int, total: int) -> None:
        self._told = (done, total)
        if self._stopping.is_set():
            raise BuildStopped(f"{self._name!r} was not built: it was stopped.")
