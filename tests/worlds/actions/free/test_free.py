"""Moves on free floor: sound bodies, flights under gravity, standing feet that stand, and enough space around."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from handmade import BED, CHAIR, SHELF, act, cupboard_all_round, plain_room

from worlds.actions.perform import LONGEST, SHORTEST, perform
from worlds.actions.performing.actor import Actor, Setting
from worlds.actions.performing.ballistics import TICK, flight
from worlds.actions.performing.open_floor import open_cells, take_place
from worlds.actions.registry import ACTIONS
from worlds.actions.seats.lie_on import lie_on
from worlds.actions.seats.sit_on import sit_on
from worlds.people.body import ANKLES, BALLS, HEAD, bone_lengths, make_body
from worlds.rooms.floor import free_floor
from worlds.types import Performance

FREE = (
    "wave", "kick", "punch", "jump", "dance", "squat", "turn around", "stretch", "clap", "bow", "march", "throw",
    "do jumping jacks", "circle the arms",
)  # fmt: skip
ROOM = plain_room()
FLOOR = free_floor(ROOM)
HARDEST = 125  # m/s2: kicking feet and throwing hands; all else keeps to the 110 of walking


@cache
def played(action: str, seed: int) -> Performance:
    found = perform(ROOM, [act(action)], np.random.default_rng(seed), floor=FLOOR)
    assert found is not None
    return found


def actor_in(seed: int = 0) -> Actor:
    return Actor(ROOM, FLOOR, make_body(1.7), np.random.default_rng(seed), speed=1.2, tempo=1.0, longest=3.0)


@pytest.mark.parametrize("action", FREE)
def test_every_move_is_sound(action: str) -> None:
    for seed in range(8):
        joints = played(action, seed).joints.astype(float)
        assert SHORTEST <= len(joints) <= LONGEST
        assert np.ptp(bone_lengths(joints), axis=0).max() < 0.001
        assert joints[..., 2].min() > -0.01
        accelerations = np.linalg.norm(np.diff(joints, 2, axis=0), axis=2) * 400
        assert accelerations.max() < (HARDEST if action in ("kick", "throw") else 110)
        assert accelerations[:, [0, HEAD]].max() < 25


@pytest.mark.parametrize("action", FREE)
def test_two_bodies_do_it_differently(action: str) -> None:
    first, other = played(action, 0).joints, played(action, 1).joints
    assert first.shape != other.shape or not np.allclose(first - first[:1, :1], other - other[:1, :1], atol=0.01)


@pytest.mark.parametrize("action", ["wave", "punch", "clap", "bow", "stretch", "throw", "circle the arms", "squat"])
def test_feet_stay_while_the_rest_moves(action: str) -> None:
    for seed in range(8):
        joints = played(action, seed).joints.astype(float)
        moved = np.ptp(joints[:, list(ANKLES + BALLS)], axis=0)
        if np.ptp(joints[:, 0, :2], axis=0).max() < 0.4:  # it did not walk there first
            assert moved.max() < 0.005


def test_the_other_foot_stands_while_one_kicks() -> None:
    for seed in range(8):
        joints = played("kick", seed).joints.astype(float)
        balls = joints[:, list(BALLS)]
        kicking = int(balls[..., 2].max(axis=0).argmax())
        high = balls[:, kicking, 2] > 0.15
        assert np.ptp(balls[high, 1 - kicking], axis=0).max() < 0.005


def test_a_flight_is_ballistic_and_starts_and_ends_standing() -> None:
    heights = flight(0.25, 0.07, 0.2)
    air = heights > 0.08
    assert np.diff(heights[air], 2) / TICK**2 == pytest.approx(-9.81, rel=0.01)
    assert heights.max() == pytest.approx(0.32, abs=0.005)
    assert heights[[0, -1]] == pytest.approx(0.0, abs=0.002)
    assert heights.min() == pytest.approx(-0.2, abs=0.01)


def test_both_feet_leave_the_floor_in_a_jump() -> None:
    for seed in range(8):
        joints = played("jump", seed).joints.astype(float)
        rise = (joints[:, list(BALLS), 2] - joints[:, list(BALLS), 2].min()).min(axis=1)
        assert 0.1 < rise.max() < 0.6


def test_the_place_has_space_around() -> None:
    free = open_cells(FLOOR)
    assert free.any()
    assert (free & ~FLOOR.reachable).sum() == 0
    for seed in range(8):
        start = played("wave", seed).joints[-1, 0, :2]
        assert min(thing.distance(start)[0] for thing in ROOM.objects) > 0.5


def test_without_space_nothing_is_possible() -> None:
    room = plain_room()
    assert ACTIONS["jump"].find_targets(Setting(room, FLOOR, make_body())) == [()]
    shut = plain_room(*cupboard_all_round())
    floor = free_floor(shut, radius=1.4)
    assert ACTIONS["jump"].find_targets(Setting(shut, floor, make_body())) == ([()] if open_cells(floor).any() else [])


def test_who_sits_rises_first_and_who_lies_stays() -> None:
    actor = actor_in()
    assert sit_on(actor, (ROOM.by_id(CHAIR),), False)
    assert take_place(actor)
    assert actor.timeline is not None and actor.timeline.seat is None
    lying = actor_in()
    assert lie_on(lying, (ROOM.by_id(BED),), True)
    assert not take_place(lying)


def test_after_a_walk_it_is_done_near_there() -> None:
    found = perform(ROOM, [act("walk to", SHELF), act("wave")], np.random.default_rng(3), floor=FLOOR)
    assert found is not None
    assert ROOM.by_id(SHELF).distance(found.joints[-1, 0, :2])[0] < 1.6
