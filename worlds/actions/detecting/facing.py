"""Which way the hips face, compared with where an object is."""

from __future__ import annotations

import numpy as np

from worlds.checker.kinematics import Mask, Seen
from worlds.types import Array, PlacedObject


def faces(thing: PlacedObject, seen: Seen) -> Mask:
    """Frames in which the hips face the object, roughly: (frames,)."""
    half = np.array(thing.size[:2]) / 2
    own = thing.to_own(seen.pelvis)
    own[:, :2] = np.clip(own[:, :2], -half * 0.5, half * 0.5)
    toward = (thing.to_room(own) - seen.pelvis)[:, :2]
    return np.asarray((toward * seen.heading).sum(axis=1) > 0.2 * np.linalg.norm(toward, axis=1))


def off_heading(thing: PlacedObject, seen: Seen) -> Array:
    """The angle (frames,) between where the hips face and the object's middle, 0 to pi."""
    toward = np.array(thing.position[:2]) - seen.pelvis[:, :2]
    cosine = (toward * seen.heading).sum(axis=1) / np.maximum(np.linalg.norm(toward, axis=1), 1e-9)
    return np.asarray(np.arccos(np.clip(cosine, -1.0, 1.0)))
