"""The collections that a page can ask, each opened once for everyone."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import partial

from app.collection_names import SHIPPED, collection_key
from app.collections import Shelf
from app.errors import CollectionMissing
from app.opening import Opening
from app.pipeline import Pipeline
from corpus import Layout
from index import Index, tidy

_KEPT = 8  # collections in memory; who asks another waits until it is opened again

OpenPipeline = Callable[[Callable[[], Index]], Pipeline]  # from an index, once it is there, with its models
_Edition = tuple[str, int]  # a collection's name, and when it was written


class Library:
    """A shelf whose collections are opened when they are asked; the first one is named at the start."""

    def __init__(
        self, shelf: Shelf, open_pipeline: OpenPipeline, first: str = SHIPPED, layout: Layout | None = None
    ) -> None:
        """Raises CollectionError, or an ArticleError for a file that cannot be read."""
        tidy(shelf.folder)
        self.shelf = shelf
        self._open_pipeline = open_pipeline
        self._first, self._layout = collection_key(first), layout
        self._openings: OrderedDict[_Edition, Opening] = OrderedDict()
        self._lock = threading.Lock()
        opening, self.begin = self._prepare(self._first)  # `begin` is called once the page can be seen
        self._openings[self._edition(self._first)] = opening

    @property
    def first(self) -> str:
        """The collection that a new page shows."""
        return self._first if self._first in self.names() else SHIPPED

    def names(self) -> list[str]:
        """The collections that can be asked, the one named at the start first."""
        names = self.shelf.names()
        is_there = self._first in names or os.sep in self._first  # which no name holds
        return list(dict.fromkeys([self._first, *names] if is_there else names))

    def opening(self, name: str, again: bool = False) -> Opening:
        """A collection as it is now; a file that was named at the start, as it was then.

        `again`: one that could not be opened is tried once more. Raises CollectionError; CollectionMissing
        for a file that was not named at the start.
        """
        if name not in self.names():
            raise CollectionMissing(
                f"没有资料集 {name}，可能已删除，请选另一个。 / There is no collection {name!r}; it may have "
                "been deleted. Choose another."
            )
        edition = self._edition(name)
        with self._lock:
            known = self._openings.get(edition)
            if known is not None:
                self._openings.move_to_end(edition)
        if known is not None and not (again and known.has_failed):
            return known
        opening, begin = self._prepare(name)  # outside the lock: whoever asks another does not wait
        with self._lock:
            now = self._openings.get(edition)
            if now is not None and now is not known:
                return now
            for older in [key for key in self._openings if key[0] == name]:
                del self._openings[older]
            self._openings[edition] = opening
            others = [key for key in self._openings if key[0] != self._first]
            for oldest in others[: max(0, len(self._openings) - _KEPT)]:
                del self._openings[oldest]
        begin()
        return opening

    def _prepare(self, name: str) -> tuple[Opening, Callable[[], None]]:
        """A collection's texts, and what opens it behind whoever calls. A name is never a file here."""
        shelf = self.shelf
        if name == SHIPPED or os.sep in name:
            folder, documents = shelf.find(name, self._layout if name == self._first else None)
            opening = Opening({document.id: document for document in documents})
            index = partial(shelf.index, folder, documents)
        else:
            opening, index = Opening(shelf.stored_documents(name)), partial(shelf.open_stored, name)
        return opening, lambda: opening.begin(lambda: self._open_pipeline(index))

    def _edition(self, name: str) -> _Edition:
        return name, self.shelf.written(name)
