"""What hands have done to things."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from monster.corpus.relations import Plan
from monster.corpus.seen import Seen, starts
from monster.corpus.world import Action, Array, PlacedObject

Things = tuple[PlacedObject, ...]
WRIST_REACH: Final = 0.17  # metres from wrist to handle: a hand's length


def reached_for(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """A wrist of the standing body is at one of the object's handles, nearer than to any other's of its kind."""
    thing = things[0]
    wrists = seen.pair("wrist").reshape(-1, 3)
    near = _handle_distance(thing, wrists)
    if not (near < WRIST_REACH).any():
        return []
    for other in plan.by_category[thing.category]:
        if other.id != thing.id:
            near = np.where(_handle_distance(other, wrists) < near, np.inf, near)
    return starts((near.reshape(-1, 2).min(axis=1) < WRIST_REACH) & seen.standing)


def _handle_distance(thing: PlacedObject, points: Array) -> Array:
    if not thing.handles:
        return np.full(len(points), np.inf)
    handles = thing.to_room(np.array(thing.handles))
    return np.asarray(np.linalg.norm(points[:, None] - handles[None], axis=2).min(axis=1))


HANDS: Final[dict[Action, Callable[[Seen, Things, Plan], list[int]]]] = {"reach for": reached_for}
