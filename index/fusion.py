"""Joining rankings by rank alone, so that scores of different kinds need no common scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# Cormack, Clarke and Buettcher 2009 (SIGIR), p. 758: 60 was near-optimal in their pilot runs.
RANK_CONSTANT = 60


def reciprocal_rank_fusion(
    rankings: Mapping[str, Sequence[int]], weights: Mapping[str, float]
) -> list[tuple[int, float]]:
    """Rows by the sum over rankings r of weight_r / (60 + rank), best first, ties by row.

    >>> reciprocal_rank_fusion({"a": [7, 8], "b": [8]}, {"a": 1.0, "b": 1.0})[0][0]
    8
    """
    scores: dict[int, float] = {}
    for name, rows in rankings.items():
        for rank, row in enumerate(rows, start=1):
            scores[row] = scores.get(row, 0.0) + weights[name] / (RANK_CONSTANT + rank)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
