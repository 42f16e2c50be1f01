"""A question over a collection that is not open yet leaves the line free for everybody else's."""

from __future__ import annotations

import gradio as gr
import pytest

from app.library import Library
from app.opening import Opening
from app.settings import EXTRACTIVE
from app.web.asking import Asking
from app.web.conversation import Ask, OpenConversation
from app.web.dialogue import Dialogue
from corpus import Document, WenjuError
from tests.app.conftest import EAST, make_pipeline
from tests.fakes import Choice

PAST = OpenConversation("mine")
REQUEST = gr.Request()


class Coming(Library):
    """A library of one collection that is on its way."""

    def __init__(self, document: Document) -> None:
        self.one = Opening({document.id: document})

    def opening(self, name: str, again: bool = False) -> Opening:
        """The one."""
        return self.one


@pytest.fixture
def library() -> Coming:
    return Coming(EAST)


@pytest.fixture
def asking(library: Coming) -> Asking:
    """Without its components, which would need a page."""
    asking = Asking.__new__(Asking)
    asking._dialogue = Dialogue(library, None, Choice())
    asking._asked, asking._failed, asking._spoke = {}, {}, {}
    return asking


def test_a_question_that_has_to_wait_gives_its_place_away(asking: Asking, library: Coming) -> None:
    (step,) = list(asking._ask("甲厂在哪里？", EXTRACTIVE, PAST, "zh", None, REQUEST))
    messages, _, conversation, current, waiting = step
    assert ("甲厂在哪里？" in messages[-1]["content"], conversation) == (True, PAST)
    assert isinstance(waiting, Ask) and waiting is current
    library.one.coming.set_result(make_pipeline([EAST]))
    *_, last = asking._ask_late(waiting, PAST, "zh", REQUEST)
    assert ([answer.question for answer in last[2].answers], last[4]) == (["甲厂在哪里？"], None)


def test_a_question_that_was_stopped_while_it_waited_is_not_asked(asking: Asking, library: Coming) -> None:
    (step,) = list(asking._ask("甲厂在哪里？", EXTRACTIVE, PAST, "zh", None, REQUEST))
    library.one.coming.set_result(make_pipeline([EAST]))
    asking._stop(step[3], "", PAST, "zh", REQUEST)
    ((*nothing, waiting),) = asking._ask_late(step[4], PAST, "zh", REQUEST)
    assert (nothing, waiting) == ([gr.skip()] * 4, None)


def test_where_the_collection_is_open_nothing_waits(asking: Asking, library: Coming) -> None:
    library.one.coming.set_result(make_pipeline([EAST]))
    first, last = list(asking._ask("甲厂在哪里？", EXTRACTIVE, PAST, "zh", None, REQUEST))
    assert (first[4], last[4]) == (None, None)
    assert [answer.question for answer in last[2].answers] == ["甲厂在哪里？"]
    ((*nothing, waiting),) = asking._ask_late(None, PAST, "zh", REQUEST)
    assert (nothing, waiting) == ([gr.skip()] * 4, None)


