"""Means with intervals, paired differences and confidence: by hand, and against scipy."""

from __future__ import annotations

from itertools import product
from statistics import fmean

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from eval.statistics import (
    RESAMPLES,
    Bin,
    Paired,
    area_under_risk,
    area_under_roc,
    calibration_error,
    mean_with_interval,
    paired_means,
    paired_p_value,
    reliability,
    risk_coverage,
    sign_change_p_value,
)
from tests.generated import PROPERTY

unit = st.floats(0, 1, allow_subnormal=False)


@pytest.mark.parametrize(
    "values",
    [
        [1.0] * 70 + [0.0] * 30,
        [1.0] * 5 + [0.0],
        [0.1 * n for n in range(11)],
        [float(n * n) for n in range(60)],
    ],
    ids=["rate", "few", "even", "skewed"],
)
def test_the_interval_is_that_of_scipy(values: list[float]) -> None:
    theirs = scipy.stats.bootstrap(
        (values,), np.mean, n_resamples=20_000, method="percentile", rng=np.random.default_rng(1)
    )
    ours = mean_with_interval(values)
    # An end of an interval of 2,000 draws has itself a standard error of about 0.06 standard errors.
    slack = 0.2 * theirs.standard_error + 1e-9
    low, high = theirs.confidence_interval
    assert ours.low == pytest.approx(low, abs=slack)
    assert ours.high == pytest.approx(high, abs=slack)
    assert (ours.n, ours.mean) == (len(values), pytest.approx(fmean(values)))


def test_equal_values_have_no_width() -> None:
    for value in (0.0, 1.0):
        one = mean_with_interval([value] * 8)
        assert (one.n, one.mean, one.low, one.high) == (8, value, value, value)


def test_many_values_are_drawn_in_parts() -> None:
    many = mean_with_interval([1.0, 0.0] * 5000)  # 2,000 draws of these do not fit one part
    half_width = 1.96 * 0.5 / 100
    assert (many.low, many.high) == (
        pytest.approx(0.5 - half_width, abs=0.001),
        pytest.approx(0.5 + half_width, abs=0.001),
    )


@PROPERTY
@given(values=st.lists(unit, min_size=1, max_size=30), data=st.data())
def test_the_order_of_values_changes_nothing(values: list[float], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(values))
    one = mean_with_interval(values)
    assert mean_with_interval(shuffled) == one
    assert min(values) - 1e-12 <= one.low <= one.mean + 1e-12 <= one.high + 2e-12 <= max(values) + 3e-12
    assert paired_p_value([v - 0.5 for v in shuffled]) == paired_p_value([v - 0.5 for v in values])


@pytest.mark.parametrize("n", [1, 2, 50])
def test_no_difference_is_no_evidence(n: int) -> None:
    assert paired_p_value([0.0] * n) == 1


def test_differences_that_cancel_out_are_no_evidence() -> None:
    assert paired_p_value([1.0, -1.0, 1.0, -1.0]) == 1


def test_the_same_difference_everywhere_is_all_the_evidence_there_can_be() -> None:
    assert paired_p_value([1.0] * 20) == 1 / (RESAMPLES + 1)  # the one seen is counted, so never 0


@PROPERTY
@given(differences=st.lists(st.sampled_from([-1.0, -0.5, 0.0, 0.0, 1.0]), min_size=1, max_size=40))
def test_a_against_b_is_b_against_a(differences: list[float]) -> None:
    assert paired_p_value(differences) == paired_p_value([-d for d in differences])


@pytest.mark.parametrize("counts", [(8, 2, 10), (7, 5, 3), (6, 1, 33), (9, 9, 2), (12, 3, 5)])
def test_the_paired_value_is_near_that_of_all_sign_changes(counts: tuple[int, int, int]) -> None:
    """The bootstrap lies between the shares of sign changes that are farther from 0, and at least as far."""
    better, worse, same = counts
    differences = [1.0] * better + [-1.0] * worse + [0.0] * same
    flips = np.abs([sum(signs) for signs in product((1, -1), repeat=better + worse)])
    farther, as_far = np.mean(flips > abs(better - worse)), np.mean(flips >= abs(better - worse))
    assert farther - 0.02 <= paired_p_value(differences) <= as_far + 0.02


def test_the_paired_value_by_hand() -> None:
    """Of (1, 0), moved to (0.5, -0.5): means of two draws are -0.5, 0, 0.5; half are as far as 0.5."""
    assert paired_p_value([1.0, 0.0]) == pytest.approx(0.5, abs=0.04)
    # (1, 1, 0) less 2/3: all draws of -2/3 (1 of 27) alone are as far from 0 as 2/3.
    assert paired_p_value([1.0, 1.0, 0.0]) == pytest.approx(1 / 27, abs=0.015)


@pytest.mark.parametrize(
    ("differences", "p_value"),
    [
        ([], 1),
        ([0.0] * 9, 1),
        ([1.0, -1.0], 1),
        ([0.0, -1.0], 1),
        ([1.0] * 5, 2 / 32),
        ([1.0] * 10 + [0.0] * 90, 2 / 1024),
        ([1.0, 1.0, 1.0, -1.0, 0.0], 10 / 16),  # all of a sign, or all but one: 2 + 8 of 16
        ([0.5, 0.25], 2 / 4),
    ],
)
def test_changes_of_signs_by_hand(differences: list[float], p_value: float) -> None:
    assert sign_change_p_value(differences) == sign_change_p_value(differences[::-1]) == p_value


