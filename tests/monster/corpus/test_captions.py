"""Captions say what the checker proved, in good English."""

from __future__ import annotations

import re

import numpy as np
import pytest

from monster.corpus.actions.acts import ACTS
from monster.corpus.captions import describe, noun_phrase, realise
from monster.corpus.checker import Claim, Step, is_true
from monster.corpus.floor import free_floor
from monster.corpus.motions import perform, plan_candidates
from monster.corpus.relations import RELATIONS, ObjectPhrase, Plan
from monster.corpus.rooms import make_room
from monster.corpus.world import Action

CHAIR = ObjectPhrase("chair", "next to", ("desk",))


@pytest.mark.parametrize("action", ACTS)
def test_voices_inflect_the_verb(action: Action) -> None:
    rng = np.random.default_rng(0)
    claim = Claim((Step(action, (CHAIR,)),))
    for _ in range(30):
        told, ordered, terse = (realise(claim, voice, rng) for voice in ("told", "ordered", "terse"))
        assert re.match(r"(a person|someone|the person|a human) \w+(s|es) ", told)
        assert re.match(r"\w+[^s] ", ordered)
        assert re.match(r"\w+ing ", terse)
        assert all(re.search(r"the chair (next to|beside|by|near) the desk", text) for text in (told, ordered, terse))


def test_everything_that_is_claimed_is_said() -> None:
    claim = Claim(
        (Step("stand up from", (CHAIR,)), Step("lie on", (ObjectPhrase("bed"),))),
        pace="slowly",
        turn="left",
        room="office",
    )
    text = realise(claim, "told", np.random.default_rng(1))
    for pattern in ("chair", "desk", "bed", "slow|unhurried", "left", "office", "then|after that"):
        assert re.search(pattern, text), pattern


@pytest.mark.parametrize("relation", RELATIONS)
def test_relations_name_their_anchors(relation: str) -> None:
    anchors = {"only": (), "between": ("desk", "lamp")}.get(relation, ("desk",))
    text = noun_phrase(ObjectPhrase("chair", relation, anchors), np.random.default_rng(0))  # type: ignore[arg-type]
    assert all(f"the {name}" in text for name in anchors)
    assert "{" not in text


def test_what_is_described_is_true_and_told_in_several_styles() -> None:
    found = 0
    for seed in range(6):
        rng = np.random.default_rng(seed)
        room = make_room("office", rng)
        floor, plan = free_floor(room), Plan(room)
        step = plan_candidates(room, floor)[seed]
        performance = perform(room, [step], rng, floor=floor)
        if performance is None:
            continue
        told = describe(performance, plan, rng, count=4)
        assert all(is_true(claim, plan, performance.joints) for _, claim in told)
        if told:
            found += 1
            assert all(entry.objects for entry in told[0][1].steps)
            assert all(not entry.objects for entry in told[-1][1].steps)
            assert len({text for text, _ in told}) == len(told)
    assert found >= 3


def test_nothing_is_said_of_a_body_that_did_something_else() -> None:
    rng = np.random.default_rng(3)
    room = make_room("office", rng)
    floor, plan = free_floor(room), Plan(room)
    performance = next(p for s in plan_candidates(room, floor) if (p := perform(room, [s], rng, floor=floor)))
    far = type(performance)(performance.joints + np.float32(20), performance.events)
    assert describe(far, plan, rng) == []
