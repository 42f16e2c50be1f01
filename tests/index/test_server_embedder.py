"""Embedding by a server: what fails is asked again, nothing is lost or doubled; what is wrong is named."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus import build_document
from index import Growing, MadeWith, ModelError, PassageRules, ServerEmbedder, open_archive
from tests.fakes import WordEmbedder

Answer = Callable[[int, dict[str, Any]], tuple[int, Any]]  # (call from 1, request) -> status, body


def vectors(call: int, asked: dict[str, Any]) -> tuple[int, Any]:
    """What a server that is well answers: the counts of words, twice as long as they need be."""
    made = 2 * WordEmbedder().embed_passages(asked["input"]) + 1e-6
    rows = [{"object": "embedding", "index": i, "embedding": row} for i, row in enumerate(made.tolist())]
    return 200, {"object": "list", "model": asked["model"], "data": rows[::-1]}


@contextmanager
def serving(answer: Answer) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A server's URL, and what it was asked."""
    asked: list[dict[str, Any]] = []
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                asked.append({**request, "path": self.path, "key": self.headers["Authorization"]})
                call = len(asked)
            status, body = answer(call, request)
            if not status:
                self.connection.close()
                return
            sent = json.dumps(body).encode() if not isinstance(body, bytes) else body
            self.send_response(status)
            self.send_header("retry-after-ms", "1")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1", asked
    finally:
        server.shutdown()
        server.server_close()


def test_vectors_come_in_the_order_of_the_texts_and_have_length_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    told: list[tuple[int, int]] = []
    texts = ["武漢的光"] + ["工厂"] * 70
    with serving(vectors) as (url, asked):
        embedder = ServerEmbedder("openai:some/model", url)
        found = embedder.embed_passages(texts, lambda done, of: told.append((done, of)))
    assert embedder.fingerprint == "server:some/model"
    assert np.allclose(found, WordEmbedder().embed_passages(["武汉的光"] + ["工厂"] * 70), atol=1e-5)
    assert np.linalg.norm(found, axis=1) == pytest.approx(np.ones(71))
    assert told == [(32, 71), (64, 71), (71, 71)]
    assert {(one["path"], one["model"], one["key"]) for one in asked} == {
        ("/v1/embeddings", "some/model", "Bearer secret")
    }
    assert embedder.embed_passages([]).shape == (0, 6)


@pytest.mark.parametrize("fault", [(500, {}), (429, {}), (0, None)])
def test_where_one_call_in_five_fails_nothing_is_lost_or_doubled(
    fault: tuple[int, Any], tmp_path: Path
) -> None:
    texts = ["光" * (i % 7 + 1) + "城" * (i // 7 % 9 + 1) + "武汉" * (i // 63) + "。" for i in range(600)]
    documents = [build_document(f"d{i}", text.encode(), "plain") for i, text in enumerate(texts)]
    with serving(lambda call, asked: fault if call % 5 == 0 else vectors(call, asked)) as (url, asked):
        embedder = ServerEmbedder("openai:m", url)
        with Growing(tmp_path / "news", embedder, MadeWith("m", PassageRules())) as growing:
            for begin in range(0, 600, 100):
                growing.add(documents[begin : begin + 100])
            growing.finish()
    assert len(asked) > 24  # four for each hundred, and what was asked again
    index = open_archive(tmp_path / "news")
    assert list(index.documents) == [document.id for document in documents]
    assert len(index.dense) == len(index.lexical) == len(index.passages) == 600
    stored = np.fromfile(tmp_path / "news" / "vectors", dtype=np.float16).reshape(600, 6)
    right = WordEmbedder().embed_passages([document.text for document in documents])
    assert np.allclose(stored, right, atol=1e-3)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((400, {"error": "no such model"}), "answers 400 for 'openai:m': .*no such model"),
        ((302, b""), "answers 302"),
        ((200, b"<html>not here</html>"), "no embedding"),
        ((200, {"data": [{"index": 0, "embedding": "x"}]}), "no embedding"),
        ((200, {"data": [{"index": 0, "embedding": [0.0, 0.0]}]}), "without a direction"),
        ((200, {"data": []}), "0 vectors for 1 texts|no embedding"),
    ],
)
def test_what_a_server_does_wrong_is_named(answer: tuple[int, Any], said: str) -> None:
    with serving(lambda call, asked: answer) as (url, _), pytest.raises(ModelError, match=said) as raised:
        ServerEmbedder("openai:m", url).load()
    assert url in str(raised.value)


def test_a_server_that_is_down_is_named() -> None:
    with serving(vectors) as (url, _):
        pass
    with pytest.raises(ModelError, match=f"cannot reach the embedding server at {url}"):
        embedder = ServerEmbedder("openai:m", url)
        embedder._client = embedder._client.with_options(max_retries=0)
        embedder.load()
