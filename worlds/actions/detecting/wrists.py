"""Wrists near the handles and grips of an object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from worlds.checker.kinematics import Seen
from worlds.checker.relations import Plan
from worlds.types import Array, PlacedObject

WRIST_REACH: Final = 0.17  # metres from wrist to handle: a hand's length
TOUCH: Final = 0.2  # seconds


def wrist_distance(
    seen: Seen, thing: PlacedObject, plan: Plan, distance: Callable[[PlacedObject, Array], Array]
) -> Array:
    """Metres (frames, 2) from the wrists to the object; infinite where another of its kind is nearer."""
    wrists = seen.pair("wrist").reshape(-1, 3)
    near = distance(thing, wrists)
    if (near < WRIST_REACH).any():
        for other in plan.by_category[thing.category]:
            if other.id != thing.id:
                near = np.where(distance(other, wrists) < near, np.inf, near)
    return near.reshape(-1, 2)


def handle_distance(thing: PlacedObject, points: Array) -> Array:
    return _distance(thing, thing.handles, points)


def grip_distance(thing: PlacedObject, points: Array) -> Array:
    return _distance(thing, thing.grips, points)


def _distance(thing: PlacedObject, own: tuple[tuple[float, float, float], ...], points: Array) -> Array:
    if not own:
        return np.full(len(points), np.inf)
    places = thing.to_room(np.array(own))
    return np.asarray(np.linalg.norm(points[:, None] - places[None], axis=2).min(axis=1))
