"""A walk over a place, from well before it to well after it."""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from worlds.actions.performing.actor import Actor, free_place, walk_along
from worlds.people.paths import distances, path_through
from worlds.types import PlacedObject

PASS: Final = (0.95, 2.6)  # metres of path before and after the place
SHORTEST_SPAN: Final = 0.3  # metres between the nearest and the farthest start
ALONG: Final = 0.75  # cosine between the path and the direction of the pass, at its ends
COMING_ALONG: Final = 0.6  # the same for a body that is somewhere already
OFF: Final = 0.35  # metres that the ends are farther from the passed object than the place
MISSED: Final = 0.15  # metres from the path to the place, at most
ARRIVED_SECONDS: Final = (0.2, 0.5)


def walk_by(actor: Actor, place: DoubleArray, along: DoubleArray, passed: PlacedObject | None = None) -> bool:
    """Walk over a place (2,) in about the direction ``along`` (2,); both ends are well off the passed object."""
    field = distances(actor.floor, place)
    cells = np.argwhere(np.isfinite(field))
    if passed is not None:
        off = passed.distance(actor.floor.to_points(cells)) > passed.distance(place[None])[0] + OFF
        cells = cells[off]
    offset = actor.floor.to_points(cells) - place
    length = field[cells[:, 0], cells[:, 1]]
    cosine = offset @ along / np.maximum(np.linalg.norm(offset, axis=1), 1e-9)
    after = np.flatnonzero((length > PASS[0]) & (length < PASS[1]) & (cosine > ALONG))
    if not len(after):
        return False
    if actor.timeline is None:
        longest = max(min(actor.longest - PASS[0], PASS[1]), PASS[0] + SHORTEST_SPAN)
        before = np.flatnonzero((length > PASS[0]) & (length < longest) & (cosine < -ALONG))
        if not len(before):
            return False
        start = actor.floor.to_points(cells[before[int(actor.rng.integers(len(before)))]])[0]
    else:
        start = free_place(actor)
        if actor.timeline.lying or not _comes_along(place - start, along):
            return False
    end = actor.floor.to_points(cells[after[int(actor.rng.integers(len(after)))]])[0]
    path = path_through(actor.floor, [start, place, end])
    if path is None or np.linalg.norm(path.points - place, axis=1).min() > MISSED:
        return False
    walk_along(actor, path).wait(actor.seconds(ARRIVED_SECONDS))
    return True


def _comes_along(away: DoubleArray, along: DoubleArray) -> bool:
    distance = np.linalg.norm(away)
    return bool(distance >= PASS[0] and away @ along >= COMING_ALONG * distance)
