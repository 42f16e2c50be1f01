"""A collection that is being opened: its text at once, its answers when index and models are there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field

from app.pipeline import Pipeline
from corpus import Document


@dataclass(frozen=True)
class Opening:
    """Documents that can be shown, and the pipeline over them that is on its way."""

    documents: Mapping[str, Document]  # by id
    coming: Future[Pipeline] = field(default_factory=Future)

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline, once it is there. Raises what opening it raised."""
        return self.coming.result()

    def begin(self, open_pipeline: Callable[[], Pipeline]) -> None:
        """Open it in a thread that does not keep the process."""
        threading.Thread(target=self._run, args=[open_pipeline], daemon=True).start()

    def _run(self, open_pipeline: Callable[[], Pipeline]) -> None:
        try:
            self.coming.set_result(open_pipeline())
        except BaseException as error:  # whoever waits for it is told
            self.coming.set_exception(error)
