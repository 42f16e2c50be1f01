"""What a GGUF file says about itself, read before llama.cpp reads it.

llama.cpp refuses a file that is cut short, but ends the process over some values; and for a model without a
chat template it takes another model's. The format: ggml/docs/gguf.md in its repository.
"""

from __future__ import annotations

import math
import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.errors import LanguageModelUnusable

_VERSIONS = (2, 3)
_LAYERS = range(1, 513)  # more than llama.cpp's LLAMA_MAX_LAYERS end the process
_CONTEXTS = range(1, 2**31)
_STRING, _ARRAY = 8, 9
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_CONTROL = 3  # the type of a token that a chat template writes and a text must not

Value = int | float | bool | str | tuple["Value", ...]


@dataclass(frozen=True)
class GgufFile:
    """`context`: how many tokens the model was trained to read at a time; `control`: its control tokens."""

    context: int
    control: tuple[str, ...]


def read_gguf(path: Path) -> GgufFile:
    """What a chat model's file says. Raises LanguageModelUnusable."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            if data[:4] != b"GGUF":
                raise LanguageModelUnusable(f"{path} is no GGUF file. Name one, or a model of the catalogue.")
            values = dict(_Cursor(data).values())
        return _chat_model(path, values)
    except OSError as error:
        raise LanguageModelUnusable(f"cannot read {path} ({error.strerror}).") from error
    except (ValueError, struct.error, IndexError) as error:  # an empty file cannot be mapped: ValueError
        raise LanguageModelUnusable(f"{path} is cut short or damaged ({error}). Get it again.") from error


def _chat_model(path: Path, values: dict[str, Value]) -> GgufFile:
    if "tokenizer.chat_template" not in values:
        raise LanguageModelUnusable(
            f"{path} has no chat template: it is no chat model. Name one that follows instructions."
        )
    kind = values.get("general.architecture")
    layers, context = values.get(f"{kind}.block_count"), values.get(f"{kind}.context_length")
    if not (isinstance(layers, int) and layers in _LAYERS):
        raise ValueError(f"block_count is {layers}")
    if not (isinstance(context, int) and context in _CONTEXTS):
        raise ValueError(f"context_length is {context}")
    for name, value in values.items():
        if name.endswith("epsilon") and not (isinstance(value, float) and math.isfinite(value)):
            raise ValueError(f"{name} is {value}")
    tokens, types = values.get("tokenizer.ggml.tokens", ()), values.get("tokenizer.ggml.token_type", ())
    if not (isinstance(tokens, tuple) and isinstance(types, tuple)):
        raise ValueError("the vocabulary is no list")
    named = [token for token in tokens if token]  # those without a name get one of their own
    if len(set(named)) < len(named):
        raise ValueError("two tokens of the vocabulary are the same")
    control = (str(token) for token, kind in zip(tokens, types, strict=False) if kind == _CONTROL)
    return GgufFile(context, tuple(filter(None, control)))


class _Cursor:
    """Reads the metadata, front to back. Everything raises ValueError, IndexError or struct.error."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self._at = 4

    def values(self) -> Iterator[tuple[str, Value]]:
        """The metadata, by name."""
        version = self._number("I")
        if version not in _VERSIONS:
            raise ValueError(f"version {version}")
        _, count = self._number("Q"), self._number("Q")
        for _ in range(count):
            yield self._string(), self._value(self._number("I"))

    def _value(self, kind: int) -> Value:
        if kind == _STRING:
            return self._string()
        if kind != _ARRAY:
            return self._number(_SCALARS[kind]) if kind in _SCALARS else self._unknown(kind)
        kind, count = self._number("I"), self._number("Q")
        if kind in _SCALARS:
            start, code = self._at, f"<{count}{_SCALARS[kind]}"
            self._at += struct.calcsize(code)
            return struct.unpack(code, self._data[start : self._at])
        if kind != _STRING:
            self._unknown(kind)
        return tuple(self._string() for _ in range(count))

    def _unknown(self, kind: int) -> Value:
        raise ValueError(f"a value of the type {kind}")

    def _number(self, code: str) -> int:
        number: int = struct.unpack_from(f"<{code}", self._data, self._at)[0]
        self._at += struct.calcsize(f"<{code}")
        return number

    def _string(self) -> str:
        length = self._number("Q")
        start, self._at = self._at, self._at + length
        if self._at > len(self._data):
            raise ValueError("a text goes on behind the end")
        return self._data[start : self._at].decode("utf-8", "surrogateescape")
