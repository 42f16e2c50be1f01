"""A language model behind a server that speaks OpenAI's chat protocol, through their client."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncGenerator, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from app.async_pieces import pieces_of
from app.errors import (
    LanguageModelError,
    LanguageModelUnusable,
    PromptTooLong,
    ReplyCut,
    ReplyGarbled,
    ServerRefused,
    ServerUnreachable,
)
from app.language_model import Message, as_chat
from app.settings import LanguageModelSettings

if TYPE_CHECKING:
    from openai import APIStatusError, AsyncOpenAI, AsyncStream
    from openai.types.chat import ChatCompletionChunk, ChatCompletionMessageParam

_KEY = "OPENAI_API_KEY"
_NO_KEY = "none"  # local servers want none, and the client wants one
_RETRIES = 2
_CONNECT = 10.0  # seconds in which a server that is there accepts a connection
_QUOTED = 240  # characters of a server's message
_LONG = 12  # characters that a secret key has at least
_FAMILIAR = 4  # characters by which a shortened key is known
# What OpenAI, vLLM, llama-server and Ollama say; none of them has a status of its own for it.
_TOO_LONG = re.compile(
    "context_length_exceeded|context (?:length|size|window)|maximum model length|"
    "prompt (?:is )?too long|max_tokens must be at least 1|max_completion_tokens' is too large",
    re.IGNORECASE,
)
# As OpenAI's reasoning models refuse what other models and servers want or know.
_UNSUPPORTED = re.compile(r"unsupported (?:parameter|value): '(max_tokens|temperature)'", re.IGNORECASE)
_REASONS = {"stop", "length"}


class OpenAIModel:
    """The model that the server at `language_model.url` calls `name`; its key is in OPENAI_API_KEY."""

    sha256: None = None

    def __init__(self, name: str, settings: LanguageModelSettings) -> None:
        self._model = name
        self._settings = settings
        self._unsupported: set[str] = set()

    @property
    def name(self) -> str:
        """The server's name for it, without the server's."""
        return f"openai:{self._model}"

    def load(self) -> None:
        """Load the client; the server is not asked. Raises LanguageModelUnusable or ServerRefused."""
        try:
            import openai  # noqa: F401 # a second of import
        except ImportError as error:
            raise LanguageModelUnusable(
                "a server's model needs the package openai. Install it: pip install 'wenju[openai]'"
            ) from error
        _key()

    def stream(self, messages: Sequence[Message], limit: int) -> Generator[str]:
        """The reply in pieces.

        A server that is down, busy or failing is asked three times before the first piece. Raises
        PromptTooLong, ServerUnreachable, ServerRefused, ReplyGarbled, ReplyCut, or what `load` raises.
        """
        self.load()
        yield from pieces_of(self._written(messages, limit))

    async def _written(self, messages: Sequence[Message], limit: int) -> AsyncGenerator[str]:
        with self._named(begun=False):
            async with self._client() as client, await self._ask(client, messages, limit) as chunks:
                with self._named(begun=True):
                    async for text in self._pieces(chunks):
                        yield text

    async def _ask(
        self, client: AsyncOpenAI, messages: Sequence[Message], limit: int
    ) -> AsyncStream[ChatCompletionChunk]:
        import openai

        while True:
            wishes = self._wishes(limit)
            try:
                return await client.chat.completions.create(
                    model=self._model,
                    messages=cast("list[ChatCompletionMessageParam]", as_chat(messages)),
                    stream=True,
                    extra_body=wishes,
                )
            except openai.BadRequestError as error:
                refused = _UNSUPPORTED.search(_said(error.body, ""))
                if not refused or refused[1] not in wishes:
                    raise
                self._unsupported.add(refused[1])

    def _wishes(self, limit: int) -> dict[str, int]:
        """How the reply should be, in the words that the server has not refused."""
        length = "max_completion_tokens" if "max_tokens" in self._unsupported else "max_tokens"
        return {length: limit} if "temperature" in self._unsupported else {length: limit, "temperature": 0}

    async def _pieces(self, chunks: AsyncStream[ChatCompletionChunk]) -> AsyncGenerator[str]:
        came = False
        async for chunk in chunks:
            came = True
            text, reason = _read(chunk)
            if text:
                yield text
            if reason in _REASONS:
                return
            if reason:
                raise ReplyCut(f"{self._at} ended the reply early ({reason}). Ask again, or otherwise.")
        if came:
            raise ReplyCut(f"{self._at} ended the reply without saying that it was whole. Ask again.")
        raise ReplyGarbled(f"{self._at} sent no reply of a chat model. {_CHECK_URL}")

    def _client(self) -> AsyncOpenAI:
        """A client for one reply: it belongs to the thread that runs it."""
        import openai

        seconds = self._settings.seconds
        timeout = openai.Timeout(seconds, connect=min(seconds, _CONNECT))
        return openai.AsyncOpenAI(
            base_url=self._settings.url,
            api_key=_key(),
            timeout=timeout,
            max_retries=_RETRIES,
            # The prompt and the key are for the server that was named, not for where it points.
            http_client=openai.DefaultAsyncHttpxClient(follow_redirects=False, timeout=timeout),
        )

    @property
    def _at(self) -> str:
        return f"the server at {self._settings.url}"

    @contextmanager
    def _named(self, begun: bool) -> Iterator[None]:
        """Failures by their names. They do not keep the client's errors, which hold the key."""
        import openai

        try:
            yield
        except openai.APITimeoutError:
            raise ServerUnreachable(
                f"{self._at} sent nothing for {self._settings.seconds:g} seconds. Try again later, or "
                "raise language_model.seconds."
            ) from None
        except openai.APIConnectionError as error:
            why = _masked(str(error.__cause__ or error))
            if begun:
                raise ReplyCut(
                    f"{self._at} broke off in the middle of the reply ({why}). Ask again."
                ) from None
            raise ServerUnreachable(
                f"cannot reach {self._at} ({why}). Start it, or set language_model.url to where it is."
            ) from None
        except openai.APIStatusError as error:
            raise self._refusal(error) from None
        except openai.APIError as error:  # an error as an event of the stream
            said = _said(error.body, error.message)
            if _TOO_LONG.search(f"{said} {error.code}"):
                raise PromptTooLong(f"{self._at} says: {said}. {_SHORTER}") from None
            raise ReplyCut(f"{self._at} broke the reply off: {said}") from None
        except ValueError:  # no JSON, or no UTF-8
            raise ReplyGarbled(f"{self._at} sent what is no reply of a chat model. {_CHECK_URL}") from None

    def _refusal(self, error: APIStatusError) -> LanguageModelError:
        status, said = error.status_code, _said(error.body, error.response.reason_phrase)
        answer = f"{self._at} answers {status}: {said}."
        if _TOO_LONG.search(f"{said} {error.code}"):
            return PromptTooLong(f"{answer} {_SHORTER}")
        if status >= 500:
            return ServerUnreachable(f"{answer} It was asked {_RETRIES + 1} times; see its log.")
        if status < 400:
            return ServerRefused(
                f"{self._at} points elsewhere ({status}), which is not followed. {_CHECK_URL}"
            )
        ways = {401: f"Set {_KEY} to its key.", 403: f"Set {_KEY} to a key that may use the model."}
        return ServerRefused(f"{answer} {ways.get(status, f'It was asked for {self._model}.')}")


