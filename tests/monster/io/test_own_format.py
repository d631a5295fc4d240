"""Files of the own format are known by what they say, and read as they were saved."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fakes import motion_of, scene_of

from monster.errors import FileFormatError
from monster.io import file_kind, read_motion, read_scene, write_motion
from monster.io.formats import WriteOptions
from monster.io.npz import save_scene
from monster.io.own_format import MOTION, SCENE
from monster.io.sources import Source
from monster.types import Scene


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


@pytest.mark.parametrize("damaged", ["monster scene 9", "monzter scene 1", ""])
def test_a_damaged_format_entry_is_refused(tmp_path: Path, damaged: str) -> None:
    """Read as plain arrays, the points would be taken for metres; they are whole millimetres."""
    scene = Scene(np.round(np.random.default_rng(0).uniform(0, 4, (50, 3)), 3).astype(np.float32))
    save_scene(tmp_path / "room.npz", scene)
    with np.load(tmp_path / "room.npz") as file:
        arrays = {name: file[name] for name in file.files}
    np.savez(tmp_path / "room.npz", **{**arrays, "format": np.array(damaged)})
    with pytest.raises(FileFormatError, match=r"^room\.npz: expected a file in the format"):
        read_scene(tmp_path / "room.npz")
