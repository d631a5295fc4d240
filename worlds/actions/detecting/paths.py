"""The path that a body has walked, and where objects are beside it."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.checker.kinematics import Seen
from worlds.types import Array, PlacedObject

MOVING: Final = 0.4  # metres a second of who does not stop


def walked_path(seen: Seen) -> tuple[Array, Array]:
    """Metres walked up to each frame (frames,), and the unit direction (frames, 2) of the walk."""
    track = seen.pelvis[:, :2]
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(track, axis=0), axis=1))])
    ahead, behind = np.minimum(np.arange(len(track)) + 3, len(track) - 1), np.maximum(np.arange(len(track)) - 3, 0)
    step = track[ahead] - track[behind]
    return length, step / np.maximum(np.linalg.norm(step, axis=1, keepdims=True), 1e-9)


def toward_object(thing: PlacedObject, seen: Seen) -> Array:
    """From the pelvis to the nearest point of the object's rectangle, over the floor: (frames, 2)."""
    own = thing.to_own(seen.pelvis)
    half = np.array(thing.size[:2]) / 2
    own[:, :2] = np.clip(own[:, :2], -half, half)
    return np.asarray((thing.to_room(own) - seen.pelvis)[:, :2])
