"""The acceleration of jumps, and the remark on a rate that it contradicts."""

from __future__ import annotations

import numpy as np
import pytest
from reader_files import walking, z_up

from monster.arrays import DoubleArray
from monster.checks import check_motion
from monster.checks.free_fall import free_fall
from monster.types import Motion


def jumping(fps: float, *, acceleration: float = 9.81) -> DoubleArray:
    """A body that stands, jumps twice for 0.5 s and stands."""
    times = np.arange(int(4 * fps)) / fps
    height = np.zeros(len(times))
    for start in (1.0, 2.2):
        flight = times - start
        rise = acceleration / 2 * flight * (0.5 - flight)
        height = np.maximum(height, rise)
    return z_up(np.repeat(walking(2)[:1], len(times), axis=0)) + height[:, None, None] * np.array([0.0, 0.0, 1.0])


@pytest.mark.parametrize("fps", [20.0, 30.0, 60.0, 120.0])
def test_a_jump_is_measured(fps: float) -> None:
    assert free_fall(jumping(fps), fps) == pytest.approx(9.81, abs=0.3)


def test_without_a_jump_there_is_nothing_to_measure() -> None:
    assert free_fall(z_up(walking(60)), 20.0) is None
    hanging = jumping(30.0, acceleration=0.5)
    assert free_fall(hanging, 30.0) is None


@pytest.mark.parametrize(("stated", "true"), [(120.0, 60.0), (20.0, 30.0), (60.0, 30.0), (30.0, 60.0)])
def test_a_wrong_rate_is_remarked_and_the_likely_one_named(stated: float, true: float) -> None:
    (remark,) = [each for each in check_motion(Motion(jumping(true), stated)) if each.code == "free-fall"]
    likely = float(remark.text.split("may be ")[1].split(",")[0])
    assert likely == pytest.approx(true, rel=0.05)
    assert "free-fall" not in {each.code for each in check_motion(Motion(jumping(true), true))}
