"""Collisions of bodies with furniture, and contact that is not a collision."""

from __future__ import annotations

import numpy as np
import pytest
from handmade import BED, CHAIR, TABLE, act, plain_room

from worlds.actions.perform import perform
from worlds.captions import describe
from worlds.checker.claims import Claim, Step
from worlds.checker.collisions import collides, is_valid
from worlds.geometry.relations import FloorPlan
from worlds.types import Performance

FLOOR_PLAN = FloorPlan(plain_room())


def first_performance(action: str, target: int) -> Performance:
    performances = (perform(FLOOR_PLAN.room, [act(action, target)], np.random.default_rng(seed)) for seed in range(9))
    return next(performance for performance in performances if performance is not None)


@pytest.mark.parametrize(
    ("action", "target"), [("walk to", TABLE), ("sit on", CHAIR), ("lie on", BED), ("reach for", TABLE)]
)
def test_performed_actions_do_not_collide(action: str, target: int) -> None:
    performance = first_performance(action, target)
    assert not collides(FLOOR_PLAN, performance.joints)
    claim = describe(performance, FLOOR_PLAN, np.random.default_rng(0))[0].claim
    assert is_valid(claim, FLOOR_PLAN, performance.joints)


def test_a_walk_shifted_into_the_bed_collides_and_is_invalid() -> None:
    joints = first_performance("walk to", TABLE).joints
    claim = Claim((Step("walk to"),))
    middle = joints[:, 0, :2].mean(axis=0)
    pushed = joints.copy()
    pushed[..., :2] += np.array(FLOOR_PLAN.room.by_id(BED).position[:2], dtype=np.float32) - middle
    assert collides(FLOOR_PLAN, pushed) and not is_valid(claim, FLOOR_PLAN, pushed)


def test_a_short_contact_is_not_a_collision() -> None:
    joints = np.repeat(first_performance("walk to", TABLE).joints[:1], 100, axis=0)
    joints[..., :2] += np.float32(1.2) - joints[0, 0, :2]  # free floor
    assert not collides(FLOOR_PLAN, joints)
    table = np.array(FLOOR_PLAN.room.by_id(TABLE).position[:2], dtype=np.float32)
    for frames, expected in ((8, False), (9, True)):
        brushed = joints.copy()
        brushed[20 : 20 + frames, :, :2] += table - brushed[0, 0, :2]
        assert collides(FLOOR_PLAN, brushed) == expected
