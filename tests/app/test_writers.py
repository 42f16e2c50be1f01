"""The writers that a page offers: those that are here, by names without a machine's paths."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.checker import Checker
from app.engine import make_writers
from app.errors import SettingsError
from app.language_models import without_folder
from app.model_catalogue import CATALOGUE
from app.settings import EXTRACTIVE, load_settings
from app.writers import Writers

SMALL = "qwen2.5-coder-0.5b"


def writers(use: str = EXTRACTIVE) -> Writers:
    """What is offered where this is the settings' own writer."""
    return make_writers(load_settings(use))


def put(home: Path, size: int) -> None:
    """A file of a size under the model's name, as the disk counts it."""
    (home / "models").mkdir(parents=True)
    with (home / "models" / f"{SMALL}.gguf").open("wb") as file:
        file.truncate(size)


def test_quotes_alone_where_there_is_no_model() -> None:
    offered = writers()
    assert offered.names() == [EXTRACTIVE]
    assert offered.writer(EXTRACTIVE) is offered.own


def test_a_model_is_offered_as_soon_as_it_is_whole(home: Path) -> None:
    offered = writers()
    put(home, CATALOGUE[SMALL].size - 1)
    assert offered.names() == [EXTRACTIVE]
    with (home / "models" / f"{SMALL}.gguf").open("r+b") as file:
        file.truncate(CATALOGUE[SMALL].size)
    assert offered.names() == [EXTRACTIVE, f"llama:{SMALL}"]
    written_by = offered.writer(f"llama:{SMALL}")
    assert written_by.name == f"llama:{SMALL}"
    assert offered.writer(f"llama:{SMALL}") is written_by  # one model for all visitors


def test_the_settings_own_writer_comes_first_and_without_its_folder(tmp_path: Path) -> None:
    offered = writers(f"llama:{tmp_path}/mine.gguf")
    assert offered.names() == ["llama:mine", EXTRACTIVE]
    assert offered.writer("llama:mine") is offered.own


@pytest.mark.parametrize("name", ["llama:/etc/passwd", f"llama:{SMALL}", "openai:gpt", "", "extractive "])
def test_what_is_not_offered_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="There is no writer"):
        writers().writer(name)


@pytest.mark.parametrize(
    ("use", "shown"),
    [
        (EXTRACTIVE, EXTRACTIVE),
        ("openai:Qwen/Qwen3", "openai:Qwen/Qwen3"),
        ("llama:small", "llama:small"),
        ("llama:/home/anna/small.gguf", "llama:small.gguf"),
        ("llama:~/small.gguf", "llama:small.gguf"),
        ("transformers:Qwen/Qwen3-0.6B", "transformers:Qwen/Qwen3-0.6B"),
        ("transformers:../models/tiny", "transformers:tiny"),
        ("transformers:/srv/tiny/", "transformers:tiny"),
    ],
)
def test_a_name_without_a_folder(use: str, shown: str) -> None:
    assert without_folder(use) == shown


def test_a_checker_is_made_for_language_models_alone() -> None:
    def never() -> Checker:
        raise AssertionError("nobody checks quotes")

    assert Writers(load_settings(), _NoModels(), never).own.name == EXTRACTIVE  # type: ignore[arg-type]


class _NoModels:
    def fetched(self, model: Any) -> int:
        return 0
