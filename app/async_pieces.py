"""An asynchronous stream of text for those who wait for it: it can be stopped wherever it hangs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing, suppress
from queue import Empty, SimpleQueue

from app.language_model import BEAT


def pieces_of(written: AsyncGenerator[str]) -> Generator[str]:
    """The pieces, made in a thread of their own; empty ones while nothing comes.

    Closing it ends the stream at once, also in the middle of a connection. Raises what the stream raises.
    """
    came: SimpleQueue[str | BaseException | None] = SimpleQueue()
    loop = asyncio.new_event_loop()
    task = loop.create_task(_put(written, came))
    thread = threading.Thread(target=_run, args=(loop, task, came), name="pieces", daemon=True)
    thread.start()
    try:
        while True:
            try:
                piece = came.get(timeout=BEAT)
            except Empty:
                yield ""
                continue
            if piece is None:
                return
            if isinstance(piece, BaseException):
                raise piece
            yield piece
    finally:
        with suppress(RuntimeError):  # it has ended by itself
            loop.call_soon_threadsafe(task.cancel)
        thread.join()


async def _put(written: AsyncGenerator[str], came: SimpleQueue[str | BaseException | None]) -> None:
    async with aclosing(written):
        async for piece in written:
            came.put(piece)


def _run(
    loop: asyncio.AbstractEventLoop, task: asyncio.Task[None], came: SimpleQueue[str | BaseException | None]
) -> None:
    end: BaseException | None = None
    try:
        loop.run_until_complete(task)
        loop.run_until_complete(loop.shutdown_asyncgens())
    except BaseException as error:  # for the reader, who would wait for ever
        end = error
    finally:
        loop.close()
        came.put(end)
