"""Movements that many actions have in common: walks, turns, lowering, hands and feet that are raised."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Literal

import numpy as np

from monster.arrays import BoolArray
from worlds.actions.detecting.gaits import leaves_floor, run_spells
from worlds.actions.detecting.limbs import stays_on_spot
from worlds.geometry.kinematics import FPS, STOP_SPEED, MotionKinematics, smoothed, spans, starts

Way = Literal["forward", "backward", "sideways"]

PAUSE: Final = 0.4  # seconds of standing still that do not end a walk or a turn
LEAST_WALK: Final = 0.5  # metres
UPRIGHT_SHARE, IN_AIR_SHARE, IN_AIR = 0.6, 0.12, 0.07  # of the frames of a walk; leg lengths of both soles
FASTEST_WALK: Final = 2.4  # metres a second
LEAST_WAY: Final = 0.6  # share of the path in a direction
STEP_UP, STEP_TIME = 0.03, 0.08  # leg lengths of a ball of the foot that steps; seconds
TURNING, LEAST_TURN = np.radians(20), np.radians(40)  # a second; of the hips
LOWERED, LOW_TIME = 0.27, 0.3  # leg lengths of the pelvis under its standing height; seconds
RAISED, RAISED_TIME = -0.15, 0.25  # arm lengths of a hand over the shoulder; seconds
MOVED, MOVE_TIME = 0.3, 1.0  # arm lengths that a hand moves past the standing body; seconds
FOOT_UP, FOOT_DOWN, FOOT_TIME = 0.16, 0.12, 0.12  # leg lengths; seconds
BENT, BENT_TIME = np.radians(22), 0.3
OFF_FLOOR, OFF_TIME = 0.1, 0.1  # leg lengths; seconds
STILL_SPEED, STILL_HANDS, STILL_TIME = 0.15, 0.4, 1.2  # metres a second, seconds
LEFT: Final = (1.0, -1.0)  # sign of a turn to the left and to the right


@lru_cache(maxsize=4)
def walks(motion: MotionKinematics) -> tuple[tuple[int, int], ...]:
    """Stretches in which the upright body goes somewhere on its feet, one of them always on the floor."""
    found = []
    runs = run_spells(motion)
    in_air: BoolArray = np.asarray((motion.soles > IN_AIR * motion.leg).all(axis=1))
    for start, end in spans(motion.speed > STOP_SPEED, PAUSE):
        upright = motion.upright[start:end].mean() > UPRIGHT_SHARE
        grounded = in_air[start:end].mean() < IN_AIR_SHARE
        slow = np.median(motion.speed[start:end]) < FASTEST_WALK
        runs_or_hops = any(first < end and start < last for first, last in runs) or leaves_floor(motion, start, end)
        if runs_or_hops:
            continue
        if path_length(motion, start, end) >= LEAST_WALK and upright and grounded and slow:
            found.append((start, end))
    return tuple(found)


def path_length(motion: MotionKinematics, start: int, end: int) -> float:
    """Metres over the floor between two frames."""
    return float(np.linalg.norm(np.diff(motion.pelvis[start:end, :2], axis=0), axis=1).sum())


def way_shares(motion: MotionKinematics, start: int, end: int) -> tuple[float, float]:
    """How much of a path leads ahead (1; -1: backwards) and to the right (1; -1: to the left) of the hips."""
    steps = np.diff(motion.pelvis[start:end, :2], axis=0)
    ahead = np.stack([np.cos(motion.yaw), np.sin(motion.yaw)], axis=1)[start : end - 1]
    length = max(float(np.linalg.norm(steps, axis=1).sum()), 1e-9)
    along = (steps * ahead).sum()
    right = (steps[:, 0] * ahead[:, 1] - steps[:, 1] * ahead[:, 0]).sum()
    return float(along / length), float(right / length)


def walks_in_way(motion: MotionKinematics, way: Way, side: int | None = None) -> list[int]:
    """First frames of the walks in that direction; ``side`` of a walk sideways."""
    found = []
    for start, end in walks(motion):
        ahead, right = way_shares(motion, start, end)
        aside = abs(right) if side is None else right * -LEFT[side]
        share = {"forward": ahead, "backward": -ahead, "sideways": aside}[way]
        if share > LEAST_WAY:
            found.append(start)
    return found


def step_counts(motion: MotionKinematics) -> list[tuple[int, int]]:
    """First frame and number of steps of each walk: how often a foot leaves the floor in it."""
    lifted = motion.soles > STEP_UP * motion.leg
    times = [frame for side in range(2) for frame in starts(lifted[:, side], STEP_TIME)]
    early = round(0.3 * FPS)
    return [(a, sum(a - early <= frame < b for frame in times)) for a, b in walks(motion)]


def moves(motion: MotionKinematics) -> list[int]:
    """First frames of the stretches in which the body goes somewhere in any manner."""
    going = spans(motion.speed > STOP_SPEED, PAUSE)
    return [start for start, end in going if path_length(motion, start, end) >= LEAST_WALK]


def turns(motion: MotionKinematics, side: int, least: float = LEAST_TURN) -> list[int]:
    """First frames of the turns of the hips to that side by at least an angle."""
    rate = np.gradient(motion.yaw) * FPS if len(motion) > 1 else np.zeros(len(motion))
    found = []
    for start, end in spans(LEFT[side] * rate > TURNING, PAUSE):
        if LEFT[side] * (motion.yaw[end - 1] - motion.yaw[start]) >= least:
            found.append(start)
    return found


def _low(motion: MotionKinematics) -> BoolArray:
    standing = motion.pelvis[motion.standing, 2]
    height = float(np.median(standing)) if len(standing) else 1.05 * motion.leg
    return np.asarray(motion.pelvis[:, 2] < height - LOWERED * motion.leg)


def lowered(motion: MotionKinematics) -> list[int]:
    """Frames at which the pelvis has come down from standing."""
    low = _low(motion)
    return [frame for frame in starts(low, LOW_TIME) if not low[:frame].all()]


def rose(motion: MotionKinematics) -> list[int]:
    """Frames at which the pelvis has come up to standing."""
    up = ~_low(motion)
    return [frame for frame in starts(up, LOW_TIME) if not up[:frame].all()]


def hand_raised(motion: MotionKinematics, side: int) -> list[int]:
    """Frames at which that hand is up at the shoulder or over it."""
    over = (motion.pair("wrist") - motion.pair("shoulder"))[:, side, 2] / motion.arm
    return starts((over > RAISED) & motion.upright, RAISED_TIME)


def hand_moved(motion: MotionKinematics, side: int) -> list[int]:
    """Frames at which that hand moves while the body stays on its spot."""
    hand = (motion.local_pair("wrist") - motion.local_pair("shoulder"))[:, side] / motion.arm
    window = round(MOVE_TIME * FPS)
    away = np.zeros(len(motion), dtype=bool)
    for lag in range(1, min(window, len(hand))):
        away[:-lag] |= np.linalg.norm(hand[lag:] - hand[:-lag], axis=1) > MOVED
    calm = smoothed(motion.speed, window // 2) < STOP_SPEED
    return starts(away & calm, 0.0)


def foot_raised(motion: MotionKinematics, side: int) -> list[int]:
    """Frames at which that foot is off the floor and the other one stands, while the body stays on its spot."""
    up = (motion.soles[:, side] > FOOT_UP * motion.leg) & (motion.soles[:, 1 - side] < FOOT_DOWN * motion.leg)
    found = starts(up & motion.upright, FOOT_TIME)
    return [at for at in found if stays_on_spot(motion, max(at - 8, 0), at + 8)]


def bent(motion: MotionKinematics) -> list[int]:
    """Frames at which the trunk of the body on its feet leans forward."""
    return starts((motion.leaning > BENT) & ~_low(motion), BENT_TIME)


def off_floor(motion: MotionKinematics) -> list[int]:
    """Frames at which both feet leave the floor."""
    return starts((motion.soles > OFF_FLOOR * motion.leg).all(axis=1) & motion.upright, OFF_TIME)


def still(motion: MotionKinematics) -> list[int]:
    """Frames at which the standing body comes to rest."""
    calm = (motion.speed < STILL_SPEED) & (motion.wrist_speed.max(axis=1) < STILL_HANDS)
    return starts(calm & motion.standing, STILL_TIME)
