"""What was performed is seen, of the right object; what was not performed there is not seen."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import numpy as np
import pytest

from worlds.actions.perform import find_candidates, perform
from worlds.actions.registry import ACTIONS
from worlds.checker.claims import candidate_targets, detect_frames
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.rooms.floor import free_floor
from worlds.rooms.rooms import ROOM_KINDS, make_room
from worlds.types import ActionInstance

ROOMS = 24
Acted = tuple[FloorPlan, ActionInstance, MotionKinematics]
# What hands do where one stands is never seen in a body that only walks, turns, sits or lies; nor are these.
UNLIKE: dict[str, tuple[str, ...]] = {
    "walk to": ("sit on", "lie on", "kneel beside", "crouch beside", "step over", "get up from", "stand up from"),
    "sit on": ("lie on", "kneel beside", "crouch beside", "stand up from", "get up from"),
    "crouch beside": ("sit on", "kneel beside", "lie on"),
    "kneel beside": ("sit on", "crouch beside", "lie on"),
    "turn to": ("walk to", "walk past", "walk between", "walk around", "walk away from", "back away from"),
    "back away from": ("walk away from", "walk past", "walk around"),
    "get up from": ("kneel beside", "crouch beside"),
}


@cache
def acted() -> tuple[Acted, ...]:
    """One performance of every action that each of some rooms allows."""
    found: list[Acted] = []
    for seed in range(ROOMS):
        rng = np.random.default_rng(seed)
        room = make_room(ROOM_KINDS[seed % len(ROOM_KINDS)], rng)
        floor, plan = free_floor(room), FloorPlan(room)
        by_action: dict[str, list[ActionInstance]] = defaultdict(list)
        for deed in find_candidates(room, floor):
            by_action[deed.action].append(deed)
        for deeds in by_action.values():
            deed = deeds[int(rng.integers(len(deeds)))]
            performance = perform(room, [deed], rng, floor=floor)
            if performance is not None:
                found.append((plan, deed, MotionKinematics.of(performance.joints)))
    return tuple(found)


def of(action: str) -> list[Acted]:
    return [one for one in acted() if one[1].action == action]


@pytest.mark.parametrize("action", ACTIONS.names)
def test_what_was_performed_is_seen(action: str) -> None:
    seen = [
        bool(detect_frames(action, [plan.room.by_id(i) for i in deed.targets], plan, body))
        for plan, deed, body in of(action)
    ]
    assert seen, "no room allowed it"
    assert np.mean(seen) >= 0.8


@pytest.mark.parametrize("action", [spec.name for spec in ACTIONS if spec.arity])
def test_nothing_is_done_to_a_room_that_is_elsewhere(action: str) -> None:
    for plan, deed, body in of(action)[:6]:
        far = MotionKinematics.of(body.joints + np.array([12.0, 0.0, 0.0]))
        assert not detect_frames(action, [plan.room.by_id(i) for i in deed.targets], plan, far)


@pytest.mark.parametrize("action", UNLIKE)
def test_one_thing_is_not_taken_for_another(action: str) -> None:
    for plan, deed, body in of(action):
        for other in UNLIKE[action]:
            found = [
                things for things in candidate_targets(other, plan, body) if detect_frames(other, things, plan, body)
            ]
            assert not found, (deed, other, [thing.category for things in found for thing in things])
