"""Arrays of joints: which layouts and names are read as what, and what is written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from reader_files import walking, z_up

from monster.errors import FileFormatError
from monster.io import read_motion, write_joints
from monster.io.motion.joint_arrays import FORMAT, named_keys, raw_motion, read_named
from monster.io.sources import Source
from monster.types import Motion

PATH = Path("clip.npy")
SOURCE = Source(PATH)


def test_layouts_of_the_same_joints() -> None:
    joints = walking(20)
    for array in (joints, joints.reshape(20, 66), np.concatenate([joints, joints[:, :2]], axis=1)):
        assert np.array_equal(raw_motion(array, PATH).joints, joints)
    assert [str(found) for found in raw_motion(joints.reshape(20, 66), PATH).findings] == [
        "joints: 22 points (detected; rows of 66 numbers)"
    ]


@pytest.mark.parametrize(
    ("names", "keys"),
    [
        (("joints",), ("clip",)),
        (("walk",), ("clip",)),
        (("walk", "run", "fps"), ("walk", "run")),
        (("walk", "joints"), ("clip",)),
        (("motion", "fps", "text"), ("clip",)),
    ],
)
def test_keys_by_the_names_of_arrays(names: tuple[str, ...], keys: tuple[str, ...]) -> None:
    assert named_keys({name: walking(5) for name in names}, SOURCE) == keys


def test_the_surest_name_is_read_with_its_rate() -> None:
    arrays = {"motion": walking(5), "joints": walking(6), "other": walking(7), "fps": np.array(12)}
    assert (len(read_named(arrays, "clip", PATH, None).joints), read_named(arrays, "clip", PATH, None).fps) == (6, 12)
    assert len(read_named(arrays, "other", PATH, None).joints) == 7
    assert read_named({"walk": walking(5), "frame_rate": np.array(["12"])}, "clip", PATH, None).fps == 12


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({}, "expected a motion, got no array at all$"),
        ({"fps": np.array(3)}, "expected a motion, got 'fps'$"),
        ({"xyz": np.zeros((9, 3)), "rgb": np.zeros((9, 3))}, r"got 'xyz', 'rgb'; is this the point cloud of a scene\?"),
    ],
)
def test_arrays_without_a_motion(arrays: dict[str, np.ndarray], words: str) -> None:
    with pytest.raises(FileFormatError, match=words):
        named_keys(arrays, SOURCE)


@pytest.mark.parametrize(
    ("values", "claimed"),
    [
        (np.zeros((5, 22, 3)), True),
        (np.zeros((5, 66)), True),
        (np.zeros((5, 65)), False),
        (np.zeros(5), False),
        ({"walk": np.zeros(5)}, True),
        ({"chair/v": np.zeros((5, 3))}, False),
    ],
)
def test_what_is_claimed(tmp_path: Path, values: object, claimed: bool) -> None:
    path = tmp_path / ("a.npz" if isinstance(values, dict) else "a.npy")
    np.savez(path, **values) if isinstance(values, dict) else np.save(path, values)  # type: ignore[arg-type]
    with Source(path) as source:
        assert FORMAT.sniff(source) == claimed


@pytest.mark.parametrize("up", ["z", "y"])
def test_what_is_written(tmp_path: Path, up: str) -> None:
    motion = Motion(z_up(walking(20)).astype(np.float32), 20)
    write_joints(tmp_path / "a.npy", motion, up=up)
    saved = np.load(tmp_path / "a.npy")
    assert saved.dtype == np.float32 and np.allclose(saved, z_up(walking(20)) if up == "z" else walking(20), atol=1e-6)
    assert np.allclose(read_motion(tmp_path / "a.npy", placed=True).joints, motion.joints, atol=1e-6)


@pytest.mark.parametrize(
    ("width", "words"),
    [
        (51, "17 points"), (75, "25 points of x y z"), (96, "Human3.6M"), (135, "22 rotations of six numbers"),
        (205, "205 numbers are of no known layout"), (272, "MotionStreamer"), (315, "no known layout"),
        (384, "sentence vectors"), (492, "no known layout"), (512, "CLIP"),
    ],
)  # fmt: skip
def test_rows_of_other_widths_are_named_and_not_taken_for_body_parameters(width: int, words: str) -> None:
    with pytest.raises(FileFormatError, match=words):
        raw_motion(np.zeros((40, width)), PATH)


@pytest.mark.parametrize("width", [69, 79, 85, 89, 119, 169, 369])
def test_rows_of_body_parameters_have_the_widths_of_the_format(width: int) -> None:
    assert raw_motion(np.zeros((40, width)), PATH).joints.shape == (40, 22, 3)


def test_rows_of_rotation_vectors_are_no_joints() -> None:
    poses = np.random.default_rng(0).normal(size=(40, 66)) * 0.4
    with pytest.raises(FileFormatError, match=r"bones that change their length .*rotation vectors"):
        raw_motion(poses, PATH)
    assert raw_motion(walking(40).reshape(40, 66), PATH).joints.shape == (40, 22, 3)
