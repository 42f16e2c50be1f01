"""The rows of the chat in the budget table: a browser, and a chat started as a user starts it."""

from __future__ import annotations

import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path

from app.collection_names import SHIPPED, collection_key
from app.conversations import Conversations
from app.pipeline import Pipeline
from app.settings import home
from eval.budget import Row
from eval.formats import find_set, read_set

QUESTION = "武汉市数据局是什么时候成立的？"
_TURNS = (1, 200)  # the lengths of the conversations that are reopened
_ASKED = 10  # questions whose answers fill them, over and over
# When so many replies are on the screen, in ms since the page was asked for.
_PAINTED = """window.painted = (replies) => new Promise((done) => {
  const look = () => document.querySelectorAll(".wj-reply").length < replies ? requestAnimationFrame(look)
    : requestAnimationFrame(() => setTimeout(() => done(performance.now())));
  look();
});"""
WENJU = Path(sys.executable).with_name("wenju")


def store_conversations(pipeline: Pipeline) -> dict[int, str]:
    """Conversations written as the chat would have: the id of each, by its turns."""
    store = Conversations(home() / "conversations.db")
    questions = read_set(find_set("article-dev", home() / "sets")).questions[:_ASKED]
    answers = [pipeline.answer(question.question) for question in questions]
    written = {}
    for turns in _TURNS:
        first, *rest = islice(cycle(answers), turns)
        written[turns], _ = store.begin(collection_key(SHIPPED), first)
        for answer in rest:
            store.append(written[turns], answer)
    return written


def measure_conversations(stored: dict[int, str], runs: int) -> Iterator[Row]:
    """A stored conversation opened again, and one more reply in it; without a browser nothing."""
    browser = find_browser()
    if browser is None:
        return
    with running_chat() as (url, _):
        _reopen(browser, url, "", 0)  # a new one, so that the models are loaded
        for turns, conversation in stored.items():
            measured = [_reopen(browser, url, conversation, turns + run) for run in range(runs)]
            opened, replied = (statistics.median(column) for column in zip(*measured, strict=True))
            figure = f"{opened:.2f} s, then {replied:.2f} s"
            of = f"{2 * turns} messages on the screen; then one more reply, its answer included, {runs} runs"
            what = f"a conversation of {turns} turn{'s' if turns > 1 else ''} reopened"
            yield Row(what, figure, "", of)


def _reopen(browser_path: str, url: str, conversation: str, turns: int) -> tuple[float, float]:
    """Seconds from the address to the painted conversation, and from a question in it to its reply."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_default_timeout(120_000)
        page.add_init_script(_PAINTED)
        page.goto(f"{url}?c={conversation}")
        opened = page.evaluate("painted", turns)
        page.fill("#wj-question textarea", QUESTION)
        asked = page.evaluate("performance.now()")
        page.press("#wj-question textarea", "Enter")
        replied = page.evaluate("painted", turns + 1) - asked
        browser.close()
    return opened / 1000, replied / 1000


def measure_chat(runs: int) -> Iterator[Row]:
    """The start of the chat to the first answer, and its memory."""
    browser = find_browser()
    if browser is None:
        yield Row("`wenju chat`", "not measured", "", "no Chromium on this machine")
        return
    measured = [_visit_chat(browser) for _ in range(runs)]
    page, answer, memory = (statistics.median(column) for column in zip(*measured, strict=True))
    of = f"process start to the question box, index there, warm disk, {runs} runs"
    yield Row("`wenju chat` to a usable page", f"{page:.1f} s", "6 s", of)
    of = "the question is asked as soon as the box is there"
    yield Row("`wenju chat` to the first cited answer", f"{answer:.1f} s", "12 s", of)
    yield Row("memory of the chat", f"{memory:.2f} GB", "1.2 GB", "peak resident size of the server process")


def find_browser() -> str | None:
    """Where Chromium or Chrome is, if there is one."""
    return shutil.which("chromium") or shutil.which("google-chrome")


def _visit_chat(browser_path: str) -> tuple[float, float, float]:
    """Seconds to the page and to the first cited answer, and the server's peak memory in GB."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page()
        start = time.perf_counter()
        with running_chat() as (url, process):
            page.goto(url)
            page.wait_for_selector("#wj-question textarea")
            usable = time.perf_counter() - start
            page.fill("#wj-question textarea", QUESTION)
            page.press("#wj-question textarea", "Enter")
            page.wait_for_selector(".wj-reply a.wj-cite", timeout=120_000)
            answered = time.perf_counter() - start
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        browser.close()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    return usable, answered, peak / 1e6


@contextmanager
def running_chat() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A running chat that accepts connections."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(WENJU), "chat", "--no-browser", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while process.poll() is None:
            with socket.socket() as client:
                if client.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/", process
    finally:
        process.terminate()
        process.wait(20)
