"""The hard negatives of an item that the checker has proven false."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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

_DRAWN: Final = 24  # rooms looked at
_TRIES: Final = 6  # of these asked about
_WORDINGS: Final = 200  # tried to find the words of a stored caption
_MAKERS: Final = (
    (texts.other_objects, 2), (texts.other_actions, 2), (texts.other_plain_actions, 1), (texts.other_orders, 1),
    (texts.other_paces, 1), (texts.other_sides, 2), (texts.other_counts, 1), (texts.other_directions, 1),
    (bodies.moved_bodies, 3), (bodies.reversed_motions, 1), (bodies.bodies_in_furniture, 1),
    (bodies.removed_objects, 1),
)  # fmt: skip


def hard_negatives_of(original: Original) -> list[dict[str, Any]]:
    """Hard negatives within the item's own room, one or two a kind, as far as they can be proven false."""
    return list(_found(original))


def _found(original: Original) -> Iterator[dict[str, Any]]:
    for make, most in _MAKERS:
        yield from islice(make(original), most)


def other_room(
    claim: Claim, joints: AnyArray, rooms: Mapping[str, FloorPlan], *, kind: str, rng: np.random.Generator
) -> dict[str, Any] | None:
    """The hard negative that shows the motion in another of the rooms, where the claim is false; None if none is drawn.

    Of the rooms that are drawn those of that kind are tried first: there the caption's words fit better.
    """
    seen, names = MotionKinematics.of(joints), list(rooms)
    drawn = [names[int(index)] for index in rng.permutation(len(names))[:_DRAWN]]
    drawn.sort(key=lambda name: rooms[name].room.kind != kind)
    for name in drawn[:_TRIES]:
        if not is_valid(claim, rooms[name], seen):
            return {"kind": "other room", "scene": name}
    return None


def negatives_of_record(
    record: ItemRecord, joints: AnyArray, plan: FloorPlan, *, rooms: Mapping[str, FloorPlan], seed: int
) -> list[HardNegative]:
    """New hard negatives of a generated item in the room of the plan, and one that shows it in another of the rooms.

    ``joints`` may be those of its motion changed. Empty if its first caption is not true of them.
    """
    actions, targets, patterns = (record.metadata.get(key, ()) for key in ("action", "targets", "patterns"))
    claims, seen = tuple(map(claim_from_json, record.claims)), MotionKinematics.of(joints)
    if not (claims and actions and patterns) or not is_true(claims[0], plan, seen):
        return []
    rng = np.random.default_rng(seed)
    events = tuple(ActionInstance(action, tuple(ids)) for action, ids in zip(actions, targets, strict=True))
    known = zip(claims, patterns, record.captions, strict=True)
    first, *others = [_reworded(claim, pattern, text) for claim, pattern, text in known if is_true(claim, plan, seen)]
    original = Original(first, events, seen, plan, rng, tuple(others))
    found = hard_negatives_of(original)
    elsewhere = other_room(claims[0], joints, rooms, kind=plan.room.kind, rng=rng)
    if elsewhere is not None:
        found.append(elsewhere)
    return [flagged_negative(negative, record.claims) for negative in found]


def _reworded(claim: Claim, pattern: str, text: str) -> Caption:
    """The caption with the seed whose words are nearest to its text: seeds are not stored."""
    wordings = [Caption.of(claim, pattern, seed) for seed in range(_WORDINGS)]
    nearest = max(wordings, key=lambda wording: SequenceMatcher(None, wording.text, text).ratio())
    return replace(nearest, text=text)


def is_false(
    negative: HardNegative,
    claim: Claim,
    joints: AnyArray | MotionKinematics,
    *,
    plan: FloorPlan,
    rooms: Mapping[str, FloorPlan],
) -> bool:
    """Whether the caption that says ``claim`` is false after the change, or the body goes through something then.

    ``joints`` and ``plan`` are those of the item, ``rooms`` the plans by scene id that a change may name.
    """
    kind, seen = negative["kind"], MotionKinematics.of(joints)
    if kind in TEXT_KINDS:
        return not is_true(claim_from_json(negative["claim"]), plan, seen)
    if kind in MOTION_KINDS:
        return not is_valid(claim, plan, moved(negative, seen.joints.astype(np.float32)))
    if kind == "removed":
        kept = tuple(object_ for object_ in plan.room.objects if object_.id != negative["instance"])
        return not is_valid(claim, FloorPlan(replace(plan.room, objects=kept)), seen)
    return not is_valid(claim, rooms[negative["scene"]], seen)
