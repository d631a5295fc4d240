"""Hands over the top of an object."""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.arrays import BoolArray
from worlds.geometry.kinematics import MotionKinematics
from worlds.types import PlacedObject

BELOW: Final = -0.06  # metres of a wrist over the top, at least


def over_top(target: PlacedObject, motion: MotionKinematics, margin: float, *, high: float) -> BoolArray:
    """Frames in which each wrist (frames, 2) is less than ``high`` above the object's top.

    The rectangle of the top is extended by ``margin`` metres.
    """
    left, right, back, front, height = target.top or (0.0,) * 5
    local = target.to_local(motion.pair("wrist").reshape(-1, 3)).reshape(-1, 2, 3)
    x, y, z = local[..., 0], local[..., 1], local[..., 2] - height
    within = (x > left - margin) & (x < right + margin) & (y > back - margin) & (y < front + margin)
    return np.asarray(within & (z > BELOW) & (z < high))
