"""Joints in an array of any known layout: points, flat rows, HumanML3D features, rows of body parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from monster.arrays import AnyArray
from monster.errors import FileFormatError
from monster.io.formats import RawMotion
from monster.io.motion import humanml3d as humanml
from monster.io.motion import smpl
from monster.io.motion.body_model import BodyModel
from monster.io.normalise.body_frame import check_finite
from monster.io.sources import in_file
from monster.skeleton import JOINT_COUNT
from monster.types import Finding

# The body alone, SMPL, SMPL-H, SMPL-X, and the latter three with the landmarks that the smplx package appends: the
# body's 22 come first in all.
POINT_COUNTS: Final = (22, 24, 52, 55, 45, 73, 127, 144)
FLAT: Final = JOINT_COUNT * 3
_OTHER_WIDTHS: Final[dict[int, str]] = {
    72: "SMPL poses without a translation, or 24 joints: then reshape them to (frames, 24, 3)",
    156: "SMPL-H poses without a translation",
    165: "SMPL-X poses without a translation",
    251: "KIT-ML features of 21 joints",
    322: "Motion-X parameters, which order their numbers in another way",
}


def raw_motion(array: AnyArray, path: Path, *, body: BodyModel | None = None) -> RawMotion:
    """The joints in an array of any known layout. Raises FileFormatError with the likely reason for any other."""
    where = f"{path.name}: expected joints of shape (frames, {JOINT_COUNT}, 3)"
    if array.dtype.kind not in "iuf":
        raise FileFormatError(f"{where}, got values of type {array.dtype}")
    check_finite(array, path)
    values = array.astype(np.float64)
    if values.ndim == 3 and values.shape[2] == 3 and values.shape[1] in POINT_COUNTS:
        points = values.shape[1]
        found = Finding(
            "joints", f"{JOINT_COUNT} of {points} points" if points > JOINT_COUNT else f"{points} points", "given"
        )
        return RawMotion(values[:, :JOINT_COUNT], findings=(found,))
    if values.ndim == 2 and values.shape[1] == FLAT:
        found = Finding("joints", f"{JOINT_COUNT} points", "detected", f"rows of {FLAT} numbers")
        return RawMotion(values.reshape(-1, JOINT_COUNT, 3), findings=(found,))
    if values.ndim == 2 and values.shape[1] == humanml.WIDTH:
        found = Finding("joints", "recovered", "detected", "HumanML3D features")
        return RawMotion(humanml.recover_joints(values), humanml.FPS, "the format", up="y", findings=(found,))
    if values.ndim == 2 and values.shape[1] >= smpl.MIN_WIDTH and values.shape[1] not in _OTHER_WIDTHS:
        with in_file(path):
            joints, found = smpl.joints_of_rows(values, body)
        return RawMotion(joints, unit=1.0, findings=(found,))
    raise FileFormatError(f"{where}, got {array.shape}; {_shape_reason(array.shape)}")


def _shape_reason(shape: tuple[int, ...]) -> str:
    """The likely reason for a shape that holds no motion."""
    if len(shape) == 2 and shape[1] in _OTHER_WIDTHS:
        return f"are these {_OTHER_WIDTHS[shape[1]]}?"
    if len(shape) == 2 and shape[1] <= 12:
        return "is this one frame, or the point cloud of a scene?" if shape[0] != JOINT_COUNT else "is this one frame?"
    if len(shape) == 3 and shape[:2] == (JOINT_COUNT, 3):
        return "are the frames last? transpose it to (frames, joints, 3)"
    if len(shape) == 4:
        return "several motions in one array are (motions, frames, 22, 3) or (motions, 22, 3, frames)"
    if len(shape) == 3 and shape[2] == 3:
        return f"{shape[1]} points are no known joint set ({', '.join(map(str, POINT_COUNTS))})"
    return "is this a motion at all?"
