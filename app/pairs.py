"""Pairs of characters: what two texts have in common without knowing their words."""

from __future__ import annotations


def pairs(text: str) -> set[str]:
    """The pairs of neighbouring characters; a single character stands for itself."""
    return {text[i : i + 2] for i in range(max(1, len(text) - 1))}


def shared(claim: str, text: str) -> float:
    """0..1: the share of the claim's pairs that stand in the text.

    >>> shared("今天晴", "今天不晴")
    0.5
    """
    claimed = pairs(claim)
    return len(claimed & pairs(text)) / len(claimed)
