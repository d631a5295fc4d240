"""The near misses of an item that the checker has proven false."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

import numpy as np

from worlds.checker.claims import Claim
from worlds.checker.collisions import holds
from worlds.checker.kinematics import Joints, Seen
from worlds.checker.relations import Plan
from worlds.hard_negatives import bodies, texts
from worlds.hard_negatives.original import Original

_DRAWN: Final = 24  # rooms looked at
_TRIES: Final = 6  # of these asked about
_MAKERS: Final = (
    (texts.other_objects, 2), (texts.other_actions, 2), (texts.other_orders, 1), (texts.other_paces, 1),
    (bodies.moved_bodies, 3), (bodies.turned_round_in_time, 1), (bodies.pushed_through, 1), (bodies.taken_away, 1),
)  # fmt: skip


def counterfactuals_of(original: Original) -> list[dict[str, Any]]:
    """Recipes of near misses within the item's own room, one or two a kind, as far as they can be proven false."""
    return list(_found(original))


def _found(original: Original) -> Iterator[dict[str, Any]]:
    for make, most in _MAKERS:
        yield from islice(make(original), most)


def other_room(
    claim: Claim, joints: Joints, rooms: Mapping[str, Plan], *, kind: str, rng: np.random.Generator
) -> dict[str, Any] | None:
    """The recipe that shows the motion in another of the rooms, in which the claim is false; None when none is drawn.

    Of the rooms that are drawn those of that kind are tried first: there the caption's words fit better.
    """
    seen, names = Seen.of(joints), list(rooms)
    drawn = [names[int(index)] for index in rng.permutation(len(names))[:_DRAWN]]
    drawn.sort(key=lambda name: rooms[name].room.kind != kind)
    for name in drawn[:_TRIES]:
        if not holds(claim, rooms[name], seen):
            return {"kind": "other room", "scene": name}
    return None
