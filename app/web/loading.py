"""What the page waits for, said at its top until it is there."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import gradio as gr

from app.opening import Opening
from app.web.words import WORDS
from corpus import Language


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

    def _tell(self, language: Language) -> Iterator[str]:
        words = WORDS[language]
        if not self._coming.done():
            yield f'<p role="status">{words.loading}</p>'
        error = self._coming.exception()
        yield "" if error is None else f'<p role="alert">{escape(words.unloaded.format(error=error))}</p>'
