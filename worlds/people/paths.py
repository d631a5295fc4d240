"""Paths on the walkable map: distances to every cell, the straightest path, and smooth corners."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from worlds.people.curves import smoothed
from worlds.rooms.floor import WalkableMap

NARROW_COST: Final = 1.35  # cost of a metre along an obstacle; a metre in the open costs 1
POINT_SPACING: Final = 0.05  # metres between a path's points
CORNER_WIDTHS: Final = (
    0.28,
    0.2,
    0.13,
    0.08,
)  # metres over which corners are smoothed; the first that stays on free floor is used
_SHIFTS: Final = tuple((i, j) for i in (-1, 0, 1) for j in (-1, 0, 1) if (i, j) != (0, 0))


@dataclass(frozen=True, eq=False)
class Path:
    """A path on the floor: evenly spaced points (n, 2) and their unwrapped yaws (n,)."""

    points: DoubleArray
    yaws: DoubleArray
    length: float

    def at(self, along: float) -> tuple[float, float, float]:
        """x, y and yaw at ``along`` metres from the start."""
        place = np.clip(along / max(self.length, 1e-9), 0.0, 1.0) * (len(self.points) - 1)
        low = min(int(place), len(self.points) - 2)
        u = place - low
        x, y = self.points[low] * (1 - u) + self.points[low + 1] * u
        return float(x), float(y), float(self.yaws[low] * (1 - u) + self.yaws[low + 1] * u)


def distances(floor: WalkableMap, start: DoubleArray) -> DoubleArray:
    """Path length from the floor point ``start`` (2,) to every cell (columns, rows) in metres; inf without a path.

    Cells along obstacles cost more. Relaxes all cells at once until none changes (Bellman-Ford).
    """
    cost = np.where(floor.walkable, _cost_factors(floor), np.inf)
    cost = np.pad(cost, 1, constant_values=np.inf) * floor.resolution
    field: DoubleArray = np.full(cost.shape, np.inf)
    column, row = nearest_walkable(floor, start) + 1
    if not np.isfinite(cost[column, row]):
        return field[1:-1, 1:-1]
    field[column, row] = 0.0
    inner = field[1:-1, 1:-1]
    straight, slanted = cost[1:-1, 1:-1], cost[1:-1, 1:-1] * np.sqrt(2)
    for _ in range(field.size):
        before = inner.copy()
        for i, j in _SHIFTS:
            near = field[1 + i : field.shape[0] - 1 + i, 1 + j : field.shape[1] - 1 + j]
            np.minimum(inner, near + (slanted if i and j else straight), out=inner)
        if np.array_equal(before, inner):
            break
    return inner.copy()


def _cost_factors(floor: WalkableMap) -> DoubleArray:
    free = np.pad(floor.walkable, 1)
    width, height = floor.walkable.shape
    open_around = np.ones((width, height), dtype=bool)
    for i, j in _SHIFTS:
        open_around &= free[1 + i : 1 + i + width, 1 + j : 1 + j + height]
    return np.where(open_around, 1.0, NARROW_COST)


def nearest_walkable(floor: WalkableMap, point: DoubleArray) -> DoubleArray:
    """The walkable cell (2,) nearest to a floor point; the cell of the point itself if none is within 0.3 m."""
    cell = floor.to_cells(point)[0]
    if floor.walkable[cell[0], cell[1]]:
        return np.asarray(cell)
    reach = int(np.ceil(0.3 / floor.resolution))
    low = np.maximum(cell - reach, 0)
    around = np.argwhere(floor.walkable[low[0] : cell[0] + reach + 1, low[1] : cell[1] + reach + 1]) + low
    if not len(around):
        return np.asarray(cell)
    return np.asarray(around[np.linalg.norm(floor.to_points(around) - point, axis=1).argmin()])


def route(floor: WalkableMap, field: DoubleArray, start: DoubleArray, goal: DoubleArray) -> Path | None:
    """The smooth path from ``start`` to ``goal`` (2,), or None; ``field`` is ``distances(floor, goal)``."""
    cell = tuple(nearest_walkable(floor, start))
    if not np.isfinite(field[cell]):
        return None
    cells = [cell]
    while field[cell] > 0:
        cell = _next_cell(field, cell)
        cells.append(cell)
    corners = floor.to_points(np.array(cells))
    corners[0], corners[-1] = start, goal
    return _smooth_path(floor, _shortened(floor, corners))


def path_through(floor: WalkableMap, places: Sequence[DoubleArray]) -> Path | None:
    """The smooth path through all places (2,) in order, or None."""
    segments: list[DoubleArray] = []
    for start, goal in itertools.pairwise(places):
        segment = route(floor, distances(floor, goal), start, goal)
        if segment is None:
            return None
        segments.append(segment.points if not segments else segment.points[1:])
    return _smooth_path(floor, np.concatenate(segments))


def _next_cell(field: DoubleArray, cell: tuple[int, ...]) -> tuple[int, ...]:
    low = np.maximum(np.array(cell) - 1, 0)
    window = field[low[0] : cell[0] + 2, low[1] : cell[1] + 2]
    best = np.unravel_index(int(np.argmin(window)), window.shape)
    return int(best[0] + low[0]), int(best[1] + low[1])


def _shortened(floor: WalkableMap, points: DoubleArray) -> DoubleArray:
    """The path without points that a straight line over free floor can skip."""
    kept, index = [0], 0
    while index < len(points) - 1:
        ahead = points[index + 1 :]
        clear = np.flatnonzero(_is_clear(floor, points[index], ahead))
        index += 1 + (int(clear[-1]) if len(clear) else 0)
        kept.append(index)
    return np.asarray(points[kept])


def _is_clear(floor: WalkableMap, start: DoubleArray, ends: DoubleArray) -> DoubleArray:
    longest = float(np.linalg.norm(ends - start, axis=1).max())
    shares = np.linspace(0.0, 1.0, max(2, int(longest / (0.5 * floor.resolution))))[:, None, None]
    along = start + (ends - start)[None] * shares
    return np.asarray(floor.is_walkable(along[1:-1].reshape(-1, 2)).reshape(len(along) - 2, len(ends)).all(axis=0))


def _smooth_path(floor: WalkableMap, corners: DoubleArray) -> Path:
    even = resampled(corners)
    for width in CORNER_WIDTHS if len(corners) > 2 else ():
        bent = smoothed(even, width / POINT_SPACING)
        if floor.is_walkable(bent[1:-1]).all():
            return make_path(bent)
    return make_path(even)


def resampled(points: DoubleArray, stride: float = POINT_SPACING) -> DoubleArray:
    """Points (m, 2) about every ``stride`` metres along a polyline (n, 2), including its ends."""
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    at = np.linspace(0.0, along[-1], max(2, int(np.ceil(along[-1] / stride)) + 1))
    return np.stack([np.interp(at, along, points[:, axis]) for axis in range(2)], axis=1)


def make_path(points: DoubleArray) -> Path:
    """A path along points (n, 2), with yaws along its direction."""
    even = resampled(points)
    segments = np.diff(even, axis=0)
    heading = np.unwrap(np.arctan2(-segments[:, 0], segments[:, 1]))
    yaws = np.concatenate([heading[:1], (heading[1:] + heading[:-1]) / 2, heading[-1:]])
    return Path(even, smoothed(yaws[:, None], 3.0)[:, 0], float(np.linalg.norm(segments, axis=1).sum()))
