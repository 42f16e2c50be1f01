"""How a question comes in: typed, suggested, asked again, changed; and how it is stopped or taken back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
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
_EVERY = 0.2  # seconds
_SHOW = "() => { wenju.gold(null); wenju.showLatest(); }"
_TELL = "() => { wenju.gold(null); wenju.tellLatest(); wenju.showLatest(); }"


class Asking:
    """The events that change the conversation by a question. `actions.js` tells of clicks in the chat."""

    def __init__(self, dialogue: Dialogue, chat: gr.Chatbot, box: gr.Textbox) -> None:
        self._dialogue, self._chat, self._box = dialogue, chat, box
        self._bridge = gr.HTML(elem_id="wj-actions", js_on_load=_BRIDGE)
        self._current: gr.State = gr.State(None)  # the Ask that is being answered

    def wire(
        self, suggestions: Sequence[gr.Button], conversation: gr.State, language: gr.State
    ) -> list[gr.events.Dependency]:
        """Connect the events; those given have changed the conversation."""
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        states = [conversation, language]
        shown = [self._chat, self._box, conversation, self._current]
        # One after the other, so that each sees the turns before it.
        asking = {"outputs": shown, "concurrency_id": "asking", **quiet}
        # Who waits for a collection to be opened keeps nobody else waiting.
        waiting = {"outputs": self._chat, "concurrency_limit": None, **quiet}
        typed = [self._box, *states]
        waits = [self._box.submit(self._wait, typed, **waiting)]
        for button in suggestions:
            taken = button.click(lambda text: text, button, self._box, **quiet)
            waits.append(taken.then(self._wait, typed, **waiting))
        running: list[Any] = [event.then(self._ask, typed, **asking) for event in waits]
        running.append(self._bridge.retry(self._retry, states, **asking))
        running.append(self._bridge.edit(self._edit, states, **asking))
        undone = self._bridge.undo(self._undo, states, shown[:3], concurrency_id="asking", **quiet)
        stopping = [self._current, *states]
        stopped = self._box.stop(self._stop, stopping, [self._chat, self._box], cancels=running, **quiet)
        replied = [event.then(None, js=_TELL) for event in running]
        return [*replied, *(event.then(None, js=_SHOW) for event in (undone, stopped))]

    async def _wait(self, text: str, past: OpenConversation, language: Language) -> AsyncIterator[Any]:
        """The question on the page until what it is asked over is open."""
        dialogue = self._dialogue
        if await dialogue.is_ready(past):
            yield gr.skip()
            return
        yield dialogue.asked(text, past, language)
        while not await dialogue.is_ready(past):
            await asyncio.sleep(_EVERY)

    def _ask(
        self, text: str, past: OpenConversation, language: Language, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        yield from self._dialogue.of(request).ask(Ask(text), past, language)

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
