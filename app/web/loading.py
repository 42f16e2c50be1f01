"""What the page waits for, said at its top until it is there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from html import escape

import gradio as gr

from app.opening import Opening
from app.web.words import WORDS
from corpus import Language

_EVERY = 0.2  # seconds


class Loading:
    """A line that is empty once the collection can answer."""

    def __init__(self, opening: Opening) -> None:
        self._coming = opening.coming
        self._line = gr.HTML(elem_id="wj-loading")

    def wire(self, page: gr.Blocks, language: gr.State) -> None:
        """Tell every visitor who comes while it is loading."""
        page.load(
            self._tell,
            language,
            self._line,
            concurrency_limit=None,
            api_visibility="private",
            show_progress="hidden",
        )

    async def _tell(self, language: Language) -> AsyncIterator[str]:
        words = WORDS[language]
        if not self._coming.done():
            yield f'<p role="status">{words.loading}</p>'
        while not self._coming.done():  # without a thread of the server's for each visitor
            await asyncio.sleep(_EVERY)
        error = self._coming.exception()
        told = words.unloaded.format(error=str(error) or type(error).__name__)
        yield "" if error is None else f'<p role="alert">{escape(told)}</p>'
