"""A neutral body of 22 joints: bone lengths from published anthropometry, and joints from a pose.

Body coordinates: x right, y forward, z up. Segment lengths are fractions of stature after Drillis and Contini (1966),
as tabled by Winter, "Biomechanics and Motor Control of Human Movement": thigh 0.245, shank 0.246, ankle height 0.039,
upper arm 0.186, forearm 0.146, shoulder height 0.818. The trunk is split at the joints of SMPL.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from monster.skeleton import BONES, INDEX, JOINT_COUNT

LEFT, RIGHT = 0, 1
SIDES: Final = (-1.0, 1.0)  # sign of x on the left and on the right
HIPS, KNEES, ANKLES, BALLS = (1, 2), (4, 5), (7, 8), (10, 11)
COLLARS, SHOULDERS, ELBOWS, WRISTS = (13, 14), (16, 17), (18, 19), (20, 21)
SPINE: Final = (INDEX["spine1"], INDEX["spine2"], INDEX["spine3"])
NECK, HEAD = INDEX["neck"], INDEX["head"]
SHORTEST, TALLEST = 1.5, 1.95
ANKLE_HEIGHT: Final = 0.039
BALL_HEIGHT: Final = 0.015  # of the joint behind the toes
# Offsets from the parent joint in an upright body, as fractions of stature; the left side is mirrored.
_TRUNK: Final = {"spine1": (0.0, -0.010, 0.062), "spine2": (0.0, 0.001, 0.072), "spine3": (0.0, 0.003, 0.033)}
_UPPER: Final = {"neck": (0.0, -0.016, 0.110), "head": (0.0, 0.020, 0.053)}
_SIDED: Final = {
    "hip": (0.052, 0.0, -0.038), "knee": (0.0, 0.0, -0.245), "ankle": (0.0, 0.0, -0.246),
    "foot": (0.0, 0.074, BALL_HEIGHT - ANKLE_HEIGHT), "collar": (0.042, -0.010, 0.064),
    "shoulder": (0.062, -0.004, 0.017), "elbow": (0.0, 0.0, -0.186), "wrist": (0.0, 0.0, -0.146),
}  # fmt: skip
_STRAIGHT: Final = 0.9995  # of a limb's length: largest extension


@dataclass(frozen=True, eq=False)
class Body:
    """Stature in metres, and the offset (22, 3) of each joint from its parent in an upright body with hanging arms."""

    stature: float
    offsets: DoubleArray

    def length(self, joint: int) -> float:
        """Metres from the joint's parent to the joint."""
        return float(np.linalg.norm(self.offsets[joint]))

    @property
    def leg(self) -> float:
        """Length of thigh and shank together, in metres."""
        return self.length(KNEES[0]) + self.length(ANKLES[0])

    @property
    def arm(self) -> float:
        """Length of upper arm and forearm together, in metres."""
        return self.length(ELBOWS[0]) + self.length(WRISTS[0])

    @property
    def ankle_height(self) -> float:
        """Height of the ankle over the sole in metres."""
        return ANKLE_HEIGHT * self.stature

    @property
    def hip_drop(self) -> float:
        """Metres from the pelvis joint down to the hips."""
        return -float(self.offsets[HIPS[0], 2])

    @property
    def standing_height(self) -> float:
        """Height of the pelvis joint in a relaxed stand, in metres."""
        return self.ankle_height + 0.988 * self.leg + self.hip_drop

    @property
    def sole(self) -> tuple[float, float]:
        """Length from ankle to ball, and the downward angle of that line when the foot is flat."""
        down, along = -self.offsets[BALLS[0], 2], self.offsets[BALLS[0], 1]
        return self.length(BALLS[0]), float(np.arctan2(down, along))


def make_body(stature: float = 1.7, *, legs: float = 1.0, arms: float = 1.0, width: float = 1.0) -> Body:
    """A body of that stature in metres, with factors for legs, arms, and the width of hips and shoulders."""
    offsets = np.zeros((JOINT_COUNT, 3))
    for name, fraction in (_TRUNK | _UPPER).items():
        offsets[INDEX[name]] = fraction
    for name, fraction in _SIDED.items():
        offsets[INDEX[f"right_{name}"]] = fraction
        offsets[INDEX[f"left_{name}"]] = np.array(fraction) * (-1, 1, 1)
    offsets[list(KNEES + ANKLES), 2] *= legs
    offsets[list(ELBOWS + WRISTS), 2] *= arms
    offsets[list(HIPS + COLLARS + SHOULDERS), 0] *= width
    return Body(stature, offsets * stature)


