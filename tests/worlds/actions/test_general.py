"""General actions: true of every action below them, said in every form."""

from __future__ import annotations

import re

import numpy as np
import pytest

from worlds.actions.general import GENERAL, parents_of, phrases_of, sided_phrases
from worlds.actions.perform import find_candidates, perform
from worlds.actions.registry import ACTIONS
from worlds.captions.verbs import inflected
from worlds.checker.claims import Claim, Observation, Step
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.rooms.floor import free_floor
from worlds.rooms.rooms import make_room
from worlds.types import ActionInstance

LEAST = 0.7  # of the performances of an action, of which its general action is found


def test_a_parent_is_known_and_names_are_not_those_of_actions() -> None:
    assert not set(GENERAL) & set(ACTIONS.names)
    for spec in ACTIONS:
        assert set(spec.phrases.general) <= set(GENERAL)
    assert [general.name for general in parents_of("walk to")] == ["walk", "move"]
    assert parents_of("move") == []


@pytest.mark.parametrize("kind", ["living room", "bedroom", "kitchen"])
def test_what_is_true_of_an_action_is_true_of_its_parents(kind: str) -> None:
    rng = np.random.default_rng(4)
    room = make_room(kind, rng)
    floor, plan = free_floor(room), FloorPlan(room)
    found: dict[str, list[bool]] = {}
    for one in find_candidates(room, floor)[::5]:
        performance = perform(room, [ActionInstance(one.action, one.targets)], rng, floor=floor)
        if performance is None:
            continue
        observation = Observation(plan, MotionKinematics.of(performance.joints))
        for general in parents_of(one.action)[:1]:
            found.setdefault(general.name, []).append(observation.proves(Claim((Step(general.name),))))
    assert len(found) >= 6
    assert {name: np.mean(true) for name, true in found.items() if np.mean(true) < LEAST} == {}


@pytest.mark.parametrize("action", [*GENERAL, *ACTIONS.names])
def test_phrases_with_sides_counts_and_directions_are_inflected(action: str) -> None:
    moving = [] if action not in GENERAL else [p for way in (GENERAL[action].moving or {}).values() for p in way]
    for phrase in (*phrases_of(action).bare, *phrases_of(action).counted, *sided_phrases(action), *moving):
        assert phrase.startswith("~") and not re.search(r"~|\{your|\{they", inflected(phrase, "third", "his"))
    for phrase in phrases_of(action).counted:
        assert ("{times}" in phrase) != ("{n}" in phrase)
    for phrase in sided_phrases(action):
        assert len(re.findall(r"\{(hand|arm|foot|leg|fist|knee|shoulder|side)\}", phrase)) >= 1
