"""The occupancy grid of a generated room, from its exact geometry."""

from __future__ import annotations

import numpy as np

from monster.arrays import AnyArray, DoubleArray
from monster.placement.occupancy import CELL, FREE, TOP, OccupancyGrid, Seat, column_centers, empty_grid
from worlds.rooms.floor import STEP_OVER, inside
from worlds.types import PlacedObject, Room, Solid


def occupancy_of_room(room: Room) -> OccupancyGrid:
    """The grid cells that the room's solids fill, and its seats."""
    owner, origin = empty_grid(room.outline.min(axis=0), room.outline.max(axis=0))
    places = column_centers(owner.shape, origin)
    within = inside(room.outline, places.reshape(-1, 2)).reshape(places.shape[:2])
    owner[within] = FREE
    grid = OccupancyGrid(owner, origin, 0.0, tuple(seat for object_ in room.objects for seat in _seats(object_)))
    for object_ in room.objects:
        for solid in object_.solids:
            _fill(grid, object_, solid)
    return grid


def _seats(object_: PlacedObject) -> list[Seat]:
    if not object_.seats:
        return []
    return [Seat(point, object_.front, object_.id) for point in object_.to_room(np.array(object_.seats))]


def _fill(grid: OccupancyGrid, object_: PlacedObject, solid: Solid) -> None:
    """Mark the cells with their center in the solid; a thin solid counts as one cell thick."""
    center, half = np.array(solid.center), np.array(solid.size) / 2
    bottom, top = object_.position[2] + center[2] - half[2], object_.position[2] + center[2] + half[2]
    if top <= STEP_OVER or bottom >= TOP:
        return
    half = np.maximum(half[:2], CELL / 2)
    corners = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]]) * half + center[:2]
    around = object_.to_room(np.column_stack([corners, np.zeros(4)]))[:, :2]
    low, high = _column_bounds(grid, around)
    block = grid.owner[low[0] : high[0], low[1] : high[1]]
    flat = column_centers(block.shape, grid.origin + low * CELL).reshape(-1, 2)
    local = object_.to_local(np.column_stack([flat, np.zeros(len(flat))]))[:, :2] - center[:2]
    hit = (np.abs(local) <= half + 1e-9).all(axis=1).reshape(block.shape[:2])
    layers = slice(max(0, int(np.floor(bottom / CELL + 1e-6))), int(np.ceil(top / CELL - 1e-6)))
    part = block[:, :, layers]
    part[hit[..., None] & (part == FREE)] = object_.id


def _column_bounds(grid: OccupancyGrid, points: DoubleArray) -> tuple[AnyArray, AnyArray]:
    shape = np.array(grid.owner.shape[:2])
    low = np.floor((points.min(axis=0) - grid.origin) / CELL).astype(int)
    high = np.ceil((points.max(axis=0) - grid.origin) / CELL).astype(int)
    return np.clip(low, 0, shape), np.clip(high, 0, shape)
