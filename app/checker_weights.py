"""The trained checker's files, which stand on the reader's: loaded once, shared by all collections."""

from __future__ import annotations

import hashlib
import math
import threading
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict
from safetensors import SafetensorError

from app.errors import CheckerError
from app.file_hash import sha256_of
from app.reader_weights import ReaderWeights
from index import embedded_folder

if TYPE_CHECKING:
    from app.span_model import SpanModel

_REBUILD = "Install Wenju again, or make it again: python scripts/train_checker.py --help"


class CheckerConfig(BaseModel):
    """What stands beside the weights.

    The support of a claim is the logistic function of intercept + logit * l + shared * s - further * (n - 1)
    of the model's logit l, the share s of the claim's character pairs that stand in the text (Platt 1999),
    and the number n of its sentences: of many groups of sentences one is likely to please the model.
    `scripts/calibrate_checker.py` fits it. What has less than `least` does not bear a claim.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    reader: str  # SHA-256 of the reader's weights that the checker was trained on
    intercept: float
    logit: float
    shared: float
    further: float
    least: float

    def support(self, logit: float, shared: float, sentences: int) -> float:
        """0..1: how sure it is that a text of so many sentences bears a claim."""
        odds = self.intercept + self.logit * logit + self.shared * shared - self.further * (sentences - 1)
        return 1 / (1 + math.exp(-odds))


class CheckerWeights:
    """What lies in the checker's folder; it loads when it is first needed."""

    def __init__(self, reader: ReaderWeights, folder: Path | None = None) -> None:
        self.reader = reader
        self.folder = folder or Path(str(files("app") / "models" / "checker"))
        self.lock = threading.Lock()  # held by who loads or computes

    @cached_property
    def fingerprint(self) -> str:
        """The name and a hash of the weights. Raises CheckerError."""
        files = (self._file(name).read_bytes() for name in ("config.json", "model.safetensors"))
        return f"checker:{hashlib.sha256(b''.join(files)).hexdigest()[:12]}"

    def load(self) -> None:
        """Load everything now. Raises CheckerError or ReaderError."""
        with self.lock:
            _ = self.config, self.model, self.reader.tokenizer

    @cached_property
    def config(self) -> CheckerConfig:
        """How sure the checker is of what. Raises CheckerError."""
        path = self._file("config.json")
        try:
            config = CheckerConfig.model_validate_json(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CheckerError(f"{path} cannot be read: {error}. {_REBUILD}") from error
        if config.reader != sha256_of(self.reader.path):
            raise CheckerError(f"the checker in {self.folder} was trained on another reader. {_REBUILD}")
        return config

    @cached_property
    def model(self) -> SpanModel:
        """The model. Raises CheckerError or ReaderError."""
        from app.span_model import load_model  # seconds of import

        try:
            return load_model(embedded_folder(), self.reader.path, self._file("model.safetensors"))
        except (OSError, ValueError, RuntimeError, SafetensorError) as error:
            raise CheckerError(f"cannot load the checker in {self.folder}: {error}. {_REBUILD}") from error

    def _file(self, name: str) -> Path:
        path = self.folder / name
        if not path.is_file():
            raise CheckerError(f"the checker's file {path} is missing. {_REBUILD}")
        return path