def test_a_page_asks_one_question_at_a_time_and_whoever_sees_the_reply_may_ask_again(
    asking: Asking, library: Coming, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(gr, "Warning", lambda message, **more: told.append(message))
    library.one.coming.set_result(make_pipeline([EAST]))
    first = asking._ask("甲厂在哪里？", EXTRACTIVE, PAST, "zh", None, REQUEST)
    next(first)
    (refused,) = asking._ask("甲厂在东吗？", EXTRACTIVE, PAST, "zh", None, REQUEST)
    assert (refused, len(told)) == ((*(gr.skip(),) * 4, None), 1)
    assert (
        asking._undo("", PAST.shows(make_pipeline([EAST]).answer("甲厂？")), "zh", REQUEST)
        == (gr.skip(),) * 3
    )
    reply = next(step for step in first if step[2] != gr.skip() and step[2].turns)
    assert len(told) == 2
    *_, second = asking._ask("甲厂在东吗？", EXTRACTIVE, reply[2], "zh", None, REQUEST)
    assert len(second[2].turns) == 2


def test_another_conversation_gives_up_what_is_asked_and_nothing_else(
    asking: Asking, library: Coming
) -> None:
    library.one.coming.set_result(make_pipeline([EAST]))
    nothing = (gr.skip(),) * 3
    assert asking._give_up(None, "", PAST, "zh", REQUEST) == nothing
    steps = asking._ask("甲厂在哪里？", EXTRACTIVE, PAST, "zh", None, REQUEST)
    next(steps)
    # What was just opened may be told late: a question is already asked in it.
    assert asking._give_up(None, "", PAST, "zh", REQUEST) == nothing
    messages, box, _ = asking._give_up(None, "", OpenConversation("mine"), "zh", REQUEST)
    assert (messages, box["stop_btn"], box["value"]) == ([], False, "甲厂在哪里？")
    assert list(steps) == [(*(gr.skip(),) * 4, None)]
    assert asking._give_up(None, "", PAST, "zh", REQUEST) == nothing


def test_a_question_that_waits_does_not_follow_into_another_conversation(
    asking: Asking, library: Coming
) -> None:
    (step,) = list(asking._ask("甲厂在哪里？", EXTRACTIVE, PAST, "zh", None, REQUEST))
    other = OpenConversation("mine")
    messages, box, waiting = asking._give_up(step[4], "", other, "zh", REQUEST)
    assert (messages, box["value"], waiting) == ([], "甲厂在哪里？", None)
    library.one.coming.set_result(make_pipeline([EAST]))
    ((*nothing, _),) = asking._ask_late(step[4], other, "zh", REQUEST)
    assert nothing == [gr.skip()] * 4


def test_a_second_question_does_not_push_out_one_that_waits(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(gr, "Warning", lambda message, **more: told.append(message))
    (step,) = list(asking._ask("甲厂在哪里？", EXTRACTIVE, PAST, "zh", None, REQUEST))
    (refused,) = asking._ask("甲厂在东吗？", EXTRACTIVE, PAST, "zh", step[4], REQUEST)
    assert (refused, len(told)) == ((gr.skip(),) * 5, 1)


def test_what_is_typed_meanwhile_stays_in_the_box(asking: Asking, library: Coming) -> None:
    library.one.coming.set_result(make_pipeline([EAST]))
    steps = asking._ask("甲厂在哪里？", EXTRACTIVE, PAST, "zh", None, REQUEST)
    step = next(steps)
    _, box = asking._stop(step[3], "还有", PAST, "zh", REQUEST)
    assert "value" not in box
    shown = PAST.shows(make_pipeline([EAST]).answer("甲厂？"))
    assert [asking._undo(typed, shown, "zh", REQUEST)[1] for typed in ("还有", " ")] == [gr.skip(), "甲厂？"]


def test_a_reply_is_told_in_the_language_that_was_switched_to_meanwhile(
    asking: Asking, library: Coming
) -> None:
    library.one.coming.set_result(make_pipeline([EAST]))
    *_, last = asking._ask("甲厂在哪里？", EXTRACTIVE, PAST, "zh", None, REQUEST)
    messages, box = asking._settle("", last[2], "en", REQUEST)
    assert (">Copy<" in messages[-1]["content"], box["submit_btn"]) == (True, "Ask")
    *_, last = asking._ask("甲厂在哪里？", EXTRACTIVE, PAST, "zh", None, REQUEST)
    assert asking._settle("", last[2], "zh", REQUEST) == (gr.skip(), gr.skip())


def test_a_question_that_fails_stands_in_the_box_again_unless_another_was_typed(
    asking: Asking, library: Coming
) -> None:
    library.one.coming.set_exception(WenjuError("no weights"))
    boxes = []
    for typed in ("", "下一个"):
        *_, last = asking._ask("甲厂在哪里？", EXTRACTIVE, PAST, "zh", None, REQUEST)
        boxes.append(asking._settle(typed, last[2], "zh", REQUEST)[1])
    assert boxes == [gr.update(value="甲厂在哪里？"), gr.skip()]
    assert asking._settle("", PAST, "zh", REQUEST) == (gr.skip(), gr.skip())
