"""Near misses of generated items: each is false by the checker of exactly what carrying it out makes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from monster.corpus.storage import Corpus, ItemRecord
from worlds.checker.claims import is_true
from worlds.checker.collisions import collides, holds
from worlds.checker.kinematics import Seen
from worlds.checker.records import claim_from_json
from worlds.checker.relations import Plan
from worlds.generate import generate, split_of
from worlds.hard_negatives import COUNTERFACTUALS, HELD_OUT_COUNTERFACTUALS, TEXT_KINDS, apply, other_room


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return generate(tmp_path_factory.mktemp("near") / "corpus", rooms=3, items=36, seed=11, workers=1)


def test_every_kind_is_made_and_most_items_have_most_kinds(made: Corpus) -> None:
    kinds = Counter(
        kind for record in made.records for kind in {recipe["kind"] for recipe in record.metadata["counterfactuals"]}
    )
    assert set(kinds) == set(COUNTERFACTUALS)
    often = set(COUNTERFACTUALS) - {"other order", "other pace", "reversed", "other room"}
    assert min(kinds[kind] for kind in often) > 0.5 * len(made.records)
    assert set(HELD_OUT_COUNTERFACTUALS) <= set(kinds)


def test_every_recipe_is_false_of_what_it_makes_and_the_item_itself_is_true(made: Corpus) -> None:
    for record in made.records:
        plan, item = made.plans[str(record.scene)], made.item(record)
        assert item.motion is not None
        first = made.claims(record)[0]
        assert holds(first, plan, item.motion.joints)
        for recipe in record.metadata["counterfactuals"]:
            changed = apply(recipe, item, made.scene)
            claim = claim_from_json(recipe["claim"]) if recipe["kind"] in TEXT_KINDS else first
            assert not holds(claim, plan_of(recipe, record, made), changed.joints), (record.id, recipe)


def plan_of(recipe: dict[str, object], record: ItemRecord, made: Corpus) -> Plan:
    plan = made.plans[str(recipe.get("scene", record.scene))]
    kept = tuple(thing for thing in plan.room.objects if thing.id != recipe.get("instance"))
    return Plan(replace(plan.room, objects=kept))


def test_something_is_changed_and_one_thing_only(made: Corpus) -> None:
    for record in made.records:
        item = made.item(record)
        assert item.motion is not None and item.scene is not None
        for recipe in record.metadata["counterfactuals"]:
            changed = apply(recipe, item, made.scene)
            differs = [
                changed.caption != item.captions[0],
                not np.array_equal(changed.joints, item.motion.joints),
                not np.array_equal(changed.scene.points, item.scene.points),
            ]
            # An object of which the scan has no point can be taken away without a trace.
            assert sum(differs) == 1 or recipe["kind"] == "removed", (record.id, recipe)


def test_texts_keep_their_pattern_and_change_what_their_kind_says(made: Corpus) -> None:
    for record in made.records:
        first = made.claims(record)[0]
        for recipe in record.metadata["counterfactuals"]:
            if recipe["kind"] not in TEXT_KINDS:
                continue
            claim = claim_from_json(recipe["claim"])
            actions = [[step.action for step in told.steps] for told in (first, claim)]
            things = [[step.objects for step in told.steps] for told in (first, claim)]
            pace = [(told.pace, told.turn) for told in (first, claim)]
            steps = [list(zip(*pair, strict=True)) for pair in zip(actions, things, strict=True)]
            assert (actions[0] == actions[1]) or recipe["kind"] in ("other action", "other order")
            assert recipe["kind"] != "other action" or actions[0] != actions[1]
            assert recipe["kind"] != "other order" or (steps[0] != steps[1] and len(steps[0]) > 1)
            assert (things[0] == things[1]) or recipe["kind"] in ("other object", "other order")
            assert (pace[0] == pace[1]) == (recipe["kind"] != "other pace")
            if recipe["kind"] == "other pace":
                seen = Seen.of(made.motion(str(record.motion)).joints)
                assert (claim.pace not in (None, seen.pace)) != (claim.turn not in (None, seen.turn))
            assert claim.room == first.room
            assert (sorted(actions[0]) == sorted(actions[1])) == (recipe["kind"] != "other action")


def test_through_goes_through_furniture(made: Corpus) -> None:
    for record in made.records:
        for recipe in record.metadata["counterfactuals"]:
            if recipe["kind"] == "through":
                changed = apply(recipe, made.item(record), made.scene)
                assert collides(made.plans[str(record.scene)], changed.joints)


def test_other_rooms_are_of_the_same_split(made: Corpus) -> None:
    splits = {record.scene: record.split for record in made.records}
    for record in made.records:
        for recipe in record.metadata["counterfactuals"]:
            if recipe["kind"] == "other room":
                assert recipe["scene"] != record.scene and splits[recipe["scene"]] == record.split
    assert {splits[f"room-{number:05d}"] == split_of(number) for number in range(3)} == {True}


def test_a_room_in_which_the_caption_is_true_is_not_offered(made: Corpus) -> None:
    record = made.records[0]
    own, joints, claim = made.plans[str(record.scene)], made.motion(str(record.motion)).joints, made.claims(record)[0]
    assert is_true(claim, own, joints)
    rng = np.random.default_rng(0)
    assert other_room(claim, joints, {"twin": own}, kind=own.room.kind, rng=rng) is None
    empty = Plan(replace(own.room, objects=()))
    found = other_room(claim, joints, {"twin": own, "empty": empty}, kind=own.room.kind, rng=rng)
    assert found == {"kind": "other room", "scene": "empty"}
