"""What a page shows while a language model writes, without a page: steps, stops, turns."""

from __future__ import annotations

import threading
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import gradio as gr
import pytest

from app.composing import ComposingWriter
from app.language_model import Message, wait_for
from app.library import Library
from app.opening import Opening
from app.settings import EXTRACTIVE, OutcomeSettings, WriterSettings
from app.web.conversation import Ask, OpenConversation
from app.web.dialogue import Dialogue
from app.web.pane import _narrow
from app.writers import Writers
from corpus import Document, build_document
from prompts import load_prompts
from tests.app.conftest import make_pipeline
from tests.fakes import Choice, Literal, Scripted

FACT, OTHER = "武汉有10家工厂。", "武汉的算力中心在东区。"
ASKED = "武汉的工厂？"
PAST = OpenConversation("mine")


class Open(Library):
    """A library of one collection."""

    def __init__(self, document: Document) -> None:
        self.one = Opening({document.id: document})
        self.one.coming.set_result(make_pipeline([document], OutcomeSettings(0.0, 0.0)))

    def opening(self, name: str, again: bool = False) -> Opening:
        """The one."""
        return self.one

    def names(self) -> list[str]:
        """Its name."""
        return [PAST.collection]


@dataclass
class Held:
    """A model in one process, used in turns; it hangs after its first words until it is let on."""

    text: str
    name: str = "held"
    sha256: None = None
    turn: threading.Lock = field(default_factory=threading.Lock)
    hold: threading.Event = field(default_factory=threading.Event)
    stopped: threading.Event = field(default_factory=threading.Event)
    left: threading.Event = field(default_factory=threading.Event)  # before it was somebody's turn

    def load(self) -> None:
        """Nothing to load."""

    def stream(self, messages: Sequence[Message], limit: int) -> Generator[str]:
        """The text, a character at a time."""
        try:
            yield from wait_for(self.turn)
        except GeneratorExit:
            self.left.set()
            raise
        try:
            for character in self.text:
                yield character
                self.hold.wait(30)
        except GeneratorExit:
            self.stopped.set()
            raise
        finally:
            self.turn.release()


def writer(model: Any, **settings: Any) -> ComposingWriter:
    """The writer with a model, and a checker that goes by the letter."""
    rules = replace(WriterSettings(), **settings)
    return ComposingWriter(model, Literal(), rules, load_prompts(), tokens=1000)  # type: ignore[arg-type]


def dialogue(writers: Writers) -> Dialogue:
    """A dialogue over two sentences, nothing of which is stored."""
    return Dialogue(Open(build_document("doc", f"{FACT}{OTHER}".encode(), "plain")), None, writers)


def last(step: tuple[Any, ...]) -> str:
    """The last message of a step."""
    return str(step[0][-1]["content"])


def until(steps: Generator[tuple[Any, ...]], text: str) -> str:
    """The first message that holds a text."""
    return next(last(step) for step in steps if step[0] != gr.skip() and text in last(step))


def test_a_reply_is_shown_as_it_is_written_and_then_as_it_is() -> None:
    first, *writing, reply = dialogue(Choice(writer(Scripted(FACT + OTHER)))).ask(
        Ask(ASKED, "scripted"), PAST, "zh"
    )
    assert "wj-question" in last(first) and first[3].writer == "scripted"
    assert all("wj-writing" in last(step) and step[1:] == (gr.skip(),) * 3 for step in writing)
    (answer,) = reply[2].answers
    assert (answer.writer, answer.answer) == ("scripted", f"{FACT[:-1]}[1]。\n{OTHER[:-1]}[2]。")
    assert "wj-writing" not in last(reply) and "写作：" in last(reply)


def test_the_choice_is_of_the_question() -> None:
    model = Scripted(FACT)
    *_, reply = dialogue(Choice(writer(model))).ask(Ask(ASKED, EXTRACTIVE), PAST, "zh")
    assert ([a.writer for a in reply[2].answers], model.prompts) == ([EXTRACTIVE], [])
    assert "写作：" not in last(reply)


@pytest.mark.parametrize("name", ["llama:/etc/passwd", "", "openai:other"])
def test_a_writer_that_is_not_offered_is_refused(name: str) -> None:
    *_, refused = dialogue(Choice()).ask(Ask(ASKED, name), PAST, "zh")
    assert "wj-failure" in last(refused) and "没有写作方式" in last(refused)
    assert (refused[2], refused[3]) == (PAST, None)


@pytest.mark.parametrize("name", [EXTRACTIVE, "gone"])
def test_the_articles_chosen_while_a_question_is_answered_are_those_of_the_next(name: str) -> None:
    past = OpenConversation("mine")
    steps = dialogue(Choice()).ask(Ask(ASKED, name), past, "zh")
    next(steps)
    _narrow(["doc"], past)
    *_, reply = steps
    assert reply[2].within.documents == ("doc",)
    assert OpenConversation("mine").within.documents == ()


def test_closing_the_reply_stops_the_model_and_waits_for_nothing() -> None:
    model = Held(FACT)
    steps = dialogue(Choice(writer(model))).ask(Ask(ASKED, "held"), PAST, "zh")
    assert '<span class="wj-tail">武</span>' in until(steps, "wj-tail")
    steps.close()
    assert not model.stopped.is_set()
    model.hold.set()
    assert model.stopped.wait(30)


def test_a_reply_that_was_stopped_ends_and_leaves_the_page_as_it_is() -> None:
    model = Held(FACT)
    told, ask = dialogue(Choice(writer(model))), Ask(ASKED, "held")
    steps = told.ask(ask, PAST, "zh")
    until(steps, "wj-tail")
    told.stop(ask)
    assert list(steps) == [(gr.skip(),) * 4]
    model.hold.set()
    assert model.stopped.wait(30)


def test_two_visitors_take_turns_and_the_second_sees_its_evidence_meanwhile() -> None:
    model = Held(FACT)
    told = dialogue(Choice(writer(model)))
    first = told.ask(Ask(ASKED, "held"), PAST, "zh")
    until(first, "wj-tail")
    second = told.ask(Ask(ASKED, "held"), PAST, "zh")
    shown = until(second, "wj-writing")
    assert FACT in shown and "wj-tail" not in shown
    third = told.ask(Ask(ASKED, "held"), PAST, "zh")
    until(third, "wj-writing")
    third.close()
    assert model.left.wait(30)  # who waits may leave
    model.hold.set()
    for steps in (first, second):
        *_, reply = steps
        assert [a.answer for a in reply[2].answers] == [f"{FACT[:-1]}[1]。"]


def test_suggestions_and_starters_ask_no_language_model() -> None:
    model = Scripted(FACT)
    told = dialogue(Choice(writer(model)))
    opening = told.library.opening("mine")
    pipeline = replace(opening.pipeline, writer=writer(model))
    opening = Opening(opening.documents)
    opening.coming.set_result(pipeline)
    assert opening.starters == ["武汉有多少家工厂？"]
    assert model.prompts == []
