"""How fast a body falls while it is in the air: a frame rate that is stated wrongly shows there.

Calibrated on 76 recordings with jumps (CMU, HDM05, Bandai Namco): 8.4 to 11.1 m/s2 where the centre of mass follows a
parabola within 3.5 % of its height. A motion without such a jump says nothing.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.arrays import DoubleArray, true_runs
from monster.skeleton import JOINTS

LEAST, MOST = 6.0, 13.0  # m/s2
_OFF_FLOOR: Final = 0.05  # metres of the lowest joint over where it usually is
_FRAMES: Final = 5
_RISE: Final = 0.03  # metres
_MISFIT: Final = 0.035  # of the rise
_MIDDLE: Final = (0.2, 0.8)  # where in its time a jump is highest
# Shares of the body's mass near each joint.
_MASS: Final[dict[str, float]] = {
    "pelvis": 12, "spine1": 10, "spine2": 10, "spine3": 12, "neck": 4, "head": 7, "left_hip": 5, "right_hip": 5,
    "left_knee": 7, "right_knee": 7, "left_ankle": 3, "right_ankle": 3,
}  # fmt: skip
_OTHER_MASS: Final = 1.5  # of each other joint


def free_fall(joints: DoubleArray, fps: float) -> float | None:
    """The median acceleration, m/s2, of all jumps in joints (frames, 22, 3), z up; None without a jump."""
    lowest = joints[..., 2].min(axis=1)
    weights = np.array([_MASS.get(name, _OTHER_MASS) for name in JOINTS])
    heights = joints[..., 2] @ (weights / weights.sum())
    flights = true_runs(lowest > np.percentile(lowest, 5) + _OFF_FLOOR)
    found = [_acceleration(heights[start + 1 : end - 1], fps) for start, end in flights]
    jumps = [acceleration for acceleration in found if acceleration is not None]
    return float(np.median(jumps)) if jumps else None


def _acceleration(heights: DoubleArray, fps: float) -> float | None:
    """The acceleration downwards of heights that rise and fall along a parabola; None for any others."""
    if len(heights) < _FRAMES:
        return None
    times = np.arange(len(heights)) / fps
    curve = np.polyfit(times, heights, 2)
    if curve[0] >= 0:
        return None
    highest = -curve[1] / (2 * curve[0]) / times[-1]
    rise = float(heights.max() - max(heights[0], heights[-1]))
    misfit = float(np.abs(np.polyval(curve, times) - heights).max())
    if rise < _RISE or misfit > _MISFIT * rise or not _MIDDLE[0] < highest < _MIDDLE[1]:
        return None
    return float(-2 * curve[0])
