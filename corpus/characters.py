"""What a single character is, and the cleaning that needs no more than that."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Ends of a sentence. The ASCII full stop is handled where words are: see sentences.py.
FULL_STOPS = "。！？!?"
CLOSERS = "”’」』）》】〉)]\"'"
OPEN_TO_CLOSE = {"“": "”", "‘": "’", "「": "」", "『": "』", "（": "）", "《": "》", "【": "】"}
BULLETS = "◆◇●○•▪■□▶►★☆※"

_CJK = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
CJK = re.compile(f"[{_CJK}]")
# Chinese writing as a whole: ideographs with their punctuation and the full-width forms.
_CHINESE = rf"{_CJK}\u3000-\u303f\uff00-\uffef“”‘’—…·"
_GAP = re.compile(rf"(?<=[0-9A-Za-z%+])[ \t]+(?=[{_CHINESE}])|(?<=[{_CHINESE}])[ \t]+(?=[0-9A-Za-z])")
# Invisible characters that reorder or break text: zero width, bidi controls, soft hyphen, BOM.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")


def is_cjk(character: str) -> bool:
    """Whether a character is a Chinese ideograph."""
    return CJK.match(character) is not None


def strip_controls(text: str) -> str:
    r"""The text with `\n` as its only line end, without control and invisible characters.

    >>> strip_controls("a\r\nb\x00c\u202ed")
    'a\nbcd'
    """
    text = re.sub(r"\r\n?|[\v\f\x85\u2028\u2029]", "\n", text)
    text = _INVISIBLE.sub("", text)
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def tidy(line: str) -> str:
    """One line with single spaces, and none between Chinese and a digit or Latin letter.

    >>> tidy("11 月 27 日，打造 5G 与 F5G“双千兆”")
    '11月27日，打造5G与F5G“双千兆”'
    >>> tidy("抢先布局 武汉数字产业")
    '抢先布局 武汉数字产业'
    >>> tidy("a place called “the yard”")
    'a place called “the yard”'
    """
    single = _SPACES.sub(" ", line).strip()
    return _GAP.sub("", single) if CJK.search(single) else single


def join(left: str, right: str) -> str:
    """Two lines of one paragraph as one: a space only between Latin words.

    >>> join("工业大模", "型的方案"), join("hard", "wrapped")
    ('工业大模型的方案', 'hard wrapped')
    """
    return join_all([left, right])


def join_all(lines: Iterable[str]) -> str:
    """All lines of one paragraph as one, in a time that grows with its length alone.

    >>> join_all(["产值19", "", "34亿元"])
    '产值1934亿元'
    """
    pieces: list[str] = []
    chinese = False  # in any line so far
    last = ""
    for line in filter(None, lines):
        chinese = chinese or bool(CJK.search(line))
        pieces += [_between(last, line[0], chinese), line]
        last = line[-1]
    return "".join(pieces)


def _between(last: str, first: str, chinese: bool) -> str:
    if not last or ord(last) >= 0x2E80 or ord(first) >= 0x2E80 or last in "“‘—" or first in "”’—":
        return ""
    # A line of Chinese may break inside a number; a line of English breaks between two.
    return "" if chinese and last.isdigit() and first.isdigit() else " "


def width(line: str) -> int:
    """Columns that a line takes in print: two for a Chinese character, one for a Latin letter."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in line)


def ends_sentence(line: str) -> bool:
    """Whether a line's last character, closing quotes aside, is a full stop."""
    bare = line.rstrip(CLOSERS.replace("》", ""))  # the ！ of 《加油！》 belongs to the title
    if not bare:
        return False
    # ASCII: "." ends a sentence only after a word, not in "1.".
    return bare[-1] in FULL_STOPS or (bare[-1] == "." and bare[-2:-1].isalpha())
