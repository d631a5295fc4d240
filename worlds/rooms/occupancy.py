"""The occupancy grid of a room whose geometry is known exactly."""

from __future__ import annotations

import numpy as np

from monster.arrays import AnyArray, DoubleArray
from monster.placement.occupancy import CELL, FREE, TOP, OccupancyGrid, Seat, column_centers, empty_grid
from worlds.rooms.floor import STEP_OVER, inside
from worlds.types import PlacedObject, Room, Solid


def occupancy_of_room(room: Room) -> OccupancyGrid:
    """The cubes that the room's solids fill, and its seats."""
    owner, origin = empty_grid(room.outline.min(axis=0), room.outline.max(axis=0))
    places = column_centers(owner.shape, origin)
    within = inside(room.outline, places.reshape(-1, 2)).reshape(places.shape[:2])
    owner[within] = FREE
    grid = OccupancyGrid(owner, origin, 0.0, tuple(seat for thing in room.objects for seat in _seats(thing)))
    for thing in room.objects:
        for solid in thing.solids:
            _fill(grid, thing, solid)
    return grid


def _seats(thing: PlacedObject) -> list[Seat]:
    if not thing.seats:
        return []
    return [Seat(point, thing.front, thing.id) for point in thing.to_room(np.array(thing.seats))]


def _fill(grid: OccupancyGrid, thing: PlacedObject, solid: Solid) -> None:
    """Mark the cubes whose middles are in the solid; thin ones count as one cube thick."""
    center, half = np.array(solid.center), np.array(solid.size) / 2
    bottom, top = thing.position[2] + center[2] - half[2], thing.position[2] + center[2] + half[2]
    if top <= STEP_OVER or bottom >= TOP:
        return
    half = np.maximum(half[:2], CELL / 2)
    corners = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]]) * half + center[:2]
    around = thing.to_room(np.column_stack([corners, np.zeros(4)]))[:, :2]
    low, high = _columns(grid, around)
    block = grid.owner[low[0] : high[0], low[1] : high[1]]
    flat = column_centers(block.shape, grid.origin + low * CELL).reshape(-1, 2)
    own = thing.to_local(np.column_stack([flat, np.zeros(len(flat))]))[:, :2] - center[:2]
    hit = (np.abs(own) <= half + 1e-9).all(axis=1).reshape(block.shape[:2])
    layers = slice(max(0, int(np.floor(bottom / CELL + 1e-6))), int(np.ceil(top / CELL - 1e-6)))
    part = block[:, :, layers]
    part[hit[..., None] & (part == FREE)] = thing.id


def _columns(grid: OccupancyGrid, points: DoubleArray) -> tuple[AnyArray, AnyArray]:
    shape = np.array(grid.owner.shape[:2])
    low = np.floor((points.min(axis=0) - grid.origin) / CELL).astype(int)
    high = np.ceil((points.max(axis=0) - grid.origin) / CELL).astype(int)
    return np.clip(low, 0, shape), np.clip(high, 0, shape)
