"""How a body goes: whether it flies between two steps, how fast, which way round, how its feet come down."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from monster.arrays import BoolArray, DoubleArray, true_runs
from worlds.actions.detecting.limbs import stays_on_spot
from worlds.geometry.kinematics import FPS, MotionKinematics, starts

# In a walk one foot is always at rest; between two steps of a run neither is (CMU runs: in 24 to 45 % of the frames).
MOVING_FEET: Final = 0.3  # of the pelvis's speed, of both feet
FASTER: Final = 1.3  # metres a second of the pelvis, above which a body may run
LEAST_UP: Final = 0.02  # leg lengths of both soles
FLIGHT_GAP: Final = 0.5  # seconds from one flight of a run to the next, at most


def foot_speed(motion: MotionKinematics) -> DoubleArray:
    """Metres a second over the floor (frames, 2) of the slower end of each foot."""
    if len(motion) < 2:
        return np.zeros((len(motion), 2))
    ends = []
    for name in ("ankle", "foot"):
        step = np.gradient(motion.pair(name)[..., :2], axis=0)
        ends.append(np.linalg.norm(step, axis=2) * FPS)
    return np.asarray(np.minimum(ends[0], ends[1]))


def flying(motion: MotionKinematics, slowest: float = FASTER) -> BoolArray:
    """Frames (frames,) in which a body of at least that speed has neither foot at rest on the floor."""
    moving = foot_speed(motion).min(axis=1) > MOVING_FEET * motion.speed
    balls = motion.pair("foot")[..., 2]
    up = balls.min(axis=1) - np.percentile(balls, 3) > LEAST_UP * motion.leg
    return np.asarray(moving & up & (motion.speed > slowest) & motion.upright)


def spells(state: BoolArray) -> list[tuple[int, int]]:
    """Pairs (first frame, frame after the last) of every stretch of a state (frames,)."""
    return [(start, end) for start, end in true_runs(state).tolist()]


def run_spells(motion: MotionKinematics) -> list[tuple[int, int]]:
    """Stretches of running, from the first flight to the last: at least two that follow each other, legs in turn."""
    flights = spells(flying(motion))
    ahead = motion.local_pair("ankle")[..., 1]
    right_ahead = ahead[:, 1] > ahead[:, 0]
    runs: list[list[tuple[int, int]]] = []
    for flight in flights:
        middle = (flight[0] + flight[1]) // 2
        in_turn = bool(runs) and right_ahead[middle] != right_ahead[(runs[-1][-1][0] + runs[-1][-1][1]) // 2]
        if in_turn and flight[0] - runs[-1][-1][1] <= FLIGHT_GAP * FPS:
            runs[-1].append(flight)
        else:
            runs.append([flight])
    return [(run[0][0], run[-1][1]) for run in runs if len(run) > 1]


WALKING: Final = 0.3  # metres a second of a body that goes
SIDELONG: Final = np.radians(45)  # off the direction of travel
PAUSE: Final = 0.3  # seconds of standing or going elsewhere that do not end a spell
LOW: Final = 0.1  # leg lengths of a sole that may be on the floor
FEWEST_RESTS: Final = 3
PLANTED: Final = 0.35  # metres a second of the ball of a foot that carries


def travel_angle(motion: MotionKinematics) -> DoubleArray:
    """Radians (frames,) to the left from where the hips face to where the body goes."""
    ahead = np.minimum(np.arange(len(motion)) + 3, len(motion) - 1)
    behind = np.maximum(np.arange(len(motion)) - 3, 0)
    step = (motion.pelvis[ahead] - motion.pelvis[behind])[:, :2]
    heading = motion.heading
    return np.asarray(np.arctan2(heading[:, 0] * step[:, 1] - heading[:, 1] * step[:, 0], (heading * step).sum(axis=1)))


def travel_spells(motion: MotionKinematics, travel: float, least: float) -> list[tuple[int, int]]:
    """Stretches in which the upright body goes so many metres in that direction from where it faces."""
    off = np.abs((travel_angle(motion) - travel + np.pi) % (2 * np.pi) - np.pi)
    going = (motion.speed > WALKING) & (off < SIDELONG) & motion.upright
    steps = np.linalg.norm(np.diff(motion.pelvis[:, :2], axis=0, prepend=motion.pelvis[:1, :2]), axis=1)
    return [(start, end) for start, end in joined(spells(going), PAUSE) if steps[start:end].sum() >= least]


def leaves_floor(motion: MotionKinematics, start: int, end: int) -> bool:
    """Whether both feet are off the floor for a moment between two frames."""
    return bool(_flights(flying(motion, WALKING)[start:end]))


def _flights(state: BoolArray) -> list[tuple[int, int]]:
    return [(first, last) for first, last in spells(state) if last - first >= 2]


def joined(stretches: list[tuple[int, int]], pause: float) -> list[tuple[int, int]]:
    """The stretches, those that a shorter pause in seconds separates as one."""
    merged: list[tuple[int, int]] = []
    for start, end in stretches:
        if merged and start - merged[-1][1] < pause * FPS:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def planted_slope(motion: MotionKinematics, start: int, end: int) -> DoubleArray:
    """Radians from the ball up to the ankle of the lower foot (frames,) between two frames, while its ball is still."""
    balls, ankles = motion.pair("foot")[start:end], motion.pair("ankle")[start:end]
    speed = np.linalg.norm(np.gradient(balls[..., :2], axis=0), axis=2) * FPS
    lower = balls[..., 2].argmin(axis=1)
    rows = np.arange(len(balls))
    arm = (ankles - balls)[rows, lower]
    slope = np.arctan2(arm[:, 2], np.linalg.norm(arm[:, :2], axis=1))
    return np.asarray(slope[speed[rows, lower] < PLANTED])


def circled(motion: MotionKinematics, least: float) -> list[int]:
    """The first frame of every stretch in which the way of a going body turns so far to one side."""
    found = []
    for start, end in joined(spells(motion.speed > WALKING), PAUSE):
        track = motion.pelvis[start:end:4, :2]
        if len(track) < 8:
            continue
        step = np.diff(track, axis=0)
        turned = np.diff(np.unwrap(np.arctan2(step[:, 1], step[:, 0])))
        spread = np.ptp(track, axis=0).min()
        if abs(turned.sum()) > least and np.abs(turned).max() < 1.5 and spread > 0.6:
            found.append(start)
    return found


def stance_frames(motion: MotionKinematics, start: int, end: int) -> DoubleArray:
    """Mean lengths (2,) in frames of the left and the right foot's rests between two frames; zeros if there are few.

    A rest that touches the first or the last frame does not count.
    """
    balls = motion.pair("foot")[..., 2]
    low = balls - np.percentile(balls, 3) < LOW * motion.leg
    still = (foot_speed(motion) < PLANTED)[start:end] & low[start:end]
    rests: list[list[int]] = []
    for side in range(2):
        inner = [(first, last) for first, last in spells(still[:, side]) if first > 0 and last < len(still)]
        rests.append([last - first for first, last in inner])
    if not rests[0] or not rests[1] or len(rests[0] + rests[1]) < FEWEST_RESTS:
        return np.zeros(2)
    return np.array([np.mean(rests[0]), np.mean(rests[1])])


LIFTED, OTHER_UP = 0.1, 0.012  # leg lengths of the higher sole and of the lower one in a flight on the spot
LIFTS, FLIGHTS, WITHIN = 5, 2, 2.4  # steps, frames, seconds


def spot_run(motion: MotionKinematics) -> list[int]:
    """The first frame of a run on the spot: feet up in turn, with flights between them; empty if there is none."""
    soles = motion.soles / motion.leg
    lifts: list[tuple[int, int]] = []
    for side in range(2):
        up = (soles[:, side] > LIFTED) & (soles[:, side] > soles[:, 1 - side] + LIFTED / 2)
        lifts += [(start, side) for start in starts(up & motion.upright, 0.05)]
    lifts.sort()
    for index in range(len(lifts) - LIFTS + 1):
        run = lifts[index : index + LIFTS]
        first, last = run[0][0], run[-1][0]
        in_turn = all(one[1] != other[1] for one, other in pairwise(run))
        flown = int((soles[first:last].min(axis=1) > OTHER_UP).sum()) >= FLIGHTS
        if in_turn and last - first < WITHIN * FPS and flown and stays_on_spot(motion, first, last):
            return [first]
    return []
