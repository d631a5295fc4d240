"""Moves on the floor, of hands at the head, on one leg and with both arms: sound, seen, and hardly another."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from handmade import act

from worlds.actions.perform import LONGEST, SHORTEST, perform
from worlds.actions.registry import ACTIONS
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.people.body import bone_lengths
from worlds.rooms.floor import free_floor
from worlds.rooms.rooms import make_room
from worlds.types import Array

MOVES = (
    "crawl", "sit down on the floor", "get up from the floor", "box in the air", "raise the left arm",
    "raise the right arm", "raise both arms", "drink", "eat", "talk on the phone", "scratch the head", "salute",
    "jump forward", "balance on one leg", "lift one leg", "swing a bat", "cross the arms", "look around", "fall down",
    "lie down on the floor",
)  # fmt: skip
MAY_ALSO_BE = {"lie down on the floor": ("sit down on the floor",)}  # on the way
ROOM = make_room("living room", np.random.default_rng(5))
FLOOR, PLAN = free_floor(ROOM), FloorPlan(ROOM)
SEEDS = range(8)


@cache
def played(action: str) -> list[Array]:
    found = (perform(ROOM, [act(action)], np.random.default_rng(seed), floor=FLOOR) for seed in SEEDS)
    return [performance.joints.astype(float) for performance in found if performance is not None]


def seen_in(joints: Array) -> set[str]:
    seen = MotionKinematics.of(joints)
    return {action for action in MOVES if ACTIONS[action].detect(seen, (), PLAN)}


@pytest.mark.parametrize("action", MOVES)
def test_every_move_is_sound(action: str) -> None:
    assert len(played(action)) == len(SEEDS)
    for joints in played(action):
        assert SHORTEST <= len(joints) <= LONGEST
        assert np.ptp(bone_lengths(joints), axis=0).max() < 0.001
        assert joints[..., 2].min() > -0.01
        assert np.linalg.norm(np.diff(joints, 2, axis=0), axis=2).max() * 400 < 150


@pytest.mark.parametrize("action", MOVES)
def test_each_is_seen_and_taken_for_no_other(action: str) -> None:
    found = [seen_in(joints) for joints in played(action)]
    assert np.mean([action in names for names in found]) >= 0.85
    assert np.mean([len(names - {action, *MAY_ALSO_BE.get(action, ())}) for names in found]) <= 0.13


@pytest.mark.parametrize("action", MOVES)
def test_a_body_that_stays_as_it_ends_does_none(action: str) -> None:
    assert not seen_in(np.repeat(played(action)[0][-1:], 60, axis=0))


def test_getting_up_backwards_is_no_getting_up() -> None:
    for joints in played("get up from the floor"):
        assert "get up from the floor" not in seen_in(joints[::-1])


def test_a_body_on_all_fours_has_its_trunk_level_and_its_knees_below() -> None:
    for joints in played("crawl"):
        motion = MotionKinematics.of(joints)
        assert motion.leaning.min() > np.radians(55)
        assert (motion.pelvis[:, 2] > motion.pair("knee")[..., 2].min(axis=1)).all()
