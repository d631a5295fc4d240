"""Motion files of every layout are read; every wrong one is refused in one line that names it."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reader_files import DATA, needs_data, walking, z_up

from monster.errors import FileFormatError, MonsterError
from monster.io import motion_ids, read_motion, read_motions
from monster.io.npz import save_motion
from monster.types import Motion, Scene


def expected(frames: int = 60) -> np.ndarray:
    joints = z_up(walking(frames))
    joints[..., 2] -= np.percentile(joints[..., 2].min(axis=1), 1)
    return joints


def saved(folder: Path, name: str, values: object) -> Path:
    path = folder / name
    np.savez(path, **values) if isinstance(values, dict) else np.save(path, values)  # type: ignore[arg-type]
    return path


@pytest.mark.parametrize("points", [22, 24, 52, 55, 66])
@pytest.mark.parametrize("kind", ["npy", "npz"])
def test_joints_of_every_known_set(tmp_path: Path, points: int, kind: str) -> None:
    values = walking().reshape(60, 66)
    if points != 66:
        values = np.concatenate([walking(), np.full((60, points - 22, 3), 0.5)], axis=1)
    path = saved(tmp_path, f"walk.{kind}", {"motion": values} if kind == "npz" else values)
    motion = read_motion(path)
    assert np.abs(motion.joints - expected()).max() < 1e-4
    assert motion.fps == 20 and motion.provenance.source == path.name


def test_the_rate_comes_from_the_caller_the_file_or_the_captions(tmp_path: Path) -> None:
    path = saved(tmp_path, "walk.npz", {"joints": walking(), "fps": 60})
    assert read_motion(path).fps == 60
    assert read_motion(path, fps=50).fps == 50
    plain = saved(tmp_path, "run.npy", walking())
    (tmp_path / "captions.jsonl").write_text(json.dumps({"id": "run", "fps": 24}))
    assert read_motion(plain).fps == 24
    assert "by captions.jsonl" in " ".join(map(str, read_motion(plain).provenance))


def test_many_motions_in_one_file(tmp_path: Path) -> None:
    lying = z_up(walking(30))[:1].repeat(30, axis=0) + np.zeros((30, 1, 1))
    path = saved(tmp_path, "library.npz", {"walk": walking(), "short": walking(8), "odd": lying, "bad": walking()[:1]})
    assert motion_ids(path) == ("walk", "short", "odd", "bad")
    with pytest.raises(FileFormatError, match=r"got 4: key= .FILE#KEY. picks one of 'walk', 'short'"):
        read_motion(path)
    with pytest.raises(FileFormatError, match="named 'jump', got 'walk'"):
        read_motion(path, key="jump")
    assert len(read_motion(path, key="short")) == 8
    left_out: dict[str, str] = {}
    motions = read_motions(path, on_error=lambda clip, error: left_out.update({clip: str(error)}))
    assert list(motions) == ["walk", "short", "odd"]
    assert left_out == {"bad": "library.npz: expected at least 2 frames of motion, got 1"}
    assert {str(f) for m in motions.values() for f in m.provenance if f.what == "axes"} == {
        "axes: y up (detected; from the bodies in this file)"
    }
    with pytest.raises(FileFormatError, match="at least 2 frames"):
        read_motions(path)


def test_the_own_format_is_read_as_it_was_saved(tmp_path: Path) -> None:
    motion = Motion(expected().astype(np.float32) + np.float32(3), 25, placed=True)
    save_motion(tmp_path / "own.npz", motion)
    again = read_motion(tmp_path / "own.npz")
    assert np.array_equal(again.joints, motion.joints) and again.placed and again.fps == 25
    assert read_motion(tmp_path / "own.npz", fps=30).fps == 30
    assert list(read_motions(tmp_path / "own.npz")) == ["own"]


def with_nan() -> np.ndarray:
    joints = walking()
    joints[3, 2, 1] = np.nan
    return joints


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (walking()[0], "is this one frame"),
        (walking()[:1], "at least 2 frames of motion, got 1"),
        (walking()[:, :21], "21 points are no known joint set"),
        (walking().transpose(1, 2, 0), "are the frames last"),
        (walking()[None, :, :21], "21 points are no known joint set"),
        (np.zeros((500, 6)), "point cloud of a scene"),
        (np.zeros((60, 72)), "SMPL poses without a translation"),
        (np.zeros((60, 251)), "KIT-ML"),
        (np.zeros((60, 263)), "fits no unit"),
        (np.random.default_rng(0).normal(size=(60, 300)) * 30, "300 numbers are of no known layout"),
        (with_nan(), "1 joints values that are NaN or infinite, the first in frame 3, joint right_hip"),
        (np.array([["a"] * 66]), "got values of type <U1"),
        (np.zeros((60, 22, 3)), "fits no unit"),
        (np.zeros((0, 22, 3)), "got 0"),
        (np.array(5.0), r"got \(\)"),
        ({"fps": 30}, "expected a motion, got 'fps'"),
        ({"points": np.zeros((9, 3))}, "point cloud of a scene"),
        ({"joints": np.array([None])}, "pickled array"),
    ],
)  # fmt: skip
def test_wrong_arrays(tmp_path: Path, values: object, words: str) -> None:
    path = saved(tmp_path, f"clip.{'npz' if isinstance(values, dict) else 'npy'}", values)
    with pytest.raises(FileFormatError, match=words) as caught:
        read_motion(path)
    assert str(caught.value).startswith("clip.np") and "\n" not in str(caught.value)


def test_wrong_files(tmp_path: Path) -> None:
    (tmp_path / "walk.trc").write_bytes(b"PathFileType")
    (tmp_path / "walk.usdz").write_bytes(b"PK")
    (tmp_path / "none.npz").touch()
    (tmp_path / "noise.npz").write_bytes(b"noise")
    np.savez(tmp_path / "empty.npz")
    for name, words in [
        ("walk.trc", r"\(\.bvh \.amc .*\), got '.trc'; convert it first: .*c3d"),
        ("walk.usdz", r"got '.usdz'; convert it first: Blender, export as glTF"),
        ("none.npz", "empty file"),
        ("noise.npz", "starts with b'noise'"),
        ("empty.npz", "no array at all"),
        ("gone.npy", "No such file"),
        (".", "got a folder"),
    ]:
        with pytest.raises(FileFormatError, match=words):
            read_motion(tmp_path / name)
    from monster.io.npz import save_scene

    save_scene(tmp_path / "scene.npz", Scene(np.random.default_rng(0).random((30, 3))))
    with pytest.raises(FileFormatError, match="is this the point cloud of a scene"):
        read_motion(tmp_path / "scene.npz")


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mutated_files_give_an_error_or_a_motion(tmp_path: Path, data: st.DataObject) -> None:
    path = saved(tmp_path, "fuzz.npy", walking(6).astype(np.float32))
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(content[: data.draw(st.integers(0, len(content)))]))
    try:
        motion = read_motion(path)
    except MonsterError as error:
        assert str(error).startswith("fuzz.npy: ") and "\n" not in str(error)
    else:
        assert motion.joints.shape == (6, 22, 3)


@needs_data
@pytest.mark.parametrize("name", ["cmu", "deepmimic", "bandai"])
def test_real_libraries_are_read_without_a_flag(name: str) -> None:
    motions = read_motions(DATA / "motion" / name / "joints22.npz")
    assert len(motions) in (55, 15, 492)
    found = {str(f) for motion in motions.values() for f in motion.provenance if f.what in ("axes", "unit")}
    assert all("y up (detected" in text or "metres (detected" in text for text in found)
    assert {motion.fps for motion in motions.values()} <= {16, 24, 30}