@pytest.mark.parametrize(("better", "worse"), [(8, 3), (9, 5), (14, 10), (20, 4)])
def test_many_changes_of_signs_are_near_the_sign_test(better: int, worse: int) -> None:
    exact = scipy.stats.binomtest(better, better + worse).pvalue
    assert sign_change_p_value([1.0] * better + [-1.0] * worse) == pytest.approx(exact, abs=0.03)
    assert sign_change_p_value([1.0] * worse + [-1.0] * better) == pytest.approx(exact, abs=0.03)


def test_paired_means_by_hand() -> None:
    assert paired_means([(0.0, 1.0), (0.25, 1.0), (0.5, 1.0), (1.0, 1.0)]) == Paired(
        4, 0.4375, 1.0, 0.5625, paired_p_value([1.0, 0.75, 0.5, 0.0])
    )
    assert paired_means([(1.0, 0.0)] * 3) == Paired(3, 1.0, 0.0, -1.0, 1 / (RESAMPLES + 1))


@pytest.mark.parametrize(
    ("scored", "area"),
    [
        # Of 2 * 3 pairs: 0.9 is above all three; 0.4 above 0.1, equal to 0.4 (half) and below 0.6.
        ([(0.9, True), (0.4, True), (0.1, False), (0.4, False), (0.6, False)], (3 + 1 + 0.5) / 6),
        ([(0.2, True), (0.1, False)], 1),
        ([(0.1, True), (0.2, False)], 0),
        ([(0.3, True), (0.3, False), (0.3, False)], 0.5),
        ([(0.3, True), (0.9, True)], None),
        ([(0.3, False)], None),
        ([], None),
    ],
)
def test_the_area_under_the_roc_curve(scored: list[tuple[float, bool]], area: float | None) -> None:
    for order in (scored, scored[::-1]):
        assert area_under_roc(order) == (area if area is None else pytest.approx(area))


@pytest.mark.parametrize(
    ("scored", "asked", "points", "area"),
    [
        # 0.9 right, 0.8 wrong, 0.5 right, of five asked.
        (
            [(0.5, 1.0), (0.9, 1.0), (0.8, 0.0)],
            5,
            [(0.2, 0.0), (0.4, 1 / 2), (0.6, 1 / 3)],
            (0.2 * 0 + 0.2 / 2 + 0.2 / 3) / 0.6,
        ),
        # Equal confidences are let through together: no order among them can be chosen.
        (
            [(0.5, 1.0), (0.5, 0.0), (0.9, 1.0), (0.5, 0.0)],
            4,
            [(0.25, 0.0), (1.0, 2 / 4)],
            0.25 * 0 + 0.75 * 0.5,
        ),
        ([(0.3, 0.0)], 1, [(1.0, 1.0)], 1.0),
        ([(0.3, 1.0), (0.2, 1.0)], 2, [(0.5, 0.0), (1.0, 0.0)], 0.0),
        ([], 3, [], 0.0),
        ([], 0, [], 0.0),
    ],
)
def test_risk_against_coverage(
    scored: list[tuple[float, float]], asked: int, points: list[tuple[float, float]], area: float
) -> None:
    for order in (scored, scored[::-1]):
        found = risk_coverage(order, asked)
        assert found == [pytest.approx(point) for point in points]
        assert area_under_risk(found) == (pytest.approx(area) if scored else None)


def test_reliability_by_hand() -> None:
    outcomes = [(0.05, 0.0), (0.1, 1.0), (0.18, 0.0), (0.95, 1.0), (1.0, 1.0), (0.97, 0.0), (0.0, 0.0)]
    bins = reliability(outcomes)
    assert bins == [
        Bin(2, pytest.approx(0.025), 0.0),
        Bin(2, pytest.approx(0.14), 0.5),  # 0.1 belongs to the second bin
        Bin(3, pytest.approx(2.92 / 3), pytest.approx(2 / 3)),  # 1.0 to the last, with 0.9 and more
    ]
    assert reliability(outcomes[::-1]) == bins
    # 2 * |0 - 0.025| + 2 * |0.5 - 0.14| + 3 * |2/3 - 2.92/3|, of 7.
    assert calibration_error(bins) == pytest.approx((0.05 + 0.72 + 0.92) / 7)


def test_calibration_error_at_its_ends() -> None:
    assert calibration_error([]) is None
    assert calibration_error(reliability([(1.0, 1.0), (0.0, 0.0)])) == 0
    assert calibration_error(reliability([(1.0, 0.0), (0.0, 1.0)])) == 1
    # Sure of three quarters, and right in three of four: well calibrated though no single one is.
    assert calibration_error(reliability([(0.75, 1.0)] * 3 + [(0.75, 0.0)])) == 0


@PROPERTY
@given(outcomes=st.lists(st.tuples(unit, st.sampled_from([0.0, 1.0])), max_size=40))
def test_every_outcome_is_in_one_bin(outcomes: list[tuple[float, float]]) -> None:
    bins = reliability(outcomes)
    assert sum(one.n for one in bins) == len(outcomes)
    assert [one.confidence for one in bins] == sorted(one.confidence for one in bins)
    error = calibration_error(bins)
    assert (error is None) if not outcomes else (error is not None and 0 <= error <= 1)
