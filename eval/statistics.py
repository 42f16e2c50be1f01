"""Means with intervals, paired differences, and what `confidence` is worth.

The order of the values changes nothing: they are sorted, or summed exactly, before chance draws.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

SEED = 7
RESAMPLES = 2000  # an interval's ends are then stable to about a tenth of a point
_CHUNK = 2_000_000  # drawn values held at a time: 16 MB
BINS = 10
_COUNTED = 10  # differences up to which every change of signs is counted: 1,024


@dataclass(frozen=True)
class Mean:
    """A mean of `n` values with its 95% interval."""

    n: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Bin:
    """Questions of like confidence: their number, mean confidence, and the share that came true."""

    n: int
    confidence: float
    share: float


@dataclass(frozen=True)
class Paired:
    """The means of `n` pairs; `p_value` as of `paired_p_value`."""

    n: int
    before: float
    after: float
    difference: float
    p_value: float


def mean_with_interval(values: Sequence[float]) -> Mean:
    """The mean and its 95% percentile bootstrap interval (Efron and Tibshirani 1993, ch. 13)."""
    array = np.sort(np.array(values, dtype=np.float64))
    low, high = np.percentile(_resampled_means(array), [2.5, 97.5])
    return Mean(len(array), math.fsum(array) / len(array), float(low), float(high))


def paired_p_value(differences: Sequence[float]) -> float:
    """Two-sided bootstrap p-value of a mean difference of 0 (Efron and Tibshirani 1993, ch. 16.4).

    The differences are moved to mean 0 and drawn again; the value is the share of draws whose mean is as
    far from 0 as the one seen, the seen one counted among them.
    """
    array = np.array(differences, dtype=np.float64)
    mean = math.fsum(array) / len(array)
    if mean < 0:  # so that A against B draws what B against A draws
        array, mean = -array, -mean
    means = _resampled_means(np.sort(array) - mean)
    return float((np.sum(np.abs(means) >= mean - 1e-12) + 1) / (RESAMPLES + 1))


def sign_change_p_value(differences: Sequence[float]) -> float:
    """Two-sided p-value of a mean difference of 0: the share of changes of signs that lead as far from it.

    Of few differences the bootstrap is too bold: five of 100 that all fall come to 0.03, by signs to 0.06.
    Up to ten that are not 0 it is exact; of more, chance draws, the signs seen counted among the draws.
    """
    array = np.sort(np.abs([difference for difference in differences if difference]))
    seen = abs(math.fsum(differences)) - 1e-12
    if len(array) <= _COUNTED:
        signs = np.array(list(product((-1, 1), repeat=len(array))))
        return float(np.mean(np.abs(signs @ array) >= seen))
    signs = np.random.default_rng(SEED).choice(np.array([-1, 1], np.int8), (RESAMPLES, len(array)))
    return float((np.sum(np.abs(signs @ array) >= seen) + 1) / (RESAMPLES + 1))


def paired_means(pairs: Sequence[tuple[float, float]]) -> Paired:
    """The means of (before, after), and whether they differ by chance."""
    before, after = (math.fsum(side) / len(pairs) for side in zip(*pairs, strict=True))
    return Paired(len(pairs), before, after, after - before, paired_p_value([b - a for a, b in pairs]))


def _resampled_means(array: NDArray[np.float64]) -> NDArray[np.float64]:
    rng = np.random.default_rng(SEED)
    rows = max(1, _CHUNK // len(array))
    means = []
    for begin in range(0, RESAMPLES, rows):
        picks = rng.integers(0, len(array), (min(rows, RESAMPLES - begin), len(array)))
        means.append(array[picks].mean(axis=1))
    return np.concatenate(means)


def risk_coverage(scored: Sequence[tuple[float, float]], asked: int) -> list[tuple[float, float]]:
    """Points (coverage, risk) as less and less confident answers are let through, best first.

    `scored` are (confidence, right) of the answered questions among all that were `asked`. Coverage is the
    share of all that is answered, risk the share of those that is wrong. Equal confidences go together.
    """
    points: list[tuple[float, float]] = []
    ordered = sorted(scored, reverse=True)
    wrong = 0.0
    for n, (confidence, right) in enumerate(ordered, start=1):
        wrong += 1 - right
        if n == len(ordered) or ordered[n][0] < confidence:
            points.append((n / asked, wrong / n))
    return points


def area_under_risk(points: Sequence[tuple[float, float]]) -> float | None:
    """The mean risk over the coverage reached: lower is better (Geifman and El-Yaniv 2017, section 3).

    None where nothing was answered.
    """
    area, before = 0.0, 0.0
    for coverage, risk in points:
        area += (coverage - before) * risk
        before = coverage
    return area / before if before else None


def reliability(outcomes: Sequence[tuple[float, float]]) -> list[Bin]:
    """(confidence, came true) in ten bins of equal width, empty ones left out (Guo et al. 2017, p. 2)."""
    bins: list[list[tuple[float, float]]] = [[] for _ in range(BINS)]
    for confidence, true in sorted(outcomes):
        bins[min(int(confidence * BINS), BINS - 1)].append((confidence, true))
    return [
        Bin(len(one), math.fsum(c for c, _ in one) / len(one), math.fsum(t for _, t in one) / len(one))
        for one in bins
        if one
    ]


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """Expected calibration error: |share - confidence| weighed by bin size (Guo et al. 2017, eq. 3)."""
    total = sum(one.n for one in bins)
    return math.fsum(one.n * abs(one.share - one.confidence) for one in bins) / total if total else None


def area_under_roc(scored: Sequence[tuple[float, bool]]) -> float | None:
    """How often a question that is answerable has the higher confidence of two, one of either kind.

    `scored` are (confidence, answerable); equal confidences count half (Hanley and McNeil 1982). None where
    all questions are of one kind.
    """
    if len({answerable for _, answerable in scored}) < 2:
        return None
    from sklearn.metrics import roc_auc_score  # a second of import: only for sets with both kinds

    confidences, answerable = zip(*scored, strict=True)
    return float(roc_auc_score(answerable, confidences))
