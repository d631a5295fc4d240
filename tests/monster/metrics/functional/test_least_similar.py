"""Near duplicates are removed first."""

from __future__ import annotations

import numpy as np
import pytest

from monster.errors import InputError
from monster.metrics.functional import least_similar


def directions(*degrees: float) -> np.ndarray:
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def test_near_duplicates_are_removed_first() -> None:
    degrees = (0, 90, 180, 270, 1, 91, 181, 2)
    kept = least_similar(directions(*degrees), 4)
    assert sorted(round(degrees[row] / 90) % 4 for row in kept) == [0, 1, 2, 3]
    assert kept.tolist() == sorted(kept.tolist())


def test_the_row_most_similar_to_all_others_is_removed() -> None:
    assert least_similar(directions(0, 40, 80, 200), 3).tolist() == [0, 2, 3]
    assert least_similar(directions(0, 10, 10, 90), 2).tolist() == [0, 3]  # what was removed counts no more


def test_all_rows_are_kept_if_there_are_no_more() -> None:
    assert least_similar(directions(0, 1), 2).tolist() == [0, 1]
    assert least_similar(directions(0, 1), 20).tolist() == [0, 1]


def test_nan_and_empty_subsets_are_refused() -> None:
    with pytest.raises(InputError, match="without NaN"):
        least_similar(np.array([[np.nan, 0.0]]), 1)
    with pytest.raises(InputError, match="got count 0"):
        least_similar(directions(0, 1), 0)
