"""What every test may use: the shipped article, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus import Document, load_document

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def article_path() -> Path:
    """The shipped article's file."""
    return ROOT / "corpus" / "articles" / "wuhan-digital-economy.txt"


@pytest.fixture(scope="session")
def article(article_path: Path) -> Document:
    """The shipped article."""
    return load_document(article_path)
