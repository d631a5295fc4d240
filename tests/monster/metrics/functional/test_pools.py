"""Pools are disjoint and as large as they say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monster.errors import InputError
from monster.metrics.functional import consecutive_pools, random_pools


@given(st.integers(1, 100), st.integers(1, 40), st.integers(0, 1000))
def test_random_pools_are_disjoint_and_full(count: int, size: int, seed: int) -> None:
    pools = random_pools(count, size, np.random.default_rng(seed))
    members = np.concatenate(pools)
    assert len(np.unique(members)) == len(members)
    assert set(members.tolist()) <= set(range(count))
    assert [len(pool) for pool in pools] == ([size] * (count // size) or [count])


def test_random_pools_follow_the_generator() -> None:
    first, again, other = (random_pools(64, 32, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(first[0], again[0])
    assert not np.array_equal(first[0], other[0])


def test_consecutive_pools_keep_the_order_and_the_last_is_short() -> None:
    assert [pool.tolist() for pool in consecutive_pools(5, 2)] == [[0, 1], [2, 3], [4]]
    assert [pool.tolist() for pool in consecutive_pools(4, 2)] == [[0, 1], [2, 3]]


@pytest.mark.parametrize(("count", "size"), [(0, 3), (3, 0)])
def test_no_rows_or_no_size_is_refused(count: int, size: int) -> None:
    with pytest.raises(InputError, match=f"got {count} rows and pools of {size}"):
        consecutive_pools(count, size)
    with pytest.raises(InputError, match=f"got {count} rows and pools of {size}"):
        random_pools(count, size, np.random.default_rng(0))
