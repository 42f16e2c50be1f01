"""Numerals in digits and in Chinese, as values."""

from __future__ import annotations

from decimal import Decimal

CHINESE = "[零〇一二两三四五六七八九十百千]"
NUMERAL = rf"(?:\d+(?:\.\d+)?|{CHINESE}+(?:点{CHINESE}+)?)"
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}


def number(text: str) -> Decimal:
    """The value of a numeral below 万.

    >>> number("3.9"), number("二十九"), number("一千零五"), number("二〇二四"), number("三点五")
    (Decimal('3.9'), Decimal('29'), Decimal('1005'), Decimal('2024'), Decimal('3.5'))
    """
    if text[0].isdecimal():
        return Decimal(text)
    whole, _, part = text.partition("点")
    if part:
        return number(whole) + Decimal("0." + "".join(str(_DIGITS.get(c, 0)) for c in part))
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
