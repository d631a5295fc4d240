"""Median rank by hand."""

from __future__ import annotations

import numpy as np
import pytest

from monster.errors import InputError
from monster.metrics.functional import median_rank


def test_it_counts_from_one() -> None:
    assert median_rank(np.array([0.0])) == 1
    assert median_rank(np.array([7.0, 0.0, 2.0])) == 3


def test_an_even_number_of_queries_gives_the_mean_of_the_middle_two() -> None:
    assert median_rank(np.array([0.0, 1.0, 2.0, 4.0, 9.0, 50.0])) == 4


@pytest.mark.parametrize("ranks", [[], [np.nan], [-1.0]])
def test_ranks_that_cannot_be_are_refused(ranks: list[float]) -> None:
    with pytest.raises(InputError, match="expected ranks"):
        median_rank(np.array(ranks))
