"""A collection that is being opened: its text at once, its answers when index and models are there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field

from app.pipeline import Pipeline
from app.suggestions import suggest
from corpus import Document


@dataclass(frozen=True)
class Opening:
    """Documents that can be shown, and the pipeline over them that is on its way."""

    documents: Mapping[str, Document]  # by id
    coming: Future[Pipeline] = field(default_factory=Future)
    _starters: Future[list[str]] = field(default_factory=Future)
    _lock: threading.Lock = field(default_factory=threading.Lock)  # held by who makes the starters

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline, once it is there. Raises what opening it raised."""
        return self.coming.result()

    @property
    def is_open(self) -> bool:
        """Whether the pipeline is there."""
        return self.coming.done() and self.coming.exception() is None

    @property
    def has_failed(self) -> bool:
        """Whether there will be no pipeline."""
        return self.coming.done() and self.coming.exception() is not None

    @property
    def starters(self) -> list[str]:
        """Questions to begin with, made from the documents; each has a cited answer. Takes seconds once."""
        with self._lock:  # cached_property has none, or before Python 3.12 one for all collections
            if not self._starters.done():
                self._starters.set_result(suggest(self.pipeline, []))
        return self._starters.result()

    def begin(self, open_pipeline: Callable[[], Pipeline]) -> None:
        """Open it in a thread that does not keep the process."""
        threading.Thread(target=self._run, args=[open_pipeline], daemon=True).start()

    def _run(self, open_pipeline: Callable[[], Pipeline]) -> None:
        try:
            self.coming.set_result(open_pipeline())
        except BaseException as error:  # whoever waits for it is told
            self.coming.set_exception(error)
