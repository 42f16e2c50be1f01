"""Every word of the page, in both of its languages."""

from __future__ import annotations

from app.errors import BadName, BadTitle, NameTaken, QuestionError
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
    "heading",
]


# What was typed can be put right.
_TYPED = (QuestionError, BadTitle, BadName, NameTaken)


def heading(error: WenjuError, words: Words) -> str:
    """The title over a message: whether something is to be changed, or things are as they are."""
    return words.notice if isinstance(error, _TYPED) else words.told


def explain(error: WenjuError, words: Words, name: str) -> str:
    """What went wrong with something of a name, in the page's language where there are words for it."""
    template = words.errors.get(type(error).__name__)
    return template.replace("{name}", name) if template else str(error)


WORDS: dict[Language, Words] = {"zh": ZH, "en": EN}
