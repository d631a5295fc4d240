"""Many files read in several processes: order, contents, errors and crashes."""

from __future__ import annotations

import pickle
from pathlib import Path

import crashing_format
import numpy as np
import pytest
from fakes import motion_of, scene_of

from monster.errors import FileFormatError, MissingExtra
from monster.io import Declared, ReadTask, read_many, read_motion, register_motion_format, registry
from monster.io.npz import save_motion, save_scene


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    save_motion(tmp_path / "0.npz", motion_of(2))
    save_scene(tmp_path / "1.npz", scene_of(1))
    broken = motion_of(2).joints.copy()
    broken[3, 4] = np.nan
    np.savez(tmp_path / "2.npz", good=motion_of(1).joints, bad=broken)
    (tmp_path / "3.bvh").write_text("nothing")
    (tmp_path / "4.txt").write_text("a note")
    (tmp_path / "captions.jsonl").write_text('{"id": "0", "captions": ["someone walks"]}\n')
    return sorted(tmp_path.glob("[0-9].*"))


@pytest.mark.parametrize("workers", [0, 2])
def test_contents_and_errors_in_the_order_of_the_files(files: list[Path], workers: int) -> None:
    motion, scene, many, broken, note = read_many(files, workers=workers)
    assert [content.task.path for content in (motion, scene, many, broken, note)] == files
    assert np.array_equal(motion.motions["0"].joints, motion_of(2).joints)
    assert motion.captions == {"0": ("someone walks",)} and motion.is_single
    assert scene.kind == "scene" and scene.scene is not None
    assert np.allclose(scene.scene.points, scene_of(1).points, atol=0.001)
    assert list(many.motions) == ["good"] and list(many.errors) == ["bad"] and not many.is_single
    assert isinstance(broken.error, FileFormatError) and str(broken.error).startswith("3.bvh: ")
    assert note.error is not None or note.kind is None


def test_arrays_are_read_only(files: list[Path]) -> None:
    (content,) = read_many(files[:1], workers=1)
    with pytest.raises(ValueError, match="read-only"):
        content.motions["0"].joints[0] = 0


def test_options_reach_the_readers(tmp_path: Path) -> None:
    np.save(tmp_path / "clip.npy", motion_of(1).joints)
    contents = read_many(
        [tmp_path / "clip.npy", ReadTask(tmp_path / "clip.npy", Declared(fps=25.0))], declared=Declared(fps=40.0)
    )
    assert [content.motions["clip"].fps for content in contents] == [40.0, 25.0]
    assert read_motion(tmp_path / "clip.npy", fps=25.0).fps == 25.0


def test_a_file_that_ends_its_process_costs_only_itself(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_registered", [])
    register_motion_format(crashing_format.CRASHING)
    (tmp_path / "1.crash").write_text("anything")
    before, crashed, after = read_many([files[0], tmp_path / "1.crash", files[1]], workers=2)
    assert str(crashed.error).startswith("1.crash: the parser failed")
    assert list(before.motions) == ["0"] and after.scene is not None


def test_tasks_and_errors_can_be_pickled(tmp_path: Path) -> None:
    task = ReadTask(tmp_path / "walk.bvh", Declared(fps=30.0, unit="motion=cm"), {"placed": True})
    assert pickle.loads(pickle.dumps(task)) == task
    error = pickle.loads(pickle.dumps(MissingExtra("reading walk.c3d", "mocap")))
    assert isinstance(error, MissingExtra) and error.extra == "mocap" and "walk.c3d" in str(error)
