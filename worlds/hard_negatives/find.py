"""Makes the hard negatives of an item: changes that the checker proves false."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import islice
from typing import Any, Final

import numpy as np

from monster.arrays import AnyArray
from monster.corpus.checker import HardNegative
from monster.corpus.storage import ItemRecord
from worlds.captions import Caption
from worlds.checker.claims import Claim, is_true
from worlds.checker.collisions import is_valid
from worlds.checker.records import claim_from_json
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.hard_negatives import bodies, texts
from worlds.hard_negatives.edits import MOTION_KINDS, TEXT_KINDS, moved
from worlds.hard_negatives.flags import flagged_negative
from worlds.hard_negatives.original import Original
from worlds.types import ActionInstance

_ROOMS_DRAWN: Final = 24  # candidates for "other room"
_ROOMS_TESTED: Final = 6  # of the candidates
_CAPTION_SEEDS: Final = 200  # tried to reproduce the text of a stored caption
_MAKERS: Final = (
    (texts.other_objects, 2), (texts.other_actions, 2), (texts.other_plain_actions, 1), (texts.other_orders, 1),
    (texts.other_paces, 1), (texts.other_sides, 2), (texts.other_counts, 1), (texts.other_directions, 1),
    (bodies.moved_bodies, 3), (bodies.reversed_motions, 1), (bodies.bodies_in_furniture, 1),
    (bodies.removed_objects, 1),
)  # fmt: skip


def hard_negatives_of(original: Original) -> list[dict[str, Any]]:
    """Hard negatives within the item's room: up to a fixed number per kind, all proven false."""
    return [negative for make, limit in _MAKERS for negative in islice(make(original), limit)]


def other_room(
    claim: Claim, joints: AnyArray, rooms: Mapping[str, FloorPlan], *, kind: str, rng: np.random.Generator
) -> dict[str, Any] | None:
    """A hard negative with the scene of another room in which the claim is false; None if no drawn room fits.

    Drawn rooms of the same ``kind`` are tried first, because the caption is more plausible there.
    """
    motion = MotionKinematics.of(joints)
    names = list(rooms)
    drawn = [names[int(index)] for index in rng.permutation(len(names))[:_ROOMS_DRAWN]]
    drawn.sort(key=lambda name: rooms[name].room.kind != kind)
    for name in drawn[:_ROOMS_TESTED]:
        if not is_valid(claim, rooms[name], motion):
            return {"kind": "other room", "scene": name}
    return None


def negatives_of_record(
    record: ItemRecord, joints: AnyArray, floor_plan: FloorPlan, *, rooms: Mapping[str, FloorPlan], seed: int
) -> list[HardNegative]:
    """New hard negatives of a generated item in the room of ``floor_plan``, plus one with the scene of another room.

    ``joints`` may differ from the item's motion. Empty if the first caption is false of them.
    """
    actions, targets, patterns = (record.metadata.get(key, ()) for key in ("action", "targets", "patterns"))
    claims = tuple(map(claim_from_json, record.claims))
    motion = MotionKinematics.of(joints)
    if not (claims and actions and patterns) or not is_true(claims[0], floor_plan, motion):
        return []
    rng = np.random.default_rng(seed)
    instances = tuple(ActionInstance(action, tuple(ids)) for action, ids in zip(actions, targets, strict=True))
    captions = []
    for claim, pattern, text in zip(claims, patterns, record.captions, strict=True):
        if is_true(claim, floor_plan, motion):
            captions.append(_stored_caption(claim, pattern, text))
    first, *others = captions
    original = Original(first, instances, motion, floor_plan, rng, tuple(others))
    negatives = hard_negatives_of(original)
    in_other_room = other_room(claims[0], joints, rooms, kind=floor_plan.room.kind, rng=rng)
    if in_other_room is not None:
        negatives.append(in_other_room)
    return [flagged_negative(negative, record.claims) for negative in negatives]


def _stored_caption(claim: Claim, pattern: str, text: str) -> Caption:
    """The stored caption with the seed that reproduces its text best, because corpora do not store seeds."""
    captions = [Caption.of(claim, pattern, seed) for seed in range(_CAPTION_SEEDS)]
    nearest = max(captions, key=lambda caption: SequenceMatcher(None, caption.text, text).ratio())
    return replace(nearest, text=text)


def is_false(
    negative: HardNegative,
    claim: Claim,
    joints: AnyArray | MotionKinematics,
    *,
    floor_plan: FloorPlan,
    rooms: Mapping[str, FloorPlan],
) -> bool:
    """Whether the change makes the caption with ``claim`` false, or makes the body collide.

    ``joints`` and ``floor_plan`` are the item's, ``rooms`` has the floor plans by scene id for "other room".
    """
    kind, motion = negative["kind"], MotionKinematics.of(joints)
    if kind in TEXT_KINDS:
        return not is_true(claim_from_json(negative["claim"]), floor_plan, motion)
    if kind in MOTION_KINDS:
        return not is_valid(claim, floor_plan, moved(negative, motion.joints.astype(np.float32)))
    if kind == "removed":
        kept = tuple(object_ for object_ in floor_plan.room.objects if object_.id != negative["instance"])
        return not is_valid(claim, FloorPlan(replace(floor_plan.room, objects=kept)), motion)
    return not is_valid(claim, rooms[negative["scene"]], motion)
