"""From a setting to a language model."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.errors import ModelMissing, ModelUnknown, SettingsError
from app.language_models import make_language_model
from app.settings import Settings, load_settings


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings that name a server."""
    monkeypatch.setenv("WENJU_LANGUAGE_MODEL__URL", "http://127.0.0.1:8080/v1")
    return load_settings()


@pytest.mark.parametrize(
    ("use", "name"),
    [
        ("llama:qwen2.5-coder-0.5b", "llama:qwen2.5-coder-0.5b"),
        ("llama:~/models/my.gguf", "llama:my"),
        ("transformers:Qwen/Qwen3-0.6B", "transformers:Qwen/Qwen3-0.6B"),
        ("openai:qwen3:8b", "openai:qwen3:8b"),  # Ollama's names have colons
    ],
)
def test_the_three_kinds(use: str, name: str, served: Settings, home: Path) -> None:
    (home / "models").mkdir(parents=True)
    (home / "models" / "qwen2.5-coder-0.5b.gguf").touch()
    assert make_language_model(use, served).name == name


def test_a_model_of_the_catalogue_must_be_here(served: Settings) -> None:
    with pytest.raises(ModelMissing, match="wenju models fetch qwen2.5-coder-0.5b"):
        make_language_model("llama:qwen2.5-coder-0.5b", served)
    with pytest.raises(ModelUnknown, match="no model 'x' in the catalogue"):
        make_language_model("llama:x", served)


@pytest.mark.parametrize("use", ["extractive", "llama:", "llama", "", ":x", "LLAMA:x", "ollama:x"])
def test_what_names_no_model(use: str, served: Settings) -> None:
    with pytest.raises(SettingsError, match="llama:NAME, transformers:NAME or openai:NAME"):
        make_language_model(use, served)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", "openai:NAME needs the setting language_model.url"),
        ("127.0.0.1:8080", "'127.0.0.1:8080', and must begin with http:// or https://"),
        ("ftp://127.0.0.1", "must begin with http"),
        ("file:///etc/passwd", "must begin with http"),
        ("http://", "must begin with http"),
        ("http://127.0.0.1:99999/v1", "must begin with http"),
        ("http://[::1/v1", "must begin with http"),
        ("https://me:secret@example.org/v1", "must hold no password"),
    ],
)
def test_a_server_without_a_good_url(url: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENJU_LANGUAGE_MODEL__URL", url)
    with pytest.raises(SettingsError) as caught:
        make_language_model("openai:tiny", load_settings())
    assert told in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.usefixtures("served")
def test_making_one_imports_nothing_heavy() -> None:
    code = """
import sys
from app.language_models import make_language_model
from app.settings import load_settings
settings = load_settings()
for use in ("llama:x.gguf", "transformers:x", "openai:x"):
    make_language_model(use, settings).name
print({"torch", "transformers", "openai", "xllamacpp", "httpx2"} & set(sys.modules))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"
