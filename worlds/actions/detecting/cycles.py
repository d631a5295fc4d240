"""Movements to and fro: turning points of a curve, and times in which enough of them follow one another."""

from __future__ import annotations

import numpy as np

from monster.arrays import BoolArray, DoubleArray
from worlds.geometry.kinematics import FPS


def turning_points(curve: DoubleArray, least: float) -> list[int]:
    """Frames at which a curve (frames,) turns after a change of at least so much: minima and maxima in turn."""
    points: list[int] = []
    low = high = 0
    direction = 0
    for frame in range(1, len(curve)):
        value = curve[frame]
        low = frame if value < curve[low] else low
        high = frame if value > curve[high] else high
        if direction >= 0 and curve[high] - value >= least:
            points.append(high)
            direction, low = -1, frame
        elif direction <= 0 and value - curve[low] >= least:
            points.append(low)
            direction, high = 1, frame
    return points


def to_and_fro(curve: DoubleArray, where: BoolArray, least: float, *, turns: int, within: float) -> list[int]:
    """First frames of runs of so many turning points within so many seconds, with ``where`` true all the time."""
    if not where.any():
        return []
    points = turning_points(curve, least)
    runs = []
    for first, last in zip(points, points[turns - 1 :], strict=False):
        if last - first <= within * FPS and where[first : last + 1].all():
            runs.append(first)
    return separate(runs)


def separate(frames: list[int], seconds: float = 1.0) -> list[int]:
    """The frames in order, without those that follow another within so many seconds."""
    kept: list[int] = []
    last = -np.inf
    for frame in sorted(frames):
        if frame - last > seconds * FPS:
            kept.append(frame)
        last = frame
    return kept


def near(state: BoolArray, seconds: float) -> BoolArray:
    """Frames (frames,) at most so many seconds from one in which the state holds."""
    reach = round(seconds * FPS)
    return np.asarray(np.convolve(state, np.ones(2 * reach + 1))[reach : reach + len(state)] > 0)
