"""A walk over a place, from well before it to well after it."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.performing.actor import Actor, free_place, walk_along
from worlds.people.paths import distances, way_through
from worlds.types import Array, PlacedObject

BY: Final = (0.95, 2.6)  # metres walked before and after a place that is passed
ALONG: Final = 0.75  # cosine between the walk there and the direction in which it passes
OFF: Final = 0.35  # metres that the ends of the walk are farther from what is passed


def walk_by(actor: Actor, place: Array, along: Array, passed: PlacedObject | None = None) -> bool:
    """Walk over the place in about that direction, from before it to after it; from and to well off what is passed."""
    field = distances(actor.floor, place)
    cells = np.argwhere(np.isfinite(field))
    if passed is not None:
        off = passed.distance(actor.floor.to_points(cells)) > passed.distance(place[None])[0] + OFF
        cells = cells[off]
    offset, way = actor.floor.to_points(cells) - place, field[cells[:, 0], cells[:, 1]]
    cosine = offset @ along / np.maximum(np.linalg.norm(offset, axis=1), 1e-9)
    after = np.flatnonzero((way > BY[0]) & (way < BY[1]) & (cosine > ALONG))
    if not len(after):
        return False
    if actor.line is None:
        longest = max(min(actor.longest - BY[0], 2.6), BY[0] + 0.3)
        before = np.flatnonzero((way > BY[0]) & (way < longest) & (cosine < -ALONG))
        if not len(before):
            return False
        start = actor.floor.to_points(cells[before[int(actor.rng.integers(len(before)))]])[0]
    else:
        start = free_place(actor)
        away = place - start
        if actor.line.lying or np.linalg.norm(away) < BY[0] or away @ along < 0.6 * np.linalg.norm(away):
            return False
    end = actor.floor.to_points(cells[after[int(actor.rng.integers(len(after)))]])[0]
    path = way_through(actor.floor, [start, place, end])
    if path is None or np.linalg.norm(path.points - place, axis=1).min() > 0.15:
        return False
    walk_along(actor, path)
    if actor.line is not None:
        actor.line.wait(actor.seconds(0.2, 0.5))
    return True
