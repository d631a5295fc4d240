"""Stretches of a state, from which the times of a description come."""

from __future__ import annotations

import numpy as np
import pytest

from worlds.geometry.kinematics import spans


def state(*lengths: int) -> np.ndarray:
    """Frames off, on, off, on ... in stretches of these lengths."""
    return np.concatenate([np.full(length, index % 2 == 1) for index, length in enumerate(lengths)])


def test_spans_are_the_stretches_that_are_on() -> None:
    assert spans(state(2, 3, 1, 4)) == [(2, 5), (6, 10)]
    assert spans(state(0, 5)) == [(0, 5)]
    assert spans(state(7)) == []


@pytest.mark.parametrize(("pause", "expected"), [(9, [(2, 18)]), (10, [(2, 5), (15, 19)]), (11, [(2, 5), (16, 20)])])
def test_a_pause_of_less_than_half_a_second_is_bridged(pause: int, expected: list[tuple[int, int]]) -> None:
    assert spans(state(2, 3, pause, 4), pause=0.5) == expected
