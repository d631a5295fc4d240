"""To and fro: turning points of a curve, and stretches of time in which enough of them follow one another."""

from __future__ import annotations

import numpy as np

from worlds.checker.kinematics import FPS, Mask
from worlds.types import Array


def turning_points(curve: Array, least: float) -> list[int]:
    """Frames at which a curve (frames,) turns after it has gone at least so far: lows and highs in turn."""
    found: list[int] = []
    low = high = 0
    way = 0
    for frame in range(1, len(curve)):
        value = curve[frame]
        low = frame if value < curve[low] else low
        high = frame if value > curve[high] else high
        if way >= 0 and curve[high] - value >= least:
            found.append(high)
            way, low = -1, frame
        elif way <= 0 and value - curve[low] >= least:
            found.append(low)
            way, high = 1, frame
    return found


def to_and_fro(curve: Array, where: Mask, least: float, *, turns: int, within: float) -> list[int]:
    """First frames at which so many turning points in a row lie within so many seconds, all of it where ``where``."""
    if not where.any():
        return []
    points = turning_points(curve, least)
    found = []
    for first, last in zip(points, points[turns - 1 :], strict=False):
        if last - first <= within * FPS and where[first : last + 1].all():
            found.append(first)
    return separate(found)


def separate(frames: list[int], seconds: float = 1.0) -> list[int]:
    """The frames, in order, without those that follow the one before within so many seconds."""
    kept: list[int] = []
    last = -np.inf
    for frame in sorted(frames):
        if frame - last > seconds * FPS:
            kept.append(frame)
        last = frame
    return kept


def near(state: Mask, seconds: float) -> Mask:
    """Frames at most so many seconds from one in which the state holds: (frames,)."""
    reach = round(seconds * FPS)
    return np.asarray(np.convolve(state, np.ones(2 * reach + 1))[reach : reach + len(state)] > 0)
