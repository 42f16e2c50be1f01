"""Refuses and records every connection and name look-up to another host, from interpreter start.

Python imports this module by its name when its folder is on PYTHONPATH. `GUARD_LOG` names
the file that gets one line a refusal. `SLOW_SECONDS`, if it is set, is what every answer takes longer.
"""

from __future__ import annotations

import os
import socket
from typing import Any

_LOCAL = {"127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "", None}
_connect, _connect_ex = socket.socket.connect, socket.socket.connect_ex
_sendto, _getaddrinfo = socket.socket.sendto, socket.getaddrinfo


def _refuse(what: str, host: object) -> None:
    with open(os.environ["GUARD_LOG"], "a", encoding="utf-8") as log:
        log.write(f"{what} {host}\n")
    raise OSError(f"refused by the test: {what} {host}")


def _check(sock: socket.socket, what: str, address: Any) -> None:
    if sock.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in _LOCAL:
        _refuse(what, address[0])


class _Socket(socket.socket):
    def connect(self, address: Any) -> None:
        _check(self, "connect", address)
        _connect(self, address)

    def connect_ex(self, address: Any) -> int:
        _check(self, "connect", address)
        return _connect_ex(self, address)

    def sendto(self, data: Any, *rest: Any) -> int:
        _check(self, "sendto", rest[-1])
        return _sendto(self, data, *rest)


def _look_up(host: Any, *rest: Any, **more: Any) -> Any:
    name = host.decode() if isinstance(host, bytes) else host
    if name not in _LOCAL and name != socket.gethostname():
        _refuse("look-up", name)
    return _getaddrinfo(host, *rest, **more)


socket.socket = _Socket  # type: ignore[misc]
socket.getaddrinfo = _look_up
socket.gethostbyname = lambda host: _look_up(host, None)[0][4][0]  # type: ignore[assignment]


def _slow_down(seconds: float) -> None:
    import time

    from app.pipeline import Pipeline

    answering = Pipeline.answering

    def slowly(*asked: Any) -> Any:
        time.sleep(seconds)
        yield from answering(*asked)

    Pipeline.answering = slowly  # type: ignore[method-assign]


def _slow_loading(seconds: float) -> None:
    import time

    from index import SentenceEmbedder

    load = SentenceEmbedder.load

    def slowly(self: SentenceEmbedder) -> None:
        time.sleep(seconds)
        load(self)

    SentenceEmbedder.load = slowly  # type: ignore[method-assign]


if "SLOW_LOADING" in os.environ:
    _slow_loading(float(os.environ["SLOW_LOADING"]))
if "SLOW_SECONDS" in os.environ:
    _slow_down(float(os.environ["SLOW_SECONDS"]))
