"""The embedder around a model: batches, order, fingerprints and what goes wrong. No weights, no network."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
import pytest

from index import ModelError, SentenceEmbedder
from index.dense import Vectors


class LengthModel:
    """Stands in for a sentence-transformers model: a text is its length, a query its negative length."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def get_embedding_dimension(self) -> int:
        """Numbers a vector."""
        return 1

    def encode_query(self, texts: list[str], **options: object) -> Vectors:
        """Vectors of questions."""
        return -self.encode_document(texts, **options)

    def encode_document(self, texts: list[str], **options: object) -> Vectors:
        """Vectors of passages."""
        assert options["normalize_embeddings"] is True
        self.batches.append(texts)
        return np.array([[len(text)] for text in texts], np.float32)


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> LengthModel:
    model = LengthModel()
    monkeypatch.setattr(SentenceEmbedder, "_model", model)
    return model


def test_vectors_come_in_the_order_of_texts_though_the_longest_go_first(model: LengthModel) -> None:
    texts = ["光" * length for length in (*range(1, 20), *range(40, 19, -1))]
    told: list[tuple[int, int]] = []
    vectors = SentenceEmbedder().embed_passages(texts, lambda done, of: told.append((done, of)))
    assert vectors.dtype == np.float32
    assert vectors[:, 0].tolist() == [*range(1, 20), *range(40, 19, -1)]
    assert [len(text) for batch in model.batches for text in batch] == list(range(40, 0, -1))
    assert told == [(16, 40), (32, 40), (40, 40)]


def test_queries_and_passages_are_embedded_by_their_own_task(model: LengthModel) -> None:
    assert SentenceEmbedder().embed_queries(["光城"]).tolist() == [[-2]]
    assert SentenceEmbedder().embed_passages(["光城"]).tolist() == [[2]]


def test_a_question_is_embedded_between_two_batches_of_an_index(
    model: LengthModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = SentenceEmbedder()
    asking = threading.Thread(target=embedder.embed_queries, args=[["问"]], daemon=True)
    encode = model.encode_document

    def encode_and_be_asked(texts: list[str], **options: object) -> Vectors:
        if not asking.ident:
            asking.start()
        # A batch takes long enough for a question on its way to be the next.
        while not embedder._next.locked() and ["问"] not in (*model.batches, texts):
            time.sleep(0.001)
        return encode(texts, **options)

    monkeypatch.setattr(model, "encode_document", encode_and_be_asked)
    embedder.embed_passages(["光"] * 64)
    asking.join(10)
    # Its turns come before the last batch: one to look at the model, one to be embedded.
    assert model.batches.index(["问"]) < 3


def test_the_model_reads_simplified_characters(model: LengthModel) -> None:
    SentenceEmbedder().embed_queries(["武漢"])
    SentenceEmbedder().embed_passages(["數據局", "工廠"])
    assert model.batches == [["武汉"], ["数据局", "工厂"]]


def test_no_text_gives_no_vector(model: LengthModel) -> None:
    assert SentenceEmbedder().embed_passages([]).shape == (0, 1)


def make_model_folder(folder: Path) -> Path:
    (folder / "1_Pooling").mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(b"weights")
    (folder / "1_Pooling" / "config.json").write_text("{}", encoding="utf-8")
    (folder / "README.md").write_text("a card", encoding="utf-8")
    return folder


def test_a_fingerprint_is_that_of_the_files_and_not_of_their_place(tmp_path: Path) -> None:
    first = SentenceEmbedder(str(make_model_folder(tmp_path / "a"))).fingerprint
    assert first.startswith("sha256:")
    assert SentenceEmbedder(str(make_model_folder(tmp_path / "b"))).fingerprint == first
    (tmp_path / "b" / "README.md").write_text("another card", encoding="utf-8")
    assert SentenceEmbedder(str(tmp_path / "b")).fingerprint == first


@pytest.mark.parametrize(
    "name", ["model.safetensors", "1_Pooling/config.json", "vocab.txt", "pytorch_model.bin"]
)
def test_other_weights_settings_or_words_have_another_fingerprint(tmp_path: Path, name: str) -> None:
    folder = make_model_folder(tmp_path / "a")
    (folder / name).write_bytes(b"first")
    first = SentenceEmbedder(str(folder)).fingerprint
    (folder / name).write_bytes(b"second")
    assert SentenceEmbedder(str(folder)).fingerprint != first
    (folder / name).unlink()
    assert SentenceEmbedder(str(folder)).fingerprint != first


def test_a_model_of_the_hub_is_told_by_its_name() -> None:
    assert SentenceEmbedder("someone/some-model").fingerprint == "hub:someone/some-model"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no-such-model' is missing"):
        SentenceEmbedder(str(tmp_path / "no-such-model")).load()


def test_a_folder_that_is_no_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "holiday").mkdir()
    (tmp_path / "holiday" / "notes.txt").write_text("sun", encoding="utf-8")
    with pytest.raises(ModelError, match="holiday"):
        SentenceEmbedder(str(tmp_path / "holiday")).embed_queries(["光"])


def test_a_folder_with_a_damaged_model_is_named(tmp_path: Path) -> None:
    folder = make_model_folder(tmp_path / "half")
    (folder / "config.json").write_text('{"model_type": "bert"', encoding="utf-8")
    with pytest.raises(ModelError, match="half"):
        SentenceEmbedder(str(folder)).embed_queries(["光"])
