"""A collection that is being opened: shown at once, answered when its pipeline is there."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.answer import Answer
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


def test_starters_are_made_once_and_those_of_two_collections_beside_each_other(
    notes: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    both, made = threading.Barrier(2), []

    def suggest(pipeline: Pipeline, answers: Sequence[Answer]) -> list[str]:
        both.wait(10)  # for the other collection's
        made.append(pipeline)
        return ["武汉在哪里？"]

    monkeypatch.setattr("app.opening.suggest", suggest)
    one, other = Opening({}), Opening({})
    for opening in (one, other):
        opening.coming.set_result(make_pipeline([notes]))
    with ThreadPoolExecutor(4) as pages:
        asked = list(pages.map(lambda opening: opening.starters, (one, one, other, other)))
    assert (asked, len(made)) == ([["武汉在哪里？"]] * 4, 2)
