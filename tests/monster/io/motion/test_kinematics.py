"""Rotations agree with another implementation; the neutral body has human proportions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from monster.io.motion.kinematics import (
    REST_OFFSETS,
    REST_POSE,
    STATURE,
    axis_angle_matrices,
    euler_matrices,
    forward,
    pose_body,
)
from monster.skeleton import INDEX, MIRROR, PARENTS
from monster.types import person_size

TURNS = st.lists(st.floats(-7, 7), min_size=3, max_size=3)


@settings(max_examples=60, deadline=None)
@given(turn=TURNS)
def test_axis_angles_are_those_of_scipy(turn: list[float]) -> None:
    assert np.allclose(axis_angle_matrices(np.array(turn)), Rotation.from_rotvec(turn).as_matrix(), atol=1e-9)


@settings(max_examples=60, deadline=None)
@given(turn=TURNS, order=st.permutations([0, 1, 2]))
def test_euler_angles_turn_in_the_order_given(turn: list[float], order: list[int]) -> None:
    expected = Rotation.from_euler("".join("XYZ"[axis] for axis in order), np.degrees(turn), degrees=True)
    assert np.allclose(euler_matrices(np.degrees([turn]), order)[0], expected.as_matrix(), atol=1e-9)


def test_no_turn_gives_the_rest_pose() -> None:
    joints = pose_body(axis_angle_matrices(np.zeros((2, 22, 3))), np.tile(REST_POSE[0], (2, 1)))
    assert np.allclose(joints, REST_POSE)


def test_turns_keep_bone_lengths_and_pass_down_the_chain() -> None:
    turns = np.random.default_rng(0).normal(size=(4, 22, 3))
    joints = pose_body(axis_angle_matrices(turns), np.zeros((4, 3)))
    for joint, parent in enumerate(PARENTS[1:], 1):
        lengths = np.linalg.norm(joints[:, joint] - joints[:, parent], axis=-1)
        assert np.allclose(lengths, np.linalg.norm(REST_OFFSETS[joint]))
    chain = forward(
        [-1, 0, 1], np.array([[[0.0, 0, 0], [1, 0, 0], [1, 0, 0]]]), euler_matrices(np.full((1, 3, 1), 90.0), [2])
    )
    assert np.allclose(chain[0], [[0, 0, 0], [0, 1, 0], [-1, 1, 0]])


def test_the_neutral_body_is_a_person() -> None:
    assert person_size(REST_POSE[None].astype(np.float32)) == pytest.approx(0.9 * STATURE, rel=0.03)
    assert REST_POSE[:, 1].min() == pytest.approx(0.008 * STATURE)
    assert np.allclose(REST_POSE[list(MIRROR)] * [-1, 1, 1], REST_POSE)
    assert REST_POSE[INDEX["left_hip"], 0] > 0
    thigh = np.linalg.norm(REST_OFFSETS[INDEX["left_knee"]]) / STATURE
    assert thigh == pytest.approx(0.245, abs=0.002)


def test_angles_beyond_measure_are_turns_like_others() -> None:
    """A damaged file may hold them; they overflowed when squared."""
    found = euler_matrices(np.array([[1e300, 370.0, -720.0]]), [0, 1, 2])
    assert np.allclose(found @ np.swapaxes(found, -1, -2), np.eye(3))
    assert np.allclose(euler_matrices(np.array([[370.0]]), [2]), euler_matrices(np.array([[10.0]]), [2]))
