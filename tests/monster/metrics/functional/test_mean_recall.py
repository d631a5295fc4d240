"""Mean recall by hand."""

from __future__ import annotations

import numpy as np
import pytest

from monster.errors import InputError
from monster.metrics.functional import mean_recall


def test_it_is_the_mean_over_the_five_cutoffs() -> None:
    ranks = [0.0, 1.0, 2.0, 4.0, 9.0, 50.0]
    by_hand = [100 * sum(rank < k for rank in ranks) / 6 for k in (1, 2, 3, 5, 10)]
    assert mean_recall(np.array(ranks)) == pytest.approx(sum(by_hand) / 5)


def test_other_cutoffs_can_be_named() -> None:
    assert mean_recall(np.array([0.0, 1.0]), (1, 2)) == 75


def test_no_cutoff_is_refused() -> None:
    with pytest.raises(InputError, match="at least one cutoff"):
        mean_recall(np.array([0.0]), ())
