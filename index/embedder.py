"""Embedding models: text to unit vectors, by sentence-transformers."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from corpus import simplified
from index.dense import Vectors
from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

EMBEDDED = "embedded"
_BATCH = 16  # passages of about 150 tokens: larger batches gain nothing on two cores
Progress = Callable[[int, int], None]  # texts done, texts in all


class Embedder(Protocol):
    """What the index asks of an embedding model."""

    @property
    def fingerprint(self) -> str:
        """Tells models apart whose vectors must not be mixed."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors `(n_texts, dim)` of questions."""
        ...

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Unit vectors `(n_texts, dim)` of passages; `progress` is told after each batch."""
        ...


class EmbeddingModel(Embedder, Protocol):
    """An Embedder that is not ready before its first text."""

    def load(self) -> None:
        """Make it ready now. Raises ModelError."""
        ...


class SentenceEmbedder:
    """A sentence-transformers model: the embedded one, a folder, or a name on the model hub.

    The weights load at the first text, so that what only opens an index stays quick. What the model reads is
    in simplified characters: the embedded one's vocabulary was cut for them, and both scripts meet so.
    """

    def __init__(self, name: str = EMBEDDED, threads: int = 0) -> None:
        self.name = name
        self._threads = threads  # 0: torch decides
        self._lock = threading.Lock()  # held by who computes
        self._next = threading.Lock()  # held by who is the next to compute

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over a folder's weights and tokenizer; for a hub model its name."""
        folder = self._folder
        if folder is None:
            return f"hub:{self.name}"
        digest = hashlib.sha256()
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".safetensors", ".bin", ".json", ".model", ".txt"):
                digest.update(path.relative_to(folder).as_posix().encode())
                digest.update(path.read_bytes())
        return f"sha256:{digest.hexdigest()}"

    def load(self) -> None:
        """Load the weights now. Raises ModelError."""
        with self._turn():  # a question may ask for them at the same time
            pass

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of questions."""
        return self._encode(texts, "query", None)

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Unit vectors of passages."""
        return self._encode(texts, "document", progress)

    def count_tokens(self, texts: Sequence[str]) -> int:
        """How many tokens the model reads for these texts, prefixes and marks left out."""
        read = [simplified(text) for text in texts]
        return sum(len(ids) for ids in self._model.tokenizer(read, add_special_tokens=False)["input_ids"])

    def _encode(self, texts: Sequence[str], task: str, progress: Progress | None) -> Vectors:
        # Longest first wastes least on padding; the order is restored at the end.
        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        with self._turn() as model:
            vectors = np.empty((len(texts), model.get_embedding_dimension() or 0), np.float32)
        for begin in range(0, len(order), _BATCH):
            rows = order[begin : begin + _BATCH]
            with self._turn() as model:
                encode = model.encode_query if task == "query" else model.encode_document
                vectors[rows] = encode(
                    [simplified(texts[i]) for i in rows],
                    batch_size=_BATCH,
                    normalize_embeddings=True,
                    show_progress_bar=False,
                )
            if progress is not None:
                progress(begin + len(rows), len(order))
        return vectors

    @contextmanager
    def _turn(self) -> Iterator[SentenceTransformer]:
        """The model to oneself, in the order of asking: a question waits for a batch, not for an index."""
        with self._next:
            self._lock.acquire()
        try:
            yield self._model
        finally:
            self._lock.release()

    @property
    def _folder(self) -> Path | None:
        folder = embedded_folder() if self.name == EMBEDDED else Path(self.name).expanduser()
        return folder if folder.is_dir() else None

    @cached_property
    def _model(self) -> SentenceTransformer:
        # Seconds of import: not before a text is embedded.
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # upstream has no types
        if self._threads:
            torch.set_num_threads(self._threads)
        folder = self._folder
        if folder is None and (self.name == EMBEDDED or self.name.startswith((".", "/", "~"))):
            raise ModelError(
                f"the embedding model {self.name!r} is missing. Install Wenju again, "
                "or name a folder or a model of the hub in the setting models.embedder."
            )
        try:
            return SentenceTransformer(
                str(folder or self.name),
                device="cpu",
                local_files_only=folder is not None,
                model_kwargs={"dtype": "float32"},
            )
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(f"cannot load the embedding model {self.name!r}: {error}") from error


def embedded_folder() -> Path:
    """Where the embedded model's weights and tokenizer lie; the reader stands on them."""
    return Path(str(files("index") / "models" / "retriever"))
