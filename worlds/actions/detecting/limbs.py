"""Arms and legs in the body's own frame, in arm's and leg's lengths."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.cycles import near
from worlds.checker.kinematics import Mask, Seen
from worlds.types import Array

FAST: Final = 2.7  # arm lengths a second
SPOT: Final = 0.4  # metres


def on_both_feet(seen: Seen) -> Mask:
    return np.asarray((seen.soles < 0.09 * seen.leg).all(axis=1) & seen.upright)


def wrists_from_shoulders(seen: Seen) -> Array:
    """Wrists (frames, 2, 3) from their shoulders, as the body has them: right, ahead, up, in arm's lengths."""
    return np.asarray((seen.own_pair("wrist") - seen.own_pair("shoulder")) / seen.arm)


def stays_on_spot(seen: Seen, first: int, last: int, room: float = SPOT) -> bool:
    track = seen.pelvis[first : last + 1, :2]
    return bool(np.linalg.norm(np.ptp(track, axis=0)) < room)


def ankle_spread(seen: Seen) -> Array:
    """How far apart the ankles are sideways (frames,), in leg's lengths."""
    ankles = seen.own_pair("ankle")
    return np.asarray((ankles[:, 1, 0] - ankles[:, 0, 0]) / seen.leg)


def jack_frames(seen: Seen) -> Mask:
    """Frames within a second of a moment with both hands overhead and the feet apart: (frames,)."""
    hands = ((seen.pair("wrist") - seen.pair("shoulder"))[..., 2] > 0.5 * seen.arm).all(axis=1)
    both = hands & (ankle_spread(seen) > 0.4)
    return near(both, 1.0)
