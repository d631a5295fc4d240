import numpy as np
import pytest
from handmade import CHAIR, cupboard_all_round, plain_room

from worlds.people.paths import distances, make_path, nearest_walkable, resampled, route
from worlds.rooms.floor import free_floor


def test_a_path_over_free_floor_is_nearly_straight() -> None:
    floor = free_floor(plain_room())
    start, goal = np.array([-1.5, -2.0]), np.array([1.5, -0.8])
    path = route(floor, distances(floor, goal), start, goal)
    assert path is not None
    assert path.points[[0, -1]] == pytest.approx(np.array([start, goal]))
    assert path.length < 1.03 * np.linalg.norm(goal - start)


def test_a_path_around_furniture_is_walkable_and_smooth() -> None:
    floor = free_floor(plain_room())
    start, goal = np.array([0.0, -0.5]), np.array([0.4, 1.7])
    path = route(floor, distances(floor, goal), start, goal)
    assert path is not None
    assert floor.is_walkable(path.points).mean() == 1.0
    assert path.length > np.linalg.norm(goal - start) + 0.03
    assert np.abs(np.diff(path.yaws)).max() < 0.25


def test_enclosed_places_have_no_path() -> None:
    room = plain_room(*cupboard_all_round())
    floor = free_floor(room)
    inside = np.array(room.by_id(CHAIR).position[:2])
    assert route(floor, distances(floor, inside), np.array([-1.5, -2.0]), inside) is None


def test_distances_agree_with_a_plain_search() -> None:
    floor = free_floor(plain_room(), resolution=0.25)
    start = np.array([-1.5, -2.0])
    field = distances(floor, start)
    reached = np.isfinite(field)
    assert (reached == floor.reachable).all()
    cells = np.argwhere(reached)
    straight = np.linalg.norm(floor.to_points(cells) - floor.to_points(nearest_walkable(floor, start)), axis=1)
    assert (field[reached] >= straight - 1e-9).all()
    assert (field[reached] <= 2.2 * straight + 0.3).all()


def test_nearest_walkable_moves_off_furniture_but_not_far() -> None:
    floor = free_floor(plain_room())
    beside = np.array([0.2, 0.6]) + np.array([0.0, -0.4])
    cell = nearest_walkable(floor, beside)
    assert floor.walkable[tuple(cell)]
    assert np.linalg.norm(floor.to_points(cell)[0] - beside) < 0.35


def test_position_and_yaw_along_a_path() -> None:
    path = make_path(np.array([[0.0, 0.0], [0.0, 2.0]]))
    assert path.at(0.5) == pytest.approx((0.0, 0.5, 0.0))
    assert path.at(99.0)[:2] == pytest.approx((0.0, 2.0))
    west = make_path(np.array([[0.0, 0.0], [-1.0, 0.0]]))
    assert west.at(0.3)[2] == pytest.approx(np.pi / 2)


def test_resampling_keeps_ends_and_spacing() -> None:
    line = resampled(np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]]), 0.05)
    assert line[[0, -1]] == pytest.approx(np.array([[0, 0], [1, 1]]))
    assert np.linalg.norm(np.diff(line, axis=0), axis=1).max() < 0.051
