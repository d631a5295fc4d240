"""Where a body finds the space to move freely, and how keys of such moves are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from worlds.actions.performing.actor import Actor, Setting, go
from worlds.actions.performing.timeline import FPS, SETTLE, Timeline
from worlds.people.gait import Stand
from worlds.people.paths import distances
from worlds.rooms.floor import FloorGrid, Mask

SPACE: Final = 0.6  # metres of free floor around who kicks, waves or jumps
APPROACH: Final = 2.2  # metres that such a body walks there first, at most
WALKS_FIRST: Final = 1 / 3


def spacious(floor: FloorGrid, space: float = SPACE) -> Mask:
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
    """One empty tuple where the room has the space, otherwise nothing."""
    return [()] if spacious(setting.floor).any() else []


def take_place(actor: Actor) -> bool:
    """Bring the body to a spot with space around it: where it is already, if it can, or near there."""
    free = spacious(actor.floor)
    if not free.any():
        return False
    if actor.line is not None:
        return _stay_near(actor, actor.line, free)
    x, y = actor.floor.to_points(np.argwhere(free))[int(actor.rng.integers(int(free.sum())))]
    spot = Stand(float(x), float(y), float(actor.rng.uniform(-np.pi, np.pi)))
    if actor.rng.random() < WALKS_FIRST:
        actor.longest = min(actor.longest, APPROACH)
        if go(actor, spot, None):
            return True
    actor.line = Timeline(actor.body, spot)
    return True


def _stay_near(actor: Actor, line: Timeline, free: Mask) -> bool:
    if line.lying:
        return False
    here = actor.way_out or line.stand
    point = np.array([here.x, here.y])
    column, row = actor.floor.to_cells(point)[0]
    if line.seat is None and actor.way_out is None and free[column, row]:
        return True
    field = np.where(free, distances(actor.floor, point), np.inf)
    best = np.unravel_index(int(field.argmin()), field.shape)
    if not np.isfinite(field[best]):
        return False
    x, y = actor.floor.to_points(np.array(best))[0]
    return go(actor, Stand(float(x), float(y), line.stand.yaw), None)


def gain(period: float) -> float:
    """What an oscillation of that period in seconds has to be written larger by, since tracks are smoothed."""
    return float(min(np.exp(2 * (np.pi * SETTLE / FPS / period) ** 2), 1.7))


def alternate(line: Timeline, track: str, between: Sequence[Sequence[float]], *, half: float, times: int) -> None:
    """From now on bring a track to one value, the other, and so on, ``half`` seconds apart, so many times."""
    one, other = np.array(between[0]), np.array(between[1])
    middle, away = (one + other) / 2, (one - other) / 2 * gain(2 * half)
    line.move(track, line.now, line.now, *line.last(track))
    for index in range(times):
        line.set(track, line.now + half * (index + 1), *(middle + (away if index % 2 == 0 else -away)))
