"""Whether the server still knows the page: Gradio forgets one an hour after its connection broke once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from app.web.conversation import OpenConversation
from corpus import Language

_BRIDGE = """
wenju.connect({ look: () => trigger("select", {}) });
watch("value", () => element.querySelector(".wj-forgotten") && location.reload());
"""
_FORGOTTEN = '<i class="wj-forgotten"></i>'


class Session:
    """A sign that is set when a page begins and is forgotten with all else. `session.js` asks for it."""

    def __init__(self, is_answering: Callable[[gr.Request], bool]) -> None:
        self._is_answering = is_answering
        self._known: gr.State = gr.State(False)
        self._bridge = gr.HTML(elem_id="wj-session", js_on_load=_BRIDGE)

    def wire(self, page: gr.Blocks, conversation: gr.State, language: gr.State) -> None:
        """Connect the events."""
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        states = [self._known, conversation, language]
        page.load(lambda: True, None, self._known, **quiet).then(None, js="() => wenju.began()")
        self._bridge.select(self._look, states, [self._bridge, *states], concurrency_limit=None, **quiet)

    def _look(
        self, known: bool, conversation: OpenConversation, language: Language, request: gr.Request
    ) -> tuple[Any, ...]:
        """Keep what a page holds for another hour, from which it may be forgotten; tell one that was."""
        if not known:
            return _FORGOTTEN, gr.skip(), gr.skip(), gr.skip()
        if self._is_answering(request):  # the reply brings another conversation
            return (gr.skip(),) * 4
        return gr.skip(), known, conversation, language
