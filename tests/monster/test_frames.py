"""The frames of scenes and motions do not depend on where the origin of a file is."""

from __future__ import annotations

import numpy as np
import pytest

from monster.arrays import FloatArray
from monster.frames import lowest_height, own_frame, scene_origin
from monster.skeleton import INDEX, MIRROR

SHIFTS = [(10.0, -5.0, 0.0), (50.0, 80.0, 2.0), (-100.0, 3.0, -2.0)]


def standing(frames: int = 20, *, height: float = 0.0) -> FloatArray:
    """A body that stands at (1, 2), faces +x and walks along it."""
    joints = np.zeros((frames, 22, 3), dtype=np.float32)
    joints[..., 0] = 1 + np.arange(frames)[:, None] * 0.05
    joints[..., 1] = 2
    joints[..., 2] = height + np.linspace(0, 1.6, 22)
    for side, y in (("left", 0.2), ("right", -0.2)):
        for joint in ("hip", "shoulder"):
            joints[:, INDEX[f"{side}_{joint}"], 1] += y
    return joints


def room(floor: float = 0.0) -> FloatArray:
    """A floor of 4 x 6 m with a box on it."""
    rng = np.random.default_rng(0)
    ground = rng.uniform([0, 0, 0], [4, 6, 0.001], (5000, 3))
    box = rng.uniform([1, 1, 0.0], [2, 2, 0.8], (2000, 3))
    return np.round(np.concatenate([ground, box]) + np.array([0, 0, floor]), 3).astype(np.float32)


def test_own_frame_starts_at_zero_and_faces_y() -> None:
    local = own_frame(standing())
    assert local[0, 0, :2] == pytest.approx([0, 0])
    assert lowest_height(local) == pytest.approx(0)
    assert local[-1, 0, :2] == pytest.approx([0, 0.95], abs=1e-5)
    assert local[0, INDEX["left_hip"], 0] == pytest.approx(-0.2)


@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize("angle", [0.0, 1.0, 3.0])
def test_own_frame_does_not_depend_on_place_and_heading(shift: tuple[float, ...], angle: float) -> None:
    cos, sin = np.cos(angle), np.sin(angle)
    turned = standing() @ np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]]) + shift
    np.testing.assert_allclose(own_frame(turned), own_frame(standing()), atol=1e-4)


def test_own_frame_of_a_body_without_facing_is_not_rotated() -> None:
    point = np.zeros((3, 22, 3), dtype=np.float32) + np.array([1, 0, 0], dtype=np.float32)
    point[2, :, 0] = 3
    assert own_frame(point)[2, 0] == pytest.approx([2, 0, 0])


def test_own_frame_keeps_left_and_right_apart() -> None:
    waving = standing()
    waving[5:, INDEX["left_wrist"], 2] += 0.5
    mirrored = (waving * [1, -1, 1])[:, list(MIRROR)]
    assert np.abs(own_frame(waving) - own_frame(mirrored)).max() > 0.4


def test_own_frame_takes_a_given_floor() -> None:
    assert own_frame(standing(height=1.0), floor=0.0)[..., 2].min() == pytest.approx(1.0)


@pytest.mark.parametrize("shift", SHIFTS)
def test_scene_origin_moves_with_the_scene(shift: tuple[float, float, float]) -> None:
    moved = room() + np.array(shift, dtype=np.float32)
    np.testing.assert_allclose(scene_origin(moved), scene_origin(room()) + shift, atol=1e-4)


def test_scene_origin_is_the_plan_centre_on_the_floor() -> None:
    np.testing.assert_allclose(scene_origin(room(floor=0.7)), [2, 3, 0.7], atol=0.05)


def test_scene_origin_ignores_stray_points() -> None:
    stray = np.concatenate([room(), [[40.0, 0.0, 3.0]]]).astype(np.float32)
    np.testing.assert_allclose(scene_origin(stray), scene_origin(room()), atol=0.05)


def test_scene_origin_without_a_floor_is_the_lowest_height() -> None:
    rng = np.random.default_rng(1)
    wall = rng.uniform([0, 0, 0.5], [4, 0.02, 2.5], (4000, 3))
    assert scene_origin(wall)[2] == pytest.approx(0.5, abs=0.1)
