"""From bytes to text: the encoding is read from a mark, a declaration, or the bytes themselves."""

from __future__ import annotations

import re

from corpus.characters import CJK, is_cjk
from corpus.errors import ArticleEmpty, NotText, UnknownEncoding

_ENCODINGS = ["utf_8", "gb18030", "big5", "utf_16", "utf_32"]
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
# Two ideographs side by side; curly quotes of cp1252 read as GB18030 give single ones: don抰.
_NEIGHBOURS = re.compile(rf"{CJK.pattern}{{2}}")
# Pages that say GB2312 or GBK use the characters of GB18030, and Big5 pages those of Hong Kong.
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}


def decode(name: str, data: bytes, declared: str | None = None) -> str:
    """The text of a file's bytes: UTF-8, UTF-16, GB18030, Big5 or what the file itself declares.

    Raises ArticleEmpty, NotText or UnknownEncoding.
    """
    if not data.strip():
        raise ArticleEmpty(f"{name} is empty. Give a file with at least one sentence.")
    if b"\0" in data and not data.startswith(_BYTE_ORDER_MARKS):
        raise NotText(f"{name} is no article. Give text (.txt), Markdown (.md), HTML, Word (.docx) or PDF.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        stated = None if declared is None else _strict(data, _WIDER.get(declared.lower(), declared))
    return stated or _detected(name, data)


def _detected(name: str, data: bytes) -> str:
    from charset_normalizer import from_bytes  # most texts are UTF-8 and need no guess

    best = from_bytes(data, cp_isolation=_ENCODINGS).best()
    # A few characters are too little for a statistic; Chinese of any length has neighbours.
    western = sum(byte < 0x80 for byte in data) * 10 >= len(data) * 9  # nearly all ASCII
    guesses = (None if best is None else str(best), _strict(data, "gb18030"))
    for text in (*guesses, _strict(data, "cp1252") if western else None):
        if text is not None and (_NEIGHBOURS.search(text) or not any(map(is_cjk, text))):
            return text
    raise UnknownEncoding(f"the encoding of {name} cannot be told. Save it as UTF-8 and try again.")


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):  # `undefined` is a codec that decodes nothing
        return None
