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
NOTHING = (gr.skip(),) * 4  # changes on the page


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
    asking._asked, asking._waiting, asking._failed, asking._spoke = {}, {}, {}, {}
    return asking


def test_a_question_that_has_to_wait_gives_its_place_away(asking: Asking, library: Coming) -> None:
    (step,) = list(asking._asks(typed=True)("甲厂在哪里？", EXTRACTIVE, PAST, "zh", REQUEST))
    messages, _, conversation, current = step
    assert ("甲厂在哪里？" in messages[-1]["content"], conversation) == (True, PAST)
    assert isinstance(current, Ask)
    library.one.coming.set_result(make_pipeline([EAST]))
    *_, last = asking._ask_late(PAST, "zh", REQUEST)
    assert [answer.question for answer in last[2].answers] == ["甲厂在哪里？"]
    assert list(asking._ask_late(last[2], "zh", REQUEST)) == [NOTHING]


def test_a_question_that_was_stopped_while_it_waited_is_not_asked(asking: Asking, library: Coming) -> None:
    (step,) = list(asking._asks(typed=True)("甲厂在哪里？", EXTRACTIVE, PAST, "zh", REQUEST))
    library.one.coming.set_result(make_pipeline([EAST]))
    asking._stop(step[3], "", PAST, "zh", REQUEST)
    assert list(asking._ask_late(PAST, "zh", REQUEST)) == [NOTHING]


def test_where_the_collection_is_open_nothing_waits(asking: Asking, library: Coming) -> None:
    library.one.coming.set_result(make_pipeline([EAST]))
    *_, last = asking._asks(typed=True)("甲厂在哪里？", EXTRACTIVE, PAST, "zh", REQUEST)
    assert [answer.question for answer in last[2].answers] == ["甲厂在哪里？"]
    assert list(asking._ask_late(PAST, "zh", REQUEST)) == [NOTHING]


