"""Steps at a reader's pace: the newest, the last in any case, and nothing made for nobody."""

from __future__ import annotations

import threading
from collections.abc import Generator

import pytest

from app.web.pace import paced


def test_the_newest_of_a_beat_is_told_and_the_last_at_once() -> None:
    assert list(paced((n for n in range(1000)), beat=60)) == [999]


def test_while_nothing_comes_that_is_told() -> None:
    hold = threading.Event()

    def steps() -> Generator[str]:
        yield "first"
        hold.wait(30)
        yield "last"

    told = paced(steps(), beat=0.01, patience=0.01)
    assert next(told) == "first"
    assert next(told) is None
    hold.set()
    assert [step for step in told if step] == ["last"]


def test_a_failure_comes_behind_what_was_made() -> None:
    def steps() -> Generator[int]:
        yield 1
        raise ValueError("broken")

    told = paced(steps(), beat=60)
    assert next(told) == 1
    with pytest.raises(ValueError, match="broken"):
        next(told)


def test_nothing_at_all_ends() -> None:
    assert list(paced(n for n in range(0))) == []


def test_closing_does_not_wait_and_closes_what_makes_the_steps() -> None:
    hold, closed, made = threading.Event(), threading.Event(), []

    def steps() -> Generator[int]:
        try:
            for number in range(1000):
                made.append(number)
                yield number
                hold.wait(30)
        finally:
            closed.set()

    told = paced(steps(), beat=0.01)
    assert next(told) == 0
    told.close()  # the generator hangs, and this returns
    assert not closed.is_set()
    hold.set()
    assert closed.wait(30)
    assert made == [0, 1]
