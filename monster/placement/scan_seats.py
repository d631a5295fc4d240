"""Seats of scanned rooms: level patches at sitting height on chairs, sofas, beds, with free space in front."""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.arrays import BoolArray, DoubleArray
from monster.placement.occupancy import CELL, FREE, OccupancyGrid, Seat
from monster.types import Scene, SceneObject

SEATS: Final = frozenset(
    {"chair", "armchair", "office chair", "stool", "bench", "sofa", "couch", "bed", "toilet", "ottoman", "seat"}
)
HEIGHTS: Final = (0.33, 0.65)  # metres over the floor of a seat
BACK: Final = 0.2  # metres over the seat: higher points are a back or an arm
MIN_PATCH: Final = 0.06  # square metres
DEPTH: Final = 0.2  # metres from the front edge to the middle of a seated body
SEAT_DISTANCE: Final = 0.5  # metres between two seats of one object
_DIRECTIONS: Final = 16
_SHIN: Final = (0.15, 0.45)  # metres over the floor: the height range of shins
_IN_FRONT: Final = np.array([0.2, 0.3, 0.4, 0.5])  # metres in front of the edge that must be free
_MAX_SEATS: Final = 6


def seats_of_scan(scene: Scene, grid: OccupancyGrid) -> tuple[Seat, ...]:
    """The seats of objects whose label is a seat, and of objects without a label."""
    found: list[Seat] = []
    for object_ in scene.objects():
        if object_.label is None or object_.label.lower() in SEATS:
            found += _seats(object_, grid)
    return tuple(found)


def _seats(object_: SceneObject, grid: OccupancyGrid) -> list[Seat]:
    heights = object_.points[:, 2].astype(np.float64) - grid.floor
    columns = np.floor((object_.points[:, :2] - grid.origin) / CELL).astype(int)
    low, size = columns.min(axis=0) - 1, np.ptp(columns, axis=0) + 3
    top = np.zeros(size)
    np.maximum.at(top, tuple((columns - low).T), heights)
    level = _level(top)
    if level is None or (object_.label is None and _is_clutter(top, level)):
        return []
    patch = (top > 0) & (np.abs(top - level) < 0.08)
    corner = grid.origin + (low + 0.5) * CELL
    back = np.argwhere(top > level + BACK) * CELL + corner
    return _along_edges(grid, np.argwhere(patch) * CELL + corner, back, height=level, owner=object_.id)


def _level(top: DoubleArray) -> float | None:
    """The height over the floor of the largest level patch at sitting height; None if none is large enough."""
    within = top[(top > HEIGHTS[0]) & (top < HEIGHTS[1])]
    if len(within) < 3:
        return None
    counts = [int((np.abs(within - height) < 0.05).sum()) for height in within]
    best = float(within[int(np.argmax(counts))])
    near = within[np.abs(within - best) < 0.05]
    return float(np.median(near)) if len(near) * CELL**2 >= MIN_PATCH else None


def _is_clutter(top: DoubleArray, level: float) -> bool:
    """Whether an object without a label is not a seat: much of it is higher than a back."""
    return bool((top > level + 0.6).sum() > 0.3 * (top > 0).sum())


def _along_edges(
    grid: OccupancyGrid, patch: DoubleArray, back: DoubleArray, *, height: float, owner: int
) -> list[Seat]:
    """Seats on a patch (n, 2) with free floor in front of their edge, facing away from a back (m, 2)."""
    middle = patch.mean(axis=0)
    found: list[Seat] = []
    for direction in _directions(middle, back):
        aside = np.array([-direction[1], direction[0]])
        across, along = (patch - middle) @ aside, (patch - middle) @ direction
        for place in _rows(across):
            row = along[np.abs(across - place) < 0.15]
            if len(row) < 2 or np.ptp(row) < 0.2:
                continue
            edge = middle + aside * place + direction * float(row.max())
            if not _is_free_in_front(grid, edge, direction, owner):
                continue
            point = edge - direction * min(DEPTH, float(np.ptp(row)) * 0.55)
            if (
                all(np.linalg.norm(point - seat.point[:2]) >= SEAT_DISTANCE for seat in found)
                and len(found) < _MAX_SEATS
            ):
                found.append(Seat(np.array([*point, grid.floor + height]), direction, owner))
    return found


def _directions(middle: DoubleArray, back: DoubleArray) -> DoubleArray:
    """Unit directions (n, 2) to face: away from the back, or all if there is no back."""
    angles = np.arange(_DIRECTIONS) * (2 * np.pi / _DIRECTIONS)
    every = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    if len(back) < 3:
        return every
    away = middle - back.mean(axis=0)
    if np.linalg.norm(away) < 0.08:
        return every
    ranked = np.argsort(-(every @ away), kind="stable")
    return np.asarray(every[ranked[:3]])


def _rows(across: DoubleArray) -> DoubleArray:
    """Where to sit along an edge: in the middle of a narrow seat, side by side on a wide one."""
    half = float(min(across.max(), -across.min())) - 0.25
    return np.array([0.0]) if half < SEAT_DISTANCE / 2 else np.linspace(-half, half, 2 + int(2 * half / SEAT_DISTANCE))


def _is_free_in_front(grid: OccupancyGrid, edge: DoubleArray, direction: DoubleArray, owner: int) -> bool:
    spots = edge + _IN_FRONT[:, None] * direction
    heights = grid.floor + np.arange(*_SHIN, CELL)
    points = np.concatenate([np.column_stack([spots, np.full(len(spots), z)]) for z in heights])
    found: BoolArray = np.isin(grid.owner.ravel()[grid.cubes(points)], (FREE, owner))
    return bool(found.all())
