"""The requirements of a clip on a room, from its joints: a floor, a seat, or something that no room has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from monster.arrays import BoolArray, DoubleArray, true_runs
from monster.skeleton import INDEX
from monster.types import CANONICAL_FPS, Motion

CLIMBS: Final = "climbs, or walks on something that is not the floor"
LIES: Final = "lies down, and places to lie are not searched for"
SITS_APART: Final = "sits in more than one place"
SITS_HIGH: Final = "sits at a height that no seat has"
ON_FLOOR: Final = 0.14  # metres over the floor of the lowest foot or hand: less is contact
LONGEST_FLIGHT: Final = 0.8  # seconds that a jump may last
SHORTEST_SEAT: Final = 0.5  # seconds of sitting that ask for a seat
SEAT_TO_PELVIS: Final = 0.09  # metres from a seat up to the pelvis joint of a seated body
SEAT_HEIGHTS: Final = (0.3, 0.8)  # metres over the floor
_SWAY: Final = 0.3  # metres that a sitting pelvis may wander
_BALANCE: Final = 0.13  # metres from the feet beyond which an unsupported body falls
_WEIGHTS: Final = {"pelvis": 0.35, "spine3": 0.3, "head": 0.1, "left_knee": 0.1, "right_knee": 0.1, "neck": 0.05}


@dataclass(frozen=True, eq=False)
class AffordanceRequirements:
    """What a clip needs: the height of its floor, where it sits and when; or the reason why it fits nowhere.

    ``sitting`` (frames,) is True while a seat carries the body; ``seat`` (3,) is the median pelvis there, and
    ``facing`` (2,) the unit direction of the hips. ``reason`` is None if a room can offer all of it.
    """

    floor: float
    sitting: BoolArray
    seat: DoubleArray | None = None
    facing: DoubleArray | None = None
    reason: str | None = None

    @property
    def seat_height(self) -> float:
        """Height of the seat over the floor in metres; 0 if none is needed."""
        return 0.0 if self.seat is None else float(self.seat[2]) - self.floor - SEAT_TO_PELVIS


def requirements_of(motion: Motion) -> AffordanceRequirements:
    """The requirements of a clip. A crouch, kneel or squat keeps the balance over the feet, so it needs no seat."""
    joints = motion.resampled(CANONICAL_FPS).joints.astype(np.float64)
    floor = float(np.percentile(_feet(joints).min(axis=1), 2))
    sitting = _lasting(is_sitting(joints, floor), SHORTEST_SEAT)
    if lasts(_is_lying(joints, floor), SHORTEST_SEAT):
        return AffordanceRequirements(floor, sitting, reason=LIES)
    contact = joints[
        :, [INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("ankle", "foot", "wrist")], 2
    ]
    if lasts((contact.min(axis=1) - floor > ON_FLOOR) & ~sitting, LONGEST_FLIGHT):
        return AffordanceRequirements(floor, sitting, reason=CLIMBS)
    return _seat(joints, floor, sitting) if sitting.any() else AffordanceRequirements(floor, sitting)


def is_sitting(joints: DoubleArray, floor: float) -> BoolArray:
    """Frames (frames,) in which thighs are level, the trunk upright, and the weight is not over the feet."""
    hips, knees, ankles = (_pair(joints, name) for name in ("hip", "knee", "ankle"))
    level = (hips[..., 2] - knees[..., 2]).max(axis=1) < 0.25
    upright = joints[:, INDEX["neck"], 2] - joints[:, 0, 2] > 0.25
    off_knees = knees[..., 2].min(axis=1) - floor > 0.2
    weight = sum((joints[:, INDEX[name], :2] * share for name, share in _WEIGHTS.items()), np.zeros((len(joints), 2)))
    feet = np.concatenate([ankles, _pair(joints, "foot")], axis=1)[..., :2]
    heels = ankles[..., :2].mean(axis=1)
    behind = ((heels - weight) * facing(joints)).sum(axis=1)
    away = np.linalg.norm(feet - weight[:, None], axis=2).min(axis=1)
    bent = ((hips - ankles)[..., 2] < 0.8 * _leg(joints)).all(axis=1)
    return np.asarray(level & upright & off_knees & bent & (behind > 0) & (away > _BALANCE))


def facing(joints: DoubleArray) -> DoubleArray:
    """Unit direction (frames, 2) on the floor that the hips face."""
    across = (joints[:, INDEX["left_hip"]] - joints[:, INDEX["right_hip"]])[:, :2]
    forward = np.stack([across[:, 1], -across[:, 0]], axis=1)
    return np.asarray(forward / np.maximum(np.linalg.norm(forward, axis=1, keepdims=True), 1e-9))


def lasts(state: BoolArray, seconds: float) -> bool:
    """Whether the state (frames,) holds for that time without a break."""
    return bool(_lasting(state, seconds).any())


def _lasting(state: BoolArray, seconds: float) -> BoolArray:
    """Mask of the intervals of the state (frames,) that last at least that long."""
    kept = np.zeros(len(state), dtype=bool)
    for start, end in true_runs(state):
        kept[start:end] = end - start >= round(seconds * CANONICAL_FPS)
    return kept


def _is_lying(joints: DoubleArray, floor: float) -> BoolArray:
    trunk = joints[:, [INDEX["pelvis"], INDEX["spine3"], INDEX["head"]], 2]
    return np.asarray((np.ptp(trunk, axis=1) < 0.3) & (trunk[:, 0] - floor < 0.65) & (trunk.max(axis=1) - floor < 1.0))


def _seat(joints: DoubleArray, floor: float, sitting: BoolArray) -> AffordanceRequirements:
    pelvis, forward = joints[sitting, 0], facing(joints)[sitting].mean(axis=0)
    middle = np.median(pelvis, axis=0)
    if np.linalg.norm(pelvis[:, :2] - middle[:2], axis=1).max() > _SWAY:
        return AffordanceRequirements(floor, sitting, reason=SITS_APART)
    if not SEAT_HEIGHTS[0] <= middle[2] - floor - SEAT_TO_PELVIS <= SEAT_HEIGHTS[1]:
        return AffordanceRequirements(floor, sitting, reason=SITS_HIGH)
    length = float(np.linalg.norm(forward))
    return AffordanceRequirements(floor, sitting, middle, forward / length if length > 1e-6 else np.array([0.0, 1.0]))


def _pair(joints: DoubleArray, name: str) -> DoubleArray:
    return joints[:, [INDEX[f"left_{name}"], INDEX[f"right_{name}"]]]


def _feet(joints: DoubleArray) -> DoubleArray:
    return np.concatenate([_pair(joints, "ankle"), _pair(joints, "foot")], axis=1)[..., 2]


def _leg(joints: DoubleArray) -> float:
    thigh, shank = _pair(joints, "hip") - _pair(joints, "knee"), _pair(joints, "knee") - _pair(joints, "ankle")
    return float(np.median(np.linalg.norm(thigh, axis=2) + np.linalg.norm(shank, axis=2)))
