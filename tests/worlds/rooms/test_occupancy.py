"""The occupancy grid of a generated room agrees with its solids and its outline."""

from __future__ import annotations

import numpy as np
from handmade import BED, CHAIR, TABLE, plain_room

from monster.placement.occupancy import CELL, FREE, OUTSIDE
from worlds.rooms.occupancy import occupancy_of_room
from worlds.types import PlacedObject, Solid

ROOM = plain_room()


def test_cells_are_filled_where_solids_are() -> None:
    grid, rng = occupancy_of_room(ROOM), np.random.default_rng(0)
    points = rng.uniform([-2.4, -2.4, 0.02], [2.4, 2.4, 2.0], (4000, 3))
    inside = np.zeros(len(points), dtype=bool)
    near = np.zeros(len(points), dtype=bool)
    for object_ in ROOM.objects:
        local = object_.to_local(points)
        for solid in object_.solids:
            away = np.abs(local - np.array(solid.center)) - np.array(solid.size) / 2
            inside |= (away < -CELL).all(axis=1)
            near |= (away < 1.5 * CELL).all(axis=1)
    filled = grid.owner.ravel()[grid.cubes(points)] != FREE
    assert filled[inside].all() and not filled[~near].any() and inside.sum() > 30


def test_thin_solids_fill_a_cell_and_flat_ones_none() -> None:
    sheet = PlacedObject(
        9, "screen", (0.0, -1.0, 0.0), 0.3, (1.0, 0.01, 1.0), (Solid((0, 0, 0.5), (1, 0.01, 1), (0, 0, 0)),)
    )
    rug = PlacedObject(
        8, "rug", (0.0, -1.0, 0.0), 0.0, (2.0, 1.0, 0.02), (Solid((0, 0, 0.01), (2, 1, 0.02), (0, 0, 0)),)
    )
    owner = occupancy_of_room(plain_room(sheet, rug)).owner
    assert (owner == 9).any() and not (owner == 8).any()


def test_seats_and_walls() -> None:
    grid = occupancy_of_room(ROOM)
    assert [seat.owner for seat in grid.seats] == [CHAIR, BED]
    assert np.allclose(grid.seats[0].point, [0.2, 0.6, 0.46]) and np.allclose(
        grid.seats[0].facing, ROOM.objects[0].front
    )
    beyond = grid.cubes(np.array([[2.6, 0.0, 1.0], [0.0, -2.6, 1.0]]))
    assert (grid.owner.ravel()[beyond] == OUTSIDE).all()
    assert (grid.owner == TABLE).any()
