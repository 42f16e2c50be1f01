"""Wiring: settings and a collection become a Pipeline."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from pathlib import Path

from app.checker import Checker
from app.checker_weights import CheckerWeights
from app.collections import Shelf
from app.conversations import Conversations
from app.errors import ConversationsUnwritable
from app.model_store import model_store
from app.pipeline import Pipeline
from app.reader import Reader
from app.reader_weights import ReaderWeights
from app.scorer import SCORER, SentenceScorer
from app.settings import Settings, home
from app.span_reader import SpanReader
from app.writer import Writer
from app.writers import Writers, make_writer
from corpus import Layout, WenjuError
from index import (
    EMBEDDED,
    SERVER,
    Embedder,
    EmbeddingModel,
    Index,
    Progress,
    Retriever,
    SentenceEmbedder,
    ServerEmbedder,
)

log = logging.getLogger(__name__)


def make_embedder(settings: Settings) -> EmbeddingModel:
    """The embedding model, or who asks a server for it."""
    models = settings.models
    if models.embedder.startswith(SERVER):
        return ServerEmbedder(models.embedder, models.url)
    return SentenceEmbedder(models.embedder, models.threads)


def make_shelf(settings: Settings, embedder: Embedder, progress: Progress | None = None) -> Shelf:
    """The user's collections."""
    kept = home() / "indexes"
    return Shelf(kept, embedder, settings.passages, progress, settings.articles, settings.index.place)


def make_conversations(settings: Settings) -> Conversations | None:
    """The user's stored conversations; None where they are switched off or there is no place for them.

    Raises ConversationsTooNew or ConversationsDamaged.
    """
    if not settings.chat.history:
        return None
    conversations = Conversations(home() / "conversations.db")
    try:
        conversations.check()
    except ConversationsUnwritable as error:
        log.warning("%s. This run's conversations are not stored.", error)
        return None
    return conversations


def make_pipeline(
    settings: Settings, shelf: Shelf, collection: str, layout: Layout | None = None
) -> Pipeline:
    """The pipeline over a collection, its index built if need be. Raises what `make_writer` raises first."""
    writer = make_writer(settings.writer.use, settings, make_checker)
    return pipeline_over(settings, shelf.open(collection, layout), shelf.embedder, writer)


def make_writers(settings: Settings) -> Writers:
    """What a page lets its visitors choose from. Raises SettingsError."""
    return Writers(settings, model_store(), make_checker)


def pipeline_over(settings: Settings, index: Index, embedder: Embedder, writer: Writer) -> Pipeline:
    """The pipeline over an index, whose vectors are this embedder's."""
    retriever = Retriever(index, embedder, settings.retrieval)
    return Pipeline(
        retriever=retriever,
        reader=_reader(settings.models.reader, retriever),
        writer=writer,
        reading=settings.reader,
        outcome=settings.outcome,
    )


def open_pipeline(
    settings: Settings, embedder: EmbeddingModel, writer: Writer, index: Callable[[], Index]
) -> Pipeline:
    """The pipeline with its models. A failure is logged here, and raised for whoever asks."""
    try:
        pipeline = pipeline_over(settings, index(), embedder, writer)
        embedder.load()
        pipeline.reader.load()
    except WenjuError as error:
        log.error("%s", error)
        raise
    except Exception:
        log.exception("the collection could not be opened")
        raise
    return pipeline


@cache
def make_checker() -> Checker:
    """The checker of what language models write, once for all. It stands on the embedded reader."""
    return Checker(CheckerWeights(_weights(EMBEDDED)))


def _reader(name: str, retriever: Retriever) -> Reader:
    if name == SCORER:
        return SentenceScorer(retriever)
    return SpanReader(retriever.index, _weights(name))


@cache
def _weights(name: str) -> ReaderWeights:
    """The reader's files, once for all collections."""
    return ReaderWeights(None if name == EMBEDDED else Path(name).expanduser())
