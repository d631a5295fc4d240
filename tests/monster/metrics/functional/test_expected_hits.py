"""Expected hits against an enumeration of all orders."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monster.errors import InputError
from monster.metrics.functional import CUTOFFS, Counts, expected_hits


def slow_hits(columns: list[int], right: list[bool]) -> list[float]:
    """For every order of the targets: whether the first k columns hold a column of a right one; the mean."""
    found = np.zeros(len(CUTOFFS))
    orders = list(permutations(range(len(columns))))
    for order in orders:
        line = [right[target] for target in order for _ in range(columns[target])]
        found += [any(line[:k]) for k in CUTOFFS]
    return list(found / len(orders))


targets = st.lists(st.tuples(st.integers(1, 11), st.booleans(), st.booleans()), min_size=1, max_size=6)


@settings(deadline=None, max_examples=60)
@given(targets, st.booleans())
def test_expected_hits_are_the_mean_over_all_orders(kinds: list[tuple[int, bool, bool]], everything: bool) -> None:
    kinds = [(kinds[0][0], True, True), *kinds[1:]]  # at least one right target
    codes = np.repeat(np.arange(len(kinds)), [size for size, _, _ in kinds])
    right = np.array([good for _, good, _ in kinds])[codes][None]
    among = np.array([good or near for _, good, near in kinds])[codes][None]
    found = expected_hits(Counts.of(right, None if everything else among, codes))
    kept = [(size, good) for size, good, near in kinds if everything or good or near]
    np.testing.assert_allclose(found[0], slow_hits([size for size, _ in kept], [good for _, good in kept]), atol=1e-12)


def test_one_positive_among_n_is_found_at_k_in_k_of_n_orders() -> None:
    found = expected_hits(Counts.of(np.eye(1000, dtype=bool), None, np.arange(1000)))
    np.testing.assert_allclose(found, np.tile(np.array(CUTOFFS) / 1000, (1000, 1)), rtol=1e-9)
    assert found.mean() == pytest.approx(4.2 / 1000)  # the published number for chance


def test_queries_of_several_pools_are_joined() -> None:
    eye = np.eye(4, dtype=bool)
    joined = Counts.joined([Counts.of(eye, None, np.arange(4)), Counts.of(eye[:2, :2], None, np.arange(2))])
    np.testing.assert_allclose(expected_hits(joined)[:, 0], [0.25] * 4 + [0.5] * 2)


def test_a_query_without_a_right_target_is_refused() -> None:
    with pytest.raises(InputError, match="without one"):
        expected_hits(Counts.of(np.zeros((1, 3), dtype=bool), None, np.arange(3)))


def test_without_queries_expected_hits_are_empty() -> None:
    assert expected_hits(Counts.of(np.zeros((0, 3), dtype=bool), None, np.arange(3))).shape == (0, 5)
