"""Which way the hips face, compared with where an object is."""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.arrays import BoolArray, DoubleArray
from worlds.geometry.kinematics import MotionKinematics
from worlds.types import PlacedObject

FACING: Final = 0.2  # cosine between the heading and the direction to the object, at least


def faces(target: PlacedObject, motion: MotionKinematics) -> BoolArray:
    """Frames (frames,) in which the hips roughly face the object."""
    half = np.array(target.size[:2]) / 2
    local = target.to_local(motion.pelvis)
    local[:, :2] = np.clip(local[:, :2], -half * 0.5, half * 0.5)
    toward = (target.to_room(local) - motion.pelvis)[:, :2]
    return np.asarray((toward * motion.heading).sum(axis=1) > FACING * np.linalg.norm(toward, axis=1))


def off_heading(target: PlacedObject, motion: MotionKinematics) -> DoubleArray:
    """The angle (frames,) between the heading and the direction to the object's middle, 0 to pi."""
    toward = np.array(target.position[:2]) - motion.pelvis[:, :2]
    cosine = (toward * motion.heading).sum(axis=1) / np.maximum(np.linalg.norm(toward, axis=1), 1e-9)
    return np.asarray(np.arccos(np.clip(cosine, -1.0, 1.0)))
