"""Sums of reciprocal ranks worked out by hand."""

from __future__ import annotations

import pytest

from index.fusion import reciprocal_rank_fusion


def test_sums_of_weighted_reciprocal_ranks() -> None:
    fused = reciprocal_rank_fusion({"dense": [7, 8, 9], "lexical": [9, 7]}, {"dense": 0.5, "lexical": 0.5})
    assert [row for row, _ in fused] == [7, 9, 8]
    # 0.5/61 + 0.5/62 = 0.016261, 0.5/63 + 0.5/61 = 0.016133, 0.5/62 = 0.008065
    assert [score for _, score in fused] == pytest.approx([0.016261, 0.016133, 0.008065], abs=5e-7)


def test_weights_turn_the_order() -> None:
    rankings = {"dense": [1, 2], "lexical": [2, 1]}
    dense_first = reciprocal_rank_fusion(rankings, {"dense": 0.7, "lexical": 0.3})
    # 0.7/61 + 0.3/62 = 0.016314 and 0.7/62 + 0.3/61 = 0.016208
    assert dense_first == [(1, pytest.approx(0.016314, abs=5e-7)), (2, pytest.approx(0.016208, abs=5e-7))]
    lexical_first = reciprocal_rank_fusion(rankings, {"dense": 0.3, "lexical": 0.7})
    assert [row for row, _ in lexical_first] == [2, 1]


def test_a_ranking_of_weight_0_adds_rows_with_score_0() -> None:
    fused = reciprocal_rank_fusion({"dense": [4, 5], "lexical": [5]}, {"dense": 0.0, "lexical": 1.0})
    assert fused == [(5, 1 / 61), (4, 0.0)]


def test_ties_go_to_the_lower_row() -> None:
    fused = reciprocal_rank_fusion({"a": [9, 3], "b": [3, 9]}, {"a": 0.5, "b": 0.5})
    assert [row for row, _ in fused] == [3, 9]


def test_empty_rankings_give_nothing() -> None:
    assert reciprocal_rank_fusion({"a": [], "b": []}, {"a": 1.0, "b": 1.0}) == []
