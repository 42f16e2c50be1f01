"""A sealed environment, and the shipped article indexed by a model that can be worked out by hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.pipeline import Pipeline
from app.scorer import SentenceScorer
from app.settings import OutcomeSettings, WriterSettings
from app.writer import ExtractiveWriter
from corpus import Document, build_document
from index import PassageRules, RetrievalRules, Retriever, build_index
from tests.fakes import WordEmbedder


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty data folder of this test's own, and no settings from outside."""
    for name in os.environ:
        if name.upper().startswith("WENJU_"):
            monkeypatch.delenv(name)
    folder = tmp_path / "home"
    monkeypatch.setenv("WENJU_HOME", str(folder))
    return folder


def make_pipeline(
    documents: list[Document],
    outcome: OutcomeSettings | None = None,
    writer: WriterSettings | None = None,
    rules: PassageRules | None = None,
) -> Pipeline:
    """The real pipeline over documents, in memory, with the fake model."""
    embedder = WordEmbedder()
    retriever = Retriever(
        build_index(documents, embedder, rules or PassageRules()), embedder, RetrievalRules()
    )
    return Pipeline(
        retriever=retriever,
        reader=SentenceScorer(retriever),
        writer=ExtractiveWriter(writer or WriterSettings()),
        outcome=outcome or OutcomeSettings(),
    )


@pytest.fixture(scope="session")
def article_pipeline(article: Document) -> Pipeline:
    """The shipped article with the fake model."""
    return make_pipeline([article])


@pytest.fixture
def notes() -> Document:
    """A title at 0, a sentence at [6:18] and one at [19:29]."""
    text = "东区与西区\n\n甲公司的算力中心在东区。\n\n乙公司的工厂在西区。\n"
    return build_document("notes", text.encode(), "plain")
