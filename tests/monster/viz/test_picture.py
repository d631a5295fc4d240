"""The files that come out: a page that stands alone and pictures that show what they should."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import numpy as np
import pytest
from viz_samples import box_room, walker

from monster.errors import InputError, MissingExtra
from monster.viz import contact_sheet_png, motion_in_scene_html, motion_in_scene_png, picture
from monster.viz.bodies import floor_path
from monster.viz.picture import best_camera
from monster.viz.stage import stage_of

MOTION = ("walk <b>", walker())


def pixels(path: Path) -> np.ndarray:
    from matplotlib.image import imread

    return np.asarray(imread(path))[..., :3]


def stage_in(page: str) -> dict:
    found = re.search(r'<script type="application/json" id="stage">(.*?)</script>', page, re.S)
    assert found
    return json.loads(found[1])


def metres(packed: dict) -> np.ndarray:
    steps = np.frombuffer(base64.b64decode(packed["data"]), dtype="<u2").reshape(-1, 3)
    return np.asarray(packed["origin"]) + steps * packed["step"]


def test_page_holds_the_motion_and_the_cloud_to_a_millimetre(tmp_path: Path) -> None:
    room = box_room()
    page = motion_in_scene_html(tmp_path / "new" / "a.html", room, [MOTION], title="t", caption="c").read_text()
    stage = stage_in(page)
    np.testing.assert_allclose(metres(stage["points"]), room.points, atol=1e-3)
    np.testing.assert_allclose(metres(stage["motions"][0]["joints"]).reshape(-1, 22, 3), MOTION[1].joints, atol=1e-3)
    assert stage["motions"][0]["fps"] == 20 and stage["motions"][0]["frames"] == 40
    assert [entry.name for entry in tmp_path.joinpath("new").iterdir()] == ["a.html"]


def test_page_needs_nothing_from_outside_and_escapes_words(tmp_path: Path) -> None:
    evil = '</script><img src=x onerror="boom()">'
    page = motion_in_scene_html(tmp_path / "a.html", None, [(evil, walker())], title=evil, caption=evil).read_text()
    assert not re.search(r"""(src|href)\s*=\s*["']?(https?:)?//""", page)
    assert "<img" not in page
    assert page.count("</script>") == 2  # the stage, the script
    assert stage_in(page)["motions"][0]["name"] == evil


def test_page_of_a_scene_alone_and_of_two_motions(tmp_path: Path) -> None:
    alone = stage_in(motion_in_scene_html(tmp_path / "s.html", box_room(), []).read_text())
    both = stage_in(motion_in_scene_html(tmp_path / "m.html", None, [MOTION, ("b", walker(12))]).read_text())
    assert alone["motions"] == [] and alone["scene"] is True
    assert [motion["frames"] for motion in both["motions"]] == [40, 12] and both["scene"] is False
    assert both["motions"][0]["last"] != both["motions"][1]["last"]


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


def test_camera_avoids_what_stands_in_front() -> None:
    """A tall screen on one side of the walker: the camera must not choose that side."""
    room = box_room()
    y, z = (axis.ravel() for axis in np.meshgrid(np.linspace(-1.4, 1.4, 140), np.linspace(0, 2.0, 100)))
    screen = np.column_stack([z, y * 0 - 0.7, z])
    screen[:, 0] = y
    from monster.types import Scene

    blocked = Scene(np.concatenate([room.points, screen.astype(np.float32)]))
    camera = best_camera(stage_of(blocked, [MOTION]), 1.3)
    assert np.sin(camera.azimuth) > 0  # the screen stands at -y


def test_floor_path_follows_the_pelvis() -> None:
    way, share = floor_path(walker(), 0.0)
    np.testing.assert_allclose(way[[0, -1], 0], [-0.8, 0.8], atol=1e-6)
    assert (np.diff(share) > 0).all() and np.abs(way[:, 1]).max() == 0
    still, _ = floor_path(walker(2, still=5), 0.0)
    assert np.isfinite(still).all()


def test_missing_matplotlib_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"monster-retrieval\[viz\]"):
        motion_in_scene_png(tmp_path / "a.png", None, [MOTION])


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        motion_in_scene_html(tmp_path / "file" / "a.html", None, [MOTION])
