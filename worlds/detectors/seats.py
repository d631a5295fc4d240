"""Sitting, lying, getting up: where the pelvis and the head rest, and when they have left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from monster.skeleton import INDEX
from worlds.checker.kinematics import FPS, SETTLED, Mask, Seen, starts
from worlds.checker.relations import Plan
from worlds.types import Action, PlacedObject

Things = tuple[PlacedObject, ...]


def seated_on(thing: PlacedObject, seen: Seen) -> Mask:
    """Frames in which the pelvis rests over one of the object's seats with the thighs level: (frames,)."""
    if not thing.seats:
        return np.zeros(len(seen), dtype=bool)
    seats = thing.to_room(np.array(thing.seats))
    level = (seen.pair("hip")[..., 2] - seen.pair("knee")[..., 2]).max(axis=1)
    flat = np.linalg.norm(seen.pelvis[:, None, :2] - seats[None, :, :2], axis=2)
    rise = seen.pelvis[:, None, 2] - seats[None, :, 2]
    return np.asarray(((flat < 0.3) & (rise > -0.03) & (rise < 0.25)).any(axis=1) & (level < 0.25) & seen.upright)


def lying_on(thing: PlacedObject, seen: Seen) -> Mask:
    """Frames in which pelvis and head rest on the object's lying surface: (frames,)."""
    if thing.lying is None:
        return np.zeros(len(seen), dtype=bool)
    surface = thing.to_room(np.array(thing.lying))[:, 2].min()
    body = seen.joints[:, [INDEX["pelvis"], INDEX["head"]]]
    over = np.stack([thing.distance(body[:, i]) < 0.1 for i in range(2)]).all(axis=0)
    low = ((body[..., 2] > surface - 0.1) & (body[..., 2] < surface + 0.4)).all(axis=1)
    return np.asarray(over & low & (np.abs(body[:, 0, 2] - body[:, 1, 2]) < 0.35))


def sat_on(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """The body sits on the object."""
    return starts(seated_on(things[0], seen))


def lay_on(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """The body lies on the object."""
    return starts(lying_on(things[0], seen))


def stood_up_from(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """The body stands, after it sat on the object."""
    sat = seated_on(things[0], seen)
    return starts(_lasted(sat) & seen.standing & ~sat, 0.0)


def got_up_from(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """The body stands, after it lay on the object."""
    lay = lying_on(things[0], seen)
    return starts(_lasted(lay) & seen.standing & ~lay, 0.0)[:1] if lay.any() else []


def _lasted(state: Mask) -> Mask:
    """Frames after which the state has lasted long enough, once: (frames,)."""
    after = np.zeros(len(state), dtype=bool)
    for start in starts(state):
        after[start + int(SETTLED * FPS) :] = True
    return after


SEATS: Final[dict[Action, Callable[[Seen, Things, Plan], list[int]]]] = {
    "sit on": sat_on,
    "lie on": lay_on,
    "stand up from": stood_up_from,
    "get up from": got_up_from,
}
