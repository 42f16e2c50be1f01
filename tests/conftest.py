"""What every test may use: the shipped article, read once, and a browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from corpus import Document, load_document

ROOT = Path(__file__).parent.parent
CODER = "qwen2.5-coder-0.5b"
MODELS = os.environ.pop("WENJU_TEST_MODELS", "")  # it is no setting, and no command should meet it


@pytest.fixture(scope="session")
def coder_file() -> Path:
    """The smallest model of the catalogue, from the folder that WENJU_TEST_MODELS names; else a skip."""
    path = Path(MODELS) / f"{CODER}.gguf"
    if not (MODELS and path.is_file()):
        pytest.skip(f"{CODER} is not in WENJU_TEST_MODELS: {MODELS or 'it is not set'}")
    return path


@pytest.fixture(scope="session")
def article_path() -> Path:
    """The shipped article's file."""
    return ROOT / "corpus" / "articles" / "wuhan-digital-economy.txt"


@pytest.fixture(scope="session")
def article(article_path: Path) -> Document:
    """The shipped article."""
    return load_document(article_path)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Where there is none: a failure in CI, elsewhere a skip that says so."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        message = "no chromium on this machine (Debian: apt install chromium)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()
