"""Hard negatives of generated items: the checker finds each false of exactly what carrying it out makes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from monster.corpus.storage import Corpus, ItemRecord
from worlds.checker.claims import is_true
from worlds.checker.collisions import collides, is_valid
from worlds.checker.records import claim_from_json
from worlds.corpus_checker import WorldsChecker
from worlds.generate import generate, split_of
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.hard_negatives import HELD_OUT_KINDS, KINDS, TEXT_KINDS, apply, is_false, other_room


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return generate(tmp_path_factory.mktemp("near") / "corpus", rooms=3, items=36, seed=11, workers=1)


@pytest.fixture(scope="module")
def checker(made: Corpus) -> WorldsChecker:
    return WorldsChecker.of(made)


def test_every_kind_is_made_and_most_items_have_most_kinds(made: Corpus) -> None:
    kinds = Counter(
        kind for record in made.records for kind in {negative["kind"] for negative in record.hard_negatives}
    )
    assert set(kinds) == set(KINDS)
    often = set(KINDS) - {"other order", "other pace", "reversed", "other room"}
    assert min(kinds[kind] for kind in often) > 0.5 * len(made.records)
    assert set(HELD_OUT_KINDS) <= set(kinds)


def test_every_negative_is_false_of_what_it_makes_and_the_item_is_true(made: Corpus, checker: WorldsChecker) -> None:
    for record in made.records:
        plan, item = checker.floor_plans[str(record.scene)], made.item(record)
        assert item.motion is not None
        first = checker.claims(record)[0]
        assert is_valid(first, plan, item.motion.joints)
        for negative in record.hard_negatives:
            changed = apply(negative, item, made.scene)
            claim = claim_from_json(negative["claim"]) if negative["kind"] in TEXT_KINDS else first
            assert changed.motion is not None
            there = plan_of(negative, record, checker)
            assert not is_valid(claim, there, changed.motion.joints), (record.id, negative)
            assert is_false(negative, first, item.motion.joints, plan=plan, rooms=checker.floor_plans)
        assert not is_false(
            {"kind": "shifted", "by": [0.0, 0.0]}, first, item.motion.joints, plan=plan, rooms=checker.floor_plans
        )


def plan_of(negative: dict[str, object], record: ItemRecord, checker: WorldsChecker) -> FloorPlan:
    plan = checker.floor_plans[str(negative.get("scene", record.scene))]
    kept = tuple(thing for thing in plan.room.objects if thing.id != negative.get("instance"))
    return FloorPlan(replace(plan.room, objects=kept))


def test_something_is_changed_and_one_thing_only(made: Corpus) -> None:
    for record in made.records:
        item = made.item(record)
        assert item.motion is not None and item.scene is not None
        for negative in record.hard_negatives:
            changed = apply(negative, item, made.scene)
            assert changed.motion is not None and changed.scene is not None
            differs = [
                changed.captions != item.captions[:1],
                not np.array_equal(changed.motion.joints, item.motion.joints),
                not np.array_equal(changed.scene.points, item.scene.points),
            ]
            # An object of which the scan has no point can be taken away without a trace.
            assert sum(differs) == 1 or negative["kind"] == "removed", (record.id, negative)


def test_texts_keep_their_pattern_and_change_what_their_kind_says(made: Corpus, checker: WorldsChecker) -> None:
    for record in made.records:
        first = checker.claims(record)[0]
        for negative in record.hard_negatives:
            if negative["kind"] not in TEXT_KINDS:
                continue
            claim = claim_from_json(negative["claim"])
            actions = [[step.action for step in told.steps] for told in (first, claim)]
            things = [[step.objects for step in told.steps] for told in (first, claim)]
            pace = [(told.pace, told.turn) for told in (first, claim)]
            steps = [list(zip(*pair, strict=True)) for pair in zip(actions, things, strict=True)]
            assert (actions[0] == actions[1]) or negative["kind"] in ("other action", "other order")
            assert negative["kind"] != "other action" or actions[0] != actions[1]
            assert negative["kind"] != "other order" or (steps[0] != steps[1] and len(steps[0]) > 1)
            assert (things[0] == things[1]) or negative["kind"] in ("other object", "other order")
            assert (pace[0] == pace[1]) == (negative["kind"] != "other pace")
            if negative["kind"] == "other pace":
                seen = MotionKinematics.of(made.motion(str(record.motion)).joints)
                assert (claim.pace not in (None, seen.pace)) != (claim.turn not in (None, seen.turn))
            assert claim.room == first.room
            assert (sorted(actions[0]) == sorted(actions[1])) == (negative["kind"] != "other action")


def test_through_goes_through_furniture(made: Corpus, checker: WorldsChecker) -> None:
    for record in made.records:
        for negative in record.hard_negatives:
            if negative["kind"] == "through":
                changed = apply(negative, made.item(record), made.scene)
                assert changed.motion is not None
                assert collides(checker.floor_plans[str(record.scene)], changed.motion.joints)


def test_other_rooms_are_of_the_same_split(made: Corpus) -> None:
    splits = {record.scene: record.split for record in made.records}
    for record in made.records:
        for negative in record.hard_negatives:
            if negative["kind"] == "other room":
                assert negative["scene"] != record.scene and splits[negative["scene"]] == record.split
    assert {splits[f"room-{number:05d}"] == split_of(number) for number in range(3)} == {True}


def test_a_room_in_which_the_caption_is_true_is_not_offered(made: Corpus, checker: WorldsChecker) -> None:
    record = made.records[0]
    own, claim = checker.floor_plans[str(record.scene)], checker.claims(record)[0]
    joints = made.motion(str(record.motion)).joints
    assert is_true(claim, own, joints)
    rng = np.random.default_rng(0)
    assert other_room(claim, joints, {"twin": own}, kind=own.room.kind, rng=rng) is None
    empty = FloorPlan(replace(own.room, objects=()))
    found = other_room(claim, joints, {"twin": own, "empty": empty}, kind=own.room.kind, rng=rng)
    assert found == {"kind": "other room", "scene": "empty"}
