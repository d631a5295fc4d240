"""Floor height, up axis and floor tilt of a room."""

from __future__ import annotations

import numpy as np
import pytest
from reader_files import room
from scipy.spatial.transform import Rotation

from monster.geometry.axes import UPS, to_z_up
from monster.geometry.room import SURE_UP, _voxel_centers, detect_up, floor_height, floor_tilt, level_floor

POINTS, OF = room()


@pytest.mark.parametrize("up", ["z", "y", "-y"])
def test_the_up_axis(up: str) -> None:
    found, lead = detect_up(POINTS @ to_z_up(np.eye(3), up).T)
    assert found == up and lead > SURE_UP
    assert up in UPS


@pytest.mark.parametrize("height", [0.0, -2.5, 1.3])
def test_the_height_of_the_floor(height: float) -> None:
    assert floor_height(POINTS + np.array([0, 0, height])) == pytest.approx(height, abs=0.03)


def test_a_cloud_without_a_flat_layer_has_no_floor() -> None:
    assert floor_height(np.random.default_rng(0).uniform(-40, 40, (5000, 3))) is None


def test_a_leaning_floor_is_levelled() -> None:
    lean = Rotation.from_euler("xy", [4, 3], degrees=True).as_matrix()
    tilt, turn = level_floor(POINTS @ lean.T)
    assert tilt == pytest.approx(5, abs=0.3) and floor_tilt(POINTS @ lean.T) == tilt
    assert (POINTS @ lean.T @ turn.T)[OF == 0, 2].std() < 0.02
    assert floor_tilt(POINTS) == 0 and np.array_equal(level_floor(POINTS)[1], np.eye(3))


@pytest.mark.parametrize("size", [3.0, 3e6])
def test_occupied_cells_are_the_distinct_rows(size: float) -> None:
    points = np.random.default_rng(0).uniform(-size, size, (2000, 3)).round(1)
    expected = np.unique(np.floor(points / 0.05), axis=0)
    np.testing.assert_array_equal(_voxel_centers(points, 0.05), (expected + 0.5) * 0.05)
