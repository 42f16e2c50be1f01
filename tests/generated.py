"""Texts and documents that Hypothesis makes up, the same ones on every run."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st

from corpus import Document, build_document

PROPERTY = settings(max_examples=100, deadline=None, derandomize=True, database=None)

# No digits and no bullets: no line can be taken for a list item, whose mark would go.
WRITING = "武汉算力光城书茶aBz，。！？；：“”‘’「」《》（）、.!?\"' \t\u3000说道"

lines = st.text(WRITING, max_size=60)
texts = st.lists(lines, max_size=12).map("\n".join)
queries = st.text(WRITING + "5G工厂", max_size=30)

_sentence = st.text("武汉算力光城工厂", min_size=1, max_size=70).map(lambda words: words + "。")
_paragraph = st.lists(_sentence, min_size=1, max_size=6).map("".join)
_heading = st.sampled_from(["## 导语", "## 甲", "## 乙", "### 甲"])  # few, so that neighbours share a title
_block = st.one_of(_heading, _paragraph, _paragraph, _paragraph.map(lambda text: f"- {text}"))


def _document(blocks: list[str]) -> Document:
    return build_document("made-up", "\n\n".join(blocks).encode(), "markdown")


documents = st.lists(_block, min_size=1, max_size=12).map(_document)
