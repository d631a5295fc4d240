"""Pictures show the bodies, the room and the path."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from viz_samples import box_room, walker

from monster.errors import InputError, MissingExtra
from monster.viz import contact_sheet_png, motion_in_scene_png
from monster.viz.picture import best_camera
from monster.viz.stage import stage_of

MOTION = ("walk <b>", walker())


def pixels(path: Path) -> np.ndarray:
    from matplotlib.image import imread

    return np.asarray(imread(path))[..., :3]


def test_png_shows_the_bodies_in_their_colours(tmp_path: Path) -> None:
    path = motion_in_scene_png(tmp_path / "a.png", box_room(), [MOTION], title="walk $x", caption="score 0.9")
    image = pixels(path)
    assert image.shape == (864, 1680, 3)
    crimson = (image[..., 0] > 0.5) & (image[..., 1] < 0.25) & (image[..., 2] < 0.5)
    assert crimson[:, :980].sum() > 300  # the last pose from the side
    assert crimson[:, 1060:].sum() > 30  # the end of the way on the plan
    assert (
        path.read_bytes()
        == motion_in_scene_png(
            tmp_path / "b.png", box_room(), [MOTION], title="walk $x", caption="score 0.9"
        ).read_bytes()
    )


def test_contact_sheet(tmp_path: Path) -> None:
    cells = [(f"clip {i} " * 20, box_room(1_500) if i % 2 else None, walker()) for i in range(3)]
    assert pixels(contact_sheet_png(tmp_path / "c.png", cells, columns=2, title="three")).shape == (912, 960, 3)
    with pytest.raises(InputError, match="at least one cell"):
        contact_sheet_png(tmp_path / "d.png", [])
    assert not (tmp_path / "d.png").exists()


def test_camera_avoids_occluding_objects() -> None:
    """A tall screen on one side of the walker: the camera must not choose that side."""
    room = box_room()
    y, z = (axis.ravel() for axis in np.meshgrid(np.linspace(-1.4, 1.4, 140), np.linspace(0, 2.0, 100)))
    screen = np.column_stack([z, y * 0 - 0.7, z])
    screen[:, 0] = y
    from monster.types import Scene

    blocked = Scene(np.concatenate([room.points, screen.astype(np.float32)]))
    camera = best_camera(stage_of(blocked, [MOTION]), 1.3)
    assert np.sin(camera.azimuth) > 0  # the screen stands at -y


def test_missing_matplotlib_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtra, match=r"monster-retrieval\[viz\]"):
        motion_in_scene_png(tmp_path / "a.png", None, [MOTION])
