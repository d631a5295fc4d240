"""Movements that many actions share: found in performances, changed when the motion is mirrored, turned or slowed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from worlds.actions.detecting import movements
from worlds.actions.perform import find_candidates, perform
from worlds.geometry.kinematics import MotionKinematics
from worlds.hard_negatives import moved
from worlds.rooms.floor import free_floor
from worlds.rooms.rooms import make_room
from worlds.types import ActionInstance


@cache
def performed(action: str, seed: int = 0) -> np.ndarray:
    """Joints of a body that does the action."""
    rng = np.random.default_rng(seed)
    for kind in ("bedroom", "living room", "office"):
        room = make_room(kind, rng)
        floor = free_floor(room)
        for one in [one for one in find_candidates(room, floor) if one.action == action][:8]:
            performance = perform(room, [ActionInstance(one.action, one.targets)], rng, floor=floor)
            if performance is not None:
                return performance.joints
    raise AssertionError(f"no body did {action}")


def seen(joints: np.ndarray) -> MotionKinematics:
    return MotionKinematics.of(joints)


def mirrored(joints: np.ndarray) -> np.ndarray:
    x, y = seen(joints).viewer.heading
    about = joints[0, 0, :2].tolist()
    return moved({"kind": "mirrored", "about": about, "angle": float(np.arctan2(y, x))}, joints)


def backwards(joints: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(joints[::-1])


def test_a_walk_goes_forward_and_its_reverse_backward() -> None:
    joints = performed("walk past")
    assert movements.walks(seen(joints)) and movements.walks_in_way(seen(joints), "forward")
    assert not movements.walks_in_way(seen(joints), "backward")
    assert movements.walks_in_way(seen(backwards(joints)), "backward")
    assert not movements.walks_in_way(seen(backwards(joints)), "forward")
    assert movements.walks_in_way(seen(performed("back away from")), "backward")


def test_a_body_that_slides_aside_walks_sideways_to_that_side() -> None:
    joints = np.array(performed("bow"), dtype=np.float64)
    joints = np.repeat(joints[-1:], 60, axis=0)
    ahead, aside = seen(joints).heading[0]
    joints[..., :2] += np.linspace(0, 3, 60)[:, None, None] * np.array([-aside, ahead])
    assert movements.walks_in_way(seen(joints), "sideways", 0)
    assert not movements.walks_in_way(seen(joints), "sideways", 1)
    assert not movements.walks_in_way(seen(joints), "forward")


def test_steps_are_counted_foot_by_foot() -> None:
    ((_, steps),) = movements.step_counts(seen(performed("walk past")))
    joints = performed("walk past")
    half = joints[: len(joints) // 2]
    fewer = sum(count for _, count in movements.step_counts(seen(half)))
    assert steps >= 3 and 0.25 * steps <= fewer < steps


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_turn_has_one_side_and_the_mirrored_one_the_other(seed: int) -> None:
    joints = performed("turn around", seed)
    sides = [bool(movements.turns(seen(joints), side)) for side in range(2)]
    assert sum(sides) == 1
    assert [bool(movements.turns(seen(mirrored(joints)), side)) for side in range(2)] == sides[::-1]


def test_no_turn_is_smaller_than_asked_for() -> None:
    joints = performed("turn around")
    assert not any(movements.turns(seen(joints), side, least=np.radians(355)) for side in range(2))


@pytest.mark.parametrize("find", [movements.hand_raised, movements.hand_moved])
def test_one_hand_waves_and_the_other_in_the_mirror(find: Callable[[MotionKinematics, int], list[int]]) -> None:
    joints = performed("wave")
    joints = joints[seen(joints).speed < 0.3]
    sides = [bool(find(seen(joints), side)) for side in range(2)]
    assert sum(sides) == 1
    assert [bool(find(seen(mirrored(joints)), side)) for side in range(2)] == sides[::-1]


def test_one_foot_kicks() -> None:
    joints = performed("kick")
    sides = [bool(movements.foot_raised(seen(joints), side)) for side in range(2)]
    assert sum(sides) == 1
    assert [bool(movements.foot_raised(seen(mirrored(joints)), side)) for side in range(2)] == sides[::-1]


def test_sitting_lowers_the_body_and_standing_up_raises_it() -> None:
    down, up = performed("sit on"), performed("stand up from")
    assert movements.lowered(seen(down)) and not movements.rose(seen(down))
    assert movements.rose(seen(up)) and not movements.lowered(seen(up))
    assert not movements.lowered(seen(performed("wave")))


def test_bowing_bends_the_trunk_and_walking_is_no_jump() -> None:
    assert movements.bent(seen(performed("bow"))) and not movements.bent(seen(performed("wave")))
    assert movements.off_floor(seen(performed("jump"))) and not movements.off_floor(seen(performed("walk past")))


def test_looking_at_something_is_standing_still_and_a_walker_does_not() -> None:
    assert movements.still(seen(performed("look at"))) and not movements.still(seen(performed("walk past")))
    assert movements.moves(seen(performed("walk past"))) and not movements.moves(seen(performed("bow")[-30:]))
