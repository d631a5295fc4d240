"""Recordings of robots that tests make themselves, and a slow forward kinematics that shares no code with ours."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from monster.arrays import DoubleArray
from monster.io.motion.robots.robot import Robot
from monster.io.motion.robots.tables import G1


def slow_pose(robot: Robot, root: DoubleArray, angles: DoubleArray) -> dict[str, DoubleArray]:
    """Homogeneous matrices (4, 4) of all links by name, composed one after the other."""
    poses = {robot.root: root}
    for link, angle in zip(robot.links, angles, strict=True):
        w, x, y, z = np.array(link.turn) / np.linalg.norm(link.turn)
        fixed = np.eye(4)
        fixed[:3, :3] = [
            [w * w + x * x - y * y - z * z, 2 * x * y - 2 * w * z, 2 * x * z + 2 * w * y],
            [2 * x * y + 2 * w * z, w * w - x * x + y * y - z * z, 2 * y * z - 2 * w * x],
            [2 * x * z - 2 * w * y, 2 * y * z + 2 * w * x, w * w - x * x - y * y + z * z],
        ]
        fixed[:3, 3] = link.position
        poses[link.name] = poses[link.parent] @ fixed @ turn_about(link.axis, angle)
    return poses


def turn_about(axis: str, angle: float) -> DoubleArray:
    """The homogeneous matrix of a turn about x, y or z."""
    c, s = np.cos(angle), np.sin(angle)
    matrix = np.eye(4)
    first, second = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    matrix[first, first] = matrix[second, second] = c
    matrix[first, second], matrix[second, first] = -s, s
    return matrix


def slow_point(poses: dict[str, DoubleArray], link: str, point: tuple[float, float, float]) -> DoubleArray:
    """A point of a link in the world (3,)."""
    return np.asarray((poses[link] @ [*point, 1.0])[:3])


def walking(robot: Robot = G1, frames: int = 40) -> tuple[DoubleArray, DoubleArray, DoubleArray]:
    """Root places (frames, 3), yaw angles (frames,) and joint angles (frames, hinges) of a robot that walks."""
    phase = np.arange(frames) * 0.3
    angles = np.zeros((frames, len(robot.links)))
    for side, sign in (("left", 1.0), ("right", -1.0)):
        swing = 0.3 * sign * np.sin(phase)
        for name, values in (
            (f"{side}_hip_pitch", swing - 0.2),
            (f"{side}_knee", np.full(frames, 0.4)),
            (f"{side}_ankle_pitch", -swing - 0.2),
            (f"{side}_shoulder_pitch", -swing),
            (f"{side}_elbow", np.full(frames, 0.6)),
        ):
            if name in robot.joint_names:
                angles[:, robot.joint_names.index(name)] = values
    yaw = 0.4 + 0.01 * np.arange(frames)
    places = np.stack([np.cumsum(0.02 * np.cos(yaw)), np.cumsum(0.02 * np.sin(yaw)), np.zeros(frames)], axis=1)
    for frame in range(frames):
        poses = slow_pose(robot, turn_about("z", yaw[frame]), angles[frame])
        places[frame, 2] = -min(pose[2, 3] for pose in poses.values()) + 0.035
    return places, yaw, angles


def slow_joints(robot: Robot, places: DoubleArray, yaw: DoubleArray, angles: DoubleArray) -> DoubleArray:
    """The 22 joints (frames, 22, 3) of such a walk."""
    from monster.skeleton import JOINTS

    joints = np.empty((len(places), len(JOINTS), 3))
    for frame in range(len(places)):
        root = turn_about("z", yaw[frame])
        root[:3, 3] = places[frame]
        poses = slow_pose(robot, root, angles[frame])
        joints[frame] = [slow_point(poses, *robot.body[joint]) for joint in JOINTS]
    return joints


def quaternions(yaw: DoubleArray) -> DoubleArray:
    """Quaternions (frames, 4), w first, of turns about z."""
    zero = np.zeros_like(yaw)
    return np.stack([np.cos(yaw / 2), zero, zero, np.sin(yaw / 2)], axis=1)


def qpos(robot: Robot = G1, frames: int = 40, order: str = "wxyz") -> DoubleArray:
    """Rows of place, quaternion and angles."""
    places, yaw, angles = walking(robot, frames)
    turns = quaternions(yaw)
    return np.concatenate([places, turns if order == "wxyz" else np.roll(turns, -1, axis=1), angles], axis=1)


def write_rows(path: Path, values: DoubleArray, header: str = "") -> Path:
    """A table with commas, below a header where there is one."""
    lines = [header] if header else []
    lines += [",".join(f"{value:.9g}" for value in row) for row in values]
    path.write_text("\n".join(lines) + "\n")
    return path


def seed_header() -> str:
    """The first line of BONES-SEED's tables of G1."""
    root = [f"root_{what}{axis}" for what in ("translate", "rotate") for axis in "XYZ"]
    return ",".join(["Frame", *root, *(f"{name}_joint_dof" for name in G1.joint_names)])


def seed_rows(frames: int = 40) -> DoubleArray:
    """The walk of a G1 as BONES-SEED writes it: centimetres and degrees."""
    places, yaw, angles = walking(G1, frames)
    zero = np.zeros((frames, 1))
    turns = np.concatenate([zero, zero, np.degrees(yaw)[:, None]], axis=1)
    return np.concatenate([np.arange(frames)[:, None], 100 * places, turns, np.degrees(angles)], axis=1)
