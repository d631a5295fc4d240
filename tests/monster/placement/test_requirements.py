"""Requirements of clips: a floor, a seat, or something that no room has."""

from __future__ import annotations

import numpy as np
import pytest
from placed_clips import clip, raised, standing

from monster.placement import requirements_of
from monster.placement.requirements import CLIMBS, LIES, SITS_APART
from monster.types import Motion


def test_a_walk_needs_a_floor() -> None:
    requirements = requirements_of(clip("walk"))
    assert requirements.reason is None and requirements.seat is None and not requirements.sitting.any()
    assert abs(requirements.floor) < 0.05 and requirements.seat_height == 0.0


def test_the_floor_is_where_the_feet_are() -> None:
    walk = clip("walk")
    lifted = requirements_of(Motion(walk.joints + np.float32([0, 0, 3]), walk.fps))
    assert lifted.floor == pytest.approx(requirements_of(walk).floor + 3.0, abs=1e-4) and lifted.reason is None


def test_sitting_needs_a_seat_of_its_height() -> None:
    requirements = requirements_of(clip("sit"))
    assert requirements.reason is None and requirements.sitting[-1] and not requirements.sitting[0]
    assert requirements.seat_height == pytest.approx(0.46, abs=0.06)
    assert requirements.facing is not None and np.linalg.norm(requirements.facing) == pytest.approx(1.0)


def test_requirements_that_no_room_can_meet() -> None:
    assert requirements_of(clip("lie")).reason == LIES
    assert requirements_of(raised(standing(4.0), 0.5)).reason == CLIMBS
    sit = clip("sit").joints[-20:]
    apart = np.concatenate([sit, sit + np.float32([2, 0, 0])])
    assert requirements_of(Motion(apart, 20.0)).reason == SITS_APART


def test_a_jump_is_no_climb() -> None:
    joints = standing(3.0).joints.copy()
    joints[20:32, :, 2] += 0.4
    assert requirements_of(Motion(joints, 20.0)).reason is None


def test_a_squat_is_not_sitting() -> None:
    """The sitter's own pose, moved so that the weight is over the feet."""
    joints = clip("sit").joints[-20:].copy()
    feet = joints[:, [7, 8, 10, 11]].mean(axis=1)
    legs = [4, 5, 7, 8, 10, 11]
    joints[:, legs, :2] -= (feet - joints[:, 9])[:, None, :2]
    assert requirements_of(Motion(joints, 20.0)).seat is None
