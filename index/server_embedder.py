"""Embedding by a server that speaks OpenAI's protocol: vLLM, text-embeddings-inference, Ollama, a cloud."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from corpus import simplified
from index.dense import Vectors
from index.embedder import Progress
from index.errors import ModelError

if TYPE_CHECKING:
    from openai import OpenAI

SERVER = "openai:"  # what the name of a server's model begins with
_KEY = "OPENAI_API_KEY"
_NO_KEY = "none"
_BATCH = 32  # texts a request: as many as text-embeddings-inference takes
_AT_ONCE = 4  # requests
_RETRIES = 5  # of one request, with growing pauses
_SECONDS = 60.0
_QUESTION_SECONDS = 15.0  # someone waits for it
_QUOTED = 200  # characters of a server's message


class ServerEmbedder:
    """The model that the server at `url` calls by what follows `openai:` in `name`.

    It reads simplified characters, as the embedded one does. Raises ModelError where the server fails.
    """

    def __init__(self, name: str, url: str) -> None:
        self.name, self._url = name, url
        self._dim = 0

    @property
    def fingerprint(self) -> str:
        """The server's name for it: that another model hides behind the same name cannot be told."""
        return f"server:{self.name.removeprefix(SERVER)}"

    def load(self) -> None:
        """See that the server answers."""
        self._embed(self._hurried, ["?"])

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of questions."""
        return self._embed_all(texts, self._hurried)

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Unit vectors of passages, in the order of the texts."""
        return self._embed_all(texts, self._client, progress)

    def _embed_all(self, texts: Sequence[str], client: OpenAI, progress: Progress | None = None) -> Vectors:
        if not texts:
            return np.empty((0, self._dim), dtype=np.float32)
        batches = [texts[begin : begin + _BATCH] for begin in range(0, len(texts), _BATCH)]
        made: list[Vectors] = []
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for vectors in pool.map(partial(self._embed, client), batches):
                made.append(vectors)
                if progress is not None:
                    progress(sum(map(len, made)), len(texts))
        if len({vectors.shape[1] for vectors in made}) > 1:
            raise ModelError(f"{self._at} sent vectors of different lengths.")
        self._dim = made[0].shape[1]
        return np.concatenate(made)

    def _embed(self, client: OpenAI, texts: Sequence[str]) -> Vectors:
        """One request."""
        import openai

        try:
            read = [simplified(text) for text in texts]
            answer = client.embeddings.create(
                model=self.name.removeprefix(SERVER), input=read, encoding_format="float"
            )
            found = sorted(answer.data, key=lambda one: one.index)
            if [one.index for one in found] != list(range(len(texts))):
                raise ModelError(f"{self._at} sent {len(found)} vectors for {len(texts)} texts.")
            vectors = np.array([one.embedding for one in found], dtype=np.float32)
        except openai.APITimeoutError:
            raise ModelError(f"{self._at} sent nothing for {client.timeout} seconds.") from None
        except openai.APIConnectionError:
            raise ModelError(f"cannot reach {self._at}. Start it, or set models.url.") from None
        except openai.APIStatusError as error:
            said = " ".join(str(error.body or error.message).replace(_key() or _NO_KEY, "***").split())[
                :_QUOTED
            ]
            raise ModelError(f"{self._at} answers {error.status_code} for {self.name!r}: {said}") from None
        except (openai.OpenAIError, AttributeError, TypeError, ValueError) as error:
            raise ModelError(f"{self._at} sent what is no embedding: {type(error).__name__}.") from None
        return self._unit(vectors)

    def _unit(self, vectors: Vectors) -> Vectors:
        """Unit vectors of what came. Raises ModelError."""
        if vectors.ndim != 2:
            raise ModelError(f"{self._at} sent vectors of no length.")
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not (np.isfinite(lengths).all() and (lengths > 0).all()):
            raise ModelError(f"{self._at} sent a vector without a direction.")
        unit: Vectors = vectors / lengths
        return unit

    @property
    def _at(self) -> str:
        return f"the embedding server at {self._url}"

    @cached_property
    def _hurried(self) -> OpenAI:
        return self._client.with_options(timeout=_QUESTION_SECONDS, max_retries=1)

    @cached_property
    def _client(self) -> OpenAI:
        try:
            import openai
        except ImportError as error:
            raise ModelError(
                "a server's embeddings need the package openai: pip install 'wenju[openai]'."
            ) from error
        return openai.OpenAI(
            base_url=self._url,
            api_key=_key() or _NO_KEY,  # local servers want none, and the client wants one
            timeout=_SECONDS,
            max_retries=_RETRIES,
            # The texts and the key are for the server that was named, not for where it points.
            http_client=openai.DefaultHttpxClient(follow_redirects=False, timeout=_SECONDS),
        )


def _key() -> str:
    return os.environ.get(_KEY, "").strip()
