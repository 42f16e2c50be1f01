"""How fast a language model writes."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from typing import Any, cast

import pytest

from app.composing import ComposingWriter
from app.extractive import ExtractiveWriter
from app.language_model import Message
from app.settings import WriterSettings
from eval.timing import Timed, timed, tokens_per_second
from prompts import load_prompts
from tests.fakes import Literal, Scripted


class Clock:
    """A time that passes when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        """The time now."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "perf_counter", clock)
    return clock


class Slow(Scripted):
    """Reads the prompt for ten seconds; gives each piece after the seconds that stand behind it."""

    def __init__(self, clock: Clock, *pieces: tuple[str, float]) -> None:
        super().__init__("")
        self._clock, self._pieces = clock, pieces

    def stream(self, messages: Sequence[Message], limit: int) -> Generator[str]:
        """The pieces."""
        self._clock.now += 10
        for piece, seconds in self._pieces:
            self._clock.now += seconds
            yield piece


def test_the_watch_runs_while_the_model_writes(clock: Clock) -> None:
    model = Timed(Slow(clock, ("", 1), ("甲", 1), ("乙", 0.25), ("", 0.5), ("丙", 0.25), ("丁", 0.5)))
    for piece in model.stream([], 9):
        clock.now += 100 * bool(piece)  # whoever checks the statement takes his time
    assert model.tokens_per_second == 2.0  # three pieces in a second and a half
    for _ in model.stream([], 9):  # another reply: both together
        pass
    assert model.tokens_per_second == 2.0


def test_a_reply_that_is_given_up_stops_the_model() -> None:
    scripted = Scripted("甲乙丙")
    stream = Timed(scripted).stream([], 9)
    next(stream)
    stream.close()
    assert scripted.stopped_after == 1


def test_nothing_written_has_no_pace(clock: Clock) -> None:
    model = Timed(Slow(clock, ("甲", 1)))
    assert (list(model.stream([], 9)), model.tokens_per_second) == (["甲"], None)


def test_the_writer_with_a_model_is_timed_and_the_other_is_not(clock: Clock) -> None:
    quoting = ExtractiveWriter(WriterSettings())
    assert (timed(quoting), tokens_per_second(quoting)) == (quoting, None)
    model = Slow(clock, ("甲", 1), ("乙", 0.5))
    model.sha256 = "ab"
    composing = ComposingWriter(model, cast(Any, Literal()), WriterSettings(), load_prompts(), 9)
    writer = timed(composing)
    assert (writer.name, writer.checked_by) == ("scripted", "literal:1")
    assert tokens_per_second(composing) is tokens_per_second(writer) is None
    assert isinstance(writer, ComposingWriter)
    assert writer.model.sha256 == "ab"
    list(writer.model.stream([], 9))
    assert tokens_per_second(writer) == 2.0
