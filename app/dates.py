"""The year that a quote's relative words mean, where the article's metadata says when it appeared."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.answer import Note
from app.figures import RELATIVE_YEAR, YEARS
from corpus import Document, Language

_YEARS = YEARS | {"this year": 0, "last year": -1, "next year": 1}
_RELATIVE = re.compile(rf"{RELATIVE_YEAR}|(?:this|last|next) year", re.IGNORECASE)
_MEANS = {"zh": "{word}指{year}年", "en": "{word}: {year}"}
DERIVED_YEAR = "derived_year"  # the code of these notes; the reply holds their text, too


def tells_relative_years(document: Document) -> bool:
    """Whether it says 今年, 去年 and the like."""
    return _RELATIVE.search(document.text) is not None


def relative_years(document: Document) -> set[str]:
    """The years that the document's relative words mean, and its own; none where it does not say its own."""
    own = {document.published[:4]} if document.published else set()
    return own | meant_years(document, document.text)


def meant_years(document: Document, text: str) -> set[str]:
    """The years that the relative words of a text in the document mean."""
    if document.published is None:
        return set()
    own = int(document.published[:4])
    return {str(own + _YEARS[word.lower()]) for word in _RELATIVE.findall(text)}


def derived_years(quotes: Sequence[tuple[Document, str]], language: Language) -> tuple[Note, ...]:
    """A note for each relative year in the quotes; none for documents that do not say when they appeared.

    `去年` in a document of 2024-12 gives `去年指2023年`.
    """
    found: dict[str, Note] = {}
    for document, quote in quotes:
        if document.published is not None:
            for word in _RELATIVE.findall(quote):
                year = int(document.published[:4]) + _YEARS[word.lower()]
                text = _MEANS[language].format(word=word, year=year)
                found.setdefault(text, Note(DERIVED_YEAR, text))
    return tuple(found.values())
