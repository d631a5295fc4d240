"""What is done to nothing, told apart from joints alone: against one another, against all that is done in a room."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from handmade import BED, CHAIR, SHELF, TABLE, act, plain_room

from monster.skeleton import INDEX
from worlds.actions.detecting.cycles import near, separate, to_and_fro, turning_points
from worlds.actions.perform import perform
from worlds.actions.performing.actor import Actor
from worlds.actions.registry import ACTIONS
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.people.body import make_body
from worlds.rooms.floor import free_floor
from worlds.types import ActionInstance, Array

FREE = (
    "wave", "kick", "punch", "jump", "dance", "squat", "turn around", "stretch", "clap", "bow", "march", "throw",
    "do jumping jacks", "circle the arms",
)  # fmt: skip
ROOM = plain_room()
FLOOR, PLAN = free_floor(ROOM), FloorPlan(ROOM)
SEEDS = range(16)
SCENES: tuple[tuple[ActionInstance, ...], ...] = (
    (act("walk to", TABLE),), (act("sit on", CHAIR),), (act("sit on", BED),), (act("lie on", BED),),
    (act("stand up from", CHAIR),), (act("reach for", SHELF),), (act("reach for", TABLE),),
    (act("sit on", CHAIR), act("stand up from", CHAIR)), (act("walk to", TABLE), act("sit on", CHAIR)),
)  # fmt: skip
OTHER_SIDE = [
    INDEX[name.replace("left", "#").replace("right", "left").replace("#", "right")]
    for name in sorted(INDEX, key=lambda name: INDEX[name])
]


@cache
def acted(*deeds: ActionInstance) -> list[Array]:
    found = (perform(ROOM, deeds, np.random.default_rng(seed), floor=FLOOR) for seed in SEEDS)
    return [performance.joints.astype(float) for performance in found if performance is not None]


def seen_in(joints: Array) -> set[str]:
    seen = MotionKinematics.of(joints)
    return {action for action in FREE if ACTIONS[action].detect(seen, (), PLAN)}


@pytest.mark.parametrize("action", FREE)
def test_each_is_seen_and_taken_for_no_other(action: str) -> None:
    found = [seen_in(joints) for joints in acted(act(action))]
    assert len(found) == len(SEEDS)
    assert np.mean([action in names for names in found]) >= 0.95
    assert np.mean([len(names - {action}) for names in found]) <= 0.02


@pytest.mark.parametrize("deeds", SCENES)
def test_what_is_done_to_things_is_none_of_them(deeds: tuple[ActionInstance, ...]) -> None:
    assert [seen_in(joints) for joints in acted(*deeds)] == [set()] * len(acted(*deeds))


@pytest.mark.parametrize("action", FREE)
def test_left_and_right_are_alike(action: str) -> None:
    for joints in acted(act(action))[:4]:
        assert action in seen_in(joints[:, OTHER_SIDE] * np.array([-1.0, 1.0, 1.0]))


@pytest.mark.parametrize("action", FREE)
def test_a_small_or_a_tall_body_elsewhere_does_the_same(action: str) -> None:
    turn = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    for joints in acted(act(action))[:3]:
        for size in (0.9, 1.1):
            assert action in seen_in(size * joints @ turn + np.array([3.0, -2.0, 0.0]))


@pytest.mark.parametrize("action", FREE)
@pytest.mark.parametrize("tempo", [0.5, 1.3])
def test_in_a_hurry_and_at_leisure_it_is_still_that(action: str, tempo: float) -> None:
    for seed in range(4):
        actor = Actor(ROOM, FLOOR, make_body(1.7), np.random.default_rng(seed), speed=1.2, tempo=tempo, longest=2.0)
        assert ACTIONS[action].perform(actor, (), True)
        assert actor.timeline is not None
        joints = actor.timeline.render(np.random.default_rng(0)).astype(float)
        assert seen_in(joints) == {action}
        assert np.linalg.norm(np.diff(joints, 2, axis=0), axis=2).max() * 400 < 150


def test_a_throw_backwards_is_no_throw() -> None:
    for joints in acted(act("throw")):
        assert not ACTIONS["throw"].detect(MotionKinematics.of(joints[::-1]), (), PLAN)


@pytest.mark.parametrize("action", FREE)
def test_who_stands_still_does_nothing(action: str) -> None:
    joints = acted(act(action))[0]
    assert not seen_in(np.repeat(joints[-1:], 60, axis=0))


def test_turning_points_are_lows_and_highs_in_turn() -> None:
    curve = np.sin(np.linspace(0, 4 * np.pi, 81))
    points = turning_points(curve, 0.5)
    assert [abs(float(curve[point])) for point in points[-4:]] == pytest.approx([1.0] * 4, abs=0.01)
    assert not turning_points(0.1 * curve, 0.5)


def test_to_and_fro_wants_all_of_it_in_time_and_where() -> None:
    curve, everywhere = np.sin(np.linspace(0, 8 * np.pi, 81)), np.ones(81, dtype=bool)
    assert to_and_fro(curve, everywhere, 0.5, turns=4, within=2.0)
    assert not to_and_fro(curve, everywhere, 0.5, turns=4, within=1.0)
    assert not to_and_fro(curve, ~everywhere, 0.5, turns=4, within=2.0)


def test_frames_near_a_state_and_frames_apart() -> None:
    assert np.flatnonzero(near(np.arange(20) == 10, 0.1)).tolist() == [8, 9, 10, 11, 12]
    assert near(np.ones(3, dtype=bool), 1.0).shape == (3,)
    assert separate([0, 5, 50], 1.0) == [0, 50]
