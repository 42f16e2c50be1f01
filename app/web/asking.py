"""How a question comes in: typed, suggested, asked again, changed; and how it is stopped or taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import gradio as gr

from app.web.dialogue import Ask, Dialogue, OpenConversation
from app.web.words import WORDS
from corpus import Language

_BRIDGE = """wenju.connect({
  retry: () => trigger("retry", {}),
  undo: () => trigger("undo", {}),
  edit: (turn, text) => trigger("edit", { turn, text }),
});"""
_SHOW = "() => { wenju.gold(null); wenju.showLatest(); }"
_TELL_NEW = "() => { if (wenju.isNew()) { wenju.tellLatest(); wenju.showLatest(); } }"
_TELL = "() => { wenju.gold(null); wenju.tellLatest(); wenju.showLatest(); }"


class Asking:
    """The events that change the conversation by a question. `actions.js` tells of clicks in the chat."""

    def __init__(self, dialogue: Dialogue, chat: gr.Chatbot, box: gr.Textbox) -> None:
        self._dialogue, self._chat, self._box = dialogue, chat, box
        self._bridge = gr.HTML(elem_id="wj-actions", js_on_load=_BRIDGE)
        self._current: gr.State = gr.State(None)  # the Ask that is being answered
        self._waiting: gr.State = gr.State(None)  # the Ask whose collection is not open yet

    def wire(
        self, suggestions: Sequence[gr.Button], conversation: gr.State, language: gr.State
    ) -> list[gr.events.Dependency]:
        """Connect the events; those given have changed the conversation."""
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        states = [conversation, language]
        shown = [self._chat, self._box, conversation, self._current]
        # One after the other, so that each sees the turns before it.
        asking: dict[str, Any] = {"concurrency_id": "asking", **quiet}
        asks: dict[str, Any] = {"outputs": [*shown, self._waiting], **asking}
        running: list[Any] = [self._box.submit(self._ask, [self._box, *states], **asks)]
        for button in suggestions:
            taken = button.click(lambda text: text, button, self._box, **quiet)
            running.append(taken.then(self._ask, [self._box, *states], **asks))
        running.append(self._bridge.retry(self._retry, states, shown, **asking))
        running.append(self._bridge.edit(self._edit, states, shown, **asking))
        undone = self._bridge.undo(self._undo, states, shown[:3], **asking)
        stopping = [self._current, *states]
        stopped = self._box.stop(self._stop, stopping, [self._chat, self._box], cancels=running, **quiet)
        replied = [event.then(None, js=_TELL) for event in running]
        return [*replied, *(event.then(None, js=_SHOW) for event in (undone, stopped))]

    def follow(
        self, there: gr.events.Dependency, conversation: gr.State, language: gr.State
    ) -> gr.events.Dependency:
        """Answer what was asked while its collection was opened, after an event that waited for that."""
        late = there.then(
            self._ask_late,
            [self._waiting, conversation, language],
            [self._chat, self._box, conversation, self._current, self._waiting],
            concurrency_id="asking",
            api_visibility="private",
            show_progress="hidden",
        )
        told: gr.events.Dependency = late.then(None, js=_TELL_NEW)
        return told

    def _ask(
        self, text: str, past: OpenConversation, language: Language, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        """A question and its reply; the question alone, to be asked later, while its collection is opened."""
        ask, dialogue = Ask(text), self._dialogue.of(request)
        steps = dialogue.ask(ask, past, language)
        ready = dialogue.is_ready(past)
        yield (*next(steps), None if ready else ask)
        if ready:
            yield from ((*step, None) for step in steps)

    def _ask_late(
        self, waiting: Ask | None, past: OpenConversation, language: Language, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        """The reply to a question that waited; it may have been stopped meanwhile."""
        if waiting is None or waiting.token in self._dialogue.stopped:
            yield (*(gr.skip(),) * 4, None)
            return
        for step in self._dialogue.of(request).ask(waiting, past, language):
            yield (*step, None)

    def _retry(
        self, past: OpenConversation, language: Language, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        """The last question again, in place of its reply."""
        last = len(past.turns) - 1
        if last >= 0:
            again = Ask(past.answers[last].question, last)
            yield from self._dialogue.of(request).ask(again, past, language)

    def _edit(
        self, past: OpenConversation, language: Language, event: gr.EventData, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        """A question in other words, in place of its turn and of those that followed from it."""
        turn = int(event.turn)
        if 0 <= turn < len(past.turns):
            yield from self._dialogue.of(request).ask(Ask(str(event.text), turn), past, language)

    def _undo(self, past: OpenConversation, language: Language, request: gr.Request) -> tuple[Any, ...]:
        """The last turn is taken back; its question stands in the box again."""
        if not past.turns:
            return gr.skip(), gr.skip(), past
        now = self._dialogue.of(request).undo(past, language)
        question = past.answers[-1].question if now != past else gr.skip()
        return self._dialogue.messages(now, language), question, now

    def _stop(self, current: Ask | None, past: OpenConversation, language: Language) -> tuple[Any, Any]:
        """Nothing comes of the question that is being answered; it stands in the box again."""
        if current is None:
            return gr.skip(), gr.skip()
        self._dialogue.stop(current)
        box = gr.update(value=current.text, submit_btn=WORDS[language].ask, stop_btn=False)
        return self._dialogue.messages(past, language), box
