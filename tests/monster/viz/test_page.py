"""The page: motions and cloud to a millimetre, no external resources, escaped texts."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import numpy as np
import pytest
from viz_samples import box_room, walker

from monster.errors import InputError
from monster.viz import motion_in_scene_html

MOTION = ("walk <b>", walker())


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


def test_details_are_listed_and_warnings_marked(tmp_path: Path) -> None:
    details = [("fps", "20", "by the <file>"), ("warning", "feet slide", "")]
    page = motion_in_scene_html(tmp_path / "a.html", None, [MOTION], details=details).read_text()
    assert "<dt>fps</dt><dd>20 <small>by the &lt;file&gt;</small></dd>" in page
    assert "<dt class=warning>warning</dt><dd>feet slide</dd>" in page
    assert "<details" not in motion_in_scene_html(tmp_path / "b.html", None, [MOTION]).read_text()


def test_a_path_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        motion_in_scene_html(tmp_path / "file" / "a.html", None, [MOTION])
