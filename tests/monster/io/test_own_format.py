"""Files of the own format are known by what they say, and read as they were saved."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from fakes import motion_of, scene_of

from monster.io import file_kind, read_motion, read_scene, write_motion
from monster.io.formats import WriteOptions
from monster.io.npz import save_scene
from monster.io.own_format import MOTION, SCENE
from monster.io.sources import Source


def test_a_motion_is_complete(tmp_path: Path) -> None:
    motion = motion_of(1)
    write_motion(tmp_path / "a.npz", motion)
    assert MOTION.write is not None
    MOTION.write(tmp_path / "b.npz", motion, WriteOptions())
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    with Source(tmp_path / "a.npz") as source:
        assert MOTION.sniff(source) and not SCENE.sniff(source)
    assert np.array_equal(read_motion(tmp_path / "a.npz").joints, motion.joints)
    again = read_motion(tmp_path / "a.npz", fps=12, placed=True)
    assert (again.fps, again.placed) == (12, True)


def test_a_scene_is_complete(tmp_path: Path) -> None:
    save_scene(tmp_path / "a.npz", scene_of(3))
    with Source(tmp_path / "a.npz") as source:
        assert SCENE.sniff(source) and not MOTION.sniff(source)
    assert file_kind(tmp_path / "a.npz") == "scene"
    assert read_scene(tmp_path / "a.npz").labels == scene_of(3).labels
