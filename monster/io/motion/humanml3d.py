"""HumanML3D features, 263 numbers a frame: to joints, and from joints.

Guo et al., "Generating diverse and natural 3D human motions from text" (CVPR 2022), lay a frame out as: the root's turn
about y since the last frame (1, half an angle), its step in its own heading (2: x and z), its height (1), the other 21
joints as seen from the root's heading (63), rotations (126), velocities (66) and foot contacts (4). Y up, 20 fps.

Written features follow their code: headings are smoothed over 20 frames, and rotations are the shortest turns from unit
bones along an axis, each local to the one before in its chain. Two things differ: bodies keep their own proportions,
where the published set brings all to one actor's (``retargeted`` gives a common body), and a turn through the back
keeps its sign, which the published code loses.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from monster.files import atomic_file
from monster.geometry.body import changing_bone
from monster.io.formats import MotionFormat, MotionOptions, RawMotion, WriteOptions
from monster.io.motion.bvh_writer import y_up
from monster.io.motion.rotations import shortest_turn
from monster.io.normalise.body_frame import finite_numbers, refuse_changing_bones
from monster.io.numpy_files import npy_header, read_npy
from monster.io.sources import Source
from monster.skeleton import INDEX, JOINT_COUNT
from monster.types import Finding, Motion

WIDTH: Final = 263
FPS: Final = 20.0
_SIGMA: Final = 20.0  # frames
_REACH: Final = 4.0  # sigmas
_CONTACT: Final = 0.002  # squared metres that a foot on the floor moves in a frame at most
_FEET: Final = ((7, 10), (8, 11))
_CHAINS: Final = ((0, 2, 5, 8, 11), (0, 1, 4, 7, 10), (0, 3, 6, 9, 12, 15), (9, 14, 17, 19, 21), (9, 13, 16, 18, 20))
_AXES: Final[dict[str, tuple[float, float, float]]] = {
    "left": (1, 0, 0), "right": (-1, 0, 0), "up": (0, 1, 0), "down": (0, -1, 0), "ahead": (0, 0, 1),
}  # fmt: skip
_BONES: Final[dict[int, str]] = {
    1: "left", 2: "right", 3: "up", 4: "down", 5: "down", 6: "up", 7: "down", 8: "down", 9: "up", 10: "ahead",
    11: "ahead", 12: "up", 13: "left", 14: "right", 15: "ahead", 16: "down", 17: "down", 18: "down", 19: "down",
    20: "down", 21: "down",
}  # fmt: skip


def checked_features(values: DoubleArray, path: Path) -> RawMotion:
    """Features (frames, 263) as joints; normalised ones are turned back where Mean.npy and Std.npy are beside the file.

    Raises FileFormatError if the bones of what they describe are not rigid.
    """
    raw = raw_features(values)
    if changing_bone(raw.joints) is None:
        return raw
    beside = [path.with_name(name) for name in ("Mean.npy", "Std.npy")]
    if all(file.is_file() for file in beside):
        mean, deviation = (finite_numbers(read_npy(file), file) for file in beside)
        if mean.shape == deviation.shape == (WIDTH,):
            raw = raw_features(values * deviation + mean)
            found = Finding("features", "denormalised", "detected", "by Mean.npy and Std.npy beside the file")
            raw = replace(raw, findings=(*raw.findings, found))
    reason = "are the features normalised (mean 0, deviation 1)? put Mean.npy and Std.npy beside the file"
    refuse_changing_bones(raw.joints, path, reason)
    return raw


def raw_features(features: DoubleArray) -> RawMotion:
    """The joints of features (frames, 263) that are not normalised."""
    found = Finding("joints", "recovered", "detected", "HumanML3D features")
    return RawMotion(recover_joints(features), FPS, "the format", up="y", has_floor=True, findings=(found,))


def recover_joints(features: DoubleArray) -> DoubleArray:
    """Joints (frames, 22, 3), y up in metres, of features (frames, 263) that are not normalised."""
    heading = np.zeros(len(features))
    heading[1:] = np.cumsum(features[:-1, 0])
    steps = np.zeros((len(features), 3))
    steps[1:, [0, 2]] = features[:-1, 1:3]
    root = np.cumsum(_unturn(steps, heading), axis=0)
    joints = np.zeros((len(features), JOINT_COUNT, 3))
    joints[:, 1:] = _unturn(features[:, 4 : 4 + 63].reshape(-1, JOINT_COUNT - 1, 3), heading[:, None])
    joints[:, 1:, [0, 2]] += root[:, None, [0, 2]]
    joints[:, 0] = root
    joints[:, 0, 1] = features[:, 3]
    return joints


def _unturn(vectors: DoubleArray, half_angle: DoubleArray) -> DoubleArray:
    """Vectors rotated about y by minus twice the half angle: from the root's heading to the world."""
    cos, sin = np.cos(2 * half_angle), np.sin(2 * half_angle)
    x, y, z = np.moveaxis(vectors, -1, 0)
    return np.stack([x * cos - z * sin, y, x * sin + z * cos], axis=-1)


