"""What is told of a performance: true, in several styles, of things that are singled out."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from worlds.action_sequences import draw_sequence
from worlds.actions.perform import find_candidates, perform
from worlds.captions import PATTERNS, Caption, describe
from worlds.checker.claims import is_true
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.rooms.floor import free_floor
from worlds.rooms.rooms import make_room
from worlds.types import Performance


@cache
def performed() -> tuple[FloorPlan, list[Performance]]:
    rng = np.random.default_rng(3)
    room = make_room("office", rng)
    floor, plan = free_floor(room), FloorPlan(room)
    feasible = [one for one in find_candidates(room, floor) if all(plan.phrases(target) for target in one.targets)]
    drawn = [perform(room, draw_sequence(feasible, rng), rng, floor=floor) for _ in range(14)]
    return plan, [performance for performance in drawn if performance is not None]


@cache
def told() -> list[tuple[Performance, list[Caption]]]:
    plan, performances = performed()
    rng = np.random.default_rng(0)
    return [(performance, describe(performance, plan, rng, count=4)) for performance in performances]


def test_what_is_described_is_true_and_told_in_several_styles() -> None:
    plan, _ = performed()
    full = [(performance, captions) for performance, captions in told() if captions]
    assert len(full) >= 8
    for performance, captions in full:
        assert 3 <= len({caption.text for caption in captions}) == len(captions) <= 4
        assert all(is_true(caption.claim, plan, performance.joints) for caption in captions)
        styles = [PATTERNS[caption.pattern].style for caption in captions]
        assert styles[0] == "third" and styles[-1] == "bare" and styles.count("plain") == len(styles) - 2


def test_the_first_singles_its_things_out_and_the_last_leaves_the_scene_out() -> None:
    plan, _ = performed()
    for performance, captions in told():
        viewer = MotionKinematics.of(performance.joints).viewer
        for event, step in zip(performance.actions, captions[0].claim.steps if captions else (), strict=False):
            assert [plan.resolve(phrase, viewer) for phrase in step.objects] == [[target] for target in event.targets]
        if captions:
            assert captions[-1].claim.room is None and not any(step.objects for step in captions[-1].claim.steps)


def test_a_claim_says_what_its_pattern_has_slots_for() -> None:
    for _, captions in told():
        for caption in captions:
            pattern, claim = PATTERNS[caption.pattern], caption.claim
            assert (claim.pace is not None) == pattern.tells_pace and (claim.turn is not None) == pattern.tells_turn
            assert (claim.room is not None) == pattern.tells_room and len(claim.steps) == pattern.deeds


def test_the_same_pattern_and_seed_give_the_same_words() -> None:
    for _, captions in told():
        for caption in captions:
            assert Caption.of(caption.claim, caption.pattern, caption.seed) == caption


@pytest.mark.parametrize("count", [1, 2, 5])
def test_as_many_as_asked_for(count: int) -> None:
    plan, performances = performed()
    found = [describe(performance, plan, np.random.default_rng(1), count=count) for performance in performances]
    assert max(map(len, found)) == count


def test_nothing_is_said_of_a_body_that_did_something_else() -> None:
    plan, performances = performed()
    named = next(performance for performance in performances if any(event.targets for event in performance.actions))
    far = replace(named, joints=named.joints + np.float32(20))
    assert describe(far, plan, np.random.default_rng(3)) == []
