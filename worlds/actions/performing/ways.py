"""Straight and curved ways over free floor, for going that has no object as its goal."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from worlds.actions.performing.actor import Actor, Setting, get_up, shuffle_to
from worlds.actions.performing.open_floor import open_cells, take_place
from worlds.actions.performing.timeline import Timeline
from worlds.people.curves import wrapped
from worlds.people.gait import Stand
from worlds.people.paths import POINT_SPACING, Path
from worlds.rooms.floor import WalkableMap

BENDS: Final = (0.0, 0.0, 0.25, -0.25, 0.6, -0.6)  # radians a metre
HEADINGS: Final = 16
EVERY: Final = 5  # of the reachable cells from which ways are looked for
STEP: Final = 0.1  # metres between the points at which the floor is asked
LONGEST: Final = 7.0  # metres
TURN_PERIOD: Final = 0.42  # seconds of a step that turns on the spot
FACING: Final = 0.03  # radians off the way that need no turn
CIRCLE_SPACE: Final = 0.35  # metres of free floor that a body on a circle needs to each side


class Ways:
    """Ways from floor points (n, 2) with yaws (n,) that bend so many radians a metre (n,), and their lengths (n,)."""

    def __init__(self, floor: WalkableMap, points: DoubleArray) -> None:
        yaws = np.linspace(-np.pi, np.pi, HEADINGS, endpoint=False)
        index = np.indices((len(points), HEADINGS, len(BENDS))).reshape(3, -1)
        self.points, self.yaws, self.bends = points[index[0]], yaws[index[1]], np.array(BENDS)[index[2]]
        self.lengths = self._free(floor)

    def _free(self, floor: WalkableMap) -> DoubleArray:
        """How far (n,) each way is free."""
        position, yaw = self.points.copy(), self.yaws.copy()
        lengths, free = np.zeros(len(yaw)), np.ones(len(yaw), dtype=bool)
        for _ in range(int(LONGEST / STEP)):
            yaw = yaw + self.bends * STEP
            position = position + STEP * np.stack([-np.sin(yaw), np.cos(yaw)], axis=1)
            free &= floor.is_walkable(position)
            if not free.any():
                break
            lengths += STEP * free
        return lengths


@lru_cache(maxsize=2)
def ways_of(floor: WalkableMap) -> Ways:
    """The ways of a room."""
    cells = np.argwhere(floor.reachable)[::EVERY]
    return Ways(floor, floor.to_points(cells))


def has_way(setting: Setting, least: float) -> list[tuple[int, ...]]:
    """One empty tuple if the room has a way of so many metres, otherwise nothing."""
    if not open_cells(setting.floor).any():
        return []
    return [()] if ways_of(setting.floor).lengths.max(initial=0.0) >= least else []


def draw_way(actor: Actor, least: float, most: float, *, straight: bool = False) -> Path | None:
    """A way of ``least`` to ``most`` metres from where the body is, or from anywhere for a body without a place."""
    if actor.timeline is None:
        ways = ways_of(actor.floor)
    else:
        if actor.timeline.lying:
            return None
        if actor.timeline.seat is not None or actor.way_out is not None:
            if not take_place(actor):
                return None
            get_up(actor)
        ways = Ways(actor.floor, np.array([[actor.timeline.stand.x, actor.timeline.stand.y]]))
    fit = ways.lengths >= least
    if straight:
        fit = fit & (ways.bends == 0)
    if not fit.any():
        return None
    wide = np.minimum(ways.lengths, most) ** 2 * fit
    chosen = int(actor.rng.choice(len(wide), p=wide / wide.sum()))
    length = actor.draw((least, max(least, min(most, float(ways.lengths[chosen])))))
    return curved(ways.points[chosen], float(ways.yaws[chosen]), float(ways.bends[chosen]), length)


def curved(start: DoubleArray, yaw: float, bend: float, length: float) -> Path:
    """A way from a floor point (2,) that bends so many radians a metre to the left."""
    along = np.linspace(0.0, length, max(2, int(length / POINT_SPACING) + 1))
    yaws = yaw + bend * along
    middle = (yaws[1:] + yaws[:-1]) / 2
    moves = np.stack([-np.sin(middle), np.cos(middle)], axis=1) * np.diff(along)[:, None]
    return Path(np.concatenate([start[None], start + np.cumsum(moves, axis=0)]), yaws, length)


def circle_room(setting: Setting, radius: float) -> list[tuple[int, ...]]:
    """One empty tuple if the room has free floor for a circle of that radius, otherwise nothing."""
    return [()] if open_cells(setting.floor, radius + CIRCLE_SPACE).any() else []


def draw_circle(actor: Actor, radii: tuple[float, float], turns: float) -> Path | None:
    """A circle on free floor, so many times round, to the left or the right; the body starts on it."""
    for radius in (actor.draw(radii), radii[0]):
        free = open_cells(actor.floor, radius + CIRCLE_SPACE)
        if actor.timeline is not None or not free.any():
            continue
        centre = actor.floor.to_points(np.argwhere(free))[int(actor.rng.integers(int(free.sum())))]
        yaw, sign = actor.draw((-np.pi, np.pi)), float(actor.rng.choice([-1.0, 1.0]))
        start = centre + sign * radius * np.array([np.cos(yaw), np.sin(yaw)])
        return curved(start, yaw, sign / radius, 2 * np.pi * radius * turns)
    return None


def stand_at(actor: Actor, path: Path, travel: float, seconds: float) -> Timeline:
    """The body stands at the beginning of a way, facing ``travel`` radians off it; it turns on the spot if it must."""
    x, y = (float(value) for value in path.points[0])
    yaw = float(path.yaws[0]) - travel
    if actor.timeline is None:
        actor.timeline = Timeline(actor.body, Stand(x, y, yaw))
        actor.timeline.wait(seconds)
        return actor.timeline
    timeline = actor.timeline
    yaw = timeline.stand.yaw + float(wrapped(yaw - timeline.stand.yaw))
    if abs(yaw - timeline.stand.yaw) > FACING:
        shuffle_to(actor, timeline, Stand(timeline.stand.x, timeline.stand.y, yaw), period=TURN_PERIOD, gait=0.3)
    timeline.wait(seconds)
    return timeline
