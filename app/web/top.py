"""The line over everything: the way to the list, the name, what is loading, the language, the way out."""

from __future__ import annotations

from typing import Any

import gradio as gr

from app.web.dialogue import Dialogue
from app.web.loading import Loading
from app.web.words import Words


class Top:
    """The line's components. `signed_in`: who sees it may sign out."""

    def __init__(self, dialogue: Dialogue, words: Words, signed_in: bool) -> None:
        self.toggle = self._leave = None
        with gr.Row(elem_id="wj-top"):
            if dialogue.store is not None:
                self.toggle = gr.Button(words.history.title, elem_id="wj-toggle", size="sm")
            self._heading = gr.HTML(_heading(words))
            self.loading = Loading(dialogue.library)
            self.switch = gr.Button(words.switch, elem_id="wj-switch", size="sm")
            if signed_in:
                self._leave = gr.Button(words.sign_out, elem_id="wj-leave", size="sm", link="/logout")

    @property
    def translated(self) -> list[Any]:
        """The components whose words `translate` gives."""
        there = [button for button in (self.toggle, self._leave) if button is not None]
        return [self._heading, self.switch, *there]

    def translate(self, words: Words) -> list[Any]:
        """The line in another language."""
        told = [words.history.title] if self.toggle else []
        return [_heading(words), words.switch, *told, *([words.sign_out] if self._leave else [])]


def _heading(words: Words) -> str:
    return f"<h1>问据 Wenju</h1><p>{words.subtitle}</p>"
