"""The chat's column: the conversation, questions to ask next, the box to type one in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from app.web.conversation import OpenConversation
from app.web.dialogue import Dialogue
from app.web.menu import WriterMenu
from app.web.words import WORDS, Words
from corpus import Language

_SUGGESTIONS = 4


class Column:
    """The column's components."""

    def __init__(self, dialogue: Dialogue, words: Words) -> None:
        self._dialogue = dialogue
        first = dialogue.suggest(dialogue.anew(), "zh")
        with gr.Column(scale=5):
            self.chat = gr.Chatbot(
                elem_id="wj-chat",
                show_label=False,
                label="Wenju",
                buttons=[],
                latex_delimiters=[],  # a quote is shown as it is written
                placeholder=words.placeholder,
                feedback_options=None,
                autoscroll=False,  # which shows the end of a long reply; wenju.js shows its beginning
            )
            with gr.Row(elem_id="wj-suggestions"):
                self.suggestions = [gr.Button(**_button(first, i), size="sm") for i in range(_SUGGESTIONS)]
            self.box = gr.Textbox(
                elem_id="wj-question", **_box(words), submit_btn=words.ask, max_lines=6, autofocus=True
            )
            self.menu = WriterMenu(dialogue.writers, words)

    @property
    def translated(self) -> list[Any]:
        """The components whose words `translate` gives."""
        return [self.chat, self.box, self.menu.choice]

    def translate(self, past: OpenConversation, language: Language, answering: bool) -> list[Any]:
        """The column in another language; what is being answered is left as it is."""
        words = WORDS[language]
        chat: dict[str, Any] = {} if answering else {"value": self._dialogue.messages(past, language)}
        button: dict[str, Any] = {} if answering else {"submit_btn": words.ask}
        return [
            gr.update(**chat, placeholder=words.placeholder),
            gr.update(**_box(words), **button),
            self.menu.translate(words),
        ]

    def offer(self, past: OpenConversation, language: Language) -> list[dict[str, Any]]:
        """The buttons with questions to ask next."""
        texts = self._dialogue.suggest(past, language)
        return [gr.update(**_button(texts, i)) for i in range(_SUGGESTIONS)]


def _box(words: Words) -> dict[str, Any]:
    return {"label": words.question, "placeholder": words.question_hint}


def _button(texts: Sequence[str], i: int) -> dict[str, Any]:
    return {"value": texts[i] if i < len(texts) else "", "visible": i < len(texts)}
