"""A collection that is being opened: shown at once, answered when its pipeline is there."""

from __future__ import annotations

import threading

import pytest

from app.opening import Opening
from app.pipeline import Pipeline
from corpus import Document
from tests.app.conftest import make_pipeline


def test_whoever_asks_waits_for_the_pipeline(notes: Document) -> None:
    opening, there = Opening({notes.id: notes}), threading.Event()

    def open_pipeline() -> Pipeline:
        assert there.wait(30)
        return make_pipeline([notes])

    opening.begin(open_pipeline)
    assert not opening.coming.done()
    assert opening.documents == {notes.id: notes}
    there.set()
    assert opening.pipeline.documents == opening.documents
    assert opening.pipeline is opening.pipeline  # opened once


def test_a_failure_is_told_to_everyone_who_asks(notes: Document) -> None:
    opening = Opening({notes.id: notes})

    def fail() -> Pipeline:
        raise MemoryError("too large")

    opening.begin(fail)
    for _ in range(2):
        with pytest.raises(MemoryError, match="too large"):
            _ = opening.pipeline
