"""Ways past, round, between and over things."""

from __future__ import annotations

import numpy as np
import pytest
from handmade import BED, CHAIR, SHELF, TABLE, box, plain_room

from worlds.actions.passing.step_over import step_over
from worlds.actions.passing.walk_around import ring_around, walk_around
from worlds.actions.passing.walk_between import gap_between, walk_between
from worlds.actions.passing.walk_past import walk_past
from worlds.actions.performing.actor import Actor
from worlds.geometry.kinematics import MotionKinematics
from worlds.people.body import ANKLES, make_body
from worlds.rooms.floor import free_floor
from worlds.types import PlacedObject, Room

ROOM = plain_room()
LOG = PlacedObject(8, "box", (0.3, -1.2, 0.0), 0.3, (0.6, 0.25, 0.22), (box((0, 0, 0.11), (0.6, 0.25, 0.22)),))
WITH_LOG = plain_room(LOG)


def actor_in(room: Room = ROOM, seed: int = 0) -> Actor:
    return Actor(room, free_floor(room), make_body(1.7), np.random.default_rng(seed), speed=1.2, tempo=1.0, longest=4.0)


def seen(actor: Actor) -> MotionKinematics:
    assert actor.timeline is not None
    return MotionKinematics.of(actor.timeline.render(np.random.default_rng(0)))


@pytest.mark.parametrize("seed", range(4))
def test_who_walks_past_does_not_stop_there(seed: int) -> None:
    thing, actor = ROOM.by_id(TABLE), actor_in(seed=seed)
    assert walk_past(actor, (thing,), True)
    body = seen(actor)
    away = thing.distance(body.pelvis)
    frame = int(away.argmin())
    assert away[frame] < 0.8 and body.speed[frame] > 0.5
    assert min(away[0], away[-1]) > away[frame] + 0.25


def test_who_walks_around_sees_it_from_most_sides() -> None:
    actor = actor_in(seed=1)
    assert walk_around(actor, (ROOM.by_id(CHAIR),), True)
    offset = seen(actor).pelvis[:, :2] - np.array(ROOM.by_id(CHAIR).position[:2])
    angle = np.unwrap(np.arctan2(offset[:, 1], offset[:, 0]))
    assert np.degrees(np.ptp(angle)) > 205
    assert np.linalg.norm(offset, axis=1).max() < 1.5


def test_what_stands_at_a_wall_is_not_walked_around() -> None:
    assert not any(walk_around(actor_in(seed=seed), (ROOM.by_id(SHELF),), True) for seed in range(3))


def test_the_gap_between_two_things() -> None:
    found = gap_between(ROOM.by_id(CHAIR), ROOM.by_id(SHELF))
    assert found is not None
    middle, through = found
    assert ROOM.by_id(CHAIR).distance(middle[None])[0] == pytest.approx(
        ROOM.by_id(SHELF).distance(middle[None])[0], abs=0.15
    )
    assert np.linalg.norm(through) == pytest.approx(1.0)
    assert gap_between(ROOM.by_id(BED), ROOM.by_id(TABLE)) is None  # four metres apart


@pytest.mark.parametrize("seed", range(3))
def test_who_walks_between_has_one_at_each_side(seed: int) -> None:
    actor = actor_in(seed=seed)
    assert walk_between(actor, (ROOM.by_id(CHAIR), ROOM.by_id(SHELF)), True)
    body = seen(actor)
    both = ROOM.by_id(CHAIR).distance(body.pelvis) + ROOM.by_id(SHELF).distance(body.pelvis)
    frame = int(both.argmin())
    sides = []
    for thing in (ROOM.by_id(CHAIR), ROOM.by_id(SHELF)):
        toward = np.array(thing.position[:2]) - body.pelvis[frame, :2]
        step = body.pelvis[min(frame + 3, len(body) - 1), :2] - body.pelvis[frame - 3, :2]
        sides.append(np.sign(step[0] * toward[1] - step[1] * toward[0]))
    assert set(sides) == {-1.0, 1.0}


@pytest.mark.parametrize("seed", range(4))
def test_feet_clear_what_is_stepped_over(seed: int) -> None:
    actor = actor_in(WITH_LOG, seed)
    assert step_over(actor, (LOG,), True)
    joints = seen(actor).joints
    ankles = joints[:, list(ANKLES)]
    for side in range(2):
        above = LOG.distance(ankles[:, side]) <= 0.0
        assert above.any() and ankles[above, side, 2].min() > LOG.size[2] - 0.02
    assert LOG.distance(joints[[0, -1], 0]).min() > 0.5


def test_a_table_is_not_stepped_over() -> None:
    assert not step_over(actor_in(), (ROOM.by_id(TABLE),), True)


def test_rings_are_even_and_know_where_the_floor_is_free() -> None:
    floor = free_floor(ROOM)
    ring, free = ring_around(ROOM.by_id(CHAIR), floor, 0.45)
    assert ROOM.by_id(CHAIR).distance(ring) == pytest.approx(0.45, abs=0.03)
    assert free.mean() > 0.8
    assert ring_around(ROOM.by_id(SHELF), floor, 0.45)[1].mean() < 0.7
