"""Occupancy cubes: cubes of points, depth, free space for a trunk."""

from __future__ import annotations

import numpy as np
import pytest

from monster.placement.occupancy import CELL, FREE, OUTSIDE, OccupancyGrid, dilated, empty_grid


@pytest.fixture
def grid() -> OccupancyGrid:
    """Three metres square with a block of one metre in the middle."""
    owner, origin = empty_grid(np.array([0.0, 0.0]), np.array([3.0, 3.0]))
    owner[2:-2, 2:-2] = FREE
    owner[22:42, 22:42, :20] = 7
    return OccupancyGrid(owner, origin, 0.0)


def test_a_grid_has_a_rim_of_two_cubes_around_the_floor() -> None:
    owner, origin = empty_grid(np.array([-1.0, 0.0]), np.array([0.0, 1.98]))
    assert owner.shape == (20 + 4, 40 + 4, 44)
    assert origin == pytest.approx([-1.0 - 2 * CELL, -2 * CELL])


def test_points_map_to_their_cubes_or_outside(grid: OccupancyGrid) -> None:
    points = np.array([[1.5, 1.5, 0.5], [0.5, 0.5, 0.5], [-4.0, 1.0, 0.5], [1.0, 99.0, 1.0], [1.5, 1.5, 5.0]])
    assert grid.owner.ravel()[grid.cubes(points)].tolist() == [7, FREE, OUTSIDE, OUTSIDE, FREE]


def test_depth_counts_cubes_from_the_surface(grid: OccupancyGrid) -> None:
    inward = np.array([[1.0 + CELL * (step + 0.5), 1.5, 0.5] for step in (-1, 0, 1, 2)])
    assert grid.depth.ravel()[grid.cubes(inward)].tolist() == [0, 1, 2, 3]


def test_a_trunk_keeps_its_distance_from_obstacles_and_walls(grid: OccupancyGrid) -> None:
    places = grid.standing_room(0.1)
    assert len(places) > 100
    assert (np.minimum(places, 3.0 - places) > 0.1).all()
    assert (np.abs(places - 1.5).max(axis=1) > 0.6).all()
    assert 3.0 < grid.span < 3.0 * np.sqrt(2)


def test_the_middle_of_a_trunk_keeps_three_cubes_from_the_block(grid: OccupancyGrid) -> None:
    outward = np.array([[1.0 - CELL * (step + 0.5), 1.5, 0.5] for step in range(6)])
    assert grid.tight.ravel()[grid.cubes(outward)].tolist() == [True] * 3 + [False] * 3


def test_dilation_extends_by_one_cube_horizontally() -> None:
    dot = np.zeros((5, 5, 1), dtype=bool)
    dot[2, 2] = True
    assert dilated(dot).sum() == 5 and dilated(dot, corners=True).sum() == 9
