"""Generated robot recordings and outputs of Kimodo as seeds of the fuzzer."""

from __future__ import annotations

import json
import pickle
from typing import Any

import numpy as np
from fuzz_files import Seed, npz, one

from monster.arrays import AnyArray
from monster.io.motion.robots.robot import Robot
from monster.io.motion.robots.tables import G1, ROBOTS
from monster.io.normalise.soma import SOMA_30

FRAMES = 12


def _walk(robot: Robot) -> tuple[AnyArray, AnyArray, AnyArray]:
    """Places, quaternions (w first) and angles of a robot that goes ahead with its knees bent."""
    phase = np.arange(FRAMES) * 0.4
    angles = np.zeros((FRAMES, len(robot.links)))
    for side, sign in (("left", 1), ("right", -1)):
        angles[:, robot.joint_names.index(f"{side}_hip_pitch")] = 0.3 * sign * np.sin(phase)
        angles[:, robot.joint_names.index(f"{side}_knee")] = 0.3
    places = np.stack([0.05 * np.arange(FRAMES), np.zeros(FRAMES), np.full(FRAMES, robot.height)], axis=1)
    return places, np.tile([0.96, 0, 0, 0.28], (FRAMES, 1)), angles


def _rows(values: AnyArray, header: str = "") -> bytes:
    lines = [header] if header else []
    return "\n".join([*lines, *(",".join(f"{value:.5f}" for value in row) for row in values)]).encode()


def tables() -> tuple[Seed, ...]:
    """Rows of ``qpos`` of each robot, a table with a header, and one as BONES-SEED has it."""
    found = [one("walk.csv", _rows(np.concatenate(_walk(robot), axis=1)), "motion") for robot in ROBOTS]
    places, turns, angles = _walk(G1)
    root = "x,y,z,qw,qx,qy,qz"
    values = np.concatenate([np.arange(FRAMES)[:, None] / 30, places, turns, angles], axis=1)
    header = f"time,{root},{','.join(f'{name}_joint' for name in G1.joint_names)}"
    found.append(one("walk.csv", _rows(values, header), "motion"))
    root = ",".join(f"root_{what}{axis}" for what in ("translate", "rotate") for axis in "XYZ")
    values = np.concatenate([np.arange(FRAMES)[:, None], 100 * places, 0 * places, np.degrees(angles)], axis=1)
    header = f"Frame,{root},{','.join(f'{name}_joint_dof' for name in G1.joint_names)}"
    found.append(one("walk.csv", _rows(values, header), "motion"))
    return tuple(found)


def arrays() -> tuple[Seed, ...]:
    """``qpos``, GMR's parts in a pickle, and BeyondMimic's body poses."""
    places, turns, angles = _walk(G1)
    gmr = {"fps": 30, "root_pos": places, "root_rot": np.roll(turns, -1, axis=1), "dof_pos": angles,
           "local_body_pos": None, "link_body_list": list(G1.link_names)}  # fmt: skip
    still = np.broadcast_to(np.eye(3), (FRAMES, 3, 3))
    links = G1.link_poses(places, still, np.zeros_like(angles))
    return (
        one("walk.npz", npz(qpos=np.concatenate([places, turns, angles], axis=1), frequency=np.array(50)), "motion"),
        one("walk.pkl", pickle.dumps(gmr, 4), "motion"),
        one("walk.npz", npz(**_bodies(links, angles)), "motion"),
    )


def _bodies(links: AnyArray, angles: AnyArray) -> dict[str, Any]:
    turns = np.zeros((*links.shape[:2], 4))
    turns[..., 0] = 1
    order = G1.breadth_first
    return {
        "fps": np.array([50]),
        "joint_pos": angles,
        "body_pos_w": links[:, order].astype(np.float32),
        "body_quat_w": turns[:, order].astype(np.float32),
    }


def kimodo() -> tuple[Seed, ...]:
    """Joints of SOMA and of G1, with a prompt beside."""
    meta = json.dumps({"text": "a person walks", "duration": 0.4}).encode()
    upright = np.zeros((FRAMES, len(SOMA_30), 3), np.float32)
    for place, name in enumerate(SOMA_30):
        side = 0.1 if name.startswith("Left") else (-0.1 if name.startswith("Right") else 0.0)
        part = name.removeprefix("Left").removeprefix("Right")
        upright[:, place] = [side * (2 if part in _ARMS else 1), _HEIGHTS.get(part, 1.5), 0.0]
    places, _, angles = _walk(G1)
    still = np.broadcast_to(np.eye(3), (FRAMES, 3, 3))
    links = dict(zip(G1.link_names, np.moveaxis(G1.link_poses(places, still, angles), 1, 0), strict=True))
    return (
        Seed({"motion.npz": npz(posed_joints=upright, foot_contacts=np.zeros((FRAMES, 4), bool)), "meta.json": meta},
             "motion.npz", "motion"),
        Seed({"motion.npz": npz(posed_joints=_g1_34(links)), "meta.json": meta}, "motion.npz", "motion"),
    )  # fmt: skip


_ARMS = ("Arm", "ForeArm", "Hand", "HandThumbEnd", "HandMiddleEnd")
_HEIGHTS = {"Hips": 0.95, "Spine1": 1.0, "Spine2": 1.1, "Chest": 1.2, "Neck1": 1.45, "Head": 1.6, "Shoulder": 1.4,
            "Arm": 1.38, "ForeArm": 1.1, "Hand": 0.85, "Leg": 0.9, "Shin": 0.5, "Foot": 0.08,
            "ToeBase": 0.03}  # fmt: skip


def _g1_34(links: dict[str, AnyArray]) -> AnyArray:
    """The 34 joints, y up, from links by name, z up."""
    from monster.io.motion.kimodo import G1_34

    others = {"pelvis": "pelvis", "waist_pitch": "torso_link"}
    for side in ("left", "right"):
        others |= {f"{side}_toe_base": f"{side}_ankle_roll_link", f"{side}_hand_roll": f"{side}_wrist_yaw_link"}
    joints = np.stack([links[others.get(name, f"{name}_link")] for name in G1_34], axis=1)
    toes = [G1_34.index(f"{side}_toe_base") for side in ("left", "right")]
    joints[:, toes] += [0.12, 0, -0.03]
    return joints @ np.array([[0.0, 0, 1], [1, 0, 0], [0, 1, 0]])
