"""The likeliest span in a run of tokens, among all or among those that touch what is asked for."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_LONGEST = 60  # tokens of an answer

Probabilities = NDArray[np.float32]
Marks = NDArray[np.bool_]


@dataclass(frozen=True)
class TokenSpan:
    """A span from its first to its last token; `share` 0..1 of the likelihood of the likeliest of all."""

    first: int
    last: int
    share: float = 1.0


def best_span(start: Probabilities, end: Probabilities, marks: Marks | None = None) -> TokenSpan:
    """The tokens i <= j < i + 60 of the highest start[i] * end[j] that touch a mark, if marks are given.

    Where no token is marked it is the likeliest of all, with a share of 0. Shares are of geometric means.

    >>> best_span(np.array([0.1, 0.7, 0.2]), np.array([0.5, 0.3, 0.2]))
    TokenSpan(first=1, last=1, share=1.0)
    """
    joint = np.outer(start.astype(np.float64), end)  # products of float32 may vanish
    joint = np.triu(joint) - np.triu(joint, _LONGEST)
    if marks is None:
        return TokenSpan(*_highest(joint))
    if not marks.any():
        return TokenSpan(*_highest(joint), share=0.0)
    fitting = joint * _touching(marks)
    share = math.sqrt(float(fitting.max()) / float(joint.max()))
    return TokenSpan(*_highest(fitting), share=share)


def _highest(joint: NDArray[np.float64]) -> tuple[int, int]:
    i, j = np.unravel_index(int(joint.argmax()), joint.shape)
    return int(i), int(j)


def _touching(marks: Marks) -> Marks:
    """[i, j]: whether one of the tokens i to j is marked, for i <= j."""
    before = np.concatenate(([0], np.cumsum(marks)))
    touching: Marks = before[None, 1:] > before[:-1, None]
    return touching