_CHECK_URL = "Is language_model.url that of an OpenAI-compatible API, as in http://127.0.0.1:8080/v1?"
_SHORTER = "Give the model less in writer.evidence, or run it with a longer context."


def _key() -> str:
    key = os.environ.get(_KEY, "").strip()
    if not (key.isascii() and key.isprintable()):  # the client's error would quote it
        raise ServerRefused(f"{_KEY} holds characters that no key has. Set it again.")
    return key or _NO_KEY


def _read(chunk: object) -> tuple[str, str | None]:
    """A chunk's text and, if it is the last, why. The client checks nothing. Raises ValueError."""
    choices = getattr(chunk, "choices", None)
    if not isinstance(choices, list):
        raise ValueError("no choices")
    if not choices:  # the usage, or a filter's verdict on the prompt
        return "", None
    text = getattr(getattr(choices[0], "delta", None), "content", None) or ""
    reason = getattr(choices[0], "finish_reason", None)
    if not isinstance(text, str) or not isinstance(reason, str | None):
        raise ValueError("no text")
    return text, reason


def _said(body: object, otherwise: str) -> str:
    """A server's message, in one short line and without the key."""
    if isinstance(body, dict):
        body = next((body[name] for name in ("message", "error", "detail") if body.get(name)), otherwise)
    text = " ".join(str(body or otherwise).split())
    if text.startswith("<"):
        text = f"{otherwise}, with a page"
    text = _masked(text)
    return (text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…").rstrip(".")


def _masked(text: str) -> str:
    """The text without the key, and without words that hold its beginning or end, as servers shorten it."""
    key = os.environ.get(_KEY, "").strip()
    if not key:
        return text
    text = text.replace(key, "***")
    if len(key) < _LONG:  # no secret, as in OPENAI_API_KEY=ollama
        return text
    first, last = key[:_FAMILIAR], key[-_FAMILIAR:]
    return re.sub(r"\S+", lambda word: "***" if first in word[0] or last in word[0] else word[0], text)
