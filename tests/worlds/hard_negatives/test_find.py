"""Hard negatives of generated items: the checker proves each false after applying it."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace

import numpy as np
import pytest

from monster.corpus.storage import Corpus, ItemRecord
from worlds.checker.claims import Claim, Step, is_true
from worlds.checker.collisions import collides, is_valid
from worlds.checker.records import claim_from_json
from worlds.corpus_checker import WorldsChecker
from worlds.generate import generate, split_of
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.hard_negatives import KINDS, TEXT_KINDS, apply, is_false, moved, other_room
from worlds.hard_negatives.sides import names_side, opposite


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return generate(tmp_path_factory.mktemp("near") / "corpus", rooms=3, items=36, seed=11, workers=1)


@pytest.fixture(scope="module")
def checker(corpus: Corpus) -> WorldsChecker:
    return WorldsChecker.of(corpus)


def test_most_items_with_targets_have_most_kinds(corpus: Corpus) -> None:
    kinds = Counter(
        kind for record in corpus.records for kind in {negative["kind"] for negative in record.hard_negatives}
    )
    assert set(kinds) == set(KINDS)
    seldom = {"other order", "other pace", "other side", "other count", "other direction"}
    often = set(KINDS) - {"reversed", "other room"} - seldom
    # Actions without targets do not depend on the place, so most kinds need an item with targets.
    with_targets = [record for record in corpus.records if any(record.metadata["targets"])]
    for kind in often:
        made = [any(negative["kind"] == kind for negative in record.hard_negatives) for record in with_targets]
        assert np.mean(made) > 0.7, kind


def test_applied_hard_negatives_are_false(corpus: Corpus, checker: WorldsChecker) -> None:
    for record in corpus.records:
        plan, item = checker.floor_plans[str(record.scene)], corpus.item(record)
        assert item.motion is not None
        first = checker.claims(record)[0]
        assert is_valid(first, plan, item.motion.joints)
        for negative in record.hard_negatives:
            changed = apply(negative, item, corpus.scene)
            claim = claim_from_json(negative["claim"]) if negative["kind"] in TEXT_KINDS else first
            assert changed.motion is not None
            changed_plan = changed_floor_plan(negative, record, checker)
            assert not is_valid(claim, changed_plan, changed.motion.joints), (record.id, negative)
            assert is_false(negative, first, item.motion.joints, floor_plan=plan, rooms=checker.floor_plans)
        assert not is_false(
            {"kind": "shifted", "by": [0.0, 0.0]}, first, item.motion.joints, floor_plan=plan, rooms=checker.floor_plans
        )


def changed_floor_plan(negative: dict[str, object], record: ItemRecord, checker: WorldsChecker) -> FloorPlan:
    plan = checker.floor_plans[str(negative.get("scene", record.scene))]
    kept = tuple(object_ for object_ in plan.room.objects if object_.id != negative.get("instance"))
    return FloorPlan(replace(plan.room, objects=kept))


def test_a_hard_negative_changes_one_modality(corpus: Corpus) -> None:
    for record in corpus.records:
        item = corpus.item(record)
        assert item.motion is not None and item.scene is not None
        for negative in record.hard_negatives:
            changed = apply(negative, item, corpus.scene)
            assert changed.motion is not None and changed.scene is not None
            differs = [
                changed.captions != item.captions[:1],
                not np.array_equal(changed.motion.joints, item.motion.joints),
                not np.array_equal(changed.scene.points, item.scene.points),
            ]
            # Removing an object without points in the scan changes nothing.
            assert sum(differs) == 1 or negative["kind"] == "removed", (record.id, negative)


def test_texts_change_what_their_kind_says(corpus: Corpus, checker: WorldsChecker) -> None:
    for record in corpus.records:
        claims = checker.claims(record)
        for negative in record.hard_negatives:
            if negative["kind"] not in TEXT_KINDS:
                continue
            claim = claim_from_json(negative["claim"])
            assert any(is_changed(negative["kind"], true, claim) for true in claims), (record.id, negative)
            if negative["kind"] == "other pace":
                motion = MotionKinematics.of(corpus.motion(str(record.motion)).joints)
                assert claim.pace not in (None, motion.pace)


def is_changed(kind: str, true: Claim, false: Claim) -> bool:
    """Whether the false claim differs from the true one in what the kind names, and in nothing else."""
    if kind == "other pace":
        return replace(true, pace=None, turn=None) == replace(false, pace=None, turn=None)
    if kind == "other side":
        same = replace(true, pace=None, turn=None) == replace(false, pace=None, turn=None)
        return true != false and (same or opposite(true) == false)
    if kind == "other order":
        return sorted(map(repr, true.steps)) == sorted(map(repr, false.steps)) and true.steps != false.steps
    names = {"other object": "objects", "other action": "action", "other count": "count", "other direction": "way"}
    if len(true.steps) != len(false.steps) or (true.pace, true.turn, true.room) != (false.pace, false.turn, false.room):
        return False
    changed = {name for pair in zip(true.steps, false.steps, strict=True) for name in differing(*pair)}
    # Another action cannot be done with a side or a count of its own; another direction has no side.
    allowed = {"side", "count", "way"} if kind in ("other action", "other direction") else set()
    return names[kind] in changed and changed <= {names[kind], *allowed}


def differing(one: Step, other: Step) -> list[str]:
    return [field.name for field in fields(Step) if getattr(one, field.name) != getattr(other, field.name)]


def test_mirrored_motions_make_the_named_side_false(corpus: Corpus, checker: WorldsChecker) -> None:
    claimed = 0
    for record in corpus.records:
        claims, joints = checker.claims(record), corpus.motion(str(record.motion)).joints
        plan = checker.floor_plans[str(record.scene)]
        for negative in record.hard_negatives:
            for number in negative.get("false_captions", ()):
                claimed += 1
                assert names_side(claims[number]) and is_true(claims[number], plan, joints)
                assert not is_true(claims[number], plan, moved(negative, joints))
                assert not is_true(opposite(claims[number]), plan, joints)
    assert claimed >= 5


def test_through_collides_with_furniture(corpus: Corpus, checker: WorldsChecker) -> None:
    for record in corpus.records:
        for negative in record.hard_negatives:
            if negative["kind"] == "through":
                changed = apply(negative, corpus.item(record), corpus.scene)
                assert changed.motion is not None
                assert collides(checker.floor_plans[str(record.scene)], changed.motion.joints)


def test_other_rooms_are_in_the_same_split(corpus: Corpus) -> None:
    splits = {record.scene: record.split for record in corpus.records}
    for record in corpus.records:
        for negative in record.hard_negatives:
            if negative["kind"] == "other room":
                assert negative["scene"] != record.scene and splits[negative["scene"]] == record.split
    assert {splits[f"room-{number:05d}"] == split_of(number) for number in range(3)} == {True}


def test_a_room_in_which_the_caption_is_true_is_not_chosen(corpus: Corpus, checker: WorldsChecker) -> None:
    record = next(record for record in corpus.records if checker.claims(record)[0].steps[0].objects)
    floor_plan, claim = checker.floor_plans[str(record.scene)], checker.claims(record)[0]
    joints = corpus.motion(str(record.motion)).joints
    assert is_true(claim, floor_plan, joints)
    rng = np.random.default_rng(0)
    assert other_room(claim, joints, {"twin": floor_plan}, kind=floor_plan.room.kind, rng=rng) is None
    empty = FloorPlan(replace(floor_plan.room, objects=()))
    negative = other_room(claim, joints, {"twin": floor_plan, "empty": empty}, kind=floor_plan.room.kind, rng=rng)
    assert negative == {"kind": "other room", "scene": "empty"}
