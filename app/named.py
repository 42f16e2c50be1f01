"""What a question names in so many words and a document never names: a year, a quoted name, a script.

Such a question has no answer there, however near a sentence comes: 2025年新建多少园区 in an article of 2024.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from app.dates import relative_years, tells_relative_years
from app.last_clause import last_clause
from corpus import Document, is_cjk

_YEAR = re.compile(
    r"(?<![\d.])(?:1[5-9]|20)\d\d(?=年(?!代|前(?![一二三四五六七八九十两\d进])))|"
    r"(?<=\bin )(?:1[5-9]|20)\d\d(?=\s*(?:[?,.!]|$))",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“「『《\"]([^“”「」『』《》\"]{2,20})[”」』》\"]")
_LAST_LATIN = "\u024f"  # of the block Latin Extended-B
_NUMERALS = str.maketrans("0123456789", "〇一二三四五六七八九")


def names_what_is_not_there(question: str, document: Document) -> bool:
    """Whether the last sentence of a question names a year or a quoted name that the document does not.

    A year counts as named where the document's own words for it (今年, 去年) mean it, or may mean it. Letters
    that are neither Chinese nor Latin and stand nowhere in the document are such a name where they are most.
    """
    last = last_clause(question)
    if _is_in_unknown_letters(last, document.text):
        return True
    years, names = set(_YEAR.findall(last)), _QUOTED.findall(last)
    if years and not (document.published is None and tells_relative_years(document)):
        text = unicodedata.normalize("NFKC", document.simplified)
        if any(not _has_year(text, year) for year in years - relative_years(document)):
            return True
    in_its_script = [name for name in names if any(map(is_cjk, name)) is (document.language == "zh")]
    return not all(_bare(name) in _bare(document.simplified) for name in in_its_script)


def _is_in_unknown_letters(question: str, text: str) -> bool:
    letters = [c for c in unicodedata.normalize("NFKC", question) if c.isalpha()]
    unknown = [c for c in letters if c > _LAST_LATIN and not is_cjk(c) and c not in text]
    return 2 * len(unknown) > len(letters)


def _has_year(text: str, year: str) -> bool:
    """In digits, in Chinese numerals with either zero, or by its last two digits."""
    written = year.translate(_NUMERALS)
    forms = (year, written, written.replace("〇", "零"), f"{year[2:]}年")
    return any(re.search(rf"(?<!\d){form}(?!\d)", text) for form in forms)


@lru_cache(maxsize=16)
def _bare(text: str) -> str:
    """Letters and digits alone, in one case."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())
