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
# Characters of three bytes for each that is broken: of a million pieces of news in GB18030 and Big5, no
# word and no page had more than two.
_WHOLE = 5
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_MOST_PRIVATE = 0.01  # of a text's characters; old Chinese pages have some spaces of this kind


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
    return _nearly_utf_8(data) or stated or _detected(name, data)


def _nearly_utf_8(data: bytes) -> str | None:
    """The text of UTF-8 in which some characters are broken or cut."""
    text = data.decode("utf-8-sig", "replace")
    broken = text.count("\ufffd")
    whole = sum(character >= "\u0800" for character in text) - broken
    return text if whole >= _WHOLE * broken else None


def _detected(name: str, data: bytes) -> str:
    from charset_normalizer import from_bytes  # most texts are UTF-8 and need no guess

    best = from_bytes(data, cp_isolation=_ENCODINGS).best()
    # A few characters are too little for a statistic; Chinese of any length has neighbours.
    western = sum(byte < 0x80 for byte in data) * 10 >= len(data) * 9  # nearly all ASCII
    guesses = (None if best is None else str(best), _strict(data, "gb18030"))
    for text in (*guesses, _strict(data, "cp1252") if western else None):
        if text is None or len(_PRIVATE.findall(text)) > _MOST_PRIVATE * len(text):
            continue
        if _NEIGHBOURS.search(text) or not any(map(is_cjk, text)):
            return text
    raise UnknownEncoding(f"the encoding of {name} cannot be told. Save it as UTF-8 and try again.")


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):  # `undefined` is a codec that decodes nothing
        return None
