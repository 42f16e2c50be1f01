"""Every word of the page, in both of its languages."""

from __future__ import annotations

from app.web.words_en import EN
from app.web.words_form import (
    ActionWords,
    AddingWords,
    EvaluationWords,
    HistoryWords,
    JudgingWords,
    SearchWords,
    ShelfWords,
    Words,
    WriterWords,
)
from app.web.words_zh import ZH
from corpus import Language, WenjuError

__all__ = [
    "WORDS",
    "ActionWords",
    "AddingWords",
    "EvaluationWords",
    "HistoryWords",
    "JudgingWords",
    "SearchWords",
    "ShelfWords",
    "Words",
    "WriterWords",
    "explain",
]


def explain(error: WenjuError, words: Words, name: str) -> str:
    """What went wrong with something of a name, in the page's language where there are words for it."""
    template = words.errors.get(type(error).__name__)
    return template.replace("{name}", name) if template else str(error)


WORDS: dict[Language, Words] = {"zh": ZH, "en": EN}
