"""Hands over the top of an object."""

from __future__ import annotations

import numpy as np

from worlds.checker.kinematics import Mask, Seen
from worlds.types import PlacedObject


def over_top(thing: PlacedObject, seen: Seen, grown: float, *, high: float) -> Mask:
    """Frames in which each wrist (frames, 2) is close above the object's top, its rectangle grown by so much."""
    left, right, back, front, height = thing.top or (0.0,) * 5
    own = thing.to_own(seen.pair("wrist").reshape(-1, 3)).reshape(-1, 2, 3)
    x, y, z = own[..., 0], own[..., 1], own[..., 2] - height
    within = (x > left - grown) & (x < right + grown) & (y > back - grown) & (y < front + grown)
    return np.asarray(within & (z > -0.06) & (z < high))
