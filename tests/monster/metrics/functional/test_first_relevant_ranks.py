"""Ranks against a slow loop; ties, NaN, infinities, missing relevant targets, empty input."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monster.errors import InputError
from monster.metrics.functional import first_relevant_ranks, recalls
from monster.metrics.functional.first_relevant_ranks import checked_ranks


def slow_rank(scores: list[float], relevant: list[bool]) -> float:
    best = max(score for score, good in zip(scores, relevant, strict=True) if good)
    negatives = [score for score, good in zip(scores, relevant, strict=True) if not good]
    return sum(score > best for score in negatives) + sum(score == best for score in negatives) / 2


@given(st.integers(0, 7), st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_ranks_equal_the_slow_way_with_ties_infinities_and_several_relevant_targets(
    queries: int, targets: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    values = np.array([-np.inf, -1.0, 0.0, 1.0, np.inf], dtype=np.float32)  # few values: many ties
    scores = values[rng.integers(0, 5, (queries, targets))]
    relevant = rng.random((queries, targets)) < 0.4
    relevant[np.arange(queries), rng.integers(0, targets, queries)] = True
    expected = [slow_rank(s.tolist(), r.tolist()) for s, r in zip(scores, relevant, strict=True)]
    assert first_relevant_ranks(scores, relevant).tolist() == expected


def test_a_collapsed_model_is_no_better_than_chance() -> None:
    found = recalls(np.ones((100, 100), dtype=np.float32), np.eye(100, dtype=bool))
    assert found.r10 == 0
    assert found.medr == pytest.approx(50.5)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_nan_scores_are_refused(dtype: type) -> None:
    with pytest.raises(InputError, match="NaN in 9 of 9"):
        recalls(np.full((3, 3), np.nan, dtype=dtype), np.eye(3, dtype=bool))
    scores = np.eye(3, dtype=dtype)
    scores[1, 2] = np.nan  # an irrelevant target
    with pytest.raises(InputError, match="NaN in 1 of 9"):
        first_relevant_ranks(scores, np.eye(3, dtype=bool))


def test_whole_numbers_are_scores_too() -> None:
    assert first_relevant_ranks(np.array([[3, 1, 2]]), np.array([[False, False, True]])).tolist() == [1.0]


def test_a_query_without_a_relevant_target_is_refused() -> None:
    with pytest.raises(InputError, match="got 1 queries without one"):
        first_relevant_ranks(np.zeros((2, 2)), np.array([[True, False], [False, False]]))
    with pytest.raises(InputError, match="got 2 queries without one"):
        first_relevant_ranks(np.zeros((2, 0)), np.zeros((2, 0), dtype=bool))


def test_without_queries_ranks_are_empty() -> None:
    assert first_relevant_ranks(np.zeros((0, 3)), np.zeros((0, 3), dtype=bool)).shape == (0,)
    assert first_relevant_ranks(np.zeros((0, 0)), np.zeros((0, 0), dtype=bool)).shape == (0,)


@pytest.mark.parametrize("shape", [(3, 2), (2, 2), (6,)])
def test_other_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="one shape"):
        first_relevant_ranks(np.zeros((2, 3)), np.ones(shape, dtype=bool))
    with pytest.raises(InputError, match="one shape"):
        first_relevant_ranks(np.zeros(6), np.ones(6, dtype=bool))


def test_relevance_that_is_not_bool_is_refused() -> None:
    with pytest.raises(InputError, match="bool array, got int64"):
        first_relevant_ranks(np.eye(2), np.eye(2, dtype=np.int64))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ranks", "message"),
    [([], "one query"), ([[0.0]], "one query"), ([0.0, np.nan], "got nan"), ([1.0, -0.5], "got -0.5")],
)
def test_ranks_are_checked(ranks: list[float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        checked_ranks(np.array(ranks))


def test_checked_ranks_are_unchanged() -> None:
    assert checked_ranks(np.array([0.0, 2.5])).tolist() == [0.0, 2.5]
