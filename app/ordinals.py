"""Ordinals: who asks for the first one is not answered by a sentence about the tenth."""

from __future__ import annotations

import re
from decimal import Decimal

from app.last_clause import last_clause
from app.numerals import CHINESE, number

_ORDINAL = re.compile(
    rf"(?:第\s*(?P<n>\d+|{CHINESE}+)|(?P<first>首|头一))\s*(?P<of>[名位个家座所批次届款条])"
)
_TOP = re.compile(r"榜首|头名|冠军|状元|魁首|首位")
_FIRST = re.compile(r"首|冠|第一|最早|最先")
_SECOND, _THIRD = re.compile(r"亚军|榜眼|其次"), re.compile(r"季军|探花")
_CONFIRMS = re.compile(r"吗|是不是|是否|对不对|有没有|[对是]吧|没错吧")
_WHICH = re.compile(r"第几|第多少")  # 从第十一位上升到第几位: what it names is no answer to be held against
_ALIKE = str.maketrans("位家座所", "名个个个")  # 第一名 and 第一位, 第一家 and 第一个 count the same
Ordinal = tuple[Decimal, str]  # which, and of what


def contradicts(question: str, sentence: str) -> bool:
    """Whether a question asks for the first, the second … of a kind and a sentence tells of others alone.

    A question that asks for confirmation is answered by what contradicts it.

    >>> contradicts("第一名是哪座城市？", "武汉位列第十位。"), contradicts("榜首是谁？", "甲第一，乙第十位。")
    (True, False)
    """
    last = last_clause(question)
    asked = _ordinals(last)
    if not asked or _CONFIRMS.search(last) or _WHICH.search(last):
        return False
    told = _ordinals(sentence)
    if any(which == 1 for which, _ in asked) and _FIRST.search(sentence):
        return False
    return all(any(kind == other for _, other in told) and (which, kind) not in told for which, kind in asked)


def _ordinals(text: str) -> set[Ordinal]:
    counted = {
        (Decimal(1) if match["first"] else number(match["n"]), match["of"].translate(_ALIKE))
        for match in _ORDINAL.finditer(text)
    }
    by_word = {1: _TOP, 2: _SECOND, 3: _THIRD}
    return counted | {(Decimal(which), "名") for which, words in by_word.items() if words.search(text)}
