"""Rotations, forward kinematics, and a neutral body of 22 joints in T-pose.

The body's proportions are segment lengths as fractions of stature by Drillis & Contini, "Body segment parameters"
(1966), as Winter prints them ("Biomechanics and motor control of human movement", 4th ed., figure 4.1): hip height
0.530, thigh 0.245, shank 0.246, ankle height 0.039, foot 0.152, shoulder height 0.818, upper arm 0.186, forearm 0.146,
chin height 0.870. The position of a joint's centre within its segment's girth, and how three joints share the spine,
are our choice. Axes here are those of SMPL's rest pose: x to the body's left, y up, z forward.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from monster.skeleton import INDEX, JOINTS, MIRROR, PARENTS

STATURE: Final = 1.71  # metres, between the mean woman and the mean man

_WHOLE_TURNS: Final = 36_000.0  # degrees: sine and cosine of larger angles lose digits

_HALF: Final[dict[str, tuple[float, float, float]]] = {
    "pelvis": (0.0, 0.575, 0.0),
    "spine1": (0.0, 0.645, -0.012),
    "spine2": (0.0, 0.720, -0.005),
    "spine3": (0.0, 0.765, -0.005),
    "neck": (0.0, 0.870, -0.015),
    "head": (0.0, 0.922, 0.010),
    "left_hip": (0.050, 0.530, 0.0),
    "left_knee": (0.055, 0.285, 0.0),
    "left_ankle": (0.055, 0.039, -0.010),
    "left_foot": (0.062, 0.008, 0.068),
    "left_collar": (0.040, 0.825, -0.010),
    "left_shoulder": (0.115, 0.818, -0.010),
    "left_elbow": (0.301, 0.818, -0.015),
    "left_wrist": (0.447, 0.818, -0.015),
}  # joint centres of the middle and the left side, fractions of stature, floor at y = 0


def _rest_pose() -> DoubleArray:
    rest = np.zeros((len(JOINTS), 3))
    for name, place in _HALF.items():
        rest[INDEX[name]] = place
        rest[MIRROR[INDEX[name]]] = (-place[0] if place[0] else 0.0, place[1], place[2])
    return rest * STATURE


REST_POSE: Final[DoubleArray] = _rest_pose()
"""The neutral body in T-pose: (22, 3) metres, y up, facing +z, floor at y = 0."""

REST_OFFSETS: Final[DoubleArray] = np.array(
    [REST_POSE[joint] - (REST_POSE[parent] if parent >= 0 else 0.0) for joint, parent in enumerate(PARENTS)]
)
"""Each joint's place as seen from its parent (the pelvis: from the floor): (22, 3) metres."""


def axis_angle_matrices(vectors: DoubleArray) -> DoubleArray:
    """Rotation matrices (..., 3, 3) of axis-angle vectors (..., 3) in radians (Rodrigues' formula)."""
    vectors = np.asarray(vectors, dtype=np.float64)
    angle = np.linalg.norm(vectors, axis=-1)[..., None, None]
    x, y, z = np.moveaxis(vectors / np.maximum(angle[..., 0], 1e-12), -1, 0)
    zero = np.zeros_like(x)
    cross = np.stack([zero, -z, y, z, zero, -x, -y, x, zero], axis=-1).reshape(*x.shape, 3, 3)
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * (cross @ cross))


def quaternion_matrices(quaternions: DoubleArray) -> DoubleArray:
    """Rotation matrices (..., 3, 3) of quaternions (..., 4) in the order x y z w, of any length."""
    x, y, z, w = np.moveaxis(unit_quaternions(quaternions), -1, 0)
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    return np.moveaxis(np.array(rows), (0, 1), (-2, -1))


def unit_quaternions(quaternions: DoubleArray) -> DoubleArray:
    """Quaternions (..., 4), x y z w, of length 1; no turn where one has no length."""
    size = np.linalg.norm(quaternions, axis=-1, keepdims=True)
    return np.asarray(np.where(size > 1e-12, quaternions / np.maximum(size, 1e-12), (0.0, 0.0, 0.0, 1.0)))


def euler_matrices(degrees: DoubleArray, order: Sequence[int]) -> DoubleArray:
    """Rotation matrices (..., 3, 3) of turns (..., k) in degrees about the axes ``order``, the first outermost."""
    if np.abs(degrees).max(initial=0.0) > _WHOLE_TURNS:  # of damaged files: up to 1e308
        degrees = np.remainder(degrees, 360.0)
    radians = np.moveaxis(np.radians(degrees), -1, 0)
    columns = np.zeros((3, 3, *degrees.shape[:-1]))
    columns[range(3), range(3)] = 1.0
    for cos, sin, axis in zip(np.cos(radians), np.sin(radians), order, strict=True):
        one, other = columns[(axis + 1) % 3], columns[(axis + 2) % 3]
        turned = one * cos + other * sin
        columns[(axis + 2) % 3] = other * cos - one * sin
        columns[(axis + 1) % 3] = turned
    return np.moveaxis(columns, (0, 1), (-1, -2))


def forward(parents: Sequence[int], offsets: DoubleArray, rotations: DoubleArray) -> DoubleArray:
    """Joint positions (frames, joints, 3) from rotations (frames, joints, 3, 3) and offsets (frames or 1, joints, 3).

    Both are local to the parent. A joint's parent comes before it; the root's offset is its place in the world.
    """
    world = np.empty((len(parents), 3, 4, len(rotations)))  # rotation and position; frames last, because it is faster
    world[:, :, :3] = np.moveaxis(rotations, 0, -1)
    world[:, :, 3] = np.moveaxis(offsets, 0, -1)
    for joints in _levels(parents):
        above = world[[parents[joint] for joint in joints]]
        placed = np.einsum("jabt,jbct->jact", above[:, :, :3], world[joints])
        placed[:, :, 3] += above[:, :, 3]
        world[joints] = placed
    return np.ascontiguousarray(np.moveaxis(world[:, :, 3], -1, 0))


def _levels(parents: Sequence[int]) -> list[list[int]]:
    """The joints below the roots, those of equal depth together, parents first."""
    depths: list[int] = []
    levels: list[list[int]] = []
    for joint, parent in enumerate(parents):
        depths.append(0 if parent < 0 else depths[parent] + 1)
        if parent >= 0:
            if depths[joint] > len(levels):
                levels.append([])
            levels[depths[joint] - 1].append(joint)
    return levels


def pose_body(rotations: DoubleArray, pelvis: DoubleArray) -> DoubleArray:
    """Joints (frames, 22, 3) of the neutral body: local ``rotations`` (frames, 22, 3, 3), pelvis (frames, 3)."""
    offsets = np.broadcast_to(REST_OFFSETS, (len(rotations), len(JOINTS), 3)).copy()
    offsets[:, 0] = pelvis
    return forward(PARENTS, offsets, rotations)
