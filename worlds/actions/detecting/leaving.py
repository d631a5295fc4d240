"""How a body has left an object."""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from worlds.geometry.kinematics import STOP_SPEED, MotionKinematics
from worlds.types import PlacedObject

START_DISTANCE: Final = 0.9  # metres to the object that the body leaves


def departure(motion: MotionKinematics, target: PlacedObject, metres: float) -> tuple[int, int, DoubleArray] | None:
    """When the body stood near the object last, when it is so much farther, and its distance at each frame."""
    away = target.distance(motion.pelvis)
    near = np.flatnonzero((away < START_DISTANCE) & (motion.speed < STOP_SPEED) & motion.standing)
    if not len(near):
        return None
    start = int(near[-1])
    farther = np.flatnonzero((away[start:] > away[start] + metres) & motion.standing[start:])
    return (start, start + int(farther[0]), away) if len(farther) else None


def forward_share(motion: MotionKinematics, start: int, end: int) -> float:
    """How much of the path between two frames leads where the body faced: 1 all of it, -1 all of it backwards."""
    steps = np.diff(motion.pelvis[start : end + 1, :2], axis=0)
    along = (steps * motion.heading[start:end]).sum()
    return float(along / max(np.linalg.norm(steps, axis=1).sum(), 1e-9))
