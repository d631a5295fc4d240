"""What clips need: a floor, a seat, or more than a room can give."""

from __future__ import annotations

import numpy as np
import pytest
from placed_clips import clip, raised, standing

from monster.placement import needs_of
from monster.placement.requirements import CLIMBS, LIES, SITS_APART
from monster.types import Motion


def test_a_walk_needs_a_floor() -> None:
    needs = needs_of(clip("walk"))
    assert needs.reason is None and needs.seat is None and not needs.sitting.any()
    assert abs(needs.floor) < 0.05 and needs.seat_height == 0.0


def test_the_floor_is_where_the_feet_are() -> None:
    walk = clip("walk")
    lifted = needs_of(Motion(walk.joints + np.float32([0, 0, 3]), walk.fps))
    assert lifted.floor == pytest.approx(needs_of(walk).floor + 3.0, abs=1e-4) and lifted.reason is None


def test_sitting_needs_a_seat_of_its_height() -> None:
    needs = needs_of(clip("sit"))
    assert needs.reason is None and needs.sitting[-1] and not needs.sitting[0]
    assert needs.seat_height == pytest.approx(0.46, abs=0.06)
    assert needs.facing is not None and np.linalg.norm(needs.facing) == pytest.approx(1.0)


def test_what_no_room_can_give() -> None:
    assert needs_of(clip("lie")).reason == LIES
    assert needs_of(raised(standing(4.0), 0.5)).reason == CLIMBS
    sit = clip("sit").joints[-20:]
    apart = np.concatenate([sit, sit + np.float32([2, 0, 0])])
    assert needs_of(Motion(apart, 20.0)).reason == SITS_APART


def test_a_jump_is_no_climb() -> None:
    joints = standing(3.0).joints.copy()
    joints[20:32, :, 2] += 0.4
    assert needs_of(Motion(joints, 20.0)).reason is None


def test_a_squat_over_the_feet_is_no_sitting() -> None:
    """The sitter's own pose, moved so that the weight is over the feet."""
    joints = clip("sit").joints[-20:].copy()
    feet = joints[:, [7, 8, 10, 11]].mean(axis=1)
    legs = [4, 5, 7, 8, 10, 11]
    joints[:, legs, :2] -= (feet - joints[:, 9])[:, None, :2]
    assert needs_of(Motion(joints, 20.0)).seat is None
