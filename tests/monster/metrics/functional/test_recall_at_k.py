"""Recall at one cutoff against a loop."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monster.errors import InputError
from monster.metrics.functional import recall_at_k

half_ranks = st.lists(st.integers(0, 30).map(lambda doubled: doubled / 2), min_size=1, max_size=20)


@given(half_ranks, st.integers(1, 12))
def test_it_is_the_share_of_queries_whose_rank_is_below_k(ranks: list[float], k: int) -> None:
    hits = sum(1 for rank in ranks if rank < k)
    assert recall_at_k(np.array(ranks), k) == pytest.approx(100 * hits / len(ranks))


def test_a_cutoff_beyond_the_targets_finds_all() -> None:
    assert recall_at_k(np.array([0.0, 1.0]), 1000) == 100


@pytest.mark.parametrize("k", [0, -1])
def test_a_cutoff_below_one_is_refused(k: int) -> None:
    with pytest.raises(InputError, match=f"at least 1, got {k}"):
        recall_at_k(np.array([0.0]), k)


def test_no_ranks_are_refused() -> None:
    with pytest.raises(InputError, match="at least one query"):
        recall_at_k(np.zeros(0), 1)
