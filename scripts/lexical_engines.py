"""Compare lexical engines on the same terms: quality over CMRC dev, speed over the news archive.

    python scripts/lexical_engines.py --data DIR [--documents 60000]

DIR holds `cmrc2018_dev.json.gz` and `news_zh_63k.jsonl.xz`. Prints one row an engine: R@1 of the
questions over the 848 passages, seconds to build and to add one document, and milliseconds a
question over the archive. The measured table and the choice are in docs/experiments.md.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import bm25s
import tantivy

from index.analyzer import analyze


class Engine(Protocol):
    """What the comparison asks of an engine: documents are numbered as they are added."""

    def add(self, texts: Sequence[str]) -> None: ...
    def top(self, question: str, k: int) -> list[int]: ...


class Fts5:
    """SQLite's full-text index over pre-analysed terms."""

    def __init__(self, folder: Path) -> None:
        self.db = sqlite3.connect(folder / "fts.db")
        self.db.execute("create virtual table t using fts5(terms, tokenize=\"unicode61 tokenchars '.'\")")

    def add(self, texts: Sequence[str]) -> None:
        self.db.executemany("insert into t(terms) values (?)", ((" ".join(analyze(x)),) for x in texts))
        self.db.commit()

    def top(self, question: str, k: int) -> list[int]:
        query = " OR ".join(f'"{term}"' for term in dict.fromkeys(analyze(question)))
        rows = self.db.execute("select rowid from t where t match ? order by rank limit ?", (query, k))
        return [row[0] - 1 for row in rows]


class Tantivy:
    """Tantivy over pre-analysed terms."""

    def __init__(self, folder: Path) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
        builder.add_unsigned_field("row", stored=True, fast=True)
        self.schema = builder.build()
        self.index = tantivy.Index(self.schema, path=str(folder))
        self.rows = 0

    def add(self, texts: Sequence[str]) -> None:
        writer = self.index.writer(heap_size=64_000_000, num_threads=1)
        for text in texts:
            document = tantivy.Document()
            document.add_text("terms", " ".join(analyze(text)))
            document.add_unsigned("row", self.rows)
            writer.add_document(document)
            self.rows += 1
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()

    def top(self, question: str, k: int) -> list[int]:
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self.schema, "terms", term, "freq"))
            for term in dict.fromkeys(analyze(question))
        ]
        searcher = self.index.searcher()
        hits = searcher.search(tantivy.Query.boolean_query(terms), k).hits
        return [int(searcher.doc(address).to_dict()["row"][0]) for _, address in hits]


class Bm25s:
    """bm25s, which is built once: adding a document means building again."""

    def __init__(self, folder: Path) -> None:
        self.texts: list[str] = []
        self.engine: Any = None

    def add(self, texts: Sequence[str]) -> None:
        self.texts.extend(texts)
        self.engine = bm25s.BM25(k1=1.2, b=0.75)
        self.engine.index([analyze(x) for x in self.texts], show_progress=False)

    def top(self, question: str, k: int) -> list[int]:
        terms = list(dict.fromkeys(analyze(question)))
        rows, _ = self.engine.retrieve([terms], k=k, show_progress=False)
        return [int(row) for row in rows[0]]


def seconds(action: Callable[..., object], *arguments: object) -> float:
    """How long an action takes."""
    start = time.perf_counter()
    action(*arguments)
    return time.perf_counter() - start


def read_cmrc(path: Path) -> tuple[list[str], list[tuple[str, int]]]:
    """The passages, and every question with the row of its passage."""
    passages: list[str] = []
    questions: list[tuple[str, int]] = []
    for entry in json.loads(gzip.decompress(path.read_bytes()))["data"]:
        for paragraph in entry["paragraphs"]:
            questions.extend((qa["question"], len(passages)) for qa in paragraph["qas"])
            passages.append(paragraph["context"])
    return passages, questions


def read_news(path: Path, count: int) -> Iterator[str]:
    """The first texts of the archive."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in islice(lines, count):
            yield json.loads(line)["text"]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--documents", type=int, default=60_000)
    options = parser.parse_args()
    passages, questions = read_cmrc(options.data / "cmrc2018_dev.json.gz")
    news = list(read_news(options.data / "news_zh_63k.jsonl.xz", options.documents))
    print(f"{'engine':8} {'R@1':>6} {'build s':>8} {'add 1 s':>8} {'p50 ms':>7} {'p95 ms':>7}")
    for kind in (Tantivy, Fts5, Bm25s):
        with tempfile.TemporaryDirectory() as small, tempfile.TemporaryDirectory() as large:
            engine: Engine = kind(Path(small))
            engine.add(passages)
            right = sum(engine.top(question, 1) == [row] for question, row in questions)
            archive: Engine = kind(Path(large))
            build = seconds(archive.add, news)
            added = seconds(archive.add, passages[:1])
            asked = [seconds(archive.top, q, 10) * 1000 for q, _ in questions[:200]]
            p50, p95 = statistics.median(asked), statistics.quantiles(asked, n=20)[-1]
            row = f"{right / len(questions):6.3f} {build:8.1f} {added:8.2f} {p50:7.1f} {p95:7.1f}"
            print(f"{kind.__name__:8} {row}")


if __name__ == "__main__":
    main()
