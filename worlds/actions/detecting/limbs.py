"""Arms and legs in the body's own frame, in lengths of its arm and leg."""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.arrays import BoolArray, DoubleArray
from worlds.actions.detecting.cycles import near
from worlds.geometry.kinematics import MotionKinematics

FAST: Final = 2.7  # arm lengths a second
ON_FLOOR: Final = 0.09  # leg lengths of a sole, at most
SPOT: Final = 0.4  # metres that a body on one spot moves, at most
OVERHEAD: Final = 0.5  # arm lengths of the hands over the shoulders
FEET_APART: Final = 0.4  # leg lengths
JACK_SECONDS: Final = 1.0


def on_both_feet(motion: MotionKinematics) -> BoolArray:
    """Frames (frames,) in which the upright body has both feet on the floor."""
    return np.asarray((motion.soles < ON_FLOOR * motion.leg).all(axis=1) & motion.upright)


def wrists_from_shoulders(motion: MotionKinematics) -> DoubleArray:
    """Wrists (frames, 2, 3) from their shoulders in the body's own frame: right, ahead, up, in arm lengths."""
    return np.asarray((motion.local_pair("wrist") - motion.local_pair("shoulder")) / motion.arm)


def stays_on_spot(motion: MotionKinematics, first: int, last: int, most: float = SPOT) -> bool:
    """Whether the pelvis stays within so many metres from one frame to another."""
    track = motion.pelvis[first : last + 1, :2]
    return bool(np.linalg.norm(np.ptp(track, axis=0)) < most)


def ankle_spread(motion: MotionKinematics) -> DoubleArray:
    """How far the right ankle is to the right of the left one (frames,), in leg lengths."""
    ankles = motion.local_pair("ankle")
    return np.asarray((ankles[:, 1, 0] - ankles[:, 0, 0]) / motion.leg)


def jack_frames(motion: MotionKinematics) -> BoolArray:
    """Frames (frames,) within a second of one with both hands overhead and the feet apart, as in jumping jacks."""
    hands = ((motion.pair("wrist") - motion.pair("shoulder"))[..., 2] > OVERHEAD * motion.arm).all(axis=1)
    return near(np.asarray(hands & (ankle_spread(motion) > FEET_APART)), JACK_SECONDS)