def humanml_features(motion: Motion) -> DoubleArray:
    """Features (frames - 1, 263) of a motion at 20 frames a second: on the floor, from the origin, facing z."""
    joints = _canonical(y_up(motion.resampled(FPS).joints.astype(np.float64)))
    heading = _headings(joints)
    local = joints.copy()
    local[..., [0, 2]] -= joints[:, :1, [0, 2]]
    local = _turned(local, heading)
    steps = np.diff(joints, axis=0)
    turn = np.diff(np.unwrap(heading)) / 2
    parts = [
        turn[:, None],
        _turned(steps[:, 0], heading[1:])[:, [0, 2]],
        joints[:-1, 0, 1:2],
        local[:-1, 1:].reshape(len(steps), -1),
        _rotations(joints, heading)[:-1],
        _turned(steps, heading[:-1]).reshape(len(steps), -1),
        *((np.square(steps[:, feet]).sum(axis=-1) < _CONTACT).astype(np.float64) for feet in _FEET),
    ]
    return np.concatenate(parts, axis=1)


def write_humanml(path: str | Path, motion: Motion) -> None:
    """Write the features of a motion as a ``.npy`` of float32; it is brought to 20 frames a second and loses one."""
    features = humanml_features(motion).astype(np.float32)
    with atomic_file(path) as temporary, temporary.open("wb") as file:
        np.save(file, features.reshape(-1, WIDTH), allow_pickle=False)


def _canonical(joints: DoubleArray) -> DoubleArray:
    """Joints on the floor, with the first pelvis over the origin and the first frame's body facing z."""
    joints = joints - joints[0, 0] * [1, 0, 1] - [0, joints[..., 1].min(), 0]
    across = _across(joints[:1], "hip") + _across(joints[:1], "shoulder")
    ahead = np.cross([0.0, 1.0, 0.0], across)[0]
    return _turned(joints, np.full(len(joints), -np.arctan2(ahead[0], ahead[2])))


def _across(joints: DoubleArray, part: str) -> DoubleArray:
    """Vectors (frames, 3) from the left to the right of a pair of joints."""
    return np.asarray(joints[:, INDEX[f"right_{part}"]] - joints[:, INDEX[f"left_{part}"]])


def _headings(joints: DoubleArray) -> DoubleArray:
    """The angle (frames,) about y that turns each frame's body to face z, smoothed; zero in the first frame.

    The published features take the hips' vector with the opposite sign of the shoulders', because of an order of
    arguments in their code; models trained on them expect that.
    """
    across = _across(joints, "shoulder") - _across(joints, "hip")
    across /= np.maximum(np.linalg.norm(across, axis=-1, keepdims=True), 1e-9)
    ahead = _smoothed(np.cross([0.0, 1.0, 0.0], across))
    headings = -np.arctan2(ahead[:, 0], ahead[:, 2])
    headings[0] = 0.0
    return headings


def _smoothed(values: DoubleArray) -> DoubleArray:
    """Values (frames, n) averaged over time with Gaussian weights; beyond the ends the first and last go on."""
    reach = int(_REACH * _SIGMA + 0.5)
    weights = np.exp(-0.5 * np.square(np.arange(-reach, reach + 1) / _SIGMA))
    longer = np.pad(values, ((reach, reach), (0, 0)), mode="edge")
    return np.stack([np.convolve(column, weights / weights.sum(), mode="valid") for column in longer.T], axis=-1)


def _turned(vectors: DoubleArray, angles: DoubleArray) -> DoubleArray:
    """Vectors (frames, ..., 3) turned about y by one angle a frame."""
    shape = (len(vectors),) + (1,) * (vectors.ndim - 2)
    cos, sin = np.cos(angles).reshape(shape), np.sin(angles).reshape(shape)
    x, y, z = np.moveaxis(vectors, -1, 0)
    return np.stack([x * cos + z * sin, y, z * cos - x * sin], axis=-1)


def _rotations(joints: DoubleArray, heading: DoubleArray) -> DoubleArray:
    """The first two columns of each joint's local rotation (frames, 21 * 6), along the chains of the format."""
    root = np.stack([_turned(np.tile(axis, (len(joints), 1)), heading) for axis in np.eye(3)], axis=-1)
    found = np.empty((len(joints), JOINT_COUNT, 3, 2))
    for chain in _CHAINS:
        above = root  # in every chain, also in those that begin at the chest: the format is so
        for start, end in pairwise(chain):
            rest = np.tile(_AXES[_BONES[end]], (len(joints), 1)).astype(np.float64)
            world = shortest_turn(rest, joints[:, end] - joints[:, start])
            found[:, end] = (np.swapaxes(above, -1, -2) @ world)[..., :2]
            above = world
    return np.swapaxes(found[:, 1:], -1, -2).reshape(len(joints), -1)


def _is_features(source: Source) -> bool:
    return npy_header(source).shape[1:] == (WIDTH,)


def _read(source: Source, key: str, options: MotionOptions) -> RawMotion:
    return checked_features(finite_numbers(read_npy(source), source.path), source.path)


def _write(path: Path, motion: Motion, options: WriteOptions) -> None:
    write_humanml(path, motion)


FORMAT: Final = MotionFormat("humanml", (".npy",), _read, sniff=_is_features, write=_write)
