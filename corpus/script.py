"""Traditional Chinese as simplified, character by character: what is matched is matched in one script.

A text keeps its length, so that an offset is the same place in both. What is shown and cited stays as it
was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from opencc import OpenCC

# Ordinary in simplified text, too, which must not change: 著名, 什么, 乾隆, 哪吒, and 濛 in names.
_KEPT = "著么乾吒濛"
_IDEOGRAPHS = (*range(0x3400, 0xA000), *range(0x20000, 0x31350))
_LAST_COMMON = 0xFFFF  # few fonts and vocabularies have forms beyond; simplified text has 郭明錤


def simplified(text: str) -> str:
    """The text in simplified characters, each in the place of its own.

    One that stands for several gets the commonest; spellings of Taiwan and Hong Kong become one.

    >>> simplified("臺灣的裡面、香港的裏面，為何“著名”？")
    '台湾的里面、香港的里面，为何“著名”？'
    """
    return text.translate(_table())


@cache
def _table() -> Mapping[int, str]:
    """Simplified forms by OpenCC's tables for Taiwan, then for Hong Kong."""
    characters = [chr(code) for code in _IDEOGRAPHS]
    # Each on a line of its own, so that none is taken for part of a word.
    forms = OpenCC("hk2s").convert(OpenCC("tw2s").convert("\n".join(characters))).split("\n")
    return {
        ord(character): form
        for character, form in zip(characters, forms, strict=True)
        if form != character and character not in _KEPT and ord(form) <= _LAST_COMMON
    }
