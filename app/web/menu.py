"""The choice of who writes the replies: the article's own sentences, or a language model."""

from __future__ import annotations

from typing import Any

import gradio as gr

from app.settings import EXTRACTIVE
from app.web.words import WORDS, Words
from app.writers import Writers
from corpus import Language


class WriterMenu:
    """The menu, unseen where there is nothing to choose from. Each visitor has a choice of their own."""

    def __init__(self, writers: Writers, words: Words) -> None:
        self._writers = writers
        self.choice = gr.Dropdown(
            **self._told(words), value=writers.own.name, filterable=False, elem_id="wj-writer"
        )

    def translate(self, words: Words) -> dict[str, Any]:
        """The menu in another language, with what can be chosen now."""
        return gr.update(**self._told(words))

    def refresh(self, language: Language) -> dict[str, Any]:
        """The menu with what can be chosen now: a model may have been fetched since the page was made."""
        return self.translate(WORDS[language])

    def _told(self, words: Words) -> dict[str, Any]:
        names = self._writers.names()
        choices = [(words.writer.quotes if name == EXTRACTIVE else name, name) for name in names]
        label, info = words.writer.label, words.writer.info
        return {"choices": choices, "label": label, "info": info, "visible": len(choices) > 1}
