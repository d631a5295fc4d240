"""Which axis points up in the joints of a body."""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from monster.geometry.axes import UPS, up_vector
from monster.skeleton import INDEX
from monster.types import person_size

SURE_UP: Final = 0.15  # how far the best up direction must lead the next one to count as detected
_MOST_FRAMES: Final = 200  # frames that are looked at


def detect_up(joints: DoubleArray) -> tuple[str, float]:
    """The axis that points up in joints (frames, 22, 3), and how far it leads the next one (0 nothing, 0.5 clearly).

    Up is the direction in which the head is above the ankles and along which the lowest joint stays at one height.
    """
    joints = joints[:: max(1, len(joints) // _MOST_FRAMES)]
    scores = {up: _uprightness(joints, up_vector(up)) for up in UPS}
    best, second = sorted(scores, key=lambda up: -scores[up])[:2]
    return best, scores[best] - scores[second]


def _uprightness(joints: DoubleArray, up: DoubleArray) -> float:
    body = joints[:, INDEX["head"]] - (joints[:, INDEX["left_ankle"]] + joints[:, INDEX["right_ankle"]]) / 2
    lean = body @ up / np.maximum(np.linalg.norm(body, axis=-1), 1e-9)
    lowest = (joints @ up).min(axis=1)
    low, high = np.percentile(lowest, [5, 90])
    steady = np.exp(-(high - low) / max(person_size(joints.astype(np.float32)), 1e-9) / 0.05)
    return float((np.median(lean) + np.percentile(lean, 95)) / 2 + steady)
