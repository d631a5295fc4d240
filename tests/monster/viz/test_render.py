"""The renderer: projection, occlusion, and a fitted camera."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from monster.viz.render import BACKGROUND, Camera, Canvas, _eye_dome

FRONT = Camera((0.0, 0.0, 1.0), azimuth=0.0, elevation=0.0, distance=5.0)  # looks along -x


def test_project_puts_up_above_and_left_of_the_viewer_on_the_left() -> None:
    points = np.array([[0, 0, 1], [0, 0, 2], [0, -1, 1], [-2, 0, 1]], dtype=np.float32)
    x, y, depth, focal = FRONT.project(points, 200, 100)
    np.testing.assert_allclose([x[0], y[0], depth[0]], [100, 50, 5], atol=1e-5)
    np.testing.assert_allclose([x[1], y[1]], [100, 50 - focal / 5], atol=1e-4)
    assert x[2] < 100  # seen from +x, the left hand is at -y
    assert depth[3] > depth[0]


@given(st.floats(-7, 7), st.floats(-0.2, 1.4), st.floats(0.5, 2.5), st.integers(0, 1000))
def test_a_fitted_camera_shows_every_point(azimuth: float, elevation: float, aspect: float, seed: int) -> None:
    points = np.random.default_rng(seed).uniform(-4, 9, (30, 3))
    camera = Camera((0, 0, 0), azimuth, elevation, 1.0).fitted(points, aspect)
    x, y, depth, _ = camera.project(points, round(300 * aspect), 300)
    assert (depth > 0).all()
    assert (x > -1).all() and (x < round(300 * aspect) + 1).all()
    assert (y > -1).all() and (y < 301).all()
    edge = min(x.min(), 300 * aspect - x.max(), y.min(), 300 - y.max())
    assert edge < 20  # and no farther away than needed


def test_the_nearer_disc_is_visible_in_any_order() -> None:
    points = np.array([[1, 0, 1], [-1, 0, 1]], dtype=np.float32)
    colors = np.array([[1, 0, 0], [0, 0, 1]], dtype=np.float32)
    for order in ([0, 1], [1, 0]):
        canvas = Canvas(FRONT, 60, 60)
        canvas.discs(points[order], colors[order], 0.2)
        np.testing.assert_allclose(canvas.picture()[30, 30], [1, 0, 0], atol=1e-6)


def test_a_bone_hides_what_is_behind_it_only() -> None:
    canvas = Canvas(FRONT, 80, 80)
    wall = np.array([[2.0, 0, 1]], dtype=np.float32)  # nearer to the eye than the bone
    ends = np.array([[0, 0, 0.4]], dtype=np.float32), np.array([[0, 0, 1.6]], dtype=np.float32)
    canvas.capsules(*ends, np.array([0.1]), np.array([[0, 1, 0]], dtype=np.float32))
    green = canvas.picture()
    assert green[40, 40, 1] > 0.5 > green[40, 40, 0]
    canvas.discs(wall, np.array([[1, 0, 0]], dtype=np.float32), 0.05)
    assert canvas.picture()[40, 40, 0] > 0.5
    assert canvas.picture()[28, 40, 1] > 0.4


def test_points_behind_the_camera_or_outside_the_picture_are_not_drawn() -> None:
    canvas = Canvas(FRONT, 40, 40)
    canvas.discs(np.array([[9, 0, 1], [0, 50, 1]], dtype=np.float32), np.zeros((2, 3), dtype=np.float32), 0.1)
    ends = np.array([[9, 0, 1], [0, 60, 1]], dtype=np.float32), np.array([[9, 0, 2], [0, 61, 1]], dtype=np.float32)
    canvas.capsules(*ends, np.array([0.1, 0.1]), np.zeros((2, 3), dtype=np.float32))
    np.testing.assert_allclose(canvas.picture(), np.broadcast_to(np.float32(BACKGROUND), (40, 40, 3)), atol=1e-6)


def test_a_step_in_depth_is_outlined() -> None:
    y, z = (axis.ravel() for axis in np.meshgrid(np.linspace(-1, 1, 120), np.linspace(0, 2, 120)))
    depth = np.where(y > 0, 1.0, -1.0)
    canvas = Canvas(FRONT, 60, 60)
    canvas.discs(np.column_stack([depth, y, z]).astype(np.float32), np.ones((len(y), 3), dtype=np.float32), 0.02)
    row = canvas.picture()[30, :, 0]
    assert row[10:50].min() < 0.9  # the farther side is darker along the edge
    assert row[15] > 0.97 and row[45] > 0.97


@given(st.integers(0, 1000), st.integers(1, 2))
def test_shading_equals_a_slow_loop(seed: int, step: int) -> None:
    """Each pixel is darker by what its eight neighbours, four at each reach, are nearer; edges wrap around."""
    rng = np.random.default_rng(seed)
    depth = rng.choice([2.0, 2.05, 3.0, np.inf], (6, 7)).astype(np.float32)
    logs = np.where(np.isfinite(depth), np.log2(np.where(np.isfinite(depth), depth, 1)), 30)
    expected = np.ones((6, 7))
    for y, x in np.ndindex(6, 7):
        deeper = 0.0
        for reach, weight in ((step, 1.0), (2 * step, 0.5)):
            for other in ((y, x - reach), (y, x + reach), (y - reach, x), (y + reach, x)):
                deeper += weight * min(max(logs[y, x] - logs[other[0] % 6, other[1] % 7], 0.0), 0.12)
        if np.isfinite(depth[y, x]):
            expected[y, x] = np.exp(-0.9 * 2.2 * deeper)
    np.testing.assert_allclose(_eye_dome(depth, 0.9, step), expected, rtol=1e-4)


def test_the_depth_of_a_bone_towards_the_camera_decreases_along_it() -> None:
    canvas = Canvas(FRONT, 80, 80)
    start, end = np.array([[-1, -0.8, 1]], dtype=np.float32), np.array([[1, 0.8, 1]], dtype=np.float32)
    canvas.capsules(start, end, np.array([0.05]), np.ones((1, 3), dtype=np.float32))
    for share in (0.1, 0.5, 0.9):
        x, y, _, _ = canvas.camera.project(start + share * (end - start), canvas.width, canvas.height)
        (sx, _, sz, _), (ex, _, ez, _) = (canvas.camera.project(p, canvas.width, canvas.height) for p in (start, end))
        along = (x[0] - sx[0]) / (ex[0] - sx[0])  # on the picture
        assert abs(canvas.depth[int(y[0]), int(x[0])] - (sz[0] + along * (ez[0] - sz[0]) - 0.05)) < 0.05
