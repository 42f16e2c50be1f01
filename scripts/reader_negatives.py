"""Questions that look answerable over a passage and are not, made from questions that are.

The kinds of SQuAD 2.0 (Rajpurkar et al. 2018, arXiv:1806.03822, table 2) that a rule can make: a name, year
or figure of the question is changed for another that the passage holds, or a word for its opposite.
"""

from __future__ import annotations

import random
import re

from jieba import posseg

_NAMES = frozenset(("nr", "ns", "nt", "nz"))
_NUMBERS = re.compile(r"(?<!\d)(?:\d{3,4}年|\d{1,2}月(?:\d{1,2}日)?|第[一二三四五六七八九十\d]+|\d[\d,.]*)")
_DIGITS = str.maketrans("一二三四五六七八九", "123456789")
_OPPOSITES = (
    "最大 最小",
    "最高 最低",
    "最早 最晚",
    "最多 最少",
    "最长 最短",
    "第一 最后",
    "首次 最后一次",
    "之前 之后",
    "以前 以后",
    "增加 减少",
    "增长 下降",
    "上升 下降",
    "提高 降低",
    "支持 反对",
    "同意 拒绝",
    "开始 结束",
    "成立 解散",
    "加入 退出",
    "建立 废除",
    "出生 去世",
    "胜利 失败",
    "击败 输给",
    "买下 卖出",
    "国内 国外",
    "北部 南部",
    "东部 西部",
    "父亲 母亲",
    "儿子 女儿",
    "优点 缺点",
    "属于 不属于",
    "可以 不可以",
    "需要 不需要",
    "包括 不包括",
)
_OPPOSITE = {a: b for pair in _OPPOSITES for a, b in (pair.split(), pair.split()[::-1])}
_WORDS = re.compile("|".join(sorted(_OPPOSITE, key=len, reverse=True)))


def unanswerable(question: str, passage: str, answers: tuple[str, ...], rng: random.Random) -> str | None:
    """The question with one part changed, so that the passage answers it no more; None where none can be."""
    changes = [*_opposites(question), *_swaps(question, passage, answers, rng)]
    return rng.choice(changes) if changes else None


def _opposites(question: str) -> list[str]:
    return [
        question[: match.start()] + _OPPOSITE[match.group()] + question[match.end() :]
        for match in _WORDS.finditer(question)
        if match.start() == 0 or question[match.start() - 1] not in "不没"
    ]


def _swaps(question: str, passage: str, answers: tuple[str, ...], rng: random.Random) -> list[str]:
    """One change for each part of the question that the passage holds another of."""
    others = [part for part in _parts(passage) if part[0] not in question and part[0] not in "".join(answers)]
    changed = []
    for part, kind in _parts(question):
        alike = [other for other, of in others if of == kind and not _same(part, other)]
        if alike:
            changed.append(question.replace(part, rng.choice(alike), 1))
    return changed


def _same(part: str, other: str) -> bool:
    """Whether the two may name the same: 第二 and 第2, 南京 and 南京市."""
    part, other = part.translate(_DIGITS), other.translate(_DIGITS)
    return part in other or other in part


def _parts(text: str) -> list[tuple[str, str]]:
    """Names with their kinds; numbers with their unit, or what is left of them without digits."""
    numbers = [
        (m.group(), re.sub(r"[\d一二三四五六七八九十,.]+", "#", m.group())) for m in _NUMBERS.finditer(text)
    ]
    names = [(word, flag) for word, flag in posseg.cut(text) if flag in _NAMES and len(word) > 1]
    return list(dict.fromkeys(numbers + names))
