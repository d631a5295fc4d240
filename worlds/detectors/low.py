"""Down beside an object: on a knee, or crouching over the feet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from worlds.checker.kinematics import Mask, Seen, starts
from worlds.checker.relations import Plan
from worlds.detectors.seats import seated_on
from worlds.detectors.ways import faces
from worlds.types import Action, PlacedObject

Things = tuple[PlacedObject, ...]
BESIDE: Final = 0.8  # metres to the object
KNEE_ON_FLOOR, KNEE_OFF = 0.16, 0.2  # metres above the floor
CROUCHED: Final = 0.62  # of a leg: the pelvis above the ankles
UNDER: Final = 0.35  # metres over the floor between the pelvis and the feet of who crouches


def knelt_beside(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """A knee on the floor, the trunk upright, before the object."""
    down = (seen.pair("knee")[..., 2].min(axis=1) < KNEE_ON_FLOOR) & seen.upright
    return starts(down & _before(things[0], seen)) if down.any() else []


def crouched_beside(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """Low over both feet with the knees off the floor, before the object, and on nothing that one sits on."""
    ankles, knees = seen.pair("ankle"), seen.pair("knee")
    low = seen.pelvis[:, 2] - ankles[..., 2].min(axis=1) < CROUCHED * seen.leg
    feet = np.linalg.norm((ankles.mean(axis=1) - seen.pelvis)[:, :2], axis=1) < UNDER
    state = low & feet & (knees[..., 2].min(axis=1) > KNEE_OFF) & seen.upright & (ankles[..., 2].max(axis=1) < 0.25)
    if not state.any():
        return []
    state &= _before(things[0], seen)
    for thing in plan.room.objects if state.any() else ():
        if thing.seats:
            state &= ~seated_on(thing, seen)
    return starts(state)


def _before(thing: PlacedObject, seen: Seen) -> Mask:
    return np.asarray((thing.distance(seen.pelvis) < BESIDE) & faces(thing, seen))


LOW: Final[dict[Action, Callable[[Seen, Things, Plan], list[int]]]] = {
    "kneel beside": knelt_beside,
    "crouch beside": crouched_beside,
}
