"""Whatever axes and unit a room comes in, its floor is found and put down."""

from typing import Any

import numpy as np
import pytest
from reader_files import room
from scipy.spatial.transform import Rotation

from monster.errors import InputError
from monster.geometry.axes import to_z_up
from monster.io.formats import DeclaredFrame, RawScene
from monster.io.normalise.room_frame import Frame, to_room

POINTS, OF = room()


def framed(points: np.ndarray, **declared: Any) -> Frame:
    return to_room(RawScene(points), DeclaredFrame(**declared))


def findings(frame: Frame) -> dict[str, tuple[str, str]]:
    return {found.what: (found.value, found.how) for found in frame.findings}


def in_axes(points: np.ndarray, up: str) -> np.ndarray:
    return points @ to_z_up(np.eye(3), up).T


@pytest.mark.parametrize("up", ["z", "y", "-y", "-z"])
@pytest.mark.parametrize(("unit", "name"), [(1.0, "metres"), (0.01, "centimetres"), (0.001, "millimetres")])
def test_axes_and_unit_are_found(up: str, unit: float, name: str) -> None:
    frame = framed(in_axes(POINTS, up) / unit)
    assert findings(frame)["axes"] in [(f"{up} up", "detected"), ("-z up", "guessed")]
    assert findings(frame)["unit"] == (name, "detected")
    assert np.abs(frame.points - POINTS).max() < 1e-6


def test_given_axes_and_unit_are_kept() -> None:
    frame = framed(in_axes(POINTS, "x") * 10, axes="x", unit=0.1)
    assert np.abs(frame.points - POINTS).max() < 1e-6
    assert findings(frame)["axes"] == ("x up", "given") and findings(frame)["unit"] == ("0.1 m", "given")


@pytest.mark.parametrize(("height", "moved"), [(0.2, False), (-0.3, False), (-1.23, True), (3.0, True)])
def test_a_floor_far_from_zero_is_moved(height: float, moved: bool) -> None:
    frame = framed(POINTS + np.array([0, 0, height]))
    assert np.abs(frame.points - POINTS - [0, 0, 0 if moved else height]).max() < 0.03
    assert findings(frame)["floor"][0].startswith("moved from" if moved else "at")


def test_a_camera_frame_is_levelled_but_a_leaning_room_kept() -> None:
    lean = Rotation.from_euler("xy", [4, 3], degrees=True).as_matrix()
    frame = framed(in_axes(POINTS @ lean.T, "-y"))
    assert findings(frame)["axes"][0] == "-y up"
    assert findings(frame)["level"][0] == "turned by 5 degrees"
    floor = frame.points[OF == 0]
    assert floor[:, 2].std() < 0.02
    kept = framed(POINTS @ lean.T)
    assert findings(kept)["level"][0].startswith("the floor leans by")
    assert np.abs(kept.points[:, :2] - (POINTS @ lean.T)[:, :2]).max() < 1e-9


@pytest.mark.parametrize("size", [0.001, 1e6])
def test_sizes_that_no_room_has(size: float) -> None:
    with pytest.raises(InputError, match=r"expected a scene of 0.05 to 200 m, got"):
        framed(POINTS * size)


@pytest.mark.parametrize("points", [POINTS * 50, POINTS + 1e9])
def test_a_given_unit_must_fit(points: np.ndarray) -> None:
    with pytest.raises(InputError, match="expected a scene under 200 m, got"):
        framed(points, unit="m")


def test_a_scene_of_one_point() -> None:
    with pytest.raises(InputError, match="at least 2 points in a scene, got 1"):
        framed(np.zeros((1, 3)))


def test_a_shape_without_a_floor_is_guessed() -> None:
    ball = np.random.default_rng(0).normal(size=(3000, 3))
    frame = framed(ball * 2 / np.linalg.norm(ball, axis=1, keepdims=True))
    assert findings(frame)["axes"] == ("z up", "guessed") or findings(frame)["floor"][1] != "given"
    assert np.isfinite(frame.points).all()


def test_coordinates_of_a_survey_keep_their_millimetres() -> None:
    points = room(0.1)[0]
    far = points + np.array([691_000.25, 5_335_000.75, 512.0])
    frame = framed(far)
    kept = frame.points.astype(np.float32).astype(float)
    assert np.abs((kept - kept[0]) - (points - points[0])).max() < 1e-3
    assert findings(frame)["origin"][0] == "691000 5335000"


def test_a_placed_scene_far_from_the_origin_is_refused() -> None:
    with pytest.raises(InputError, match="move scene and motion together"):
        framed(room(0.1)[0] + [691_000, 5_335_000, 0], placed=True)
