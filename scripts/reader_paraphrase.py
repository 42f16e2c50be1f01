"""Questions in other words, so that the reader meets people who do not ask in the words of the passage.

A word is replaced by one that shares an English gloss with it in CC-CEDICT (a round trip by dictionary), and
the question words by those of speech. Some replacements are off; what the question asks for stays.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from functools import cache

import jieba
from reader_english import read_cedict

_SHARE = 0.5  # of the words that have another
_SHARED_BY = 8  # words at most with the same gloss: a gloss of more says little
_SPOKEN = (  # written, spoken; longer ones before those they contain
    ("什么时候", ("啥时候", "哪会儿", "几时")),
    ("为什么", ("为啥", "咋", "凭什么")),
    ("什么", ("啥", "什么", "哪样")),
    ("如何", ("怎么", "咋")),
    ("怎么", ("咋", "怎么")),
    ("哪里", ("哪儿", "哪块", "啥地方")),
    ("何时", ("啥时候", "什么时候")),
    ("多少", ("多少", "几", "好多")),
    ("哪些", ("哪几个", "哪些", "啥")),
    ("是谁", ("是哪个", "是谁", "是哪位")),
)
_ASKING = frozenset("什么 多少 哪些 哪个 哪里 几个 如何 怎么 怎样 为什么 何时 谁 是否 时候 第一".split())
_FRAMES = ("{}", "{}", "{}", "请问{}", "想问下{}", "我想知道{}", "那个{}", "文章里{}", "到底{}")


def other_words(question: str, rng: random.Random) -> str:
    """The question with about half of its words replaced, in words of speech at times."""
    kept = []
    for word in jieba.cut(question):
        others = None if word in _ASKING else _others().get(word)
        kept.append(rng.choice(others) if others and rng.random() < _SHARE else word)
    text = "".join(kept)
    for written, spoken in _SPOKEN:
        if written in text:
            text = text.replace(written, rng.choice(spoken), 1)
            break
    return rng.choice(_FRAMES).format(text)


@cache
def _others() -> dict[str, list[str]]:
    """Words by word: those that share most glosses with it."""
    glosses: dict[str, set[str]] = defaultdict(set)
    words: dict[str, set[str]] = defaultdict(set)
    for word, _, found in read_cedict():
        if not re.fullmatch(r"[\u4e00-\u9fff]{2,4}", word):
            continue
        for gloss in found:
            glosses[word].add(gloss)
            words[gloss].add(word)
    others: dict[str, list[str]] = {}
    for word, mine in glosses.items():
        shared = Counter(other for gloss in mine if len(words[gloss]) <= _SHARED_BY for other in words[gloss])
        del shared[word]
        best = max(shared.values(), default=0)
        if best:
            others[word] = sorted(other for other, count in shared.items() if count == best)
    return others
