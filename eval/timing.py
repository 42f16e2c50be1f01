"""How fast a language model writes, measured where its reply comes out."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace

from app.composing import ComposingWriter
from app.language_model import LanguageModel, Message
from app.writer import Writer


class Timed:
    """A language model with a stop watch, which runs from a reply's first piece while the model writes."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self._pieces, self._seconds = 0, 0.0

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    @property
    def sha256(self) -> str | None:
        """The hash of the model's file."""
        return self._model.sha256

    def load(self) -> None:
        """Load the model."""
        self._model.load()

    def stream(self, messages: Sequence[Message], limit: int) -> Generator[str]:
        """The model's reply."""
        begun = False
        with closing(self._model.stream(messages, limit)) as pieces:
            while True:
                before = time.perf_counter()
                piece = next(pieces, None)
                if piece is None:
                    return
                if begun:  # the first piece waits for the prompt to be read
                    self._seconds += time.perf_counter() - before
                    self._pieces += bool(piece)
                begun = begun or bool(piece)
                yield piece

    @property
    def tokens_per_second(self) -> float | None:
        """Pieces with text a second, of which a model in this process gives one a token; None before any."""
        return round(self._pieces / self._seconds, 1) if self._pieces else None


def timed(writer: Writer) -> Writer:
    """The writer, with a stop watch at its language model if it has one."""
    return replace(writer, model=Timed(writer.model)) if isinstance(writer, ComposingWriter) else writer


def tokens_per_second(writer: Writer) -> float | None:
    """What the stop watch of `timed` says; None where there is none, or nothing was written."""
    model = writer.model if isinstance(writer, ComposingWriter) else None
    return model.tokens_per_second if isinstance(model, Timed) else None
