"""Climbing onto low objects: sound bodies that end on the top, and no other object."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
from handmade import CHAIR, TABLE, plain_room

from worlds.actions.perform import perform
from worlds.actions.performing.actor import Setting
from worlds.actions.surfaces.climb_onto import CLIMB_ONTO, can_carry, climbed_onto, find_low_tops
from worlds.checker.collisions import collides
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.people.body import BALLS, bone_lengths, make_body
from worlds.rooms.floor import free_floor
from worlds.types import ActionInstance, Array, Room, Solid


def room_with_step() -> Room:
    """The plain room, its chair replaced by a step of 0.3 m."""
    room = plain_room()
    chair = room.by_id(CHAIR)
    step = Solid((0.0, 0.0, 0.15), (0.5, 0.4, 0.3), (0.5, 0.5, 0.5))
    low = replace(chair, category="step", size=(0.5, 0.4, 0.3), solids=(step,), seats=(), handles=(), top=None)
    return replace(room, objects=tuple(low if object_.id == CHAIR else object_ for object_ in room.objects))


ROOM = room_with_step()
FLOOR, PLAN = free_floor(ROOM), FloorPlan(ROOM)


@cache
def climbs() -> list[Array]:
    climb = ActionInstance(CLIMB_ONTO.name, (CHAIR,))
    found = (perform(ROOM, [climb], np.random.default_rng(seed), floor=FLOOR) for seed in range(6))
    return [performance.joints.astype(float) for performance in found if performance is not None]


def test_a_low_step_can_carry_and_a_table_cannot() -> None:
    setting = Setting(ROOM, FLOOR, make_body())
    assert (CHAIR,) in find_low_tops(setting) and (TABLE,) not in find_low_tops(setting)
    assert not can_carry(replace(ROOM.by_id(CHAIR), category="trash can"))
    assert not can_carry(plain_room().by_id(CHAIR))


def test_the_body_ends_on_the_step() -> None:
    assert len(climbs()) >= 5
    for joints in climbs():
        balls = joints[-5:, list(BALLS)]
        assert np.abs(balls[..., 2] - 0.3).max() < 0.06
        assert ROOM.by_id(CHAIR).distance(balls.reshape(-1, 3)).max() < 0.03
        assert np.ptp(bone_lengths(joints), axis=0).max() < 0.001
        assert np.linalg.norm(np.diff(joints, 2, axis=0), axis=2).max() * 400 < 110
        assert not collides(PLAN, joints)


def test_climbing_is_seen_only_where_it_is_done() -> None:
    target = (ROOM.by_id(CHAIR),)
    for joints in climbs():
        assert climbed_onto(MotionKinematics.of(joints), target, PLAN)
        assert not climbed_onto(MotionKinematics.of(joints[::-1]), target, PLAN)
        assert not climbed_onto(MotionKinematics.of(joints + np.array([1.5, 0.0, 0.0])), target, PLAN)
        assert not climbed_onto(MotionKinematics.of(joints), (ROOM.by_id(TABLE),), PLAN)
