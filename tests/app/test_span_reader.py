"""The trained reader: its plumbing with a tiny model made on the spot, and ten questions with its weights."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save_file
from transformers import BertConfig, BertModel

from app.errors import ReaderError
from app.pipeline import Pipeline
from app.reader_weights import ReaderConfig, ReaderWeights, retriever_sha256
from app.span_model import MAX_TOKENS, SpanModel, encode, load_tokenizer, pad
from app.span_reader import ReadPassage, ReadSentence, SpanReader
from corpus import Document, build_document
from eval.matching import contains
from index import Hit, Index, PassageRules, RetrievalRules, Retriever, build_index, embedded_folder
from tests.fakes import WordEmbedder
from tests.generated import PROPERTY

TOKENIZER = load_tokenizer(embedded_folder())
CONFIG = ReaderConfig(retriever=retriever_sha256(), intercept=0, logit=1, mass=1, rank=0, foreign=0)
TEXT = "甲公司在东区建厂。厂里有10个车间，一共用了36架无人机！乙公司说：“我们排在第十。”"


class TinyWeights(ReaderWeights):
    """Untrained, with one layer of eight numbers: its spans are anywhere, but they are exact."""

    @property
    def model(self) -> SpanModel:  # type: ignore[override]
        """Made anew each time, always the same."""
        torch.manual_seed(3)
        config = BertConfig(
            vocab_size=44_000,
            hidden_size=8,
            num_hidden_layers=1,
            num_attention_heads=1,
            intermediate_size=8,
        )
        return SpanModel(BertModel(config, add_pooling_layer=False), 8).eval()


def make_index(text: str, max_chars: int = 220) -> Index:
    document = build_document("text", text.encode(), "plain")
    return build_index([document], WordEmbedder(), PassageRules(max_chars=max_chars, overlap_chars=0))


def found(index: Index, query: str = "几个？") -> list[Hit]:
    return Retriever(index, WordEmbedder(), RetrievalRules()).retrieve(query)


@PROPERTY
@given(passage=st.text("武汉10.,。 ab“①㎡é", max_size=80))
def test_every_token_is_where_its_offsets_say(passage: str) -> None:
    for window in encode(TOKENIZER, "几个？", [passage]):
        ids = window.ids[window.inside]
        assert len(ids) == len(window.offsets)
        for start, end in window.offsets:
            assert 0 <= start <= end <= len(passage)
        assert [start for start, _ in window.offsets] == sorted(start for start, _ in window.offsets)


def test_a_long_passage_is_read_whole_in_overlapping_windows() -> None:
    passage = "武汉市数据局成立。" * 200
    windows = encode(TOKENIZER, "问" * 500, [passage, "短。"])
    long = [window for window in windows if window.passage == 0]
    assert len(long) > 1
    assert all(len(window.ids) <= MAX_TOKENS for window in windows)
    assert {offset for window in long for offset in window.offsets} == set(
        TOKENIZER(passage, add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
    )
    for before, after in zip(long, long[1:], strict=False):
        assert set(before.offsets) & set(after.offsets)


def test_both_scripts_are_read_alike() -> None:
    (traditional,) = encode(TOKENIZER, "幾間工廠？", ["武漢有10間工廠。"])
    assert traditional == encode(TOKENIZER, "几间工厂？", ["武汉有10间工厂。"])[0]


def test_padding_changes_no_score() -> None:
    model = TinyWeights().model
    short, long = (encode(TOKENIZER, "几个？", [text])[0] for text in ("甲公司。", TEXT))
    with torch.inference_mode():
        alone = model(*pad([short.ids], 1))
        together = model(*pad([short.ids, long.ids], 1))
    width = len(short.ids)
    assert torch.allclose(alone.start[0], together.start[0, :width], atol=1e-5)
    assert torch.allclose(alone.answerable[0], together.answerable[0], atol=1e-5)


@pytest.mark.parametrize(
    "text", [TEXT, "一句" * 700 + "。", "甲。\n\n乙。\n\n丙。"], ids=["short", "long", "tiny"]
)
def test_every_span_lies_in_its_sentence(text: str) -> None:
    index = make_index(text)
    reading = SpanReader(index, TinyWeights()).read("有多少架无人机？", found(index, text[:20]))
    document: Document = next(iter(index.documents.values()))
    assert reading.spans
    for span in reading.spans:
        sentence = document.sentence_by_id[span.sentence_id]
        assert sentence.start <= span.start < span.end <= sentence.end
        assert 0 <= span.support <= 1
    assert [span.support for span in reading.spans] == sorted(
        (s.support for s in reading.spans), reverse=True
    )
    assert reading.short_answer == document.quote(reading.spans[0].start, reading.spans[0].end)
    assert sorted(reading.passage_ranks.values()) == list(range(1, len(reading.passage_ranks) + 1))


def test_no_hits_are_no_answer() -> None:
    reading = SpanReader(make_index(TEXT), TinyWeights()).read("几个？", [])
    assert (reading.spans, reading.confidence, reading.short_answer) == ((), 0.0, None)


def test_missing_weights_are_named_with_the_way_out(tmp_path: Path) -> None:
    reader = SpanReader(make_index(TEXT), ReaderWeights(tmp_path))
    with pytest.raises(ReaderError, match=r"config\.json is missing.*train_reader"):
        reader.load()
    with pytest.raises(ReaderError, match="missing"):
        _ = reader.fingerprint


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A folder with a config that fits the retriever, and no weights."""
    (tmp_path / "config.json").write_text(CONFIG.model_dump_json(), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("content", [b"", b"not weights"])
def test_damaged_weights_are_named(config: Path, content: bytes) -> None:
    (config / "model.safetensors").write_bytes(content)
    with pytest.raises(ReaderError, match="cannot load the reader"):
        SpanReader(make_index(TEXT), ReaderWeights(config)).load()


def test_weights_of_another_model_are_named(config: Path) -> None:
    save_file({"layer.weight": torch.zeros(2)}, config / "model.safetensors")
    with pytest.raises(ReaderError, match=r"layer\.weight"):
        SpanReader(make_index(TEXT), ReaderWeights(config)).load()


@pytest.mark.parametrize(
    ("config_text", "message"),
    [
        ("{", "cannot be read"),
        ('{"retriever": "x", "intercept": 0}', "cannot be read"),
        (CONFIG.model_copy(update={"retriever": "other"}).model_dump_json(), "another retriever"),
    ],
    ids=["no JSON", "a number is missing", "another retriever"],
)
def test_a_wrong_config_is_named(tmp_path: Path, config_text: str, message: str) -> None:
    (tmp_path / "config.json").write_text(config_text, encoding="utf-8")
    with pytest.raises(ReaderError, match=message):
        SpanReader(make_index(TEXT), ReaderWeights(tmp_path)).load()


def test_confidence_by_hand() -> None:
    # 1 / (1 + exp(-(0.5 + 2 * 0.25 - 1))) = 0.5 where the whole answer lies in the sentence.
    config = CONFIG.model_copy(update={"intercept": 0.5, "logit": 2.0, "mass": 1.0})
    index = make_index("甲公司在东区建厂。")
    one = np.ones(1, np.float32)
    read = ReadPassage("几个？", found(index)[0], [], one, one, -0.25, 1)
    sentence = next(iter(index.documents.values())).sentences[0]
    candidate = ReadSentence(next(iter(index.documents.values())), sentence, (0, 1), 1.0, read)
    assert config.confidence(candidate.features) == pytest.approx(0.5)
    # A tenth of the answer: exp(ln 0.1) = 0.1 to 1.
    assert config.confidence(replace(candidate, mass=0.1).features) == pytest.approx(1 / 11, rel=1e-3)
    # Of the second document found: exp(-2 * ln 2) = 0.25 to 1.
    second = replace(candidate, read=replace(read, document_rank=2))
    assert config.model_copy(update={"rank": -2.0}).confidence(second.features) == pytest.approx(1 / 5)
    # Asked for in English: exp(-ln 3) to 1.
    english = replace(candidate, read=replace(read, query="How many?"))
    foreign = config.model_copy(update={"foreign": -math.log(3)})
    assert [foreign.confidence(one.features) for one in (candidate, english)] == pytest.approx([1 / 2, 1 / 4])


def test_a_sentence_without_what_is_asked_for_holds_nothing_of_the_answer() -> None:
    index = make_index("甲公司在东区建厂。厂里有10个车间。")
    reader, hits = SpanReader(index, TinyWeights()), found(index)

    def masses(query: str) -> list[float]:
        (read,) = reader.read_passages(query, hits)
        return [sentence.mass for sentence in reader.sentences(read)]

    assert [mass > 0 for mass in masses("谁来了？")] == [True, True]
    assert [mass > 0 for mass in masses("有多少车间？")] == [False, True]
    assert [mass > 0 for mass in masses("哪天建的？")] == [False, False]
    assert [mass > 0 for mass in masses("谁在2025年来了？")] == [False, False]  # a year that nothing names


def test_a_sentence_about_the_tenth_does_not_tell_which_is_the_first() -> None:
    index = make_index("甲市位列第十位。第一名是乙市。")
    reader, hits = SpanReader(index, TinyWeights()), found(index)
    (read,) = reader.read_passages("第一名是哪座城市？", hits)
    assert [sentence.mass > 0 for sentence in reader.sentences(read)] == [False, True]


def test_what_is_asked_for_is_seen_in_traditional_text() -> None:
    index = make_index("甲公司在東區建廠。合作夥伴有兩個，投資萬餘。")
    reader, hits = SpanReader(index, TinyWeights()), found(index)
    (read,) = reader.read_passages("投资多少？", hits)
    assert [sentence.mass > 0 for sentence in reader.sentences(read)] == [False, True]
    reading = reader.read("投资多少？", hits)
    assert reading.short_answer in next(iter(index.documents.values())).text


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("武汉市数据局是什么时候成立的？", "2月29日"),
        ("武汉在2024数字经济百强市中排第几？", "第十位"),
        ("光谷部署了多少架无人机？", "186架"),
        ("武汉的开放测试道路有多少公里？", "3379公里"),
        ("阳逻港的远控员有几名？", "12名"),
        ("2024中国5G+工业互联网大会是什么时候开幕的？", "11月19日"),
        ("九州医药供应链的交易额突破了多少？", "100亿元"),
        ("武汉顶级节点接入了多少家企业？", "3.9万家"),
        ("深圳数据交易所签约入驻的是武汉哪个产业园？", "汉江湾人工智能产业园"),
        ("“i武汉”城市码上线了多少项服务？", "200项"),
    ],
)
def test_ten_questions_with_the_shipped_weights(shipped: Pipeline, question: str, short: str) -> None:
    answer = shipped.answer(question)
    assert answer.outcome == "answered"
    assert answer.short_answer is not None
    assert contains(answer.short_answer, short) or contains(short, answer.short_answer)
    # The words are marked inside the first sentence that is cited.
    first = answer.citations[0]
    assert [shipped.documents[first.document_id].quote(*span) for span in first.highlights] == [
        answer.short_answer
    ]
