"""GLB files of motions: what is written is read back, is valid glTF, and shows a body."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import trimesh
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from monster import Motion
from monster.io.formats import MotionOptions
from monster.io.gltf import read_gltf
from monster.io.motion.gltf import animation_names, raw_gltf
from monster.io.motion.gltf_writer import quaternions, write_glb
from monster.io.motion.kinematics import REST_POSE, axis_angle_matrices, pose_body, quaternion_matrices
from monster.io.normalise.body_frame import to_motion


def moving(frames: int = 40, fps: float = 30.0) -> Motion:
    """A body that turns, bends every joint and wanders."""
    rng = np.random.default_rng(3)
    waves = np.sin(np.linspace(0, 4, frames)[:, None, None] + rng.uniform(0, 6, (1, 22, 3))) * 0.7
    joints = pose_body(axis_angle_matrices(waves), np.linspace((0, 0.9, 0), (2, 1.0, 1), frames))
    return Motion(np.stack([joints[..., 0], -joints[..., 2], joints[..., 1]], axis=-1).astype(np.float32), fps)


@pytest.mark.parametrize("fps", [20.0, 29.97, 120.0])
def test_reading_gives_back_every_joint_and_the_rate(tmp_path: Path, fps: float) -> None:
    motion, path = moving(fps=fps), tmp_path / "walk.glb"
    write_glb(path, motion)
    gltf = read_gltf(path)
    read = to_motion(raw_gltf(gltf, animation_names(gltf)[0]), MotionOptions(placed=True), path)
    assert read.fps == pytest.approx(fps, rel=1e-3)
    assert np.abs(read.joints - motion.joints).max() < 1e-3


def test_bones_that_change_their_length_are_kept(tmp_path: Path) -> None:
    motion, path = moving(), tmp_path / "walk.glb"
    joints = motion.joints.copy()
    joints[20:, 20] += 0.3
    write_glb(path, Motion(joints, motion.fps))
    gltf = read_gltf(path)
    read = to_motion(raw_gltf(gltf, animation_names(gltf)[0]), MotionOptions(placed=True), path)
    assert np.abs(read.joints - joints).max() < 1e-3


def test_the_mesh_has_the_size_of_the_body(tmp_path: Path) -> None:
    path = tmp_path / "walk.glb"
    write_glb(path, moving())
    mesh = trimesh.load(path)
    assert np.ptp(mesh.bounds, axis=0)[1] == pytest.approx(np.ptp(REST_POSE[:, 1]), rel=0.05)
    gltf = read_gltf(path)
    joints, weights = (
        gltf.accessor(gltf.list("meshes")[0]["primitives"][0]["attributes"][n]) for n in ("JOINTS_0", "WEIGHTS_0")
    )
    assert len(joints) == len(weights) == 21 * 6 and joints.max() < 22 and (weights.sum(axis=1) == 1).all()


@given(arrays(np.float64, (6, 3), elements=st.floats(-10, 10)))
def test_quaternions_are_the_rotations(vectors: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> None:
    turns = axis_angle_matrices(vectors)
    found = quaternions(turns)
    assert np.allclose(np.linalg.norm(found, axis=1), 1)
    assert np.allclose(quaternion_matrices(found), turns, atol=1e-9)
    assert (np.einsum("ti,ti->t", found[1:], found[:-1]) >= 0).all()
