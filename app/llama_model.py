"""A language model in a GGUF file, run in this process by llama.cpp through xllamacpp."""

from __future__ import annotations

import os
import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from functools import cached_property
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from app.errors import (
    LanguageModelError,
    LanguageModelUnusable,
    OutOfMemory,
    PromptTooLong,
    ReplyCut,
)
from app.file_hash import sha256_of
from app.gguf_file import GgufFile, read_gguf
from app.language_model import Message, as_chat, wait_for
from app.model_catalogue import find_model
from app.model_store import model_path
from app.settings import LanguageModelSettings

if TYPE_CHECKING:
    from xllamacpp import CommonParams, Server

_BATCH = 256  # tokens of a prompt between two chances to stop
_SILENT = -1  # llama.cpp's verbosity below that of its errors, which it would write to the terminal
_Event = Mapping[str, Any]


class LlamaModel:
    """A model by its name in the catalogue, or a GGUF file by its path. Two threads take turns."""

    def __init__(self, name: str, settings: LanguageModelSettings, threads: int = 0) -> None:
        self._named = name
        self._settings = settings
        self._threads = threads or os.cpu_count() or 1
        self._turn = threading.Lock()  # held by who loads, and until a reply is read or closed

    @property
    def name(self) -> str:
        """The catalogue's name, or the file's without its folder."""
        return f"llama:{Path(self._named).name.removesuffix('.gguf')}"

    @cached_property
    def sha256(self) -> str:
        """Of its file; the catalogue's, against which the file is held."""
        _ = self._file  # before anything else opens it
        return sha256_of(self._path) if is_file(self._named) else find_model(self._named).sha256

    def load(self) -> None:
        """Load the model. Raises LanguageModelUnusable, OutOfMemory or ModelFileError."""
        with self._turn:
            _ = self._server

    def stream(self, messages: Sequence[Message], limit: int) -> Generator[str]:
        """The reply in pieces. Raises PromptTooLong, ReplyCut, or what `load` raises.

        What the prompt shares with the one before, from its beginning on, is not read again.
        """
        yield from wait_for(self._turn)
        try:
            request = self._request(messages, limit)
            yield from _pieces(_events(self._server, request), self.name, limit, self._context)
        finally:
            self._turn.release()

    def _request(self, messages: Sequence[Message], limit: int) -> dict[str, Any]:
        return {
            "messages": [
                {**message, "content": self._plain(message["content"])} for message in as_chat(messages)
            ],
            "max_tokens": limit,
            "temperature": 0,
            "cache_prompt": True,
            "chat_template_kwargs": {"enable_thinking": False},
            "stream": True,
            "return_progress": True,
        }

    def _plain(self, text: str) -> str:
        """The text with its control tokens broken: an article must not end a turn and begin another."""
        for token in self._file.control:
            text = text.replace(token, f"{token[0]} {token[1:]}")
        return text

    @cached_property
    def _path(self) -> Path:
        if is_file(self._named):
            return Path(self._named).expanduser()
        return model_path(self._named)

    @cached_property
    def _file(self) -> GgufFile:
        return read_gguf(self._path)

    @property
    def _context(self) -> int:
        return min(self._settings.context, self._file.context)

    @cached_property
    def _server(self) -> Server:
        _ = self._file  # before anything else opens it
        size, memory = self._path.stat().st_size, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        if size > memory:
            raise OutOfMemory(
                f"{self.name} has {size:,} bytes, this machine {memory:,}. Take a smaller model."
            )
        try:
            import xllamacpp
        except ImportError as error:
            raise LanguageModelUnusable(
                "a GGUF model needs the package xllamacpp. Install it: pip install 'wenju[llama]'"
            ) from error
        params = xllamacpp.CommonParams()
        self._set(params)
        # The class opens llama.cpp's web server too. It gets a socket that nobody can reach: in a folder of
        # this user's alone, which goes as soon as the server listens.
        try:
            with TemporaryDirectory(prefix="wenju-") as folder:
                params.hostnames = [os.path.join(folder, "llama.sock")]
                return xllamacpp.Server(params)
        except MemoryError as error:
            raise OutOfMemory(f"{self.name} needs more memory than there is. {_SMALLER}") from error
        except RuntimeError as error:
            raise LanguageModelUnusable(
                f"llama.cpp cannot load {self._path}: it is damaged, newer than xllamacpp, or too large for "
                f"the memory that is free. Get it again. {_SMALLER}"
            ) from error

    def _set(self, params: CommonParams) -> None:
        params.model.path = str(self._path)
        params.n_ctx = self._context
        params.n_parallel = 1
        params.n_batch = params.n_ubatch = _BATCH
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = self._threads
        params.cache_ram_mib = 0  # prompts of long ago; up to 8 GB otherwise
        params.fit_params = False  # would load everything twice
        params.offline = True
        params.ui = False
        params.n_threads_http = 1
        params.verbosity = _SILENT


def is_file(name: str) -> bool:
    """Whether a model's name is the path of a file, and none of the catalogue."""
    return name.endswith(".gguf") or os.sep in name


_SMALLER = "Take a smaller model, or a smaller language_model.context."


def _events(server: Server, request: dict[str, Any]) -> Generator[_Event]:
    """What llama.cpp tells, as it comes; closing this stops it before its next token or batch."""
    queue: SimpleQueue[_Event | BaseException | None] = SimpleQueue()
    stop = threading.Event()

    def take(event: _Event) -> bool:
        queue.put(event)
        return stop.is_set()

    def run() -> None:
        try:
            server.handle_chat_completions(request, take)
            queue.put(None)
        except RuntimeError as error:  # of C++
            queue.put({"error": {"type": "server_error", "message": str(error)}})
            queue.put(None)
        except BaseException as error:  # for the reader, who would wait for ever
            queue.put(error)

    thread = threading.Thread(target=run, name="llama", daemon=True)
    thread.start()
    try:
        while (event := queue.get()) is not None:
            if isinstance(event, BaseException):
                raise event
            yield event
    finally:
        stop.set()
        thread.join()


def _pieces(events: Generator[_Event], name: str, limit: int, context: int) -> Iterator[str]:
    with closing(events):
        for event in events:
            if "error" in event:
                raise _named(event["error"], name)
            if "prompt_progress" in event and (prompt := event["prompt_progress"]["total"]) + limit > context:
                raise _too_long(prompt, limit, context)
            choice = event["choices"][0]
            if text := choice["delta"].get("content"):
                yield text
            if choice["finish_reason"]:
                return
    raise ReplyCut(f"{name} broke off in the middle of the reply. Ask again.")


def _named(error: _Event, name: str) -> LanguageModelError:
    if error["type"] == "exceed_context_size_error":
        return _too_long(error["n_prompt_tokens"], 0, error["n_ctx"])
    if error["type"] == "invalid_request_error":
        return LanguageModelUnusable(f"{name} cannot be asked: {error['message']}. Take another model.")
    return ReplyCut(f"{name} broke off in the middle of the reply: {error['message']}. Ask again.")


def _too_long(prompt: int, limit: int, context: int) -> PromptTooLong:
    return PromptTooLong(
        f"the prompt has {prompt} tokens, the reply may have {limit}, and the model reads {context} "
        "at a time. Raise language_model.context, or lower writer.evidence or language_model.tokens."
    )