def test_a_page_asks_one_question_at_a_time_and_whoever_sees_the_reply_may_ask_again(
    asking: Asking, library: Coming, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(gr, "Warning", lambda message, **more: told.append(message))
    library.one.coming.set_result(make_pipeline([EAST]))
    first = asking._asks(typed=True)("甲厂在哪里？", EXTRACTIVE, PAST, "zh", REQUEST)
    next(first)
    (refused,) = asking._asks(typed=True)("甲厂在东吗？", EXTRACTIVE, PAST, "zh", REQUEST)
    assert (refused, len(told)) == (NOTHING, 1)
    assert (
        asking._undo("", PAST.shows(make_pipeline([EAST]).answer("甲厂？")), "zh", REQUEST)
        == (gr.skip(),) * 3
    )
    reply = next(step for step in first if step[2] != gr.skip() and step[2].turns)
    assert len(told) == 2
    *_, second = asking._asks(typed=True)("甲厂在东吗？", EXTRACTIVE, reply[2], "zh", REQUEST)
    assert len(second[2].turns) == 2


def test_another_conversation_gives_up_what_is_asked_and_nothing_else(
    asking: Asking, library: Coming
) -> None:
    library.one.coming.set_result(make_pipeline([EAST]))
    nothing = (gr.skip(),) * 2
    assert asking._give_up("", PAST, "zh", REQUEST) == nothing
    steps = asking._asks(typed=True)("甲厂在哪里？", EXTRACTIVE, PAST, "zh", REQUEST)
    next(steps)
    # What was just opened may be told late: a question is already asked in it.
    assert asking._give_up("", PAST, "zh", REQUEST) == nothing
    messages, box = asking._give_up("", OpenConversation("mine"), "zh", REQUEST)
    assert (messages, box["stop_btn"], box["value"]) == ([], False, "甲厂在哪里？")
    assert list(steps) == [NOTHING]
    assert asking._give_up("", PAST, "zh", REQUEST) == nothing


def test_a_question_that_waits_does_not_follow_into_another_conversation(
    asking: Asking, library: Coming
) -> None:
    list(asking._asks(typed=True)("甲厂在哪里？", EXTRACTIVE, PAST, "zh", REQUEST))
    other = OpenConversation("mine")
    messages, box = asking._give_up("", other, "zh", REQUEST)
    assert (messages, box["value"]) == ([], "甲厂在哪里？")
    library.one.coming.set_result(make_pipeline([EAST]))
    assert list(asking._ask_late(other, "zh", REQUEST)) == [NOTHING]


def test_nothing_else_that_asks_pushes_out_a_question_that_waits(
    asking: Asking, library: Coming, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(gr, "Warning", lambda message, **more: told.append(message))
    past = PAST.shows(make_pipeline([EAST]).answer("甲厂？"))
    list(asking._asks(typed=True)("甲厂在哪里？", EXTRACTIVE, past, "zh", REQUEST))
    assert asking.is_answering(REQUEST)
    assert list(asking._asks(typed=True)("甲厂在东吗？", EXTRACTIVE, past, "zh", REQUEST)) == [NOTHING]
    assert list(asking._retry(EXTRACTIVE, past, "zh", REQUEST)) == [NOTHING]
    assert len(told) == 2
    library.one.coming.set_result(make_pipeline([EAST]))
    *_, last = asking._ask_late(past, "zh", REQUEST)
    assert last[2].answers[-1].question == "甲厂在哪里？"
    assert not asking.is_answering(REQUEST)


def test_what_is_typed_meanwhile_stays_in_the_box(asking: Asking, library: Coming) -> None:
    library.one.coming.set_result(make_pipeline([EAST]))
    steps = asking._asks(typed=True)("甲厂在哪里？", EXTRACTIVE, PAST, "zh", REQUEST)
    step = next(steps)
    _, box = asking._stop(step[3], "还有", PAST, "zh", REQUEST)
    assert "value" not in box
    shown = PAST.shows(make_pipeline([EAST]).answer("甲厂？"))
    assert [asking._undo(typed, shown, "zh", REQUEST)[1] for typed in ("还有", " ")] == [gr.skip(), "甲厂？"]


def test_a_suggestion_leaves_what_is_typed_in_the_box(asking: Asking, library: Coming) -> None:
    library.one.coming.set_result(make_pipeline([EAST]))
    boxes = []
    for typed in (True, False):
        first, *_, last = asking._asks(typed)("甲厂在哪里？", EXTRACTIVE, PAST, "zh", REQUEST)
        assert [answer.question for answer in last[2].answers] == ["甲厂在哪里？"]
        boxes.append(first[1].get("value"))
    assert boxes == ["", None]


def test_a_reply_is_told_in_the_language_that_was_switched_to_meanwhile(
    asking: Asking, library: Coming
) -> None:
    library.one.coming.set_result(make_pipeline([EAST]))
    *_, last = asking._asks(typed=True)("甲厂在哪里？", EXTRACTIVE, PAST, "zh", REQUEST)
    messages, box = asking._settle("", last[2], "en", REQUEST)
    assert (">Copy<" in messages[-1]["content"], box["submit_btn"]) == (True, "Ask")
    *_, last = asking._asks(typed=True)("甲厂在哪里？", EXTRACTIVE, PAST, "zh", REQUEST)
    assert asking._settle("", last[2], "zh", REQUEST) == (gr.skip(), gr.skip())


def test_a_question_that_fails_stands_in_the_box_again_unless_another_was_typed(
    asking: Asking, library: Coming
) -> None:
    library.one.coming.set_exception(WenjuError("no weights"))
    boxes = []
    for typed in ("", "下一个"):
        *_, last = asking._asks(typed=True)("甲厂在哪里？", EXTRACTIVE, PAST, "zh", REQUEST)
        boxes.append(asking._settle(typed, last[2], "zh", REQUEST)[1])
    assert boxes == [gr.update(value="甲厂在哪里？"), gr.skip()]
    assert asking._settle("", PAST, "zh", REQUEST) == (gr.skip(), gr.skip())
