"""The checker on performances that were meant, and on the same bodies moved, reversed or retold so that it is false."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import numpy as np
import pytest
from handmade import act

from monster.skeleton import INDEX, JOINT_COUNT
from worlds.actions.perform import find_candidates, perform
from worlds.actions.registry import ACTIONS
from worlds.checker.claims import Claim, Step, all_targets, is_true, moments_of
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import VIEWER_RELATIONS, FloorPlan, ReferringExpression
from worlds.rooms.floor import free_floor
from worlds.rooms.rooms import KINDS, make_room
from worlds.types import Performance

# Walking to one thing may end at its neighbour too; nobody sits on, lies on, rises from or steps over two at once.
EXCLUSIVE = ("sit on", "lie on", "stand up from", "get up from", "reach for", "step over")


@cache
def acted(action: str) -> tuple[FloorPlan, Performance, tuple[int, ...]]:
    """A performance of one action, in the first seeded room that allows it."""
    for seed in range(40):
        rng = np.random.default_rng(seed)
        room = make_room(KINDS[seed % len(KINDS)], rng)
        floor, plan = free_floor(room), FloorPlan(room)
        for done, targets in ((one.action, one.targets) for one in find_candidates(room, floor)):
            if done == action and all(plan.phrases(target) for target in targets):
                performance = perform(room, [act(action, *targets)], rng, floor=floor)
                if performance is not None:
                    return plan, performance, targets
    raise AssertionError(f"no room allows {action}")


@pytest.mark.parametrize("action", ACTIONS.names)
def test_what_was_performed_is_true_and_of_another_object_false(action: str) -> None:
    plan, performance, targets = acted(action)
    phrases = tuple(plan.phrases(target)[0] for target in targets)
    assert is_true(Claim((Step(action, phrases),)), plan, performance.joints)
    others = [object_ for object_ in plan.room.objects if object_.id not in targets and plan.phrases(object_.id)]
    for other in others if action in EXCLUSIVE else ():
        claim = Claim((Step(action, (plan.phrases(other.id)[0],)),))
        assert not is_true(claim, plan, performance.joints), other.category


@pytest.mark.parametrize("action", [spec.name for spec in ACTIONS if spec.arity])
def test_a_body_moved_out_of_the_room_does_nothing_to_the_room(action: str) -> None:
    plan, performance, targets = acted(action)
    moved = performance.joints + np.array([12.0, 0.0, 0.0], dtype=np.float32)
    assert not moments_of(action, [plan.room.by_id(target) for target in targets], plan, moved)


def test_rising_is_not_sitting_down() -> None:
    plan, performance, (target,) = acted("stand up from")
    object_ = plan.room.by_id(target)
    assert moments_of("stand up from", [object_], plan, performance.joints)
    assert not moments_of("stand up from", [object_], plan, performance.joints[::-1])


def test_order_counts() -> None:
    plan, performance, (target,) = acted("sit on")
    phrase = plan.phrases(target)[0]
    assert not is_true(Claim((Step("sit on", (phrase,)), Step("stand up from", (phrase,)))), plan, performance.joints)
    back = np.concatenate([performance.joints, performance.joints[::-1]])
    assert is_true(Claim((Step("sit on", (phrase,)), Step("stand up from", (phrase,)))), plan, back)
    assert not is_true(Claim((Step("stand up from", (phrase,)), Step("sit on", (phrase,)))), plan, back)


def test_a_phrase_that_fits_several_names_nothing() -> None:
    plan, performance, (target,) = acted("sit on")
    category = plan.room.by_id(target).category
    single = len(plan.by_category[category]) == 1
    assert is_true(Claim((Step("sit on", (ReferringExpression(category),)),)), plan, performance.joints) == single
    assert not is_true(Claim((Step("sit on", (ReferringExpression("spaceship"),)),)), plan, performance.joints)


def test_the_kind_of_room_counts() -> None:
    plan, performance, _ = acted("sit on")
    assert is_true(Claim((Step("sit on"),), room=plan.room.kind), plan, performance.joints)
    assert not is_true(Claim((Step("sit on"),), room="swimming pool"), plan, performance.joints)


def walk(points: list[tuple[float, float]], seconds: float) -> np.ndarray:
    """A stiff body that glides along corner points at even speed."""
    corners = np.array(points)
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(corners, axis=0), axis=1))])
    at = np.linspace(0, length[-1], round(seconds * 20))
    joints = np.zeros((len(at), JOINT_COUNT, 3))
    joints[..., 2] = 0.9
    for axis in range(2):
        joints[..., axis] = np.interp(at, length, corners[:, axis])[:, None]
    joints[:, INDEX["left_hip"], 0] += 0.1
    return joints


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([(0, 0), (3, 0)], "straight"),
        ([(0, 0), (2, 0), (2, 2)], "left"),
        ([(0, 0), (2, 0), (2, -2)], "right"),
        ([(0, 0), (2, 0), (2, 1), (4, 1)], None),
        ([(0, 0), (0.5, 0)], None),
    ],
)
def test_turns_as_the_walker_sees_them(points: list[tuple[float, float]], expected: str | None) -> None:
    assert MotionKinematics.of(walk(points, 4.0)).turn == expected


def test_pace_is_the_median_speed_while_walking() -> None:
    assert MotionKinematics.of(walk([(0, 0), (2, 0)], 4.0)).pace == "slowly"
    assert MotionKinematics.of(walk([(0, 0), (4, 0)], 4.0)).pace is None
    assert MotionKinematics.of(walk([(0, 0), (7, 0)], 4.0)).pace == "quickly"
    assert MotionKinematics.of(walk([(0, 0), (0.01, 0)], 4.0)).pace is None


def test_what_the_body_never_comes_near_is_left_out_and_nothing_else() -> None:
    """For every action, objects that are left out when none is named are none that it was done to."""
    left_out = 0
    for action in ("walk to", "sit on", "reach for"):
        plan, performance, _ = acted(action)
        seen = MotionKinematics.of(performance.joints)
        for other in ACTIONS.names:
            every = set(combinations(plan.room.objects, ACTIONS[other].arity))
            offered = set(all_targets(other, plan, seen))
            assert offered <= every
            left_out += len(every - offered)
            assert not any(moments_of(other, objects, plan, seen) for objects in every - offered), other
    assert left_out > 200


def test_left_and_right_are_those_of_the_walker() -> None:
    sides = 0
    for action in ACTIONS.names:
        plan, performance, targets = acted(action)
        phrases = plan.phrases(targets[0], MotionKinematics.of(performance.joints).viewer) if len(targets) == 1 else []
        for phrase in (phrase for phrase in phrases if phrase.relation in VIEWER_RELATIONS):
            other = next(side for side in VIEWER_RELATIONS if side != phrase.relation)
            assert is_true(Claim((Step(action, (phrase,)),)), plan, performance.joints)
            opposite = Claim((Step(action, (ReferringExpression(phrase.category, other),)),))
            assert not is_true(opposite, plan, performance.joints)
            sides += 1
    assert sides >= 3
