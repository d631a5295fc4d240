"""Frames: where the origin of a scene and of a motion is, so that no embedding depends on the origin of a file.

A scene is encoded in its floor and plan centre. A motion is encoded in the frame of its scene, and in its own frame:
start at the origin, first facing +y, lowest height 0.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.arrays import AnyArray, DoubleArray, FloatArray
from monster.geometry.room import floor_height
from monster.skeleton import INDEX

DIGITS: Final = 4  # decimals of a scene's coordinates in its own frame: float32 is as exact 100 m from an origin
_PLAN: Final = (1, 99)  # percentiles of the plan whose middle is its centre: single stray points do not move it
_LEVEL: Final = 0.1  # metres: hips and shoulders that are closer than this on the floor plan show no facing


def scene_origin(points: AnyArray) -> DoubleArray:
    """The plan centre (x, y) and floor height of points (n, 3) in metres with z up, as (3,).

    The floor is the flat layer at the bottom; without one, the first percentile of the heights.
    """
    lowest = points.min(axis=0).astype(np.float64)
    # From the lowest point, not from the origin of the file, and without the error of float32 far from that origin:
    # then all that follows is the same wherever the scene is.
    local = np.round(points - lowest, DIGITS)
    low, high = np.percentile(local[:, :2], _PLAN, axis=0, method="nearest")
    floor = floor_height(local)
    if floor is None:
        floor = float(np.percentile(local[:, 2], 1))
    centre = (low + high) / 2
    return np.asarray(lowest + np.round([centre[0], centre[1], floor], DIGITS - 1), dtype=np.float64)


def own_frame(joints: AnyArray, floor: float | None = None) -> FloatArray:
    """Joints (frames, 22, 3) in metres in the motion's own frame.

    ``floor`` is the height that becomes 0; without one, `lowest_height`.
    """
    height = lowest_height(joints) if floor is None else floor
    start = np.array([*joints[0, INDEX["pelvis"], :2], height])
    local = joints - start
    x, y = _facing(joints)
    local[..., :2] = local[..., :2] @ np.array([[y, x], [-x, y]], dtype=local.dtype)
    return np.asarray(local, dtype=np.float32)


def lowest_height(joints: AnyArray) -> float:
    """The first percentile over time of the height of the lowest joint."""
    return float(np.percentile(joints[..., 2].min(axis=1), 1))


def _facing(joints: AnyArray) -> tuple[float, float]:
    """The unit direction (x, y) that the body faces in its first frame that shows one; +y if none does."""
    across = (
        joints[:, INDEX["right_hip"], :2]
        - joints[:, INDEX["left_hip"], :2]
        + joints[:, INDEX["right_shoulder"], :2]
        - joints[:, INDEX["left_shoulder"], :2]
    )
    length = np.linalg.norm(across, axis=-1)
    clear = np.flatnonzero(length > _LEVEL)
    if not len(clear):
        return 0.0, 1.0
    x, y = across[clear[0]] / length[clear[0]]
    return float(-y), float(x)
