"""The ground of a room whose geometry is known exactly."""

from __future__ import annotations

import numpy as np

from monster.arrays import DoubleArray
from monster.placement.occupancy import CELL, FREE, TOP, Ground, Ints, Seat, empty_cubes, middles
from worlds.rooms.floor import STEP_OVER, inside
from worlds.types import PlacedObject, Room, Solid


def ground_of_room(room: Room) -> Ground:
    """The cubes that the room's solids fill, and its seats."""
    owner, origin = empty_cubes(room.outline.min(axis=0), room.outline.max(axis=0))
    places = middles(owner.shape, origin)
    within = inside(room.outline, places.reshape(-1, 2)).reshape(places.shape[:2])
    owner[within] = FREE
    ground = Ground(owner, origin, 0.0, tuple(seat for thing in room.objects for seat in _seats(thing)))
    for thing in room.objects:
        for solid in thing.solids:
            _fill(ground, thing, solid)
    return ground


def _seats(thing: PlacedObject) -> list[Seat]:
    if not thing.seats:
        return []
    return [Seat(point, thing.front, thing.id) for point in thing.to_room(np.array(thing.seats))]


def _fill(ground: Ground, thing: PlacedObject, solid: Solid) -> None:
    """Mark the cubes whose middles lie in the solid; thin ones count as one cube thick."""
    center, half = np.array(solid.center), np.array(solid.size) / 2
    bottom, top = thing.position[2] + center[2] - half[2], thing.position[2] + center[2] + half[2]
    if top <= STEP_OVER or bottom >= TOP:
        return
    half = np.maximum(half[:2], CELL / 2)
    corners = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]]) * half + center[:2]
    around = thing.to_room(np.column_stack([corners, np.zeros(4)]))[:, :2]
    low, high = _columns(ground, around)
    block = ground.owner[low[0] : high[0], low[1] : high[1]]
    flat = middles(block.shape, ground.origin + low * CELL).reshape(-1, 2)
    own = thing.to_local(np.column_stack([flat, np.zeros(len(flat))]))[:, :2] - center[:2]
    hit = (np.abs(own) <= half + 1e-9).all(axis=1).reshape(block.shape[:2])
    layers = slice(max(0, int(np.floor(bottom / CELL + 1e-6))), int(np.ceil(top / CELL - 1e-6)))
    part = block[:, :, layers]
    part[hit[..., None] & (part == FREE)] = thing.id


def _columns(ground: Ground, points: DoubleArray) -> tuple[Ints, Ints]:
    shape = np.array(ground.owner.shape[:2])
    low = np.floor((points.min(axis=0) - ground.origin) / CELL).astype(int)
    high = np.ceil((points.max(axis=0) - ground.origin) / CELL).astype(int)
    return np.clip(low, 0, shape), np.clip(high, 0, shape)
