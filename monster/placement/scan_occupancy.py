"""The occupancy grid of a scanned room: filled cubes, known floor, seats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from monster.arrays import AnyArray, BoolArray, DoubleArray
from monster.errors import InputError
from monster.geometry.room import floor_height
from monster.placement.occupancy import CELL, FREE, TOP, UNKNOWN, OccupancyGrid, dilated, empty_grid
from monster.placement.scan_seats import seats_of_scan
from monster.types import Scene

OPEN: Final = frozenset({"table", "desk", "coffee table", "dining table", "chair", "stool", "bench", "office chair"})
STRUCTURE: Final = frozenset({"floor", "ceiling"})  # no obstacles for a body
LOW: Final = 0.08  # metres over the floor below which points are floor, carpets, cables
LEAST_FLOOR: Final = 1.0  # square metres
_DENSE: Final = 8_000  # points per square metre of floor above which surfaces have no empty cubes
_FILLED_BELOW: Final = 1.2  # metres: the space below higher points stays empty
_GAP: Final = 5  # columns: gaps in the seen floor up to this width are closed


def occupancy_of_scan(scene: Scene) -> OccupancyGrid:
    """The cubes that the points of the scene fill, and its seats.

    Below a surface everything is filled but for tables and seats, which are open below; the floor ends where no
    point shows it. Raises InputError for a scene in which less than a square metre of floor can be seen.
    """
    points = scene.points.astype(np.float64)
    floor = _floor_of(scene, points)
    owner, origin = empty_grid(points[:, :2].min(axis=0), points[:, :2].max(axis=0))
    grid = OccupancyGrid(owner, origin, floor)
    known, solid = _columns(grid, points, np.abs(points[:, 2] - floor) < LOW), _solid(scene, points, floor)
    filled = _filled(grid, points[solid], _owners(scene)[solid], scene.labels or {})
    bare = float((known & (filled == FREE).all(axis=2)).sum()) * CELL**2
    if bare < LEAST_FLOOR / 4:  # a sparse cloud leaves three of four columns empty
        raise InputError(f"expected a scene with a floor, got {bare:.2g} square metres of it")
    if len(points) < _DENSE * known.sum() * CELL**2:
        filled = _thickened(filled)
    inside = _closed(known | (filled != FREE).any(axis=2))
    inside[:1] = inside[-1:] = inside[:, :1] = inside[:, -1:] = False  # points outside the grid use the border cubes
    owner[inside] = FREE
    owner[filled != FREE] = filled[filled != FREE]
    if not len(grid.standing_room(2 * CELL)):
        raise InputError("expected a scene with a floor, got none with room for a body")
    return replace(grid, seats=seats_of_scan(scene, grid))


def _floor_of(scene: Scene, points: DoubleArray) -> float:
    named = [key for key, name in (scene.labels or {}).items() if name == "floor"]
    if named and scene.instances is not None:
        on_floor = np.isin(scene.instances, named)
        if on_floor.any():
            return float(np.median(points[on_floor, 2]))
    height = floor_height(points)
    if height is None:
        raise InputError("expected a scene with a floor, got none that is level")
    return float(height)


def _solid(scene: Scene, points: DoubleArray, floor: float) -> BoolArray:
    """Mask (n,) of the points that are obstacles for a body."""
    solid = (points[:, 2] > floor + LOW) & (points[:, 2] < floor + TOP)
    if scene.instances is not None:
        soft = [key for key, name in (scene.labels or {}).items() if name in STRUCTURE]
        solid &= ~np.isin(scene.instances, soft)
    return solid


def _owners(scene: Scene) -> AnyArray:
    if scene.instances is None:
        return np.full(len(scene.points), UNKNOWN)
    return np.where(scene.instances < 0, UNKNOWN, scene.instances)


def _columns(grid: OccupancyGrid, points: DoubleArray, chosen: BoolArray) -> BoolArray:
    """Mask (along x, along y) of the columns that contain chosen points."""
    columns = np.zeros(grid.owner.shape[:2], dtype=bool)
    at = np.floor((points[chosen, :2] - grid.origin) / CELL).astype(int)
    columns[at[:, 0], at[:, 1]] = True
    return columns


def _filled(grid: OccupancyGrid, points: DoubleArray, owners: AnyArray, labels: Mapping[int, str]) -> AnyArray:
    """The owner of each cube: of the cubes that contain points, and of the cubes below them."""
    flat = np.full(grid.owner.size, FREE, np.int32)
    flat[grid.cubes(points)] = owners
    filled = flat.reshape(grid.owner.shape)
    opened = [key for key, name in labels.items() if name in OPEN]
    below = np.where(np.isin(filled, opened), FREE, filled)[:, :, : round(_FILLED_BELOW / CELL)]
    above = np.full(below.shape[:2], FREE, np.int32)
    for layer in range(below.shape[2] - 1, -1, -1):
        above = np.where(below[:, :, layer] != FREE, below[:, :, layer], above)
        here = filled[:, :, layer]
        here[here == FREE] = above[here == FREE]
    return filled


def _thickened(filled: AnyArray) -> AnyArray:
    """The cubes and their empty horizontal neighbours, because the surfaces of a sparse cloud have holes."""
    wide = filled.copy()
    for axis in range(2):
        for step in (1, -1):
            moved = np.roll(filled, step, axis=axis)
            wide = np.where(wide == FREE, moved, wide)
    return wide


def _closed(known: BoolArray) -> BoolArray:
    """The columns with gaps closed: dilated, then eroded by the same distance."""
    wide = known
    for step in range(_GAP):
        wide = dilated(wide, corners=step % 2 == 1)
    beyond = ~wide
    for step in range(_GAP):
        beyond = dilated(beyond, corners=step % 2 == 1)
    return np.asarray(~beyond)
