"""Figures of this machine: python -m eval.bench [budget|peers|growth|all] [--runs N] [--cmrc FILE].

`budget`, the default, is the budget table; `peers` other libraries' retrieval beside ours; `growth` what
collections of up to a million passages cost. The last two need `--cmrc`, the dev file of CMRC 2018.

Starts the chat as a user does, in a process of its own; the browser rows need Chromium and
Playwright (`make setup` installs the latter). Medians over the runs; every row names what it is of.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import cycle, islice
from pathlib import Path

from app.collection_names import SHIPPED, collection_key
from app.collections import load_shipped
from app.conversations import Conversations
from app.engine import make_embedder, make_pipeline, make_shelf
from app.pipeline import Pipeline
from app.settings import Settings, home, load_settings
from eval import machine
from eval.bench_articles import measure_book
from eval.bench_growth import measure_growth
from eval.bench_peers import measure_peers
from eval.budget import Row, budget_table
from eval.formats import find_set, read_set
from index import Hit, SentenceEmbedder, build_index

_QUESTION = "武汉市数据局是什么时候成立的？"
_PASSAGES, _TOKENS = 4, 150  # what is read at once, and how long a passage is
_READS = 25
_TURNS = (1, 200)  # the lengths of the conversations that are reopened
_ASKED = 10  # questions whose answers fill them, over and over
# When so many replies are on the screen, in ms since the page was asked for.
_PAINTED = """window.painted = (replies) => new Promise((done) => {
  const look = () => document.querySelectorAll(".wj-reply").length < replies ? requestAnimationFrame(look)
    : requestAnimationFrame(() => setTimeout(() => done(performance.now())));
  look();
});"""
_WENJU = Path(sys.executable).with_name("wenju")


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench", description="Measure on this machine.")
    parser.add_argument("part", nargs="?", choices=["budget", "peers", "growth", "all"], default="budget")
    parser.add_argument("--runs", type=int, default=3, help="how often the slow rows are measured")
    parser.add_argument("--cmrc", type=Path, help="the dev file of CMRC 2018, for peers and growth")
    parser.add_argument("--plot", type=Path, help="a file for the curves of growth")
    options = parser.parse_args()
    if options.part != "budget" and not options.cmrc:
        parser.error("name the dev file of CMRC 2018: --cmrc cmrc2018_dev.json")
    print(f"{date.today()}, {machine.describe()}, fp32\n")
    wanted = ("budget", "peers", "growth") if options.part == "all" else (options.part,)
    if "budget" in wanted:
        print(_budget(options.runs))
    if "peers" in wanted:
        print(measure_peers(options.cmrc, options.runs))
    if "growth" in wanted:
        print(measure_growth(options.cmrc, make_embedder(load_settings()), options.plot))


def _budget(runs: int) -> str:
    """The budget table."""
    with tempfile.TemporaryDirectory(prefix="wenju-bench-") as home:
        os.environ["WENJU_HOME"] = home
        settings = load_settings()
        embedder = SentenceEmbedder(settings.models.embedder, settings.models.threads)
        embedder.load()
        book = list(measure_book(embedder, settings.passages))  # first: its memory is a peak
        pipeline = make_pipeline(settings, make_shelf(settings, embedder), SHIPPED)
        rows = [_measure_build(settings, embedder, runs), *_measure_questions(pipeline)]
        long = _measure_conversations(_store_conversations(pipeline), runs)
        rows = [*_measure_chat(runs), *long, *rows, measure_reading(pipeline, embedder), *book]
    return budget_table(rows)


def _measure_build(settings: Settings, embedder: SentenceEmbedder, runs: int) -> Row:
    document = load_shipped()
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        index = build_index([document], embedder, settings.passages)
        seconds.append(time.perf_counter() - start)
    texts = [index.passage_text(p) for p in index.passages]
    of = f"{len(index.passages)} passages, {_tokens(embedder, texts)}"
    return Row(
        "building the article's index", f"{statistics.median(seconds):.1f} s", "10 s", f"{of}, {runs} runs"
    )


def _measure_questions(pipeline: Pipeline) -> Iterator[Row]:
    questions = read_set(find_set("article-dev", home() / "sets")).questions
    answers = [pipeline.answer(q.question, q.history) for q in questions]
    warm = sorted(pipeline.answer(q.question, q.history).timings_ms["total"] for q in questions)
    read = statistics.mean(sum(hit.ranks.reader is not None for hit in a.hits) for a in answers)
    p50, p95 = statistics.median(warm), statistics.quantiles(warm, n=20)[-1]
    of = f"{len(warm)} questions of article-dev, {read:.0f} passages read each, {_threads()}"
    yield Row("question to cited answer, warm", f"{p50:.0f} ms p50, {p95:.0f} ms p95", "300 / 500 ms", of)


def measure_reading(pipeline: Pipeline, embedder: SentenceEmbedder) -> Row:
    """The reader alone, over the passages whose lengths are nearest to `_TOKENS`."""
    index, reader = pipeline.retriever.index, pipeline.reader
    every = [index.passages[row] for row in range(len(index.passages))]
    tokens = {p: embedder.count_tokens([index.passage_text(p)]) for p in every}
    passages = sorted(tokens, key=lambda passage: abs(tokens[passage] - _TOKENS))[:_PASSAGES]
    hits = [Hit(n, p, index.passage_text(p), 1.0, n, n) for n, p in enumerate(passages, start=1)]
    seconds = []
    for _ in range(_READS + 1):
        start = time.perf_counter()
        reader.read(_QUESTION, hits)
        seconds.append(time.perf_counter() - start)
    p50 = statistics.median(seconds[1:])  # the first is not warm
    mean = statistics.mean(tokens[passage] for passage in passages)
    of = f"{len(hits)} passages of the article, {mean:.0f} tokens each on average, {_threads()}"
    return Row(
        "reading four passages", f"{1000 * p50:.0f} ms p50", "130 ms p50", f"{of}, {_READS} warm reads"
    )


def _store_conversations(pipeline: Pipeline) -> dict[int, str]:
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


def _measure_conversations(stored: dict[int, str], runs: int) -> Iterator[Row]:
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
        page.fill("#wj-question textarea", _QUESTION)
        asked = page.evaluate("performance.now()")
        page.press("#wj-question textarea", "Enter")
        replied = page.evaluate("painted", turns + 1) - asked
        browser.close()
    return opened / 1000, replied / 1000


def _measure_chat(runs: int) -> Iterator[Row]:
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
            page.fill("#wj-question textarea", _QUESTION)
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
    command = [str(_WENJU), "chat", "--no-browser", "--port", str(port)]
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


def _tokens(embedder: SentenceEmbedder, texts: list[str]) -> str:
    return f"{embedder.count_tokens(texts):,} tokens, {_threads()}"


def _threads() -> str:
    import torch

    return f"{torch.get_num_threads()} threads"


if __name__ == "__main__":
    main()
