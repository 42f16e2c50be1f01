"""Settings: defaults, the file, variables before the file, and every mistake named."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from app.errors import SettingsError
from app.settings import home as data_folder
from app.settings import load_settings


def write_file(home: Path, content: str | bytes) -> None:
    home.mkdir(exist_ok=True)
    data = content.encode() if isinstance(content, str) else content
    (home / "settings.toml").write_bytes(data)


def test_defaults() -> None:
    settings = load_settings()
    assert (settings.models.embedder, settings.models.threads) == ("embedded", 0)
    assert (settings.passages.max_chars, settings.passages.overlap_chars) == (220, 60)
    assert (settings.retrieval.top_k, settings.retrieval.depth, settings.reader.passages) == (10, 30, 4)
    assert (settings.articles.megabytes, settings.articles.pages) == (100, 2000)
    assert (settings.articles.seconds, settings.articles.memory_megabytes) == (120, 2000)
    assert (settings.chat.host, settings.chat.port) == ("127.0.0.1", 7860)
    assert 0 < settings.outcome.unsure_from < settings.outcome.answered_from < 1
    assert settings.writer.statements < settings.writer.list_statements


def test_the_file_sets_what_it_names_and_the_rest_stays(home: Path) -> None:
    write_file(home, "[retrieval]\ntop_k = 3\n[outcome]\nanswered_from = 0.7\n")
    settings = load_settings()
    assert (settings.retrieval.top_k, settings.retrieval.depth) == (3, 30)
    assert settings.outcome.answered_from == 0.7


def test_a_variable_wins_over_the_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_file(home, "[retrieval]\ntop_k = 3\ndepth = 9\n")
    monkeypatch.setenv("WENJU_RETRIEVAL__TOP_K", "8")
    settings = load_settings()
    assert (settings.retrieval.top_k, settings.retrieval.depth) == (8, 9)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        load_settings().chat.port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("WENJU_RETRIEVAL__TOP_K", "many", r"retrieval\.top_k: .*'many'"),
        ("WENJU_RETRIEVAL__TOP_K", "0", r"retrieval: .*1 <= top_k <= depth.*'0'"),
        ("WENJU_RETRIEVAL__TOP_K", "31", r"retrieval: .*1 <= top_k <= depth.*'31'"),
        ("WENJU_RETRIEVAL__DENSE_WEIGHT", "1.1", r"retrieval: .*dense_weight.*'1\.1'"),
        ("WENJU_RETRIEVAL__TOPK", "3", r"retrieval\.topk: .*'3'"),
        ("WENJU_PASSAGES__MAX_CHARS", "19", r"passages: .*max_chars must be at least 20.*'19'"),
        ("WENJU_PASSAGES__HEADING_CONTEXT", "perhaps", r"passages\.heading_context: .*'perhaps'"),
        ("WENJU_ARTICLES__PAGES", "0", r"articles\.pages must be between 1 and 100000 .*'0'"),
        ("WENJU_ARTICLES__MEGABYTES", "1.5", r"articles\.megabytes: .*'1\.5'"),
        ("WENJU_MODELS__THREADS", "-1", r"models\.threads must be between 0 and 256.*'-1'"),
        ("WENJU_OUTCOME__ANSWERED_FROM", "1.5", r"outcome\.answered_from must be between 0 and 1 .*'1\.5'"),
        ("WENJU_OUTCOME__ANSWERED_FROM", "nan", r"outcome\.answered_from must be between 0 and 1 .*'nan'"),
        ("WENJU_OUTCOME__UNSURE_FROM", "0.99", r"outcome\.unsure_from must be between 0 and .*'0\.99'"),
        ("WENJU_WRITER__RATIO", "-0.1", r"writer\.ratio must be between 0 and 1 .*'-0\.1'"),
        ("WENJU_WRITER__LIST_RATIO", "2", r"writer\.list_ratio must be between 0 and 1 .*'2'"),
        ("WENJU_WRITER__STATEMENTS", "0", r"writer\.statements must be between 1 and 20 .*'0'"),
        ("WENJU_WRITER__LIST_STATEMENTS", "51", r"writer\.list_statements must be between 1 and 50 .*'51'"),
        ("WENJU_CHAT__PORT", "65536", r"chat\.port must be between 1 and 65535 .*'65536'"),
        ("WENJU_RETREIVAL__TOP_K", "3", r"WENJU_RETREIVAL__TOP_K is no setting; stages are articles, chat, "),
        ("WENJU_HOMES", "x", r"WENJU_HOMES is no setting"),
        ("WENJU_RETRIEVAL", "8", r"setting retrieval: .*got 8"),
        ("WENJU_RETRIEVAL", "many", r"retrieval.*WENJU_RETRIEVAL__TOP_K=8"),
    ],
)
def test_a_bad_variable_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, message: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=message) as caught:
        load_settings()
    assert "\n" not in str(caught.value)
    assert "settings.toml" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[retrieval]\ntop_k = 'x'", r"retrieval\.top_k: .*'x'"),
        ("[retrieval]\ntopk = 3", r"retrieval\.topk: .*3"),
        ("[search]\ntop_k = 3", r"search: .*top_k"),
        ("top_k = 3", r"top_k: .*3"),
        ("[chat]\nport = 0", r"chat\.port must be between 1 and 65535 .*0"),
        ("[retrieval", r"settings\.toml: .*Mend or remove it\."),
        (b"\xff\xfe[\x00", r"settings\.toml: .*Mend or remove it\."),
    ],
)
def test_a_bad_file_is_named(home: Path, content: str | bytes, message: str) -> None:
    write_file(home, content)
    with pytest.raises(SettingsError, match=message) as caught:
        load_settings()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("port", ["1", "65535"])
def test_the_ends_of_a_range_are_allowed(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("WENJU_CHAT__PORT", port)
    assert load_settings().chat.port == int(port)


def test_the_data_folder(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    assert data_folder() == home
    monkeypatch.setenv("WENJU_HOME", "~/elsewhere")
    assert data_folder() == Path.home() / "elsewhere"
    monkeypatch.delenv("WENJU_HOME")
    assert data_folder().name == "wenju"
    assert data_folder().is_absolute()
