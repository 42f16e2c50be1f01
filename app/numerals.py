"""Numerals in digits and in Chinese, as values."""

from __future__ import annotations

import re
from decimal import Decimal

CHINESE = "[零〇一二两三四五六七八九十百千]"
NUMERAL = rf"(?:\d+(?:\.\d+)?|{CHINESE}+(?:点{CHINESE}+)?)"
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"千": 3, "万": 4, "亿": 8}
_ABOUT = re.compile(
    "(?<![零〇一二两三四五六七八九])(一二|[两二]三|三四|三五|四五|五六|六七|七八|八九)(?![零〇一二两三四五六七八九])"
)
_COMPOUND = re.compile(
    rf"(?P<high>{NUMERAL})(?P<scale>亿|万)零?(?P<low>{NUMERAL})(?P<rest>万|千)?(?![\d.%％]|[年月日号成]|分之)"
)


def number(text: str) -> Decimal:
    """The value of a numeral below 万; 两三 is halfway.

    >>> number("3.9"), number("二十九"), number("一千零五"), number("二〇二四"), number("三点五")
    (Decimal('3.9'), Decimal('29'), Decimal('1005'), Decimal('2024'), Decimal('3.5'))
    >>> number("两三"), number("五六十")
    (Decimal('2.5'), Decimal('55'))
    """
    if text[0].isdecimal():
        return Decimal(text)
    whole, _, part = text.partition("点")
    if part:
        return number(whole) + Decimal("0." + "".join(str(_DIGITS.get(c, 0)) for c in part))
    if about := _ABOUT.search(whole):
        low, high = (number(whole[: about.start()] + c + whole[about.end() :]) for c in about[1])
        return (low + high) / 2
    if not any(c in _TENS for c in whole):
        return Decimal("".join(str(_DIGITS[c]) for c in whole))
    total = digit = 0
    for c in whole:
        if c in _TENS:
            total += (digit or 1) * _TENS[c]
            digit = 0
        else:
            digit = _DIGITS[c]
    return Decimal(total + digit)


def joined(text: str) -> str:
    """The text with amounts of several parts in one.

    >>> joined("投资1亿2000万元"), joined("一万两千人"), joined("3万5千个"), joined("一万五")
    ('投资120000000元', '12000人', '35000个', '15000')
    """
    return _COMPOUND.sub(_sum, text)


def _sum(match: re.Match[str]) -> str:
    high, scale, low, rest = match.group("high", "scale", "low", "rest")
    zeros = _LARGE[scale]
    if len(low) == 1 and not rest and "零" not in match[0]:  # 一万五 is 15,000
        below = number(low).scaleb(zeros - 1)
    else:
        below = number(low).scaleb(_LARGE.get(rest, 0))
    fits = below < Decimal(1).scaleb(zeros)
    return f"{(number(high).scaleb(zeros) + below).normalize():f}" if fits else match[0]
