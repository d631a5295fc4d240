"""Kneeling and crouching: what is on the floor, what is not, and how the body gets up."""

from __future__ import annotations

import numpy as np
import pytest
from handmade import SHELF, TABLE, plain_room

from worlds.actions.kneeling.crouch_beside import crouch_beside
from worlds.actions.kneeling.kneel_beside import kneel_beside
from worlds.actions.performing.actor import Actor
from worlds.geometry.kinematics import MotionKinematics
from worlds.people.body import make_body
from worlds.rooms.floor import free_floor

ROOM = plain_room()


def actor_in(seed: int, stature: float = 1.7) -> Actor:
    rng = np.random.default_rng(seed)
    return Actor(ROOM, free_floor(ROOM), make_body(stature), rng, speed=1.2, tempo=1.0, longest=3.0)


def seen(actor: Actor) -> MotionKinematics:
    assert actor.timeline is not None
    return MotionKinematics.of(actor.timeline.render(np.random.default_rng(0)))


@pytest.mark.parametrize("stature", [1.5, 1.7, 1.95])
def test_one_knee_on_the_floor_and_one_foot_flat(stature: float) -> None:
    actor = actor_in(1, stature)
    assert kneel_beside(actor, (ROOM.by_id(TABLE),), True)
    body = seen(actor)
    knees = body.pair("knee")[..., 2]
    lowest = int(knees.min(axis=1).argmin())
    assert 0.0 < knees[lowest].min() < 0.13 < knees[lowest].max()
    assert body.joints[..., 2].min() > -0.01
    assert body.upright[lowest]


def test_who_kneels_before_something_else_gets_up_again() -> None:
    actor = actor_in(2)
    assert kneel_beside(actor, (ROOM.by_id(SHELF),), False)
    body = seen(actor)
    assert body.standing[-1] and not body.standing.all()
    assert actor.timeline is not None and actor.timeline.last("free_feet") == (0.0,)


@pytest.mark.parametrize("seed", range(3))
def test_who_crouches_is_over_flat_feet(seed: int) -> None:
    actor = actor_in(seed)
    assert crouch_beside(actor, (ROOM.by_id(SHELF),), True)
    body = seen(actor)
    frame = int(body.pelvis[:, 2].argmin())
    assert body.pelvis[frame, 2] < 0.55
    assert body.pair("foot")[frame, :, 2].max() < 0.05
    assert body.pair("knee")[frame, :, 2].min() > 0.25
    middle = body.pair("ankle")[frame].mean(axis=0)
    assert np.linalg.norm((middle - body.pelvis[frame])[:2]) < 0.2
