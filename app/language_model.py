"""The door behind which language models stand: messages in, a stream of text out."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Literal, Protocol

BEAT = 0.2  # seconds between two empty pieces


@dataclass(frozen=True)
class Message:
    """A part of what a chat model is told."""

    role: Literal["system", "user", "assistant"]
    content: str


class LanguageModel(Protocol):
    """A chat model. It need not be safe for threads: whoever streams from it takes turns."""

    @property
    def name(self) -> str:
        """How an Answer names it, without a machine's paths and without secrets."""
        ...

    @property
    def sha256(self) -> str | None:
        """Of its file, which may change under its name; None where there is no one file.

        Raises what `load` raises.
        """
        ...

    def load(self) -> None:
        """Load what is slow to load. Raises LanguageModelError or ModelFileError."""
        ...

    def stream(self, messages: Sequence[Message], limit: int) -> Generator[str]:
        """The reply in pieces, at most `limit` tokens, the likeliest at each step.

        Closing it stops the model; who has to wait for a turn or a server gets empty pieces, at which it can
        be closed. Raises PromptTooLong before the first words, or another LanguageModelError or
        ModelFileError at any time.
        """
        ...


def wait_for(turn: Lock) -> Iterator[str]:
    """Empty pieces until the turn is one's own; it is to be released."""
    while not turn.acquire(timeout=BEAT):
        yield ""


def as_chat(messages: Sequence[Message]) -> list[dict[str, str]]:
    """The messages as chat templates and servers take them; half a character becomes a question mark."""
    return [{"role": message.role, "content": _whole(message.content)} for message in messages]


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
