"""Writes the metadata of a GGUF file: what a chat model says of itself, without its weights."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

TEMPLATE = "{% for m in messages %}<|im_start|>{{ m.role }}{{ m.content }}<|im_end|>{% endfor %}"
CHAT: Mapping[str, object] = {
    "general.architecture": "qwen2",
    "qwen2.block_count": 24,
    "qwen2.context_length": 32768,
    "qwen2.attention.layer_norm_rms_epsilon": 1e-6,
    "tokenizer.ggml.tokens": ["!", "<|im_start|>", "武", "<|im_end|>", ""],
    "tokenizer.ggml.token_type": [1, 3, 1, 3, 3],
    "tokenizer.ggml.add_bos_token": False,
    "tokenizer.chat_template": TEMPLATE,
}


def write_gguf(path: Path, values: Mapping[str, object] = CHAT, version: int = 3) -> Path:
    """A file with these values and no weights."""
    parts = [b"GGUF", struct.pack("<IQQ", version, 0, len(values))]
    for name, value in values.items():
        parts += [_text(name), *_value(value)]
    path.write_bytes(b"".join(parts))
    return path


def _value(value: object) -> list[bytes]:
    match value:
        case bool():
            return [struct.pack("<I?", 7, value)]
        case int():
            return [struct.pack("<II", 4, value)]
        case float():
            return [struct.pack("<If", 6, value)]
        case str():
            return [struct.pack("<I", 8), _text(value)]
        case bytes():  # as it is, with its type
            return [value]
        case list() if value and isinstance(value[0], str):
            return [struct.pack("<IIQ", 9, 8, len(value)), *map(_text, value)]
        case list():
            return [struct.pack("<IIQ", 9, 5, len(value)), struct.pack(f"<{len(value)}i", *value)]
    raise TypeError(value)


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data
