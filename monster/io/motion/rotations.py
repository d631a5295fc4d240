"""From joint positions to the rotations of a skeleton, for formats of bones and angles.

The rotation of a joint with several child bones that move as one (pelvis, chest) is the best fit (Kabsch 1976) of all
of them to their mean shape. The rotation of a joint with one child bone is the shortest turn to that bone on top of
the parent's rotation, because positions do not determine the twist about it. Axes are those of the rest pose: y up,
facing z, x to the left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from monster.io.motion.kinematics import REST_OFFSETS
from monster.skeleton import JOINT_COUNT, PARENTS

_CHILDREN: Final[tuple[tuple[int, ...], ...]] = tuple(
    tuple(child for child, parent in enumerate(PARENTS) if parent == joint) for joint in range(JOINT_COUNT)
)
_REST_DIRECTIONS: Final[DoubleArray] = REST_OFFSETS / np.linalg.norm(REST_OFFSETS, axis=-1, keepdims=True)


@dataclass(frozen=True, eq=False)
class Pose:
    """A skeleton in T-pose and its motion: rest ``offsets`` (22, 3) from each joint's parent, local ``turns``
    (frames, 22, 3, 3), and where each joint truly is in its parent's frame, ``places`` (frames, 22, 3)."""

    offsets: DoubleArray
    turns: DoubleArray
    places: DoubleArray


def solve_pose(joints: DoubleArray) -> Pose:
    """The pose of joints (frames, 22, 3), y up. With ``places`` for offsets it gives them back exactly."""
    bones = joints - joints[:, list(PARENTS)]
    bones[:, 0] = joints[:, 0]
    offsets = _REST_DIRECTIONS * np.median(np.linalg.norm(bones, axis=-1), axis=0)[:, None]
    world = np.empty((*joints.shape, 3))
    for joint, children in enumerate(_CHILDREN):
        above = world[:, PARENTS[joint]] if joint else np.broadcast_to(np.eye(3), (len(joints), 3, 3))
        if len(children) > 1:
            picked = list(children)
            turned = _fitted(bones[:, picked], offsets[picked])
            offsets[picked] = np.median(np.einsum("tij,tni->tnj", turned, bones[:, picked]), axis=0)
            world[:, joint] = _fitted(bones[:, picked], offsets[picked])
        elif children:
            aim = np.einsum("tij,j->ti", above, _REST_DIRECTIONS[children[0]])
            world[:, joint] = shortest_turn(aim, bones[:, children[0]]) @ above
        else:
            world[:, joint] = above
    offsets[0] = 0.0
    parents = [max(parent, 0) for parent in PARENTS]
    above = np.swapaxes(world[:, parents], -1, -2)
    turns, places = above @ world, np.einsum("tbij,tbj->tbi", above, bones)
    turns[:, 0], places[:, 0] = world[:, 0], joints[:, 0]
    return Pose(offsets, turns, places)


def shortest_turn(one: DoubleArray, other: DoubleArray) -> DoubleArray:
    """Rotations (n, 3, 3) that turn vectors (n, 3) to others the shortest way; the identity for a zero vector."""
    one, one_size = _unit(one)
    other, other_size = _unit(other)
    cross, cos = np.cross(one, other), np.einsum("ti,ti->t", one, other)[:, None, None]
    x, y, z = cross.T
    zero = np.zeros_like(x)
    skew = np.stack([zero, -z, y, z, zero, -x, -y, x, zero], axis=-1).reshape(-1, 3, 3)
    turns = np.eye(3) + skew + skew @ skew / np.maximum(1 + cos, 1e-9)
    opposite = (cos[:, 0, 0] < -1 + 1e-7) & (one_size > 0) & (other_size > 0)
    aside, _ = _unit(np.cross(one, np.eye(3)[np.abs(one).argmin(axis=1)]))
    half = 2 * aside[:, :, None] * aside[:, None, :] - np.eye(3)  # half a turn about any axis at right angles
    turns = np.where(opposite[:, None, None], half, turns)
    still = (one_size == 0) | (other_size == 0)
    return np.asarray(np.where(still[:, None, None], np.eye(3), turns))


def euler_zxy(turns: DoubleArray) -> DoubleArray:
    """Angles in degrees (frames, ..., 3) about z, x and y, the first outermost, without leaps from frame to frame."""
    x = np.arcsin(np.clip(turns[..., 2, 1], -1, 1))
    z = np.arctan2(-turns[..., 0, 1], turns[..., 1, 1])
    y = np.arctan2(-turns[..., 2, 0], turns[..., 2, 2])
    upright = np.abs(turns[..., 2, 1]) > 1 - 1e-9  # z and y turn about one axis: z does it all
    z = np.where(upright, np.arctan2(turns[..., 1, 0], turns[..., 0, 0]), z)
    y = np.where(upright, 0.0, y)
    return np.degrees(np.unwrap(np.stack([z, x, y], axis=-1), axis=0))


def _fitted(bones: DoubleArray, shape: DoubleArray) -> DoubleArray:
    """Rotations (frames, 3, 3) that bring a shape (n, 3) nearest to bones (frames, n, 3)."""
    left, _, right = np.linalg.svd(np.einsum("tni,nj->tij", bones, shape))
    flip = np.broadcast_to(np.eye(3), left.shape).copy()
    flip[:, 2, 2] = np.sign(np.linalg.det(left @ right))
    return np.asarray(left @ flip @ right)


def _unit(vectors: DoubleArray) -> tuple[DoubleArray, DoubleArray]:
    """Unit vectors (n, 3), zero where there is no length, and lengths (n,), zero where they are too small to count."""
    size = np.linalg.norm(vectors, axis=-1)
    size = np.where(size > 1e-9, size, 0.0)
    return vectors / np.where(size > 0, size, 1.0)[:, None] * (size > 0)[:, None], size
