"""Retargets a motion to the bones of another body: same directions, other lengths, feet on the floor.

Every bone keeps its direction in every frame and takes its length from the body: that of a given motion, or the
neutral one of `kinematics`, whose proportions are published anthropometry. The path of the body is scaled by the length
of the legs, so that steps fit them. The height of the lowest joint above the floor is scaled by the same factor, so
that standing and jumping are kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from monster.io.motion.kinematics import REST_OFFSETS, STATURE
from monster.skeleton import INDEX, PARENTS
from monster.types import Finding, Motion

BONE_LENGTHS: Final[DoubleArray] = np.linalg.norm(REST_OFFSETS, axis=-1)
"""Length in metres of the bone that ends in each joint (22,); the entry of the pelvis is not used."""

_TOO_SHORT: Final = 0.005  # metres: a shorter bone has no direction worth keeping
_LEGS: Final = ("left_knee", "right_knee", "left_ankle", "right_ankle")


@dataclass(frozen=True, eq=False)
class BodyProportions:
    """Length in metres of the bone that ends in each joint (22,), of which the pelvis has none, and the body's name."""

    lengths: DoubleArray
    name: str


NEUTRAL: Final = BodyProportions(BONE_LENGTHS, f"neutral body of {STATURE} m")


def proportions_of(motion: Motion, name: str = "given body") -> BodyProportions:
    """The proportions of the body in a motion: its median bone lengths."""
    joints = motion.joints.astype(np.float64)
    lengths = np.linalg.norm(joints - joints[:, list(PARENTS)], axis=-1)
    return BodyProportions(np.median(lengths, axis=0), name)


def retargeted(motion: Motion, body: BodyProportions = NEUTRAL) -> Motion:
    """The motion on the bones of another body, at the same fps; a placed motion keeps its path over the floor.

    For files that other programs read. Embeddings are of motions on their own bones: on the neutral body retrieval is
    worse.
    """
    joints = motion.joints.astype(np.float64)
    directions = bone_directions(joints)
    moved = np.zeros_like(joints)
    for joint, parent in enumerate(PARENTS):
        if parent >= 0:
            moved[:, joint] = moved[:, parent] + directions[:, joint] * body.lengths[joint]
    scale = _leg_length(body.lengths) / max(_leg_length(proportions_of(motion).lengths), 1e-6)
    across = 1.0 if motion.placed else scale
    moved[..., :2] += (joints[:1, 0, :2] + (joints[:, 0, :2] - joints[:1, 0, :2]) * across)[:, None]
    floor = float(np.percentile(joints[..., 2].min(axis=1), 1)) if motion.placed else 0.0
    lowest = floor + (joints[..., 2].min(axis=1) - floor) * scale
    moved[..., 2] += (lowest - moved[..., 2].min(axis=1))[:, None]
    note = f"bone directions kept, path times {across:.3f}, heights times {scale:.3f}"
    finding = Finding("proportions", body.name, "given", note)
    provenance = replace(motion.provenance, findings=(*motion.provenance.findings, finding))
    return replace(motion, joints=moved.astype(np.float32), provenance=provenance)


def bone_directions(joints: DoubleArray) -> DoubleArray:
    """Unit vectors (frames, 22, 3) from each joint's parent to it; zero for the pelvis.

    A bone without a length (a collar upon the spine) points where it would on the neutral body in this pose.
    """
    parents = list(PARENTS)
    bones = joints - joints[:, parents]
    bones[:, 0] = 0.0
    length = np.linalg.norm(bones, axis=-1, keepdims=True)
    rest = np.einsum("tij,bj->tbi", _trunk(joints), REST_OFFSETS / BONE_LENGTHS[:, None])
    directions: DoubleArray = np.where(length > _TOO_SHORT, bones / np.maximum(length, 1e-12), rest)
    directions[:, 0] = 0.0
    return directions


def _trunk(joints: DoubleArray) -> DoubleArray:
    """The trunk's turn in every frame (frames, 3, 3): columns point to its left, up and ahead."""
    up = _unit(joints[:, INDEX["neck"]] - joints[:, 0], np.array([0.0, 0.0, 1.0]))
    left = joints[:, INDEX["left_hip"]] - joints[:, INDEX["right_hip"]]
    left = _unit(left - np.einsum("ti,ti->t", left, up)[:, None] * up, np.array([1.0, 0.0, 0.0]))
    return np.asarray(np.stack([left, up, np.cross(left, up)], axis=-1))


def _unit(vectors: DoubleArray, instead: DoubleArray) -> DoubleArray:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(np.where(length > 1e-6, vectors / np.maximum(length, 1e-12), instead))


def _leg_length(lengths: DoubleArray) -> float:
    """Thighs and shanks of both sides."""
    return sum(float(lengths[INDEX[end]]) for end in _LEGS)
