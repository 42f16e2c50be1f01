"""The likeliest span, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from app.spans import TokenSpan, best_span


@pytest.mark.parametrize(
    ("start", "end", "span"),
    [
        ([0.1, 0.7, 0.2], [0.5, 0.3, 0.2], (1, 1)),  # 0.21; backwards it would be 0.35
        ([0.6, 0.3, 0.1], [0.1, 0.2, 0.7], (0, 2)),
        ([1.0], [1.0], (0, 0)),
    ],
)
def test_the_best_span_runs_forwards(start: list[float], end: list[float], span: tuple[int, int]) -> None:
    assert best_span(np.array(start, np.float32), np.array(end, np.float32)) == TokenSpan(*span)


def test_a_span_has_sixty_tokens_at_most() -> None:
    start, end = np.zeros(100, np.float32), np.zeros(100, np.float32)
    start[0], start[40], end[99] = 1, 0.1, 1
    assert best_span(start, end) == TokenSpan(40, 99)


def test_a_span_touches_what_is_marked_and_tells_what_that_costs() -> None:
    start, end = np.array([0.8, 0.1, 0.1], np.float32), np.array([0.8, 0.0, 0.2], np.float32)
    # Alone 0.8 * 0.8; over a marked token 0.8 * 0.2, from the first to the last: sqrt(0.16 / 0.64) of it.
    span = best_span(start, end, np.array([False, True, False]))
    assert (span.first, span.last) == (0, 2)
    assert span.share == pytest.approx(0.5)
    assert best_span(start, end, np.array([True, False, False])) == TokenSpan(0, 0)
    assert best_span(start, end, np.zeros(3, np.bool_)) == TokenSpan(0, 0, share=0.0)


def test_products_that_vanish_in_half_the_digits_are_compared_all_the_same() -> None:
    tiny = np.array([1e-23, 1e-24], np.float32)
    assert best_span(tiny, tiny, np.array([False, True])) == TokenSpan(0, 1, pytest.approx(10**-0.5))
