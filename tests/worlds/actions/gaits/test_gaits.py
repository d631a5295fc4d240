"""Ways of going: sound bodies, feet that stay where they stand, each recognised and told from the others."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from handmade import act

from monster.skeleton import INDEX
from worlds.actions.detecting.gaits import flying, foot_speed, run_spells, spot_run
from worlds.actions.perform import LONGEST, SHORTEST, perform
from worlds.actions.registry import ACTIONS
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.people.body import ANKLES, BALLS, bone_lengths
from worlds.rooms.floor import free_floor
from worlds.rooms.rooms import make_room
from worlds.types import Array

GAITS = (
    "run", "jog", "walk about", "walk backwards", "tiptoe", "walk in a circle", "step to the left", "step to the right",
    "turn left", "turn right", "sneak", "limp left", "limp right", "hop left", "hop right", "skip", "stagger",
    "run on the spot",
)  # fmt: skip
OF_ALL_WALKS = "walk about"  # true of every walk forwards
MAY_ALSO_BE: dict[str, tuple[str, ...]] = {"run": ("jog",), "jog": ("run",)}
ROOM = make_room("gym", np.random.default_rng(3))
FLOOR, PLAN = free_floor(ROOM), FloorPlan(ROOM)
SEEDS = range(8)
OTHER_SIDE = [
    INDEX[name.replace("left", "#").replace("right", "left").replace("#", "right")]
    for name in sorted(INDEX, key=lambda name: INDEX[name])
]


@cache
def played(action: str) -> list[Array]:
    found = (perform(ROOM, [act(action)], np.random.default_rng(seed), floor=FLOOR) for seed in SEEDS)
    return [performance.joints.astype(float) for performance in found if performance is not None]


def seen_in(joints: Array) -> set[str]:
    seen = MotionKinematics.of(joints)
    return {action for action in GAITS if ACTIONS[action].detect(seen, (), PLAN)}


@pytest.mark.parametrize("action", GAITS)
def test_every_gait_is_sound(action: str) -> None:
    assert len(played(action)) >= len(SEEDS) - 2
    for joints in played(action):
        assert SHORTEST <= len(joints) <= LONGEST
        assert np.ptp(bone_lengths(joints), axis=0).max() < 0.001
        assert joints[..., 2].min() > -0.01
        accelerations = np.linalg.norm(np.diff(joints, 2, axis=0), axis=2) * 400
        assert accelerations.max() < 140  # CMU runs: feet to 150
        assert accelerations[:, 0].max() < 40


@pytest.mark.parametrize("action", GAITS)
def test_a_foot_on_the_floor_stays(action: str) -> None:
    for joints in played(action):
        ankles, balls = joints[:, list(ANKLES)], joints[:, list(BALLS)]
        flat = (balls[..., 2] < 0.032) & (ankles[..., 2] < 0.075)
        still = flat[1:] & flat[:-1]
        moved = np.linalg.norm(np.diff(balls[..., :2], axis=0), axis=2) * 20
        assert np.median(moved[still]) < 0.02
        assert np.mean(moved[still] > 0.2) < 0.12


@pytest.mark.parametrize("action", GAITS)
def test_each_gait_is_seen_and_hardly_another(action: str) -> None:
    found = [seen_in(joints) for joints in played(action)]
    assert np.mean([action in names for names in found]) >= 0.85
    allowed = {action, OF_ALL_WALKS, *MAY_ALSO_BE.get(action, ())}
    assert np.mean([len(names - allowed) for names in found]) <= 0.15


@pytest.mark.parametrize("action", ["run", "jog", "hop left", "skip", "walk backwards"])
def test_these_are_no_walks_forward(action: str) -> None:
    assert not any(ACTIONS[OF_ALL_WALKS].detect(MotionKinematics.of(joints), (), PLAN) for joints in played(action))


@pytest.mark.parametrize("pair", [("step to the left", "step to the right"), ("turn left", "turn right"),
                                  ("limp left", "limp right"), ("hop left", "hop right")])  # fmt: skip
def test_a_mirrored_body_does_it_on_the_other_side(pair: tuple[str, str]) -> None:
    one, other = pair
    mirrored = [seen_in(joints[:, OTHER_SIDE] * np.array([-1.0, 1.0, 1.0])) for joints in played(one)]
    assert np.mean([other in names for names in mirrored]) >= 0.85
    assert not any(one in names for names in mirrored)


@pytest.mark.parametrize("action", GAITS)
def test_a_body_that_stands_still_does_none(action: str) -> None:
    assert not seen_in(np.repeat(played(action)[0][-1:], 60, axis=0))


def test_a_runner_flies_and_a_walker_does_not() -> None:
    for joints in played("run"):
        motion = MotionKinematics.of(joints)
        assert run_spells(motion)
        assert flying(motion).sum() >= 3
    for joints in played(OF_ALL_WALKS):
        assert not run_spells(MotionKinematics.of(joints))


def test_a_run_in_slow_motion_is_no_run() -> None:
    for joints in played("jog"):
        slow = np.stack([joints[np.minimum(np.arange(2 * len(joints)) // 2, len(joints) - 1)]])[0]
        slow[1:-1] = (slow[:-2] + slow[2:]) / 2
        assert not run_spells(MotionKinematics.of(slow))


def test_a_run_on_the_spot_leads_nowhere() -> None:
    for joints in played("run on the spot"):
        assert spot_run(MotionKinematics.of(joints))
        assert not spot_run(MotionKinematics.of(joints + np.linspace(0, 3, len(joints))[:, None, None] * [1.0, 0, 0]))


def test_one_frame_has_no_foot_speed() -> None:
    assert not foot_speed(MotionKinematics.of(played("run")[0][:1])).any()
