"""The robots' forward kinematics against matrices composed one after the other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from robot_files import slow_point, slow_pose, turn_about

from monster.io.motion.robots.robot import Robot
from monster.io.motion.robots.tables import G1, H1
from monster.skeleton import BONES, INDEX, JOINTS

ROBOTS = pytest.mark.parametrize("robot", [G1, H1], ids=["g1", "h1"])


def random_pose(robot: Robot, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A root's matrix (4, 4) and angles (hinges,) within the limits."""
    random = np.random.default_rng(seed)
    root = np.eye(4)
    for axis in "xyz":
        root = root @ turn_about(axis, random.uniform(-np.pi, np.pi))
    root[:3, 3] = random.uniform(-3, 3, 3)
    return root, random.uniform(robot.limits[:, 0], robot.limits[:, 1])


@ROBOTS
@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_links_and_joints_are_where_composed_matrices_put_them(robot: Robot, seed: int) -> None:
    root, angles = random_pose(robot, seed)
    poses = slow_pose(robot, root, angles)
    places = robot.link_poses(root[None, :3, 3], root[None, :3, :3], angles[None])[0]
    assert np.allclose(places, [poses[name][:3, 3] for name in robot.link_names], atol=1e-9)
    joints = robot.body_joints(root[None, :3, 3], root[None, :3, :3], angles[None])[0]
    slow = [slow_point(poses, *robot.body[joint]) for joint in JOINTS]
    assert np.allclose(joints, slow, atol=1e-9)
    turns = np.array([[poses[name][:3, :3] for name in robot.link_names]])
    assert np.allclose(robot.joints_on_links(places[None], turns)[0], slow, atol=1e-9)


@ROBOTS
@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_links_keep_their_distance_from_their_parents(robot: Robot, seed: int) -> None:
    root, angles = random_pose(robot, seed)
    places = robot.link_poses(root[None, :3, 3], root[None, :3, :3], angles[None])[0]
    lengths = np.linalg.norm(places[1:] - places[list(robot.parents[1:])], axis=1)
    assert np.allclose(lengths, robot.lengths, atol=1e-9)


@ROBOTS
def test_bones_between_the_22_joints_hardly_change_their_length_within_usual_angles(robot: Robot) -> None:
    random = np.random.default_rng(0)
    angles = random.uniform(-0.4, 0.4, (500, len(robot.links))).clip(*robot.limits.T)
    joints = robot.body_joints(np.zeros((500, 3)), np.broadcast_to(np.eye(3), (500, 3, 3)), angles)
    for parent, child in BONES:
        lengths = np.linalg.norm(joints[:, child] - joints[:, parent], axis=1)
        assert np.ptp(lengths) < 0.15 * np.median(lengths), (JOINTS[parent], JOINTS[child])


def test_breadth_first_is_the_order_of_isaac_lab() -> None:
    names = [G1.link_names[place].removesuffix("_link") for place in G1.breadth_first]
    assert names[:12] == [
        "pelvis", "left_hip_pitch", "right_hip_pitch", "waist_yaw", "left_hip_roll", "right_hip_roll", "waist_roll",
        "left_hip_yaw", "right_hip_yaw", "torso", "left_knee", "right_knee",
    ]  # fmt: skip
    assert names[12:16] == ["left_shoulder_pitch", "right_shoulder_pitch", "left_ankle_pitch", "right_ankle_pitch"]
    assert sorted(G1.breadth_first) == list(range(30))


def test_a_mirrored_pose_mirrors_the_body() -> None:
    random = np.random.default_rng(1)
    angles = random.uniform(G1.limits[:, 0], G1.limits[:, 1]) * 0.5
    swapped = [name.replace("left", "?").replace("right", "left").replace("?", "right") for name in G1.joint_names]
    sign = np.array([1.0 if link.axis == "y" else -1.0 for link in G1.links])
    mirrored = sign * angles[[G1.joint_names.index(name) for name in swapped]]
    root = np.zeros((1, 3)), np.eye(3)[None]
    joints, other = (G1.body_joints(*root, pose[None])[0] for pose in (angles, mirrored))
    for name, place in INDEX.items():
        twin = INDEX[name.replace("left", "?").replace("right", "left").replace("?", "right")]
        assert np.allclose(joints[place] * [1, -1, 1], other[twin], atol=1e-4)
