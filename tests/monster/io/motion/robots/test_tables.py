"""The published bodies of G1 and H1: counts, orders, limits and known poses."""

from __future__ import annotations

import numpy as np
import pytest

from monster.io.motion.robots.robot import Robot
from monster.io.motion.robots.tables import G1, H1, ROBOTS
from monster.skeleton import INDEX, JOINTS
from monster.types import Motion, person_size


def standing(robot: Robot) -> tuple[np.ndarray, np.ndarray]:
    """Links and 22 joints with all angles 0 at the published height."""
    pose = np.array([[0, 0, robot.height]]), np.eye(3)[None], np.zeros((1, len(robot.links)))
    return robot.link_poses(*pose)[0], robot.body_joints(*pose)[0]


def test_counts_and_order_of_hinges() -> None:
    assert [(robot.name, len(robot.links)) for robot in ROBOTS] == [("Unitree G1", 29), ("Unitree H1", 19)]
    assert G1.joint_names[:6] == (
        "left_hip_pitch", "left_hip_roll", "left_hip_yaw", "left_knee", "left_ankle_pitch", "left_ankle_roll",
    )  # fmt: skip
    assert G1.joint_names[12:15] == ("waist_yaw", "waist_roll", "waist_pitch")
    assert G1.joint_names[15] == "left_shoulder_pitch" and G1.joint_names[-1] == "right_wrist_yaw"
    assert H1.joint_names[:5] == ("left_hip_yaw", "left_hip_roll", "left_hip_pitch", "left_knee", "left_ankle")
    assert H1.joint_names[10:12] == ("torso", "left_shoulder_pitch")


def test_limits_of_the_right_side_are_mirrored() -> None:
    limits = dict(zip(G1.joint_names, G1.limits.tolist(), strict=True))
    assert limits["left_hip_roll"] == [-0.5236, 2.9671] and limits["right_hip_roll"] == [-2.9671, 0.5236]
    assert limits["right_knee"] == limits["left_knee"] == [-0.087267, 2.8798]
    assert dict(zip(H1.joint_names, H1.limits.tolist(), strict=True))["right_shoulder_yaw"] == [-4.45, 1.3]
    assert all((robot.limits[:, 0] < robot.limits[:, 1]).all() for robot in ROBOTS)


@pytest.mark.parametrize(("robot", "ankle", "under"), [(G1, "ankle_roll", 0.035), (H1, "ankle", 0.06)])
def test_soles_of_a_standing_robot_are_near_the_floor(robot: Robot, ankle: str, under: float) -> None:
    links, joints = standing(robot)
    for side in ("left", "right"):
        assert links[robot.link_names.index(f"{side}_{ankle}_link")][2] - under == pytest.approx(0, abs=0.03)
    assert 0 <= joints[:, 2].min() < 0.04


@pytest.mark.parametrize(("robot", "low", "high"), [(G1, 1.2, 1.32), (H1, 1.6, 1.8)])
def test_a_standing_robot_is_a_body_that_faces_x(robot: Robot, low: float, high: float) -> None:
    _, joints = standing(robot)
    at = {name: joints[INDEX[name]] for name in JOINTS}
    assert low < at["head"][2] < high
    assert at["left_foot"][0] > at["left_ankle"][0] + 0.1
    order = ["left_foot", "left_ankle", "left_knee", "left_hip", "pelvis", "spine1", "spine2", "spine3", "neck", "head"]
    assert [at[name][2] for name in order] == sorted(at[name][2] for name in order)
    assert all(at[f"left_{part}"][1] > 0.04 for part in ("hip", "knee", "ankle", "collar", "shoulder", "wrist"))
    assert np.allclose(at["left_shoulder"] * [1, -1, 1], at["right_shoulder"])
    Motion(np.stack([joints, joints]))  # of a size that is admitted
    assert 1.0 < person_size(joints[None].astype(np.float32)) < 2.1
