"""Turns solved from positions bring them back; shortest turns and angles hold at their edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from reader_files import walking
from scipy.spatial.transform import Rotation

from monster.io.motion.kinematics import axis_angle_matrices, euler_matrices, forward, pose_body
from monster.io.motion.rotations import euler_zxy, shortest_turn, solve_pose
from monster.skeleton import PARENTS

VECTORS = hnp.arrays("f8", (4, 3), elements=st.floats(-2, 2))


@settings(max_examples=50, deadline=None)
@given(turns=hnp.arrays("f8", (5, 22, 3), elements=st.floats(-2.5, 2.5)))
def test_a_rigid_body_needs_rotations_alone(turns: np.ndarray) -> None:
    joints = pose_body(axis_angle_matrices(turns), walking(5)[:, 0])
    pose = solve_pose(joints)
    assert np.abs(pose.places - pose.offsets)[:, 1:].max() < 1e-6
    offsets = np.tile(pose.offsets, (5, 1, 1))
    offsets[:, 0] = pose.places[:, 0]
    assert np.abs(forward(PARENTS, offsets, pose.turns) - joints).max() < 1e-5
    assert np.abs(pose.turns @ np.swapaxes(pose.turns, -1, -2) - np.eye(3)).max() < 1e-6
    assert np.linalg.det(pose.turns).min() > 0.99


@settings(max_examples=50, deadline=None)
@given(joints=hnp.arrays("f8", (3, 22, 3), elements=st.floats(-1, 1)))
def test_with_their_places_any_points_come_back(joints: np.ndarray) -> None:
    pose = solve_pose(joints)
    assert np.abs(forward(PARENTS, pose.places, pose.turns) - joints).max() < 1e-6


@settings(max_examples=100)
@given(one=VECTORS, other=VECTORS)
def test_shortest_turns(one: np.ndarray, other: np.ndarray) -> None:
    turns = shortest_turn(one, other)
    assert np.abs(turns @ np.swapaxes(turns, 1, 2) - np.eye(3)).max() < 1e-5
    long = (np.linalg.norm(one, axis=1) > 1e-3) & (np.linalg.norm(other, axis=1) > 1e-3)
    aimed = np.einsum("tij,tj->ti", turns, one)[long]
    wanted = other[long] * (np.linalg.norm(one[long], axis=1) / np.linalg.norm(other[long], axis=1))[:, None]
    assert np.abs(aimed - wanted).max(initial=0.0) < 2e-3


@pytest.mark.parametrize("axis", np.vstack([np.eye(3), [[1, 1, 1], [0.3, -2, 0.1]]]))
def test_half_a_turn(axis: np.ndarray) -> None:
    turns = shortest_turn(axis[None], -axis[None])
    assert np.abs(turns[0] @ axis + axis).max() < 1e-9
    assert np.linalg.det(turns[0]) == pytest.approx(1)


@settings(max_examples=100)
@given(vectors=hnp.arrays("f8", (6, 3), elements=st.floats(-3, 3)))
def test_angles_give_their_rotation(vectors: np.ndarray) -> None:
    turns = Rotation.from_rotvec(vectors).as_matrix()
    assert np.abs(euler_matrices(euler_zxy(turns), [2, 0, 1]) - turns).max() < 1e-6


def test_angles_at_the_pole_and_without_leaps() -> None:
    pole = euler_matrices(np.array([[30.0, 90.0, 20.0], [10.0, -90.0, 5.0]]), [2, 0, 1])
    assert np.abs(euler_matrices(euler_zxy(pole), [2, 0, 1]) - pole).max() < 1e-6
    spin = euler_matrices(np.stack([np.zeros(80), np.zeros(80), np.arange(80) * 20.0], axis=1), [2, 0, 1])
    assert np.abs(np.diff(euler_zxy(spin)[:, 2]) - 20).max() < 1e-6
