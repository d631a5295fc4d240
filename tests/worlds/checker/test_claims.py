"""The checker on performed actions, and on the same motions moved, reversed or with other claims."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from handmade import performed, walk

from worlds.actions.registry import ACTIONS
from worlds.checker.claims import Claim, Step, candidate_targets, detect_frames, is_true
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import VIEWER_RELATIONS, ReferringExpression

# Actions that can have one target at a time; a walk to an object may end near its neighbour too.
EXCLUSIVE = ("sit on", "lie on", "stand up from", "get up from", "reach for", "step over")


@pytest.mark.parametrize("action", ACTIONS.names)
def test_the_performed_action_is_true_of_its_targets_only(action: str) -> None:
    plan, performance, targets = performed(action)
    phrases = tuple(plan.phrases(target)[0] for target in targets)
    assert is_true(Claim((Step(action, phrases),)), plan, performance.joints)
    others = [object_ for object_ in plan.room.objects if object_.id not in targets and plan.phrases(object_.id)]
    for other in others if action in EXCLUSIVE else ():
        claim = Claim((Step(action, (plan.phrases(other.id)[0],)),))
        assert not is_true(claim, plan, performance.joints), other.category


@pytest.mark.parametrize("action", [spec.name for spec in ACTIONS if spec.arity])
def test_a_motion_outside_the_room_has_no_targets(action: str) -> None:
    plan, performance, targets = performed(action)
    moved = performance.joints + np.array([12.0, 0.0, 0.0], dtype=np.float32)
    assert not detect_frames(action, [plan.room.by_id(target) for target in targets], plan, moved)


def test_a_reversed_sitting_down_is_not_standing_up() -> None:
    plan, performance, (target,) = performed("stand up from")
    object_ = plan.room.by_id(target)
    assert detect_frames("stand up from", [object_], plan, performance.joints)
    assert not detect_frames("stand up from", [object_], plan, performance.joints[::-1])


def test_the_order_of_actions_matters() -> None:
    plan, performance, (target,) = performed("sit on")
    phrase = plan.phrases(target)[0]
    assert not is_true(Claim((Step("sit on", (phrase,)), Step("stand up from", (phrase,)))), plan, performance.joints)
    back = np.concatenate([performance.joints, performance.joints[::-1]])
    assert is_true(Claim((Step("sit on", (phrase,)), Step("stand up from", (phrase,)))), plan, back)
    assert not is_true(Claim((Step("stand up from", (phrase,)), Step("sit on", (phrase,)))), plan, back)


def test_an_ambiguous_phrase_makes_a_claim_false() -> None:
    plan, performance, (target,) = performed("sit on")
    category = plan.room.by_id(target).category
    single = len(plan.by_category[category]) == 1
    assert is_true(Claim((Step("sit on", (ReferringExpression(category),)),)), plan, performance.joints) == single
    assert not is_true(Claim((Step("sit on", (ReferringExpression("spaceship"),)),)), plan, performance.joints)


def test_the_kind_of_room_matters() -> None:
    plan, performance, _ = performed("sit on")
    assert is_true(Claim((Step("sit on"),), room=plan.room.kind), plan, performance.joints)
    assert not is_true(Claim((Step("sit on"),), room="swimming pool"), plan, performance.joints)


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
def test_the_turn_of_a_walk(points: list[tuple[float, float]], expected: str | None) -> None:
    assert MotionKinematics.of(walk(points, 4.0)).turn == expected


def test_pace_depends_on_the_median_walking_speed() -> None:
    assert MotionKinematics.of(walk([(0, 0), (2, 0)], 4.0)).pace == "slowly"
    assert MotionKinematics.of(walk([(0, 0), (4, 0)], 4.0)).pace is None
    assert MotionKinematics.of(walk([(0, 0), (7, 0)], 4.0)).pace == "quickly"
    assert MotionKinematics.of(walk([(0, 0), (0.01, 0)], 4.0)).pace is None


def test_candidate_targets_leave_out_only_targets_out_of_reach() -> None:
    """No action is detected on targets that are left out."""
    left_out = 0
    for action in ("walk to", "sit on", "reach for"):
        plan, performance, _ = performed(action)
        motion = MotionKinematics.of(performance.joints)
        for other in ACTIONS.names:
            every = set(combinations(plan.room.objects, ACTIONS[other].arity))
            offered = set(candidate_targets(other, plan, motion))
            assert offered <= every
            left_out += len(every - offered)
            assert not any(detect_frames(other, objects, plan, motion) for objects in every - offered), other
    assert left_out > 200


def test_left_and_right_are_relative_to_the_body() -> None:
    sides = 0
    for action in ACTIONS.names:
        plan, performance, targets = performed(action)
        phrases = plan.phrases(targets[0], MotionKinematics.of(performance.joints).viewer) if len(targets) == 1 else []
        for phrase in (phrase for phrase in phrases if phrase.relation in VIEWER_RELATIONS):
            other = next(side for side in VIEWER_RELATIONS if side != phrase.relation)
            assert is_true(Claim((Step(action, (phrase,)),)), plan, performance.joints)
            opposite = Claim((Step(action, (ReferringExpression(phrase.category, other),)),))
            assert not is_true(opposite, plan, performance.joints)
            sides += 1
    assert sides >= 3
