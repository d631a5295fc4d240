"""Motions and scenes read in a child process are those that are read here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fakes import scene_of
from reader_files import walking

from monster.errors import FileFormatError
from monster.io import read_motion, read_scene
from monster.io.npz import save_scene
from monster.io.untrusted import read_to_arrays, read_untrusted
from monster.sandbox import Limits, WorkerDied
from monster.types import Scene


def test_a_motion_and_its_options_go_through_the_process(tmp_path: Path) -> None:
    np.savez(tmp_path / "two.npz", a=walking(20), b=walking(30))
    options = {"key": "b", "fps": 50, "placed": True}
    motion = read_untrusted(tmp_path / "two.npz", "motion", **options)
    expected = read_motion(tmp_path / "two.npz", **options)
    assert (motion.fps, motion.placed, motion.provenance) == (50, True, expected.provenance)
    assert np.array_equal(motion.joints, expected.joints)


def test_a_scene_comes_back_to_the_last_digit(tmp_path: Path) -> None:
    np.savetxt(tmp_path / "room.xyz", np.random.default_rng(0).uniform(0, 3, (500, 6)))
    scene, expected = (
        read_untrusted(tmp_path / "room.xyz", "scene", split=False),
        read_scene(tmp_path / "room.xyz", split=False),
    )
    assert np.array_equal(scene.points, expected.points) and np.array_equal(scene.colors, expected.colors)
    assert scene.provenance == expected.provenance
    save_scene(tmp_path / "room.npz", scene_of(3))
    scene, expected = read_untrusted(tmp_path / "room.npz", "scene"), read_scene(tmp_path / "room.npz")
    assert np.array_equal(scene.instances, expected.instances) and scene.labels == expected.labels


def test_errors_have_the_name_of_the_file_alone(tmp_path: Path) -> None:
    (tmp_path / "walk.bvh").write_text("HIERARCHY\nROOT")
    with pytest.raises(FileFormatError, match=r"^walk\.bvh: expected a MOTION part"):
        read_untrusted(tmp_path / "walk.bvh", "motion")
    with pytest.raises(FileFormatError, match=r"^none\.bvh: expected a file") as caught:
        read_untrusted(tmp_path / "none.bvh", "motion")
    assert str(tmp_path) not in str(caught.value)


def test_more_than_allowed(tmp_path: Path) -> None:
    np.save(tmp_path / "long.npy", walking(50))
    with pytest.raises(FileFormatError, match=r"^long\.npy: expected at most 40 frames, got 50"):
        read_untrusted(tmp_path / "long.npy", "motion", most=40)
    save_scene(tmp_path / "room.npz", Scene(np.eye(3)))
    with pytest.raises(FileFormatError, match=r"^room\.npz: expected at most 2 points, got 3"):
        next(read_to_arrays(path=str(tmp_path / "room.npz"), kind="scene", most=2, options={"split": False}))


@pytest.mark.parametrize("answer", ["{}", "{'joints': 3}", "{'points': [[0, 0, 0]]}", "{'points': np.array(['a'])}"])
@pytest.mark.parametrize("kind", ["motion", "scene"])
def test_a_reader_that_answers_something_else_gave_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, answer: str
) -> None:
    (tmp_path / "own_reader.py").write_text(f"import numpy as np\ndef read(**given):\n    yield {answer}\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(WorkerDied, match=r"^a\.ply: "):
        read_untrusted(tmp_path / "a.ply", kind, limits=Limits(20), reader="own_reader:read")  # type: ignore[call-overload]
