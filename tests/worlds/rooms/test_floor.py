"""The walkable map: obstacles, doors, approach points, reachable objects."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from worlds.objects import make_object
from worlds.rooms.floor import approach_points, blocking_rectangles, free_floor, inside, reachable_objects
from worlds.types import PlacedObject, Room, Solid

SQUARE = np.array([[-2.0, -2.0], [2.0, -2.0], [2.0, 2.0], [-2.0, 2.0]])
ELL = np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 2.0], [2.0, 2.0], [2.0, 4.0], [0.0, 4.0]])


def block(
    x: float, y: float, size: tuple[float, float, float], *, id: int = 1, z: float = 0.0, yaw: float = 0.0
) -> PlacedObject:
    solid = Solid((0.0, 0.0, size[2] / 2), size, (0.5, 0.5, 0.5))
    return PlacedObject(id, "cabinet", (x, y, z), yaw, size, (solid,))


def room(*objects: PlacedObject, outline: np.ndarray = SQUARE, door: tuple[float, float] = (0.0, -1.6)) -> Room:
    return Room("office", outline, 2.6, (door,), objects)


def test_an_empty_room_is_free_up_to_a_body_from_its_walls() -> None:
    grid = free_floor(room(), resolution=0.1, radius=0.3)
    points = grid.to_points(np.argwhere(grid.walkable))
    assert np.abs(points).max() == pytest.approx(1.7)
    assert len(points) == 35 * 35
    assert (grid.reachable == grid.walkable).all()


def test_furniture_keeps_a_body_at_its_distance() -> None:
    object_ = block(0.3, 0.2, (1.0, 0.6, 0.8), yaw=0.5)
    grid = free_floor(room(object_), radius=0.25)
    free = grid.to_points(np.argwhere(grid.walkable))
    taken = grid.to_points(np.argwhere(~grid.walkable))
    within = taken[np.abs(taken).max(axis=1) < 1.7]
    assert object_.distance(free).min() >= 0.25 - 1e-6
    assert object_.distance(within).max() < 0.25


@pytest.mark.parametrize("object_", [block(0, 0, (1, 1, 0.02)), block(0, 0, (1, 1, 0.3), z=2.0)])
def test_rugs_and_hanging_lamps_are_no_obstacles(object_: PlacedObject) -> None:
    assert (free_floor(room(object_)).walkable == free_floor(room()).walkable).all()


def test_floor_behind_a_row_of_furniture_is_walkable_but_not_reachable() -> None:
    grid = free_floor(room(block(0, 0, (4.0, 0.5, 1.0))))
    assert grid.is_walkable([[0.0, 1.0], [0.0, -1.0], [0.0, 0.0]]).tolist() == [True, True, False]
    reached = grid.reachable_points()
    assert (reached[:, 1] < 0).all()
    assert grid.can_reach([[0.0, -1.0], [0.0, 1.0]]).tolist() == [True, False]


def test_a_blocked_door_makes_no_cell_reachable() -> None:
    grid = free_floor(room(block(0, -1.3, (2.6, 1.4, 1.0))))
    assert grid.walkable.any()
    assert not grid.reachable.any()
    assert not grid.can_reach([[0.0, 1.0]])[0]
    assert reachable_objects(room(block(0, -1.3, (2.6, 1.4, 1.0))), grid) == set()


def test_the_notch_of_an_l_shaped_room_is_outside() -> None:
    grid = free_floor(room(outline=ELL, door=(1.0, 0.5)))
    assert grid.is_walkable([[1.0, 3.0], [3.0, 1.0], [3.0, 3.0], [9.0, 9.0]]).tolist() == [True, True, False, False]
    assert grid.can_reach([[1.0, 3.5], [3.5, 1.0]]).all()


def test_inside_agrees_with_the_two_rectangles_of_an_l() -> None:
    points = np.random.default_rng(0).uniform(-1, 5, (2000, 2))
    x, y = points.T
    expected = (x > 0) & (y > 0) & (((x < 4) & (y < 2)) | ((x < 2) & (y < 4)))
    assert (inside(ELL, points) == expected).all()


@given(st.floats(-1.95, 1.95), st.floats(-1.95, 1.95))
def test_cells_and_points_round_trip(x: float, y: float) -> None:
    grid = free_floor(room(), resolution=0.2)
    back = grid.to_points(grid.to_cells([[x, y]]))[0]
    assert np.abs(back - [x, y]).max() <= 0.1 + 1e-9
    assert (grid.to_cells([back])[0] == grid.to_cells([[x, y]])[0]).all()


def test_blocking_rectangles_leave_out_covered_solids() -> None:
    table = make_object("table", np.random.default_rng(1))
    rectangles = blocking_rectangles(table)
    assert 1 <= len(rectangles) < len(table.solids)
    low, high = (rectangles[:, :2] - rectangles[:, 2:]).min(axis=0), (rectangles[:, :2] + rectangles[:, 2:]).max(axis=0)
    assert high - low == pytest.approx(table.size[:2], abs=1e-6)
    twins = replace(block(0, 0, (1, 1, 1)), solids=block(0, 0, (1, 1, 1)).solids * 3)
    assert blocking_rectangles(twins).tolist() == [[0.0, 0.0, 0.5, 0.5]]


def test_approach_points_of_seats_and_tables() -> None:
    chair = replace(make_object("chair", np.random.default_rng(2)), yaw=np.pi / 2)  # faces -x
    (spot,) = approach_points(chair)
    assert spot[0] < -chair.size[1] / 2 - 0.3
    assert abs(spot[1]) < 0.05
    table = make_object("table", np.random.default_rng(2))
    spots = approach_points(table)
    assert sorted(np.round(np.sign(spots[np.abs(spots) > 0.1])).tolist()) == [-1, -1, 1, 1]
    assert table.distance(spots) == pytest.approx([0.35] * 4)


def test_the_approach_point_of_a_sink_is_at_its_front() -> None:
    sink = make_object("sink", np.random.default_rng(0))
    assert approach_points(sink)[:, 1] == pytest.approx([sink.size[1] / 2 + 0.35])


def test_reachable_objects() -> None:
    chair = make_object("chair", np.random.default_rng(4))
    free = replace(chair, id=1, position=(0.0, -0.9, 0.0))
    shut = replace(chair, id=2, position=(0.0, 1.2, 0.0))
    objects = (free, shut, block(0, 0.3, (4.0, 0.4, 1.0), id=3))
    assert reachable_objects(room(*objects, door=(-1.5, -1.5)), free_floor(room(*objects, door=(-1.5, -1.5)))) >= {1}
    assert 2 not in reachable_objects(room(*objects, door=(-1.5, -1.5)), free_floor(room(*objects, door=(-1.5, -1.5))))
