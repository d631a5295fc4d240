"""Open floor: where a body has the space to move freely; and movements to and fro."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from monster.arrays import BoolArray
from worlds.actions.performing.actor import Actor, Setting, go
from worlds.actions.performing.timeline import FPS, SETTLE, Timeline
from worlds.people.gait import Stand
from worlds.people.paths import distances
from worlds.rooms.floor import WalkableMap

SPACE: Final = 0.6  # metres of free floor around a body that kicks, waves or jumps
APPROACH: Final = 2.2  # metres of the longest walk there
WALKS_FIRST: Final = 1 / 3  # probability of a walk there
LARGEST_GAIN: Final = 1.7


def open_cells(floor: WalkableMap, space: float = SPACE) -> BoolArray:
    """Reachable cells with so many metres of free floor around them: (columns, rows)."""
    steps = int(np.floor(max(space - floor.radius, 0.0) / floor.resolution + 1e-6))
    wide, (columns, rows) = np.pad(floor.walkable, steps), floor.walkable.shape
    free = floor.reachable.copy()
    for i in range(2 * steps + 1):
        for j in range(2 * steps + 1):
            if np.hypot(i - steps, j - steps) <= steps:
                free &= wide[i : i + columns, j : j + rows]
    return free


def has_space(setting: Setting) -> list[tuple[int, ...]]:
    """One empty tuple if the room has open floor, otherwise nothing."""
    return [()] if open_cells(setting.floor).any() else []


def take_place(actor: Actor, *, walks: bool = True) -> bool:
    """Bring the body to open floor: where it is already, if possible, or near there; ``walks``: perhaps by a walk."""
    free = open_cells(actor.floor)
    if not free.any():
        return False
    if actor.timeline is not None:
        return _stay_near(actor, actor.timeline, free)
    x, y = actor.floor.to_points(np.argwhere(free))[int(actor.rng.integers(int(free.sum())))]
    spot = Stand(float(x), float(y), float(actor.rng.uniform(-np.pi, np.pi)))
    if walks and actor.rng.random() < WALKS_FIRST:
        actor.longest = min(actor.longest, APPROACH)
        if go(actor, spot, None):
            return True
    actor.timeline = Timeline(actor.body, spot)
    return True


def _stay_near(actor: Actor, timeline: Timeline, free: BoolArray) -> bool:
    if timeline.lying:
        return False
    here = actor.way_out or timeline.stand
    point = np.array([here.x, here.y])
    column, row = actor.floor.to_cells(point)[0]
    if timeline.seat is None and actor.way_out is None and free[column, row]:
        return True
    field = np.where(free, distances(actor.floor, point), np.inf)
    best = np.unravel_index(int(field.argmin()), field.shape)
    if not np.isfinite(field[best]):
        return False
    x, y = actor.floor.to_points(np.array(best))[0]
    return go(actor, Stand(float(x), float(y), timeline.stand.yaw), None) is not None


def gain(period: float) -> float:
    """Factor on an oscillation of that period in seconds that makes up for the smoothing of tracks."""
    return float(min(np.exp(2 * (np.pi * SETTLE / FPS / period) ** 2), LARGEST_GAIN))


def alternate(timeline: Timeline, track: str, between: Sequence[Sequence[float]], *, half: float, times: int) -> None:
    """From now on bring a track to the first of two values, the second, and so on, ``half`` seconds apart."""
    one, other = np.array(between[0]), np.array(between[1])
    middle, away = (one + other) / 2, (one - other) / 2 * gain(2 * half)
    timeline.move(track, timeline.now, timeline.now, *timeline.last(track))
    for index in range(times):
        value = middle + (away if index % 2 == 0 else -away)
        timeline.set(track, timeline.now + half * (index + 1), *value)