def random_body(rng: np.random.Generator) -> Body:
    """An adult: stature 1.70 +- 0.09 m, clipped to 1.5 to 1.95 m, with proportions varied by a few percent."""
    stature = float(np.clip(rng.normal(1.70, 0.09), SHORTEST, TALLEST))
    legs, arms, width = (float(np.clip(rng.normal(1.0, spread), 0.9, 1.1)) for spread in (0.02, 0.025, 0.04))
    return make_body(stature, legs=legs, arms=arms, width=width)


@dataclass(frozen=True, eq=False)
class Pose:
    """The pose of a body in each of n frames: angles in radians, positions in room coordinates in metres.

    turn: yaw, forward lean, sideways roll of the pelvis; spine: twist, forward bend, sideways bend of the trunk;
    feet: yaw and pitch (toes up) of each foot; arms: forward swing, raise to the side, inward twist, elbow bend;
    reach: weight (0..1) of the hand positions ``hands`` against the angles ``arms``.
    """

    pelvis: DoubleArray  # (n, 3)
    turn: DoubleArray  # (n, 3)
    spine: DoubleArray  # (n, 3)
    nod: DoubleArray  # (n,)
    ankles: DoubleArray  # (n, 2, 3)
    feet: DoubleArray  # (n, 2, 2)
    arms: DoubleArray  # (n, 2, 4)
    reach: DoubleArray  # (n, 2)
    hands: DoubleArray  # (n, 2, 3)


def rotation(axis: int, angle: DoubleArray) -> DoubleArray:
    """Rotation matrices (n, 3, 3) about one coordinate axis by angles (n,)."""
    i, j = (axis + 1) % 3, (axis + 2) % 3
    matrix = np.zeros((len(angle), 3, 3))
    matrix[:, axis, axis] = 1.0
    matrix[:, i, i] = matrix[:, j, j] = np.cos(angle)
    matrix[:, j, i] = np.sin(angle)
    matrix[:, i, j] = -matrix[:, j, i]
    return matrix


def orientation(yaw: DoubleArray, lean: DoubleArray, roll: DoubleArray) -> DoubleArray:
    """Rotations (n, 3, 3): roll to the right, then lean forward, then yaw about the vertical."""
    return np.asarray(rotation(2, yaw) @ rotation(0, -lean) @ rotation(1, roll))


def two_bone_ik(
    root: DoubleArray, target: DoubleArray, pole: DoubleArray, lengths: tuple[float, float]
) -> tuple[DoubleArray, DoubleArray]:
    """Two-bone IK: middle and end joint (n, 3) of a limb from ``root`` to ``target``, bent towards ``pole``.

    The end stops short of a target out of reach, so bone lengths are always exact.
    """
    first, second = lengths
    line = target - root
    distance = np.maximum(np.linalg.norm(line, axis=1, keepdims=True), 1e-9)
    along = line / distance
    distance = np.clip(distance, abs(first - second) + 1e-6, (first + second) * _STRAIGHT)
    part = (first**2 - second**2 + distance**2) / (2 * distance)
    side = pole - (pole * along).sum(axis=1, keepdims=True) * along
    side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-9)
    middle = root + along * part + side * np.sqrt(np.maximum(first**2 - part**2, 0.0))
    return middle, root + along * distance


def sole_direction(body: Body, feet: DoubleArray) -> DoubleArray:
    """Unit vectors (n, 3) from ankle to ball of feet (n, 2) with yaw and pitch."""
    yaw, pitch = feet[:, 0], feet[:, 1] - body.sole[1]
    flat = np.cos(pitch)
    return np.stack([-np.sin(yaw) * flat, np.cos(yaw) * flat, np.sin(pitch)], axis=1)


