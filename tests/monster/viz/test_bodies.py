"""Drawing of bodies: thickness by bone, colour by time, path and shadow on the floor."""

from __future__ import annotations

import numpy as np
import pytest
from viz_samples import box_room, standing, walker

from monster.skeleton import BONES, INDEX
from monster.viz.bodies import COLORS, bone_radii, draw_body, floor_path, motion_color, shaded_floor
from monster.viz.render import Camera, Canvas
from monster.viz.stage import stage_of


def test_every_bone_has_a_thickness_and_sides_are_equal() -> None:
    radii = dict(zip((child for _, child in BONES), bone_radii(), strict=True))
    assert len(radii) == len(BONES) and all(0.03 < radius < 0.12 for radius in radii.values())
    for name in ("knee", "ankle", "shoulder", "wrist"):
        assert radii[INDEX[f"left_{name}"]] == radii[INDEX[f"right_{name}"]]
    assert radii[INDEX["left_wrist"]] < radii[INDEX["left_elbow"]] < radii[INDEX["spine2"]]


def test_motion_colours_are_interpolated() -> None:
    first, middle, last = (motion_color(0, share) for share in (0.0, 0.5, 1.0))
    assert np.allclose(middle, (first + last) / 2)
    assert np.allclose(first * 255, [255, 196, 107]) and np.allclose(last * 255, [194, 24, 91])
    assert np.array_equal(motion_color(len(COLORS), 0.3), motion_color(0, 0.3))
    assert len({tuple(motion_color(which, 1.0)) for which in range(len(COLORS))}) == len(COLORS)


def test_a_body_is_drawn_where_it_is() -> None:
    canvas = Canvas(Camera((0.0, 0.0, 0.9), azimuth=0.0, elevation=0.0, distance=4.0), 120, 160)
    draw_body(canvas, standing(), np.array([1.0, 0.0, 0.0], np.float32))
    drawn = np.isfinite(canvas.depth)
    assert 0.02 < drawn.mean() < 0.3
    columns = np.flatnonzero(drawn.any(axis=0))
    assert abs(columns.mean() / canvas.width - 0.5) < 0.05
    assert canvas.depth[drawn].min() > 3.5


def test_floor_path_follows_the_pelvis() -> None:
    path, share = floor_path(walker(), 0.0)
    np.testing.assert_allclose(path[[0, -1], 0], [-0.8, 0.8], atol=1e-6)
    assert (np.diff(share) > 0).all() and np.abs(path[:, 1]).max() == 0
    still, _ = floor_path(walker(2, still=5), 0.0)
    assert np.isfinite(still).all()


def test_the_floor_is_darker_below_a_pose() -> None:
    stage = stage_of(box_room(), [("walk", walker())])
    colors = shaded_floor(stage, [walker().joints[0]])
    darker = (colors < stage.colors - 0.05).any(axis=1)
    assert darker.any() and not np.shares_memory(colors, stage.colors)
    assert stage.points[darker, 2].max() < stage.floor + 0.12
    assert np.linalg.norm(stage.points[darker, :2] - [-0.8, 0], axis=1).max() < 1.0
    assert np.array_equal(shaded_floor(stage, []), stage.colors)


@pytest.mark.parametrize("step", [0.01, 0.1])
def test_points_of_the_path_are_a_step_apart(step: float) -> None:
    path, _ = floor_path(walker(), 0.0, step=step)
    gaps = np.linalg.norm(np.diff(path[:, :2], axis=0), axis=1)
    assert np.allclose(gaps, step, rtol=0.1)
