"""The trained reader's files: loaded once, shared by the readers of all collections."""

from __future__ import annotations

import hashlib
import math
import operator
import threading
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict
from safetensors import SafetensorError

from app.errors import ReaderError
from app.file_hash import sha256_of
from index import embedded_folder

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

    from app.span_model import SpanModel

_REBUILD = "Install Wenju again, or make it again: python scripts/train_reader.py --help"
Features = tuple[float, float, float, float]  # logit, ln mass, ln rank, 1 where the question is foreign


class ReaderConfig(BaseModel):
    """What stands beside the weights.

    The confidence that a sentence answers is the logistic function of intercept + logit * l + mass * ln m +
    rank * ln r + foreign * f of its passage's logit l, its mass m, its document's rank r as found, and f: 1
    for a Chinese sentence asked for in English, else 0 (Platt 1999); `scripts/calibrate_reader.py` fits it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    retriever: str  # SHA-256 of the retriever's weights that the reader was trained on
    intercept: float
    logit: float
    mass: float
    rank: float
    foreign: float

    def confidence(self, features: Features) -> float:
        """0..1: how sure it is that a sentence answers."""
        weights = (self.logit, self.mass, self.rank, self.foreign)
        z = self.intercept + sum(map(operator.mul, weights, features))
        return 1 / (1 + math.exp(-z))


class ReaderWeights:
    """What lies in the reader's folder; it loads when it is first needed."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(str(files("app") / "models" / "reader"))
        self.lock = threading.Lock()  # held by who loads or computes

    @cached_property
    def fingerprint(self) -> str:
        """The name and a hash of the weights."""
        files = (self._file(name).read_bytes() for name in ("config.json", "model.safetensors"))
        return f"span-reader:{hashlib.sha256(b''.join(files)).hexdigest()[:12]}"

    def load(self) -> None:
        """Load everything now. Raises ReaderError."""
        with self.lock:
            _ = self.config, self.model, self.tokenizer

    @cached_property
    def config(self) -> ReaderConfig:
        """How sure the reader is of what. Raises ReaderError."""
        path = self._file("config.json")
        try:
            config = ReaderConfig.model_validate_json(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ReaderError(f"{path} cannot be read: {error}. {_REBUILD}") from error
        if config.retriever != retriever_sha256():
            raise ReaderError(f"the reader in {self.folder} was trained on another retriever. {_REBUILD}")
        return config

    @cached_property
    def model(self) -> SpanModel:
        """The model. Raises ReaderError."""
        from app.span_model import load_model  # seconds of import

        try:
            return load_model(embedded_folder(), self.path)
        except (OSError, ValueError, RuntimeError, SafetensorError) as error:
            raise ReaderError(f"cannot load the reader in {self.folder}: {error}. {_REBUILD}") from error

    @property
    def path(self) -> Path:
        """The file of the weights. Raises ReaderError."""
        return self._file("model.safetensors")

    @cached_property
    def tokenizer(self) -> PreTrainedTokenizerFast:
        """The retriever's, which the reader shares."""
        from app.span_model import load_tokenizer

        return load_tokenizer(embedded_folder())

    def _file(self, name: str) -> Path:
        path = self.folder / name
        if not path.is_file():
            raise ReaderError(f"the reader's file {path} is missing. {_REBUILD}")
        return path


def retriever_sha256() -> str:
    """The hash of the retriever's weights, whose lower layers the reader stands on."""
    return sha256_of(embedded_folder() / "model.safetensors")
