"""A server on this machine that speaks, or fails to speak, OpenAI's chat protocol."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from selectors import EVENT_READ, DefaultSelector
from typing import Any


@dataclass(frozen=True)
class Reply:
    """What the server sends, in this order; with `cut` it hangs up before all has come."""

    status: int = 200
    kind: str = "text/event-stream"
    parts: tuple[bytes, ...] = ()
    cut: bool = False
    location: str = ""
    hold: threading.Event | None = None  # it sends nothing until this is set
    held: int = -1  # with `hold`: how many parts it sends before; -1: not even the headers


def chunk(text: str = "", reason: str | None = None) -> bytes:
    """An event of the stream."""
    choice = {"index": 0, "delta": {"content": text} if text else {}, "finish_reason": reason}
    return event({"id": "c1", "object": "chat.completion.chunk", "model": "m", "choices": [choice]})


def event(data: object) -> bytes:
    """An event with any data."""
    return b"data: " + json.dumps(data, ensure_ascii=False).encode() + b"\n\n"


def good(*texts: str, reason: str = "stop") -> Reply:
    """A whole reply."""
    return Reply(parts=(*map(chunk, texts), chunk(reason=reason), b"data: [DONE]\n\n"))


def refusal(status: int, **error: object) -> Reply:
    """An error as OpenAI words it."""
    return Reply(status, "application/json", (json.dumps({"error": error}).encode(),))


@dataclass
class ChatServer:
    """Gives the replies one after the other, the last one again and again; keeps what was asked."""

    replies: list[Reply] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[HTTPMessage] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    gone: threading.Event = field(default_factory=threading.Event)  # set when a client hangs up on it
    host: str = ""

    @property
    def url(self) -> str:
        """The base of the API."""
        return f"{self.host}/v1"

    @contextmanager
    def served(self) -> Iterator[ChatServer]:
        """The server, at its url."""
        told = self

        class Handler(_Handler):
            server_told = told

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            for reply in self.replies:
                if reply.hold is not None:
                    reply.hold.set()
            server.shutdown()
            thread.join()
            server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server_told: ChatServer

    def do_POST(self) -> None:
        """Answer with the next reply."""
        told = self.server_told
        told.paths.append(self.path)
        told.headers.append(self.headers)
        told.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        reply = told.replies.pop(0) if len(told.replies) > 1 else told.replies[0]
        try:
            self._give(reply)
        except OSError:
            told.gone.set()

    def _give(self, reply: Reply) -> None:
        if reply.hold is not None and reply.held < 0:
            self._wait(reply.hold)
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Retry-After-Ms", "1")  # so that no test waits for the client's back-off
        if reply.location:
            self.send_header("Location", reply.location)
        if reply.cut:
            self.send_header("Content-Length", str(sum(map(len, reply.parts)) + 1))
        self.end_headers()
        for number, part in enumerate(reply.parts):
            if reply.hold is not None and number == reply.held:
                self._wait(reply.hold)
            self.wfile.write(part)
            self.wfile.flush()

    def _wait(self, hold: threading.Event) -> None:
        """Wait until it is set. Raises OSError when the client hangs up before."""
        with DefaultSelector() as selector:  # select() knows no file descriptor from 1024 on
            selector.register(self.connection, EVENT_READ)
            while not hold.wait(0.02):
                if selector.select(0) and not self.connection.recv(1, socket.MSG_PEEK):
                    raise ConnectionResetError("the client has hung up")

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""
