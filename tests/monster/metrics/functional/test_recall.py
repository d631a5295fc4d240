"""Ranks and recalls against the slow, obvious way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monster.errors import InputError
from monster.metrics.functional.recall import (
    CUTOFFS,
    Recalls,
    batch_recalls,
    consecutive_groups,
    first_relevant_ranks,
    least_similar,
    random_groups,
    recalls,
)


def slow_rank(scores: list[float], relevant: list[bool]) -> float:
    best = max(score for score, good in zip(scores, relevant, strict=True) if good)
    negatives = [score for score, good in zip(scores, relevant, strict=True) if not good]
    return sum(score > best for score in negatives) + sum(score == best for score in negatives) / 2


@given(st.integers(1, 7), st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_ranks_equal_the_slow_way_with_ties_and_several_positives(queries: int, targets: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, 4, (queries, targets)).astype(np.float32)  # few values: many ties
    relevant = rng.random((queries, targets)) < 0.4
    relevant[np.arange(queries), rng.integers(0, targets, queries)] = True
    expected = [slow_rank(s.tolist(), r.tolist()) for s, r in zip(scores, relevant, strict=True)]
    assert first_relevant_ranks(scores, relevant).tolist() == expected


def test_a_collapsed_model_is_no_better_than_chance() -> None:
    found = recalls(np.ones((100, 100), dtype=np.float32), np.eye(100, dtype=bool))
    assert found.r10 == 0
    assert found.medr == pytest.approx(50.5)


def test_a_perfect_model_has_full_recall() -> None:
    found = recalls(np.eye(12, dtype=np.float32), np.eye(12, dtype=bool))
    assert (found.r1, found.mrecall, found.medr, found.n) == (100, 100, 1, 12)


def test_mean_recall_is_the_mean_of_the_five_cutoffs() -> None:
    found = Recalls.of(np.array([0.0, 1.0, 2.0, 4.0, 9.0, 50.0]))
    by_hand = [100 * sum(r < k for r in (0, 1, 2, 4, 9, 50)) / 6 for k in CUTOFFS]
    assert found.mrecall == pytest.approx(np.mean(by_hand))
    assert found.medr == pytest.approx(4.0)


def test_a_query_without_positives_is_refused() -> None:
    with pytest.raises(InputError, match="1 queries have no positive"):
        first_relevant_ranks(np.zeros((2, 2)), np.array([[True, False], [False, False]]))


def test_other_shapes_are_refused() -> None:
    with pytest.raises(InputError, match="one shape"):
        first_relevant_ranks(np.zeros((2, 3)), np.ones((3, 2), dtype=bool))


@given(st.integers(1, 100), st.integers(0, 1000))
def test_groups_are_disjoint_and_full(count: int, seed: int) -> None:
    groups = random_groups(count, 32, np.random.default_rng(seed))
    members = np.concatenate(groups)
    assert len(np.unique(members)) == len(members)
    assert [len(group) for group in groups] == ([32] * (count // 32) or [count])


def test_small_batches_rank_within_each_group_only() -> None:
    scores = np.eye(4, dtype=np.float32)
    scores[0, 3] = 2.0  # an intruder of the other group
    groups = [np.array([0, 1]), np.array([2, 3])]
    assert batch_recalls(scores, np.eye(4, dtype=bool), groups).r1 == 100
    assert recalls(scores, np.eye(4, dtype=bool)).r1 == 75


def test_published_batches_follow_the_order_and_the_last_is_short() -> None:
    assert [group.tolist() for group in consecutive_groups(5, 2)] == [[0, 1], [2, 3], [4]]
    found = batch_recalls(1 - np.eye(5), np.eye(5, dtype=bool), consecutive_groups(5, 2))
    assert found.r1 == pytest.approx(100 / 3) and found.n == 5  # the last, of one item, weighs as much as the others


def test_near_duplicates_leave_first_from_the_dissimilar_ones() -> None:
    angles = np.radians([0, 90, 180, 270, 1, 91, 181, 2])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    kept = least_similar(vectors, 4)
    quarters = np.round(np.degrees(angles[kept]) / 90) % 4
    assert sorted(quarters) == [0, 1, 2, 3]
    assert least_similar(vectors, 20).tolist() == list(range(8))
