"""Hits of single queries at the cutoffs."""

from __future__ import annotations

import numpy as np
import pytest

from monster.errors import InputError
from monster.metrics.functional import CUTOFFS, hits_at_k


def test_a_rank_equal_to_the_cutoff_is_no_hit() -> None:
    assert hits_at_k(np.array([0.0, 1.0, 2.0, 3.0]), (1, 2)).tolist() == [[1, 1], [0, 1], [0, 0], [0, 0]]
    boundary = hits_at_k(np.array(CUTOFFS, dtype=np.float64))
    assert boundary.tolist() == np.triu(np.ones((5, 5)), 1).tolist()


def test_half_a_place_above_the_cutoff_is_a_hit() -> None:
    assert hits_at_k(np.array([0.5, 1.5]), (1, 2)).tolist() == [[1, 1], [0, 1]]


def test_ranks_that_are_not_numbers_are_refused() -> None:
    with pytest.raises(InputError, match="got nan"):
        hits_at_k(np.array([0.0, np.nan]))