def solve(body: Body, pose: Pose) -> DoubleArray:
    """Joints (n, 22, 3) of the pose in room coordinates, in metres; bones keep the body's lengths."""
    joints = np.zeros((len(pose.pelvis), JOINT_COUNT, 3))
    pelvis = orientation(pose.turn[:, 0], pose.turn[:, 1], pose.turn[:, 2])
    joints[:, 0] = pose.pelvis
    chest = _solve_trunk(body, pose, pelvis, joints)
    for side in (LEFT, RIGHT):
        _solve_leg(body, pose, pelvis, side=side, joints=joints)
        _solve_arm(body, pose, chest, side=side, joints=joints)
    return joints


def _solve_trunk(body: Body, pose: Pose, pelvis: DoubleArray, joints: DoubleArray) -> DoubleArray:
    frame = pelvis
    twist, bend, side = (pose.spine / len(SPINE)).T
    share = orientation(twist, bend, side)
    for parent, joint in zip((0, *SPINE), SPINE, strict=False):
        joints[:, joint] = joints[:, parent] + frame @ body.offsets[joint]
        frame = frame @ share
    joints[:, NECK] = joints[:, SPINE[-1]] + frame @ body.offsets[NECK]
    joints[:, HEAD] = joints[:, NECK] + frame @ rotation(0, -pose.nod) @ body.offsets[HEAD]
    for collar, shoulder in zip(COLLARS, SHOULDERS, strict=True):
        joints[:, collar] = joints[:, SPINE[-1]] + frame @ body.offsets[collar]
        joints[:, shoulder] = joints[:, collar] + frame @ body.offsets[shoulder]
    return np.asarray(frame)


def _solve_leg(body: Body, pose: Pose, pelvis: DoubleArray, *, side: int, joints: DoubleArray) -> None:
    hip = pose.pelvis + pelvis @ body.offsets[HIPS[side]]
    out = (pose.feet[:, side, 0] - pose.turn[:, 0] + np.pi) % (2 * np.pi) - np.pi
    # Forward and a little up, so that the knee of a thigh raised past the horizontal bends upwards.
    ahead = np.stack([-np.sin(out / 2), np.cos(out / 2), np.full(len(out), 0.5)], axis=1)
    pole = (pelvis @ ahead[:, :, None])[:, :, 0]
    lengths = body.length(KNEES[side]), body.length(ANKLES[side])
    joints[:, HIPS[side]] = hip
    joints[:, KNEES[side]], ankle = two_bone_ik(hip, pose.ankles[:, side], pole, lengths)
    joints[:, ANKLES[side]] = ankle
    joints[:, BALLS[side]] = ankle + sole_direction(body, pose.feet[:, side]) * body.sole[0]


def _solve_arm(body: Body, pose: Pose, chest: DoubleArray, *, side: int, joints: DoubleArray) -> None:
    lengths = body.length(ELBOWS[side]), body.length(WRISTS[side])
    shoulder = joints[:, SHOULDERS[side]]
    upper, fore = _hanging_arm(pose.arms[:, side], chest, SIDES[side])
    pole = chest @ np.array([SIDES[side] * 0.5, -0.3, -1.0])
    elbow, wrist = two_bone_ik(shoulder, pose.hands[:, side], pole, lengths)
    share = pose.reach[:, side, None]
    upper = _blend(upper, (elbow - shoulder) / lengths[0], share)
    fore = _blend(fore, (wrist - elbow) / lengths[1], share)
    joints[:, ELBOWS[side]] = shoulder + upper * lengths[0]
    joints[:, WRISTS[side]] = joints[:, ELBOWS[side]] + fore * lengths[1]


def _hanging_arm(angles: DoubleArray, chest: DoubleArray, side: float) -> tuple[DoubleArray, DoubleArray]:
    swing, raised, twist, bend = angles.T
    frame = chest @ rotation(0, swing) @ rotation(1, -side * raised) @ rotation(2, side * twist)
    return -frame[:, :, 2], -(frame @ rotation(0, bend))[:, :, 2]


def _blend(first: DoubleArray, second: DoubleArray, share: DoubleArray) -> DoubleArray:
    mixed = first * (1 - share) + second * share
    return np.asarray(mixed / np.maximum(np.linalg.norm(mixed, axis=1, keepdims=True), 1e-9))


def bone_lengths(joints: DoubleArray) -> DoubleArray:
    """Bone lengths (n, 21) of joints (n, 22, 3), in the order of ``monster.skeleton.BONES``."""
    parents, children = np.array(BONES).T
    return np.asarray(np.linalg.norm(joints[:, children] - joints[:, parents], axis=2))
