"""Sides, counts and directions in claims: true of what was performed, false of a changed motion."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from handmade import performed, walk

from monster.corpus.storage import Corpus
from monster.skeleton import MIRROR
from worlds.captions.facts import counts_of, side_of, way_of
from worlds.checker.claims import SIDES, Claim, Observation, Step, is_true
from worlds.corpus_checker import WorldsChecker
from worlds.generate import generate
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.hard_negatives import is_false, moved
from worlds.hard_negatives.sides import opposite

SIDED = ("wave", "throw", "kick", "turn around")
AT_OBJECTS = ("point at", "reach for", "open", "knock on", "wipe", "turn to")


def mirrored(joints: np.ndarray) -> np.ndarray:
    """The motion across the sagittal plane that the body has at its start."""
    x, y = MotionKinematics.of(joints).viewer.heading
    return moved({"kind": "mirrored", "about": joints[0, 0, :2].tolist(), "angle": float(np.arctan2(y, x))}, joints)


def observed(plan: FloorPlan, joints: np.ndarray) -> Observation:
    return Observation(plan, MotionKinematics.of(joints))


@pytest.mark.parametrize("action", SIDED)
def test_the_side_of_a_limb_or_turn_is_the_other_one_in_the_mirror(action: str) -> None:
    plan, performance, _ = performed(action)
    side = side_of(Step(action), observed(plan, performance.joints))
    assert side in SIDES
    claim = Claim((Step(action, side=side),))
    assert is_true(claim, plan, performance.joints) and not is_true(opposite(claim), plan, performance.joints)
    turned = mirrored(performance.joints)
    assert is_true(opposite(claim), plan, turned) and not is_true(claim, plan, turned)
    assert not is_true(Claim((Step(action, side="both"),)), plan, performance.joints)


@pytest.mark.parametrize("action", AT_OBJECTS)
def test_the_side_at_an_object_is_one_of_the_two(action: str) -> None:
    plan, performance, targets = performed(action)
    phrases = tuple(plan.phrases(target)[0] for target in targets)
    proven = [side for side in SIDES if is_true(Claim((Step(action, phrases, side=side),)), plan, performance.joints)]
    assert len(proven) == 1
    assert is_true(Claim((Step(action, side=proven[0]),)), plan, performance.joints)
    swapped = performance.joints[:, list(MIRROR)]
    assert not is_true(Claim((Step(action, phrases, side=proven[0]),)), plan, swapped)


def test_what_has_no_side_is_not_done_with_one() -> None:
    plan, performance, _ = performed("bow")
    assert not any(is_true(Claim((Step("bow", side=side),)), plan, performance.joints) for side in SIDES)


@pytest.mark.parametrize("action", ["jump", "punch", "kick", "bow"])
def test_a_count_is_exact_and_fewer_after_a_cut(action: str) -> None:
    plan, performance, _ = performed(action)
    seen = observed(plan, performance.joints)
    count = seen.times(Step(action))
    proven = [n for n in counts_of(action) if seen.proves(Claim((Step(action, count=n),)))]
    assert count >= 1 and proven == [count]
    twice = np.concatenate(
        [performance.joints, performance.joints + (performance.joints[-1:] - performance.joints[:1])]
    )
    assert not is_true(Claim((Step(action, count=count),)), plan, twice)


def test_steps_of_a_walk_are_counted_give_or_take_one() -> None:
    plan, performance, _ = performed("walk past")
    seen = observed(plan, performance.joints)
    steps = seen.times(Step("walk"))
    proven = [n for n in range(1, 12) if seen.proves(Claim((Step("walk", count=n),)))]
    assert proven == [steps - 1, steps, steps + 1]


def test_forward_is_not_backward() -> None:
    plan, performance, _ = performed("walk past")
    joints = performance.joints
    assert way_of(Step("walk"), observed(plan, joints)) == "forward"
    assert way_of(Step("walk"), observed(plan, np.ascontiguousarray(joints[::-1]))) == "backward"


def test_a_slower_walk_is_not_quick() -> None:
    plan = performed("walk past")[0]
    claim = Claim((Step("walk to"),), pace="quickly")
    points = [(0.0, 0.0), (3.0, 0.0)]
    fast, slow = (observed(plan, walk(points, seconds)) for seconds in (1.9, 5.5))
    assert fast.motion.pace == "quickly" and slow.motion.pace == "slowly"
    assert not slow.proves(claim)


def test_marks_are_hashed_and_the_general_word_holds_wherever_the_marked_one_does() -> None:
    plan, performance, _ = performed("wave")
    seen = observed(plan, performance.joints)
    for action in ("raise a hand", "move an arm"):
        for side in SIDES:
            if seen.proves(Claim((Step(action, side=side),))):
                assert seen.proves(Claim((Step(action),)))
    assert len({Step("wave"), Step("wave", side="left"), replace(Step("wave"), side="left")}) == 2


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return generate(tmp_path_factory.mktemp("marks") / "corpus", rooms=4, items=120, seed=21, workers=1)


def test_every_caption_is_proven_and_every_hard_negative_false(made: Corpus) -> None:
    checker = WorldsChecker.of(made)
    marks = {"side": 0, "count": 0, "way": 0}
    for record in made.records:
        joints, plan = made.motion(str(record.motion)).joints, checker.floor_plans[str(record.scene)]
        claims, seen = checker.claims(record), MotionKinematics.of(joints)
        assert len(claims) == len(record.captions) == len(set(record.captions))
        assert all(Observation(plan, seen).proves(claim) for claim in claims), record.id
        for negative in record.hard_negatives:
            assert negative.get("caption") not in record.captions
            assert is_false(negative, claims[0], seen, floor_plan=plan, rooms=checker.floor_plans), (
                record.id,
                negative,
            )
        for claim in claims:
            for name in marks:
                marks[name] += any(getattr(step, name) is not None for step in claim.steps)
    captions = sum(len(record.captions) for record in made.records)
    assert 0.1 < marks["side"] / captions < 0.5 and min(marks.values()) > 0.01 * captions


def test_neither_side_is_the_usual_one(made: Corpus) -> None:
    sides = [
        step.side for record in made.records for claim in WorldsChecker.of(made).claims(record) for step in claim.steps
    ]
    assert 0.6 < sides.count("left") / sides.count("right") < 1.6
