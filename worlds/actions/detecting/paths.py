"""The path that a body has walked, and where objects are beside it."""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from worlds.geometry.kinematics import MotionKinematics
from worlds.types import PlacedObject

MOVING: Final = 0.4  # metres a second of a body that does not stop
AROUND: Final = 3  # frames before and after that give the direction


def walked_path(motion: MotionKinematics) -> tuple[DoubleArray, DoubleArray]:
    """Metres walked up to each frame (frames,), and the unit direction (frames, 2) of the walk."""
    track = motion.pelvis[:, :2]
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(track, axis=0), axis=1))])
    ahead = np.minimum(np.arange(len(track)) + AROUND, len(track) - 1)
    behind = np.maximum(np.arange(len(track)) - AROUND, 0)
    step = track[ahead] - track[behind]
    return length, step / np.maximum(np.linalg.norm(step, axis=1, keepdims=True), 1e-9)


def toward_object(target: PlacedObject, motion: MotionKinematics) -> DoubleArray:
    """From the pelvis to the nearest point of the object's rectangle, on the floor: (frames, 2)."""
    local = target.to_local(motion.pelvis)
    half = np.array(target.size[:2]) / 2
    local[:, :2] = np.clip(local[:, :2], -half, half)
    return np.asarray((target.to_room(local) - motion.pelvis)[:, :2])
