"""SOMA's joints: counts, places of the 22, and the same names in a BVH."""

from __future__ import annotations

import numpy as np

from monster.io.normalise.rigs import Rig, joints_of
from monster.io.normalise.soma import SOMA_30, SOMA_77, soma_name, soma_places
from monster.skeleton import INDEX, JOINTS


def test_counts_and_corners_of_the_published_orders() -> None:
    assert (len(SOMA_77), len(set(SOMA_77)), len(SOMA_30), len(set(SOMA_30))) == (77, 77, 30, 30)
    assert SOMA_77[:8] == ("Hips", "Spine1", "Spine2", "Chest", "Neck1", "Neck2", "Head", "HeadEnd")
    assert SOMA_77.index("RightShoulder") == 39 and SOMA_77[-5:] == (
        "RightLeg", "RightShin", "RightFoot", "RightToeBase", "RightToeEnd",
    )  # fmt: skip
    assert SOMA_30[15] == "LeftHandMiddleEnd" and SOMA_30[-1] == "RightToeBase"
    assert set(SOMA_30) < set(SOMA_77)


def test_leg_is_the_thigh_and_shin_the_knee() -> None:
    assert soma_name("left_hip") == "LeftLeg" and soma_name("right_knee") == "RightShin"
    for names in (SOMA_77, SOMA_30):
        assert len(set(soma_places(names))) == 22
        assert names[soma_places(names)[INDEX["left_wrist"]]] == "LeftHand"


def test_a_rig_with_these_names_needs_no_mapping() -> None:
    parents = {"Hips": ""}
    for line in ("Hips Spine1 Spine2 Chest Neck1 Neck2 Head Jaw", "Head LeftEye", "Head RightEye"):
        words = line.split()
        parents |= dict(zip(words[1:], words, strict=False))
    for side in ("Left", "Right"):
        for line in (
            f"Chest {side}Shoulder {side}Arm {side}ForeArm {side}Hand {side}HandThumbEnd",
            f"{side}Hand {side}HandMiddleEnd",
            f"Hips {side}Leg {side}Shin {side}Foot {side}ToeBase",
        ):
            words = line.split()
            parents |= dict(zip(words[1:], words, strict=False))
    names = list(SOMA_30)
    places = [names.index(parents[name]) if parents[name] else -1 for name in names]
    positions = np.random.default_rng(0).normal(size=(3, 30, 3))
    joints, notes = joints_of(Rig(names, places, [False] * 30), positions)
    assert np.allclose(joints, positions[:, soma_places(SOMA_30)]) and notes == ()


def test_leg_stays_the_shank_where_there_is_no_shin() -> None:
    names = ["Hips", "Spine", "Neck", "Head"]
    for side in ("Left", "Right"):
        names += [f"{side}{part}" for part in ("UpLeg", "Leg", "Foot", "ToeBase", "Arm", "ForeArm", "Hand")]
    parents = [-1, 0, 1, 2, 0, 4, 5, 6, 1, 8, 9, 0, 11, 12, 13, 1, 15, 16]
    positions = np.random.default_rng(0).normal(size=(2, len(names), 3))
    joints, _ = joints_of(Rig(names, parents, [False] * len(names)), positions)
    for joint, name in (("left_knee", "LeftLeg"), ("left_hip", "LeftUpLeg")):
        assert np.allclose(joints[:, JOINTS.index(joint)], positions[:, names.index(name)])
