"""A real server, guarded against the network, and a real browser."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.conftest import ROOT

GUARD = Path(__file__).parent / "guard"
JSON = {"Content-Type": "application/json"}
WENJU = Path(sys.executable).with_name("wenju")
START_SECONDS = 180  # an empty home: the index is built first

expect.set_options(
    timeout=30_000
)  # as long as Playwright waits for anything else: models load behind the page


@dataclass(frozen=True)
class Server:
    """A running `wenju chat` and the log of what its process was refused."""

    url: str
    guard_log: Path
    home: Path
    process: subprocess.Popen[bytes]

    @property
    def output(self) -> Path:
        """What the process printed and logged."""
        return self.home.with_name("output.log")

    def fetch(self, path: str, body: Any = None, **headers: str) -> tuple[int, str]:
        """The status and the text of a request that no browser tidies; with a body, of a POST."""
        address = urlsplit(self.url)
        connection = HTTPConnection(str(address.hostname), address.port, timeout=60)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        data = json.dumps(body).encode() if isinstance(body, dict | list) else body
        with closing(connection):
            connection.request("GET" if body is None else "POST", path, data, JSON | sent)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")

    def refused(self) -> list[str]:
        """Connections and look-ups to other hosts that the process tried."""
        return self.guard_log.read_text(encoding="utf-8").splitlines()


# Whether the last reply stands where it stood when this was asked before: while the chat scrolls to it, a
# click or a mouse that goes to it misses.
SETTLED = """() => {
  const { top } = [...document.querySelectorAll('.wj-reply')].pop().getBoundingClientRect();
  const is = window.stood === top;
  window.stood = top;
  return is;
}"""


@dataclass
class Visit:
    """A page with the requests to other hosts that were blocked."""

    page: Page
    blocked: list[str] = field(default_factory=list)

    def ask(self, question: str) -> None:
        """Type a question and wait for its reply."""
        replies = self.page.locator(".wj-reply").count()
        self.page.fill("#wj-question textarea", question)
        self.page.press("#wj-question textarea", "Enter")
        more = f"document.querySelectorAll('.wj-reply').length > {replies}"
        self.page.wait_for_function(more, timeout=120_000)  # the index may have to be built first
        self.page.wait_for_function(SETTLED, polling=200)

    def reply(self) -> str:
        """The text of the last reply."""
        return self.page.locator(".wj-reply .wj-text").last.inner_text()

    def wait_marked(self, text: str) -> None:
        """Wait until exactly one sentence is marked, and it holds `text`."""
        self.page.wait_for_function(
            "text => { const m = [...document.querySelectorAll('.wj-marked')];"
            " return m.length === 1 && m[0].textContent.includes(text); }",
            arg=text,
        )

    def rest_on(self, number: Locator) -> None:
        """Move the mouse to a number until its card opens: while the chat scrolls, it closes at once."""
        card = self.page.locator("#wj-card")
        for _ in range(10):
            self.page.mouse.move(5, 5)
            number.hover()
            try:
                return expect(card).to_be_visible(timeout=3_000)
            except AssertionError:
                continue
        expect(card).to_be_visible()


def guarded_environment(folder: Path) -> dict[str, str]:
    """An environment whose Python processes run this checkout and cannot reach other hosts."""
    log = folder / "refused.log"
    log.touch()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WENJU_")}
    path = os.pathsep.join(map(str, [GUARD, ROOT]))
    return kept | {"PYTHONPATH": path, "GUARD_LOG": str(log), "WENJU_HOME": str(folder / "home")}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The chat as a user starts it, over the shipped article, with an empty home."""
    with serving(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(scope="session")
def small_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The chat over an article of four sentences."""
    from tests.web.notes import notes  # which needs what stands above

    with notes(tmp_path_factory.mktemp("notes")) as server:
        yield server


@contextmanager
def serving(folder: Path, *options: str, **settings: str) -> Iterator[Server]:
    """`wenju chat` with its home in a folder, until the end of the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(WENJU), "chat", "--no-browser", "--port", str(port), *options]
    output = folder / "output.log"
    with output.open("wb") as log:
        environment = guarded_environment(folder) | settings
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}/"
            _wait(url, process, output)
            yield Server(url, folder / "refused.log", folder / "home", process)
        finally:
            process.terminate()
            process.wait(20)


def _wait(url: str, process: subprocess.Popen[bytes], output: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise RuntimeError(f"the chat did not start:\n{output.read_text(encoding='utf-8')}")


@pytest.fixture
def visit(server: Server, browser: Browser) -> Iterator[Visit]:
    """A fresh visitor at a laptop's window; every request to another host is blocked and counted."""
    yield from open_page(server, browser, 1280, 800)


@pytest.fixture
def phone(server: Server, browser: Browser) -> Iterator[Visit]:
    """A fresh visitor with a phone's window."""
    yield from open_page(server, browser, 390, 844)


def sign_in(page: Page, name: str, password: str) -> None:
    """Fill in Gradio's form."""
    page.wait_for_selector("input[type=password]")
    page.locator("input[type=text]").fill(name)
    page.locator("input[type=password]").fill(password)
    page.get_by_role("button", name="登录").click()


def open_page(
    server: Server, browser: Browser, width: int, height: int, user: tuple[str, str] | None = None
) -> Iterator[Visit]:
    """The chat page in a context of its own, for a user with a password if one is given."""
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    visit = Visit(context.new_page())

    def guard(route: Route) -> None:
        if route.request.url.startswith((server.url, "data:", "blob:")):
            route.continue_()
        else:
            visit.blocked.append(route.request.url)
            route.abort()

    context.route("**/*", guard)
    visit.page.goto(server.url)
    if user is not None:
        sign_in(visit.page, *user)
    visit.page.wait_for_selector("#wj-question textarea")
    yield visit
    context.close()
