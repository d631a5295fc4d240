"""Runs of a state over frames, from which a description takes its times."""

from __future__ import annotations

import numpy as np
import pytest

from worlds.geometry.kinematics import spans


def state(*lengths: int) -> np.ndarray:
    """A mask of runs of these lengths: False, True, False ..."""
    return np.concatenate([np.full(length, index % 2 == 1) for index, length in enumerate(lengths)])


def test_spans_are_the_runs_of_true() -> None:
    assert spans(state(2, 3, 1, 4)) == [(2, 5), (6, 10)]
    assert spans(state(0, 5)) == [(0, 5)]
    assert spans(state(7)) == []


@pytest.mark.parametrize(("pause", "expected"), [(9, [(2, 18)]), (10, [(2, 5), (15, 19)]), (11, [(2, 5), (16, 20)])])
def test_runs_with_a_short_pause_are_merged(pause: int, expected: list[tuple[int, int]]) -> None:
    assert spans(state(2, 3, pause, 4), pause=0.5) == expected
