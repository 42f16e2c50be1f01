"""Figures of this machine: python -m eval.bench [budget|peers|growth|archive|all] [--cmrc FILE].

`budget`, the default, is the budget table; `peers` other libraries' retrieval beside ours; `growth` what
collections of up to a million passages cost; `archive` questions asked of paragraphs among many documents of
news. All but the first need `--cmrc`, the dev file of CMRC 2018, the last `--news` besides, documents as JSON
Lines in .xz. What is measured is printed and taken into eval/RESULTS.md.

Starts the chat as a user does, in a process of its own; the browser rows need Chromium and
Playwright (`make setup` installs the latter). Medians over the runs; every row names what it is of.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from app.collection_names import SHIPPED
from app.collections import load_shipped
from app.engine import make_embedder, make_pipeline, make_shelf
from app.pipeline import Pipeline
from app.settings import Settings, home, load_settings
from eval import machine
from eval.bench_archive import measure_archive
from eval.bench_articles import measure_book
from eval.bench_chat import QUESTION, measure_chat, measure_conversations, store_conversations
from eval.bench_growth import measure_growth
from eval.bench_peers import measure_peers
from eval.budget import Row, budget_table
from eval.formats import find_set, read_set
from eval.results import BENCHES, Bench, take_in_bench
from index import Hit, SentenceEmbedder, build_index

_PASSAGES, _TOKENS = 4, 150  # what is read at once, and how long a passage is
_READS = 25


def main() -> None:
    """Measure, print the tables, and take them into RESULTS.md."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench", description="Measure on this machine.")
    parser.add_argument("part", nargs="?", choices=[*BENCHES, "all"], default="budget")
    parser.add_argument("--runs", type=int, default=3, help="how often the slow rows are measured")
    parser.add_argument("--cmrc", type=Path, help="the dev file of CMRC 2018, for all but budget")
    parser.add_argument("--news", type=Path, help="the documents of news, for archive: JSON Lines, .xz")
    parser.add_argument("--documents", type=int, default=5_000, help="how many of them are put in")
    parser.add_argument("--plot", type=Path, help="a file for the curves of growth")
    options = parser.parse_args()
    if options.part != "budget" and not options.cmrc:
        parser.error("name the dev file of CMRC 2018: --cmrc cmrc2018_dev.json")
    if options.part in ("archive", "all") and not options.news:
        parser.error("name the documents of news: --news news.jsonl.xz")
    measures: dict[str, Callable[[], str]] = {
        "budget": lambda: _budget(options.runs),
        "peers": lambda: measure_peers(options.cmrc, options.runs),
        "growth": lambda: measure_growth(options.cmrc, make_embedder(load_settings()), options.plot),
        "archive": lambda: _archive(options.cmrc, options.news, options.documents),
    }
    for part in BENCHES if options.part == "all" else (options.part,):
        measured = Bench(str(date.today()), f"{machine.describe()}, fp32", measures[part]())
        print(f"{measured.day}, {measured.machine}\n\n{measured.table}")
        take_in_bench(part, measured)


def _budget(runs: int) -> str:
    """The budget table."""
    with _own_home():
        settings = load_settings()
        embedder = SentenceEmbedder(settings.models.embedder, settings.models.threads)
        embedder.load()
        book = list(measure_book(embedder, settings.passages))  # first: its memory is a peak
        pipeline = make_pipeline(settings, make_shelf(settings, embedder), SHIPPED)
        rows = [_measure_build(settings, embedder, runs), *_measure_questions(pipeline)]
        long = measure_conversations(store_conversations(pipeline), runs)
        rows = [*measure_chat(runs), *long, *rows, measure_reading(pipeline, embedder), *book]
    return budget_table(rows)


def _archive(cmrc: Path, news: Path, n_news: int) -> str:
    with _own_home():
        return measure_archive(cmrc, news, n_news)


@contextmanager
def _own_home() -> Iterator[None]:
    """A data folder for as long as it is measured with."""
    before = os.environ.get("WENJU_HOME")
    with tempfile.TemporaryDirectory(prefix="wenju-bench-") as folder:
        os.environ["WENJU_HOME"] = folder
        try:
            yield
        finally:
            del os.environ["WENJU_HOME"]
            if before is not None:
                os.environ["WENJU_HOME"] = before


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
        reader.read(QUESTION, hits)
        seconds.append(time.perf_counter() - start)
    p50 = statistics.median(seconds[1:])  # the first is not warm
    mean = statistics.mean(tokens[passage] for passage in passages)
    of = f"{len(hits)} passages of the article, {mean:.0f} tokens each on average, {_threads()}"
    return Row(
        "reading four passages", f"{1000 * p50:.0f} ms p50", "130 ms p50", f"{of}, {_READS} warm reads"
    )


def _tokens(embedder: SentenceEmbedder, texts: list[str]) -> str:
    return f"{embedder.count_tokens(texts):,} tokens, {_threads()}"


def _threads() -> str:
    import torch

    return f"{torch.get_num_threads()} threads"


if __name__ == "__main__":
    main()
