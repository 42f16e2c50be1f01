"""The shipped retriever: its size, its shape, what it keeps of its base, and what it finds near what."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file
from sentence_transformers import SentenceTransformer

pytestmark = pytest.mark.model

FOLDER = Path(__file__).parents[2] / "index" / "models" / "retriever"
LARGEST_FILE = 90_000_000  # bytes
# The embeddings and the six lower layers as scripts/build_retriever.py makes them
LOWER = re.compile(r"embeddings\.|encoder\.layer\.[0-5]\.")
BASE = "0089617613db629d54c9c6037325b1d6a7a2b926cef237d0ed47ecaa89b14e75"

TEXTS = [
    "query: 武汉的数字经济规模有多大？",
    "passage: 2023年，武汉数字经济核心产业增加值超过2000亿元。",
    "passage: 2023年，武漢數字經濟核心產業增加值超過2000億元。",
    "passage: 12月，武汉市“揭榜挂帅”榜单揭榜，10个项目上榜。",
    "passage: 今天天气很好，我们去东湖边散步。",
    "query: How large is the digital economy of Wuhan?",
    "passage: The bridge over the river was opened in 1957.",
]


@pytest.fixture(scope="module")
def model() -> SentenceTransformer:
    return SentenceTransformer(str(FOLDER), local_files_only=True, device="cpu")


def embed(model: SentenceTransformer, texts: list[str]) -> np.ndarray:
    return model.encode(texts, show_progress_bar=False)


def test_files_are_small_and_parameters_as_many_as_the_card_says(model: SentenceTransformer) -> None:
    assert max(file.stat().st_size for file in FOLDER.rglob("*")) < LARGEST_FILE
    parameters = sum(p.numel() for p in model.parameters())
    assert parameters == 38_387_712
    assert f"{parameters:,}" in (FOLDER / "README.md").read_text("utf-8")


def test_what_the_reader_stands_on_is_that_of_the_base() -> None:
    weights, digest = load_file(FOLDER / "model.safetensors"), hashlib.sha256()
    for name in sorted(filter(LOWER.match, weights)):
        digest.update(weights[name].tobytes())
    assert digest.hexdigest() == BASE


def test_vectors_are_float32_and_of_unit_length(model: SentenceTransformer) -> None:
    vectors = embed(model, TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("asked", [0, 5], ids=["Chinese", "English"])
def test_a_question_is_nearest_to_the_passage_that_answers_it(model: SentenceTransformer, asked: int) -> None:
    vectors = embed(model, TEXTS)
    answer, traditional, same_city, weather, bridge = (vectors[asked] @ vectors[i] for i in (1, 2, 3, 4, 6))
    assert answer > traditional > same_city + 0.1
    assert same_city > max(weather, bridge)


def test_of_one_article_it_tells_what_is_asked_from_what_is_only_about_the_same(
    model: SentenceTransformer,
) -> None:
    query = model.encode_query("武汉有多少名院士？", show_progress_bar=False)
    passages = ["武汉拥有两院院士81名。", "武汉的地铁有十二条线路。", "院士专家每年到中学讲课。"]
    answer, same_city, same_word = model.encode_document(passages, show_progress_bar=False) @ query
    assert answer > max(same_city, same_word) + 0.1


def test_traditional_and_simplified_text_are_near(model: SentenceTransformer) -> None:
    _, simplified, traditional, *others = embed(model, TEXTS)
    assert simplified @ traditional > 0.95
    assert simplified @ traditional > max(simplified @ other for other in others)


def test_prompts_are_the_prefixes_of_e5(model: SentenceTransformer) -> None:
    query = model.encode_query("武汉的数字经济规模有多大？", show_progress_bar=False)
    passage = model.encode_document("今天天气很好，我们去东湖边散步。", show_progress_bar=False)
    plain = embed(model, [TEXTS[0], TEXTS[4]])
    np.testing.assert_allclose(np.stack([query, passage]), plain, atol=1e-5)


@pytest.mark.parametrize(
    "text",
    ["", "ภาษาไทย", "🎉👍🏽", "\u200b", "字" * 3000],
    ids=["empty", "thai", "emoji", "invisible", "long"],
)
def test_text_of_unknown_script_or_any_length_has_a_vector(model: SentenceTransformer, text: str) -> None:
    (vector,) = embed(model, [f"passage: {text}"])
    assert np.isfinite(vector).all()
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
