"""BVH, joints and the own format: what is written is read again, to a millimetre or to the bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from reader_files import DATA, needs_data, walking, walking_turns, z_up

from monster.io import motion_ids, read_motion, write_bvh, write_joints, write_motion
from monster.io.motion.bvh import read_bvh
from monster.io.motion.kinematics import axis_angle_matrices, pose_body
from monster.skeleton import INDEX
from monster.types import Motion


def motion_of(joints: np.ndarray, fps: float = 20.0, *, placed: bool = False) -> Motion:
    joints = z_up(joints)
    lift = 0.0 if placed else np.percentile(joints[..., 2].min(axis=1), 1)
    return Motion((joints - [0, 0, lift]).astype(np.float32), fps, placed=placed)


@pytest.mark.parametrize("fps", [20, 24, 29.97, 60, 120])
def test_bvh_of_a_rigid_body(tmp_path: Path, fps: float) -> None:
    motion = motion_of(walking(40), fps)
    write_bvh(tmp_path / "walk.bvh", motion)
    found = read_motion(tmp_path / "walk.bvh")
    assert np.abs(found.joints - motion.joints).max() < 1e-4
    assert found.fps == pytest.approx(fps, abs=1e-3)
    assert (tmp_path / "walk.bvh").read_text().count("Xposition") == 1
    assert [joint.name for joint in read_bvh(tmp_path / "walk.bvh").joints][:3] == ["Hips", "LeftUpLeg", "LeftLeg"]
    assert [path.name for path in tmp_path.iterdir()] == ["walk.bvh"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=hnp.arrays("f8", (6, 22, 3), elements=st.floats(-0.05, 0.05)))
def test_bvh_of_bones_that_change_their_lengths(tmp_path: Path, noise: np.ndarray) -> None:
    motion = motion_of(walking(6) + noise)
    write_bvh(tmp_path / "walk.bvh", motion)
    assert np.abs(read_motion(tmp_path / "walk.bvh", axes="y").joints - motion.joints).max() < 1e-3


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(turns=hnp.arrays("f8", (4, 22, 3), elements=st.floats(-2, 2)), far=st.floats(-30, 30))
def test_bvh_of_any_pose_and_place(tmp_path: Path, turns: np.ndarray, far: float) -> None:
    joints = pose_body(axis_angle_matrices(turns), walking(4)[:, 0]) + np.array((far, 1.5, -far))
    motion = motion_of(joints, placed=True)
    write_bvh(tmp_path / "pose.bvh", motion)
    found = read_motion(tmp_path / "pose.bvh", axes="y", unit="cm", placed=True)
    assert np.abs(found.joints[-len(motion) :] - motion.joints[-len(found) :]).max() < 1e-3


def test_a_joint_upon_its_parent(tmp_path: Path) -> None:
    joints = walking(20)
    joints[:, INDEX["left_collar"]] = joints[:, INDEX["spine3"]]
    motion = motion_of(joints)
    write_bvh(tmp_path / "walk.bvh", motion)
    assert np.abs(read_motion(tmp_path / "walk.bvh").joints - motion.joints).max() < 1e-3


def test_a_turn_on_the_spot_has_no_leaps_in_its_angles(tmp_path: Path) -> None:
    turns = walking_turns(60)
    turns[:, 0, 1] = np.arange(60) * 0.3
    write_bvh(tmp_path / "spin.bvh", motion_of(pose_body(axis_angle_matrices(turns), walking(60)[:, 0])))
    values = read_bvh(tmp_path / "spin.bvh").values
    assert np.abs(np.diff(values[:, 3:6], axis=0)).max() < 30


@pytest.mark.parametrize("up", ["z", "y"])
def test_joints(tmp_path: Path, up: str) -> None:
    motion = motion_of(walking(40))
    write_joints(tmp_path / "walk.npy", motion, up=up)
    assert np.load(tmp_path / "walk.npy").dtype == np.float32
    found = read_motion(tmp_path / "walk.npy")
    assert np.abs(found.joints - motion.joints).max() < 1e-6
    assert f"axes: {up} up (detected; from the body)" in [str(finding) for finding in found.provenance]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    noise=hnp.arrays("f4", (3, 22, 3), elements=st.floats(-0.125, 0.125, width=32)),
    fps=st.floats(1, 1000),
    placed=st.booleans(),
)
def test_the_own_format_is_exact(tmp_path: Path, noise: np.ndarray, fps: float, placed: bool) -> None:
    motion = motion_of(walking(3) + noise, fps, placed=placed)
    write_motion(tmp_path / "walk.npz", motion)
    found = read_motion(tmp_path / "walk.npz")
    assert np.array_equal(found.joints, motion.joints)
    assert (found.fps, found.placed) == (motion.fps, motion.placed)


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    write_motion(tmp_path / "walk.npz", motion_of(walking(10)))
    before = (tmp_path / "walk.npz").read_bytes()
    with pytest.raises(AttributeError):
        write_motion(tmp_path / "walk.npz", None)  # type: ignore[arg-type]
    assert (tmp_path / "walk.npz").read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


@needs_data
@pytest.mark.parametrize("name", ["cmu", "deepmimic", "bandai"])
def test_recorded_motions_through_bvh(tmp_path: Path, name: str) -> None:
    path = DATA / "motion" / name / "joints22.npz"
    ids = motion_ids(path)
    for clip in ids[:: len(ids) // 5]:
        motion = read_motion(path, key=clip)
        write_bvh(tmp_path / "clip.bvh", motion)
        assert np.abs(read_motion(tmp_path / "clip.bvh").joints - motion.joints).max() < 1e-3
