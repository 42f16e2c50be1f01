"""What the page waits for, said at its top until it is there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from html import escape

import gradio as gr

from app.library import Library
from app.web.conversation import OpenConversation
from app.web.words import WORDS
from corpus import Language, WenjuError

_EVERY = 0.2  # seconds


class Loading:
    """A line that is empty once the collection can answer."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._line = gr.HTML(elem_id="wj-loading")

    def follow(
        self, event: gr.events.Dependency, conversation: gr.State, language: gr.State
    ) -> gr.events.Dependency:
        """Tell whether the collection is there, after an event that may have opened another, until it is."""
        told: gr.events.Dependency = event.then(
            self._tell,
            [conversation, language],
            self._line,
            trigger_mode="multiple",  # another one may be opened meanwhile
            concurrency_limit=None,
            api_visibility="private",
            show_progress="hidden",
        )
        return told

    async def _tell(self, past: OpenConversation, language: Language) -> AsyncIterator[str]:
        words = WORDS[language]
        try:
            coming = (await asyncio.to_thread(self._library.opening, past.collection)).coming
            if not coming.done():
                yield f'<p role="status">{words.loading}</p>'
            while not coming.done():  # without a thread of the server's for each visitor
                await asyncio.sleep(_EVERY)
            error = coming.exception()
        except WenjuError as gone:
            error = gone
        told = words.unloaded.format(error=str(error) or type(error).__name__)
        yield "" if error is None else f'<p role="alert">{escape(told)}</p>'
