"""Text to search terms: one analyzer for building and for asking.

Chinese gives every character and every pair of neighbours, which needs no dictionary and finds
what a word segmenter would cut wrong; Latin text gives words, digits give numbers. Terms are in
simplified characters, whatever script a text is written in.
"""

from __future__ import annotations

import re
import unicodedata

from corpus import simplified

# The same word is written with either: 看着 and 看著, 计划 and 計畫. Terms may mix them up, which in a text
# that a model reads would spoil others: 著名, 画家.
_SPELLINGS = str.maketrans("著乾藉瞭画", "着干借了划")

_TOKEN = re.compile(
    r"(?P<chinese>[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]+)"
    r"|(?P<number>\d+(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)"
    r"|(?P<word>[^\W_]+?(?=[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]|[\W_]|$))"
)


def analyze(text: str) -> list[str]:
    """The search terms of a text, repeats kept.

    >>> analyze("武汉5G工厂 1,300 款")
    ['武', '汉', '武汉', '5g', '工', '厂', '工厂', '1300', '款']
    """
    terms: list[str] = []
    normal = simplified(unicodedata.normalize("NFKC", text).lower()).translate(_SPELLINGS)
    for match in _TOKEN.finditer(normal):
        token = match.group()
        if match.lastgroup == "chinese":
            terms.extend(token)
            terms.extend(token[i : i + 2] for i in range(len(token) - 1))
        else:
            terms.append(token.replace(",", ""))
    return terms
