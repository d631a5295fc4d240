"""Remarks on scenes: a healthy room has none, each damage has its own."""

from __future__ import annotations

import numpy as np
import pytest
from reader_files import box_surface, room

from monster.checks import check_scene
from monster.geometry.axes import to_z_up
from monster.types import Scene


def turn(degrees: float) -> np.ndarray:
    """A rotation about x."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]])


def scene(points: np.ndarray, of: np.ndarray | None, *, colored: bool = True) -> Scene:
    colors = np.random.default_rng(0).uniform(0, 1, (len(points), 3)) if colored else None
    return Scene(points - [2.5, 2.0, 0.0], colors, of)


def codes(points: np.ndarray, of: np.ndarray | None, *, colored: bool = True) -> set[str]:
    return {remark.code for remark in check_scene(scene(points, of, colored=colored))}


def test_a_healthy_room_has_no_remark() -> None:
    assert check_scene(scene(*room())) == ()


def test_what_is_wrong_with_the_points() -> None:
    points, of = room()
    assert "few-points" in codes(points[::60], of[::60])
    assert "tiny" in codes(points * 0.1, of)
    assert "huge" in codes(points * 20, of)
    assert "duplicates" in codes(np.concatenate([points, points[:2000]]), np.concatenate([of, of[:2000]]))
    assert "stray" in codes(np.concatenate([points, [[60.0, 0, 1], [60.0, 0, 2]]]), np.append(of, [4, 4]))
    assert "no-colors" in codes(points, of, colored=False)
    grey = Scene(points, np.full((len(points), 3), 0.5), of)
    assert "no-colors" in {remark.code for remark in check_scene(grey)}


def test_where_the_floor_is() -> None:
    points, of = room()
    assert "axes" in codes(to_z_up(points, "-y"), of)
    assert "floor-off" in codes(points + np.array([0, 0, 0.7]), of)
    assert "tilted" in codes(points @ turn(8.0).T, of)
    deep = box_surface((1, 1, -1.0), (3, 3, -1.0))
    assert "below-floor" in codes(np.concatenate([points, deep]), np.append(of, np.full(len(deep), -1)))
    cloud = np.random.default_rng(0).normal(0, 2.5, (5000, 3))
    assert "no-floor" in codes(cloud, None)


def test_one_view_of_a_camera_at_the_origin() -> None:
    points, of = room()
    seen = Scene(points + np.array([1.5, -2.0, 0.0]), instances=of)
    assert "one-view" in {remark.code for remark in check_scene(seen)}


def test_objects() -> None:
    points, of = room()
    assert "no-objects" in codes(points, None)
    assert "one-object" in codes(points, np.where(of == 4, 1, 0))
    assert "unassigned" in codes(points, np.where(of > 2, of, -1))
    assert "many-objects" in codes(points, np.arange(len(points)) // (len(points) // 55))
    assert "few-points-an-object" in codes(points, np.arange(len(points)) // 10)


@pytest.mark.parametrize("count", [2, 3, 30])
def test_hardly_any_point_can_be_checked(count: int) -> None:
    points = np.random.default_rng(count).uniform(0, 1, (count, 3))
    assert "few-points" in {remark.code for remark in check_scene(Scene(points))}
