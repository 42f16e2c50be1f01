"""The chat over an article of four sentences, which a reader can keep in mind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.web.conftest import Server, serving

ARTICLE = """东区与西区

甲公司的算力中心在东区。那里有两千个机架。

乙公司的工厂在西区。

丁公司<img src=x onerror="window.hacked=1">的仓库在<script>window.hacked=1</script>南区。
"""
CENTRE = "甲公司的算力中心在哪里？"
FACTORY = "乙公司的工厂在哪里？"
STORE = "丁公司的仓库在哪里？"

# Enter as Safari tells it when it takes over what was typed in pinyin: the composition is over already.
PINYIN = """(field) => field.dispatchEvent(
  new KeyboardEvent("keydown", { key: "Enter", keyCode: 229, bubbles: true, cancelable: true })
)"""

# The sentence scorer answers in milliseconds, and surely enough over a few sentences.
SCORER = {
    "WENJU_MODELS__READER": "scorer",
    "WENJU_OUTCOME__UNSURE_FROM": "0.25",
    "WENJU_OUTCOME__ANSWERED_FROM": "0.3",
    "WENJU_ARTICLES__MEGABYTES": "2",  # a file that is too large is soon made
}


@contextmanager
def notes(folder: Path, *options: str, **settings: str) -> Iterator[Server]:
    """The chat over the article, which lies in the folder as `notes.txt` if nothing else does."""
    article = folder / "notes.txt"
    if not article.exists():
        article.write_text(ARTICLE, encoding="utf-8")
    with serving(folder, "--collection", str(article), *options, **{**SCORER, **settings}) as server:
        yield server
