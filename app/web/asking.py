"""How a question comes in: typed, suggested, asked again, changed; and how it is stopped or taken back."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from typing import Any

import gradio as gr

from app.web.column import Column
from app.web.conversation import Ask, OpenConversation
from app.web.dialogue import Dialogue
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
_STOPPED = """() => { wenju.tell("stopped"); wenju.gold(null); wenju.showLatest(); }"""
_AT_ONCE = 16  # questions of different visitors; whoever waits for a language model takes a place, too
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_ASKING: dict[str, Any] = {"concurrency_id": "asking", "concurrency_limit": _AT_ONCE, **_QUIET}
_Steps = Generator[tuple[Any, ...]]


class Asking:
    """The events that change the conversation by a question. `actions.js` tells of clicks in the chat."""

    def __init__(self, dialogue: Dialogue, column: Column) -> None:
        self._dialogue, self._column = dialogue, column
        self._bridge = gr.HTML(elem_id="wj-actions", js_on_load=_BRIDGE)
        self._current: gr.State = gr.State(None)  # the Ask that is being answered
        # By the page's session: what is being answered, and if its collection is not open yet; what failed;
        # the language of the last reply.
        self._asked: dict[str | None, Ask] = {}
        self._waiting: dict[str | None, Ask] = {}
        self._failed: dict[str | None, Ask] = {}
        self._spoke: dict[str | None, Language] = {}

    def wire(self, conversation: gr.State, language: gr.State) -> list[gr.events.Dependency]:
        """Connect the events; those given have changed the conversation."""
        box, chat = self._column.box, self._column.chat
        states = [conversation, language]
        chosen = [self._column.menu.choice, *states]
        shown = [chat, box, conversation, self._current]
        asks: dict[str, Any] = {"inputs": [box, *chosen], "outputs": shown, **_ASKING}
        # Gradio's page would drop a question that comes just behind a reply; here it is looked at.
        running: list[Any] = [box.submit(self._asks(typed=True), trigger_mode="multiple", **asks)]
        for button in self._column.suggestions:
            suggested: dict[str, Any] = {**asks, "inputs": [button, *chosen]}
            running.append(button.click(self._asks(typed=False), trigger_mode="multiple", **suggested))
        running.append(self._bridge.retry(self._retry, chosen, shown, **_ASKING))
        running.append(self._bridge.edit(self._edit, chosen, shown, **_ASKING))
        undone = self._bridge.undo(self._undo, [box, *states], shown[:3], **_ASKING)
        stopped = box.stop(self._stop, [self._current, box, *states], [chat, box], cancels=running, **_QUIET)
        spoken = [event.then(self._settle, [box, *states], [chat, box], **_QUIET) for event in running]
        replied = [event.then(None, js=_TELL) for event in spoken]
        return [*replied, undone.then(None, js=_SHOW), stopped.then(None, js=_STOPPED)]

    def follow(
        self, there: gr.events.Dependency, conversation: gr.State, language: gr.State
    ) -> gr.events.Dependency:
        """Answer what was asked while its collection was opened, after an event that waited for that."""
        late = there.then(
            self._ask_late,
            [conversation, language],
            [self._column.chat, self._column.box, conversation, self._current],
            trigger_mode="multiple",
            **_ASKING,
        )
        shown = [self._column.chat, self._column.box]
        known = [self._column.box, conversation, language]
        spoken = late.then(self._settle, known, shown, **_QUIET)
        told: gr.events.Dependency = spoken.then(None, js=_TELL_NEW)
        return told

    def give_up_after(
        self, changed: Sequence[gr.events.Dependency], conversation: gr.State, language: gr.State
    ) -> None:
        """Stop what is being answered after events that put another conversation on the page."""
        known, shown = [self._column.box, conversation, language], [self._column.chat, self._column.box]
        for event in changed:
            event.then(self._give_up, known, shown, **_QUIET)

    def is_answering(self, request: gr.Request) -> bool:
        """Whether a question of this page is being answered."""
        return _session(request) in self._asked

    def _asks(self, typed: bool) -> Callable[..., _Steps]:
        """What asks a question; one that is not typed leaves what is being typed in the box."""

        def ask(
            text: str, writer: str, past: OpenConversation, language: Language, request: gr.Request
        ) -> _Steps:
            """A question and its reply; the question alone, till its collection is open."""
            asked = Ask(text, writer, conversation=past.token, typed=typed)
            if self._dialogue.is_ready(past) or self.is_answering(request):
                yield from self._alone(asked, past, language, request)
            else:
                self._asked[_session(request)] = self._waiting[_session(request)] = asked
                yield next(self._dialogue.of(request).ask(asked, past, language))

        return ask

    def _ask_late(self, past: OpenConversation, language: Language, request: gr.Request) -> _Steps:
        """The reply to a question that waited, unless it was stopped meanwhile."""
        waiting = self._waiting.pop(_session(request), None)
        if waiting is None:
            yield (gr.skip(),) * 4
        else:
            yield from self._alone(waiting, past, language, request)

    def _retry(self, writer: str, past: OpenConversation, language: Language, request: gr.Request) -> _Steps:
        """The last question again, in place of its reply."""
        last = len(past.turns) - 1
        if last >= 0:
            ask = Ask(past.answers[last].question, writer, last, past.token)
            yield from self._alone(ask, past, language, request)

    def _edit(
        self,
        writer: str,
        past: OpenConversation,
        language: Language,
        event: gr.EventData,
        request: gr.Request,
    ) -> _Steps:
        """A question in other words, in place of its turn and of those that followed from it."""
        turn = int(event.turn)
        if 0 <= turn < len(past.turns):
            yield from self._alone(Ask(str(event.text), writer, turn, past.token), past, language, request)

    def _alone(self, ask: Ask, past: OpenConversation, language: Language, request: gr.Request) -> _Steps:
        """The reply, unless another question of this page is being answered: it would not see that turn."""
        session = _session(request)
        if self._asked.get(session) is not ask and self._is_busy(request, language):
            yield (gr.skip(),) * 4
            return
        self._asked[session] = ask
        self._failed.pop(session, None)
        try:
            with closing(self._dialogue.of(request).ask(ask, past, language)) as steps:
                for step in steps:
                    if step[3] is None:  # who sees the reply may ask again
                        self._done(session, ask)
                        if step[2] is past:
                            self._failed[session] = ask
                    if step[2] not in (gr.skip(), past):
                        self._spoke[session] = language
                    yield step
        finally:
            self._done(session, ask)

    def _done(self, session: str | None, ask: Ask) -> None:
        if self._asked.get(session) is ask:
            del self._asked[session]

    def _is_busy(self, request: gr.Request, language: Language) -> bool:
        """Whether a question of this page is being answered, which is told."""
        if self.is_answering(request):
            gr.Warning(WORDS[language].writer.busy, title=WORDS[language].told)
        return self.is_answering(request)

    def _settle(
        self, typed: str, now: OpenConversation, language: Language, request: gr.Request
    ) -> tuple[Any, Any]:
        """A question that failed stands in the box again; a reply is told in the page's language by now."""
        failed = self._failed.pop(_session(request), None)
        box = _again(failed, typed) if failed else {}
        if self._spoke.pop(_session(request), language) == language:
            return gr.skip(), gr.update(**box) if box else gr.skip()
        return self._dialogue.messages(now, language), gr.update(**box, **_idle(language))

    def _undo(
        self, typed: str, past: OpenConversation, language: Language, request: gr.Request
    ) -> tuple[Any, ...]:
        """The last turn is taken back; its question stands in the box again, if nothing else stands there."""
        if not past.turns or self._is_busy(request, language):
            return gr.skip(), gr.skip(), gr.skip()
        now = self._dialogue.of(request).undo(past, language)
        question = past.answers[-1].question if now != past and not typed.strip() else gr.skip()
        return self._dialogue.messages(now, language), question, now

    def _stop(
        self, current: Ask | None, typed: str, past: OpenConversation, language: Language, request: gr.Request
    ) -> tuple[Any, Any]:
        """Nothing comes of the question that is being answered; it stands in the box again."""
        if current is None:
            return gr.skip(), gr.skip()
        self._forget(current, request)
        return self._dialogue.messages(past, language), gr.update(**_again(current, typed), **_idle(language))

    def _give_up(
        self, typed: str, now: OpenConversation, language: Language, request: gr.Request
    ) -> tuple[Any, Any]:
        """Nothing comes of a question that was asked in another conversation; it stands in the box again."""
        asked = self._asked.get(_session(request))
        if asked is None or asked.conversation == now.token:
            return gr.skip(), gr.skip()
        self._forget(asked, request)
        return self._dialogue.messages(now, language), gr.update(**_again(asked, typed), **_idle(language))

    def _forget(self, ask: Ask, request: gr.Request) -> None:
        """Let nothing come of a question."""
        self._asked.pop(_session(request), None)
        if self._waiting.pop(_session(request), None) is None:
            self._dialogue.stop(ask)


def _again(asked: Ask, typed: str) -> dict[str, Any]:
    """The question for the box, unless something else was typed meanwhile."""
    return {} if typed.strip() or asked.since is not None else {"value": asked.text}


def _session(request: gr.Request) -> str | None:
    return getattr(request, "session_hash", None)


def _idle(language: Language) -> dict[str, Any]:
    return {"submit_btn": WORDS[language].ask, "stop_btn": False}
