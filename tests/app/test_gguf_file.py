"""What is read of a GGUF file before llama.cpp reads it."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from app.errors import LanguageModelUnusable
from app.gguf_file import GgufFile, read_gguf
from tests.app.gguf_writer import CHAT, write_gguf


@pytest.mark.parametrize("version", [2, 3])
def test_what_a_chat_model_says(tmp_path: Path, version: int) -> None:
    path = write_gguf(tmp_path / "a.gguf", version=version)
    assert read_gguf(path) == GgufFile(context=32768, control=("<|im_start|>", "<|im_end|>"))


def test_a_file_that_is_cut_anywhere(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "a.gguf")
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(LanguageModelUnusable, match="a.gguf"):
            read_gguf(path)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("qwen2.block_count", 0, "block_count is 0"),
        ("qwen2.block_count", 513, "block_count is 513"),
        ("qwen2.block_count", 2**32 - 1, "block_count is 4294967295"),
        ("qwen2.block_count", "24", "block_count is 24"),
        ("qwen2.context_length", 0, "context_length is 0"),
        ("qwen2.context_length", 2**32 - 1, "context_length is 4294967295"),
        ("qwen2.attention.layer_norm_rms_epsilon", float("nan"), "epsilon is nan"),
        ("general.architecture", "llama", "block_count is None"),
        ("tokenizer.ggml.tokens", "<|im_end|>", "vocabulary"),
        ("tokenizer.ggml.tokens", ["武", "", "", "武"], "two tokens"),
        ("other.list", struct.pack("<IIQ", 9, 9, 1), "type 9"),  # lists in lists, as deep as one likes
        ("other.list", struct.pack("<IIQ", 9, 8, 2**60), "behind the end|buffer"),
        ("other.list", struct.pack("<IIQ", 9, 4, 2**60), "cut short"),
        ("other.value", struct.pack("<I", 99), "type 99"),
    ],
)
def test_values_over_which_llama_cpp_ends_the_process(
    tmp_path: Path, name: str, value: object, told: str
) -> None:
    path = write_gguf(tmp_path / "a.gguf", {**CHAT, name: value})
    with pytest.raises(LanguageModelUnusable, match=told):
        read_gguf(path)


def test_a_model_without_a_chat_template(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "a.gguf", {k: v for k, v in CHAT.items() if "template" not in k})
    with pytest.raises(LanguageModelUnusable, match="no chat template"):
        read_gguf(path)


@pytest.mark.parametrize("data", [b"<html>Sign in</html>", b"GGU", b"PK\x03\x04"])
def test_another_file(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.gguf"
    path.write_bytes(data)
    with pytest.raises(LanguageModelUnusable, match="no GGUF file"):
        read_gguf(path)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(LanguageModelUnusable, match="No such file"):
        read_gguf(tmp_path / "a.gguf")
    with pytest.raises(LanguageModelUnusable, match="Is a directory"):
        read_gguf(tmp_path)
    with pytest.raises(LanguageModelUnusable, match="version 1"):
        read_gguf(write_gguf(tmp_path / "b.gguf", version=1))
