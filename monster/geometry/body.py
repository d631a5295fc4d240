"""Detects the up axis of joints, and leading frames that do not belong to the motion."""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from monster.geometry.axes import UPS, up_vector
from monster.skeleton import INDEX
from monster.types import person_size

SURE_UP: Final = 0.15  # lead of the best up direction over the next one to count as detected
MOST_CHANGE: Final = 0.2  # of a bone's length
_DIRECTIONS: Final[DoubleArray] = np.stack([up_vector(up) for up in UPS])
_EXTREME_OF_UP: Final = [("x", "y", "z", "-x", "-y", "-z").index(up) for up in UPS]
_MEASURABLE: Final = 1e100  # larger coordinates have no squares
_MOST_FRAMES: Final = 200  # frames that detection uses
_SURE_STEADY: Final = 0.1
_TRAVELS: Final = 0.4  # body lengths
_START: Final = 24  # frames
_FASTEST: Final = 5.0  # body lengths per second, about 8 m/s: faster than a punch


def detect_up(joints: DoubleArray) -> tuple[str, float]:
    """The axis that points up in joints (frames, 22, 3), and its lead over the next one (0 unclear, 0.5 clear).

    Up is the direction in which the head is above the ankles and along which the lowest joint stays at one height.
    """
    joints = joints[:: max(1, len(joints) // _MOST_FRAMES)]
    body = joints[:, INDEX["head"]] - (joints[:, INDEX["left_ankle"]] + joints[:, INDEX["right_ankle"]]) / 2
    lean = body @ _DIRECTIONS.T / np.maximum(np.linalg.norm(body, axis=-1, keepdims=True), 1e-9)
    uprightness = (np.median(lean, axis=0) + np.percentile(lean, 95, axis=0)) / 2 + _steadiness(joints)
    scores = dict(zip(UPS, uprightness.tolist(), strict=True))
    best, second = sorted(scores, key=lambda up: -scores[up])[:2]
    return best, scores[best] - scores[second]


def shows_up_by_moving(joints: DoubleArray, up: str, other: str | None) -> bool:
    """Whether the motion itself shows that ``up`` is up and not ``other``, or not any other axis (None).

    The pose of a motionless body shows the axis of the body, which is not vertical if the body lies. A body that
    travels stands upright.
    """
    joints = joints[:: max(1, len(joints) // _MOST_FRAMES)]
    if np.ptp(joints[:, INDEX["pelvis"]], axis=0).max() > _TRAVELS * person_size(joints.astype(np.float32)):
        return True
    axis = up.removeprefix("-")
    others = [other] if other is not None else [each for each in UPS if each.removeprefix("-") != axis]
    steadiness = dict(zip(UPS, _steadiness(joints).tolist(), strict=True))
    return bool(steadiness[up] - max(steadiness[each] for each in others) > _SURE_STEADY)


def _steadiness(joints: DoubleArray) -> DoubleArray:
    """For each of UPS: 1 if the lowest joint along it stays at one height, towards 0 the more it varies."""
    size = max(person_size(joints.astype(np.float32)), 1e-9)
    extremes = np.concatenate([joints.min(axis=1), -joints.max(axis=1)], axis=1)  # lowest along x y z -x -y -z
    low, high = np.percentile(extremes[:, _EXTREME_OF_UP], [5, 90], axis=0)
    return np.asarray(np.exp(-(high - low) / size / 0.05))


def skipped_start(joints: DoubleArray, fps: float | None) -> tuple[int, str]:
    """The number of leading frames of joints (frames, 22, 3) before the recording, and the reason; (0, "") without.

    These are up to three calibration frames, followed by a jump of a fifth of the body length and five times the later
    steps; or a T-pose that blends into the first pose within 0.1 s, faster than people move.
    """
    if len(joints) < 6:
        return 0, ""
    size = float(person_size(joints.astype(np.float32)))
    steps = np.abs(np.diff(joints[:_START], axis=0)).max(axis=(1, 2)) / max(size, 1e-9)
    leap = int(steps[:3].argmax())
    rest = steps[leap + 1 : leap + 7]
    if len(rest) and steps[leap] > 0.2 and steps[leap] > 5 * rest.max():
        return leap + 1, "it jumps: a T-pose before the recording"
    speeds = steps * (fps or 30.0)
    most = max(2, round(0.1 * (fps or 30.0)))
    calm = float(np.median(speeds[most:])) if len(speeds) > most else 0.0
    limit, fast = _FASTEST, 0
    while fast < len(speeds) and speeds[fast] > limit:
        limit = max(3 * calm, 0.6)  # after the first fast frame, until the speed is that of the later motion
        fast += 1
    if 0 < fast <= most and fast < len(speeds) and _arms_are_spread(joints[0]):
        return fast, f"a T-pose that blends into the recording at {speeds[:fast].max():.0f} body lengths a second"
    return 0, ""


def _arms_are_spread(joints: DoubleArray) -> bool:
    """Whether both arms of joints (22, 3) are straight and point in opposite directions, as in a T-pose."""
    arms = []
    for side in ("left", "right"):
        shoulder, elbow, wrist = (joints[INDEX[f"{side}_{part}"]] for part in ("shoulder", "elbow", "wrist"))
        length = np.linalg.norm(elbow - shoulder) + np.linalg.norm(wrist - elbow)
        arms.append((wrist - shoulder) / max(float(length), 1e-9))
    return bool(arms[0] @ arms[1] < -0.85)


def changing_bone(joints: DoubleArray) -> tuple[str, float] | None:
    """The bone with the largest relative change of length in joints (frames, 22, 3), and that change; None if rigid.

    A body has rigid bones: two or more limbs or thighs that vary by more than a fifth show that these are no joints.
    """
    shares: dict[str, float] = {}
    if not len(joints) or np.abs(joints).max() > _MEASURABLE:
        return None
    for side in ("left", "right"):
        for upper, lower in (("hip", "knee"), ("knee", "ankle"), ("shoulder", "elbow"), ("elbow", "wrist")):
            one, other = INDEX[f"{side}_{upper}"], INDEX[f"{side}_{lower}"]
            lengths = np.linalg.norm(joints[:, one] - joints[:, other], axis=-1)
            low, middle, high = np.percentile(lengths, [2, 50, 98])
            shares[f"{side}_{upper} to {side}_{lower}"] = float((high - low) / max(middle, 1e-9))
    changing = [name for name, share in shares.items() if share > MOST_CHANGE]
    if len(changing) < 2:
        return None
    name = max(changing, key=lambda each: shares[each])
    return name, shares[name]
