"""Where a walk has led: to an object, past it, round it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from monster.corpus.relations import Plan
from monster.corpus.seen import STOP_SPEED, Mask, Seen, starts
from monster.corpus.world import Action, PlacedObject

Things = tuple[PlacedObject, ...]
STOP_DISTANCE: Final = 0.75  # metres from the body to what it has walked to
LEAST_WALK: Final = 0.8  # metres walked within the last seconds before an arrival


def walked_to(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """The body stops near the object, nearer than to any other of its kind, facing it, after a walk."""
    thing = things[0]
    near = thing.distance(seen.pelvis)
    close = (near < STOP_DISTANCE) & (seen.speed < STOP_SPEED) & (seen.walked > LEAST_WALK) & seen.standing
    if not close.any():
        return []
    for other in plan.by_category[thing.category]:
        if other.id != thing.id:
            close &= near < other.distance(seen.pelvis)
    return starts(close & faces(thing, seen))


def faces(thing: PlacedObject, seen: Seen) -> Mask:
    """Frames in which the hips face the object, roughly: (frames,)."""
    half = np.array(thing.size[:2]) / 2
    own = thing.to_own(seen.pelvis)
    own[:, :2] = np.clip(own[:, :2], -half * 0.5, half * 0.5)
    toward = (thing.to_room(own) - seen.pelvis)[:, :2]
    return np.asarray((toward * seen.heading).sum(axis=1) > 0.2 * np.linalg.norm(toward, axis=1))


WAYS: Final[dict[Action, Callable[[Seen, Things, Plan], list[int]]]] = {"walk to": walked_to}
