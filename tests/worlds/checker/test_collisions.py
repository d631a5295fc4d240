"""Bodies that go through furniture, and bodies that only use it."""

from __future__ import annotations

import numpy as np
import pytest
from handmade import BED, CHAIR, TABLE, act, plain_room

from worlds.actions.perform import perform
from worlds.captions import describe
from worlds.checker.claims import Claim, Step
from worlds.checker.collisions import collides, holds
from worlds.geometry.relations import FloorPlan
from worlds.types import Performance

PLAN = FloorPlan(plain_room())


def performed(action: str, target: int) -> Performance:
    found = (perform(PLAN.room, [act(action, target)], np.random.default_rng(seed)) for seed in range(9))
    return next(performance for performance in found if performance is not None)


@pytest.mark.parametrize(
    ("action", "target"), [("walk to", TABLE), ("sit on", CHAIR), ("lie on", BED), ("reach for", TABLE)]
)
def test_what_is_performed_goes_through_nothing(action: str, target: int) -> None:
    performance = performed(action, target)
    assert not collides(PLAN, performance.joints)
    claim = describe(performance, PLAN, np.random.default_rng(0))[0].claim
    assert holds(claim, PLAN, performance.joints)


def test_a_walk_that_is_pushed_into_the_bed_collides_and_no_longer_holds() -> None:
    joints = performed("walk to", TABLE).joints
    claim = Claim((Step("walk to"),))
    middle = joints[:, 0, :2].mean(axis=0)
    pushed = joints.copy()
    pushed[..., :2] += np.array(PLAN.room.by_id(BED).position[:2], dtype=np.float32) - middle
    assert collides(PLAN, pushed) and not holds(claim, PLAN, pushed)


def test_a_brush_with_something_is_no_collision() -> None:
    joints = np.repeat(performed("walk to", TABLE).joints[:1], 100, axis=0)
    joints[..., :2] += np.float32(1.2) - joints[0, 0, :2]  # where nothing stands
    assert not collides(PLAN, joints)
    table = np.array(PLAN.room.by_id(TABLE).position[:2], dtype=np.float32)
    for frames, expected in ((8, False), (9, True)):
        brushed = joints.copy()
        brushed[20 : 20 + frames, :, :2] += table - brushed[0, 0, :2]
        assert collides(PLAN, brushed) == expected
