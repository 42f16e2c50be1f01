"""The row of the reader in the budget table; the other rows are of the whole program."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from app.reader import Reading
from corpus import build_document
from eval.bench import measure_reading
from index import Hit, PassageRules
from tests.app.conftest import make_pipeline

# A passage each; with a token a character their lengths are 100, 140, 149, 150, 158 and 220.
TEXT = "\n\n".join("字" * (n - 1) + "。" for n in (100, 140, 149, 150, 158, 220))


class Counted:
    """An embedder that takes every character for a token."""

    def count_tokens(self, texts: Sequence[str]) -> int:
        """The characters."""
        return sum(map(len, texts))


class SlowReader:
    """A Reader that needs 40 ms for what it reads first and 2 ms for everything else."""

    fingerprint = "slow:1"

    def __init__(self) -> None:
        self.reads: list[list[int]] = []  # the lengths of the passages

    def load(self) -> None:
        """Nothing."""

    def read(self, query: str, hits: Sequence[Hit]) -> Reading:
        """Nothing either, after a while."""
        time.sleep(0.002 if self.reads else 0.04)
        self.reads.append([len(hit.text) for hit in hits])
        return Reading((), 0.0, {})


def test_four_passages_of_about_150_tokens_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.get_num_threads", lambda: 2)
    reader = SlowReader()
    document = build_document("long", TEXT.encode(), "plain")
    pipeline = replace(make_pipeline([document], rules=PassageRules(overlap_chars=0)), reader=reader)
    embedder: Any = Counted()
    row = measure_reading(pipeline, embedder)
    assert reader.reads == [[150, 149, 158, 140]] * 26  # nearest first; one read to warm up
    # (150 + 149 + 158 + 140) / 4 = 149.25
    assert row.of == "4 passages of the article, 149 tokens each on average, 2 threads, 25 warm reads"
    assert (row.what, row.budget) == ("reading four passages", "130 ms p50")
    milliseconds = re.fullmatch(r"(\d+) ms p50", row.figure)
    assert milliseconds is not None
    assert 2 <= int(milliseconds[1]) < 40
