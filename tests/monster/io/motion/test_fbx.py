"""FBX takes: joints against forward kinematics of the same turns, axes and units, several takes, damage."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import numpy as np
import pytest
from fbx_files import write_fbx

from monster.errors import FileFormatError, MissingExtra
from monster.io.motion.fbx import raw_fbx, read_take, take_names
from monster.io.motion.kinematics import REST_OFFSETS, axis_angle_matrices, pose_body
from monster.skeleton import JOINTS

pytest.importorskip("ufbx")
TURNS = {
    "left_knee": [0.0, 10.0, 35.0, 60.0],
    "left_shoulder": [0.0, -20.0, -40.0, -90.0],
    "pelvis": [0.0, 5.0, 0.0, 90.0],
}


def expected(turns: dict[str, list[float]]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    vectors = np.zeros((4, 22, 3))
    for joint, degrees in turns.items():
        vectors[:, JOINTS.index(joint), 0] = np.radians(degrees)
    return pose_body(axis_angle_matrices(vectors), np.tile(REST_OFFSETS[0], (4, 1)))


@pytest.mark.parametrize("unit", [1.0, 100.0, 2.54])
@pytest.mark.parametrize("fps", [24, 30, 120])
def test_joints_are_those_of_the_turns(tmp_path: Path, unit: float, fps: int) -> None:
    found = raw_fbx(write_fbx(tmp_path / "a.fbx", {"walk": TURNS}, unit=unit, fps=fps), "walk")
    assert found.fps == fps and found.up == "y" and found.unit == 1.0
    assert np.allclose(found.joints, expected(TURNS), atol=1e-4)


def test_a_file_with_z_up_is_turned(tmp_path: Path) -> None:
    take = {"walk": {"left_knee": [0.0] * 4}}
    plain = raw_fbx(write_fbx(tmp_path / "a.fbx", take), "walk")
    turned = raw_fbx(write_fbx(tmp_path / "b.fbx", take, z_up=True), "walk")
    assert np.allclose(turned.joints, plain.joints, atol=1e-5)


def test_every_take_is_a_motion(tmp_path: Path) -> None:
    path = write_fbx(tmp_path / "a.fbx", {"walk": TURNS, "stand": {"left_knee": [0.0] * 3}})
    assert take_names(path) == ("walk", "stand")
    assert len(read_take(path, "stand").positions) == 3
    with pytest.raises(FileFormatError, match=r"a\.fbx: expected a take named 'run', got walk, stand"):
        read_take(path, "run")


def test_unknown_rigs_and_files_without_takes_are_refused(tmp_path: Path) -> None:
    path = write_fbx(tmp_path / "a.fbx", {"walk": TURNS}, prefix="door:xyz")
    with pytest.raises(FileFormatError, match=r"a\.fbx: expected a skeleton"):
        raw_fbx(path, "walk")
    assert take_names(write_fbx(tmp_path / "b.fbx", {})) == ()


def test_damage_gives_an_error_or_a_motion(tmp_path: Path) -> None:
    whole = write_fbx(tmp_path / "a.fbx", {"walk": TURNS}).read_bytes()
    rng, path, refused = random.Random(5), tmp_path / "b.fbx", 0
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 8)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        path.write_bytes(bytes(data[: rng.choice([len(data), rng.randrange(1, len(data))])]))
        try:
            for name in take_names(path):
                assert np.isfinite(raw_fbx(path, name).joints).all()
        except FileFormatError as error:
            refused += 1
            assert str(error).startswith("b.fbx: ")
    assert refused > 10


def test_without_ufbx_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_fbx(tmp_path / "a.fbx", {"walk": TURNS})
    monkeypatch.setitem(sys.modules, "ufbx", None)
    with pytest.raises(MissingExtra, match="fbx"):
        take_names(path)
