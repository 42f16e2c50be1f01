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
)
from app.web.words_zh import ZH
from corpus import Language

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
]

WORDS: dict[Language, Words] = {"zh": ZH, "en": EN}
