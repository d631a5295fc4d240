"""How a body has left an object."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.checker.kinematics import STOP_SPEED, Seen
from worlds.types import Array, PlacedObject

START_DISTANCE: Final = 0.9  # metres from the body to what it walks away from


def departure(seen: Seen, thing: PlacedObject, metres: float) -> tuple[int, int, Array] | None:
    """When the body stood near the object last, when it is so much farther, and how far it is at each frame."""
    away = thing.distance(seen.pelvis)
    near = np.flatnonzero((away < START_DISTANCE) & (seen.speed < STOP_SPEED) & seen.standing)
    if not len(near):
        return None
    start = int(near[-1])
    farther = np.flatnonzero((away[start:] > away[start] + metres) & seen.standing[start:])
    return (start, start + int(farther[0]), away) if len(farther) else None


def forward_share(seen: Seen, start: int, end: int) -> float:
    """How much of the way between two frames went where the body faced: 1 all, -1 all of it backwards."""
    steps = np.diff(seen.pelvis[start : end + 1, :2], axis=0)
    along = (steps * seen.heading[start:end]).sum()
    return float(along / max(np.linalg.norm(steps, axis=1).sum(), 1e-9))
