"""How well the passages were found. `passages` come best first; any one evidence set suffices.

A gold sentence counts as found in a passage that holds it, both normalised.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from eval.matching import normalize

Evidence = Sequence[Sequence[str]]


def recall_at(k: int, passages: Sequence[str], evidence: Evidence) -> float:
    """1 when some evidence set stands wholly in the first k passages, else 0."""
    first = [normalize(passage) for passage in passages[:k]]
    return float(any(all(any(normalize(g) in p for p in first) for g in one) for one in evidence))


def reciprocal_rank(passages: Sequence[str], evidence: Evidence) -> float:
    """1 / rank of the first passage that holds a gold sentence, 0 when none does."""
    golds = [normalize(gold) for one in evidence for gold in one]
    for rank, passage in enumerate(passages, start=1):
        if any(gold in normalize(passage) for gold in golds):
            return 1 / rank
    return 0.0


def ndcg_at(k: int, passages: Sequence[str], evidence: Evidence) -> float:
    """Normalised discounted cumulative gain of the first k passages, 0..1, of the best evidence set.

    A passage's gain is the number of the set's sentences that no passage before it held; it is discounted
    by log2(rank + 1) (Järvelin and Kekäläinen 2002, p. 425). The ideal holds one sentence a passage; a
    passage that holds several at once can do no better than that.
    """
    return max((_ndcg_at(k, passages, one) for one in evidence), default=0.0)


def _ndcg_at(k: int, passages: Sequence[str], golds: Sequence[str]) -> float:
    left = {normalize(gold) for gold in golds}
    ideal = math.fsum(1 / math.log2(rank + 1) for rank in range(1, min(k, len(left)) + 1))
    gained = 0.0
    for rank, passage in enumerate(passages[:k], start=1):
        new = {gold for gold in left if gold in normalize(passage)}
        gained += len(new) / math.log2(rank + 1)
        left -= new
    return min(1.0, gained / ideal) if ideal else 0.0


def document_recall_at(k: int, found: Sequence[str], golds: Sequence[str]) -> float:
    """1 when a gold document is among the first k different documents found, else 0."""
    return float(bool(set(list(dict.fromkeys(found))[:k]) & set(golds)))
