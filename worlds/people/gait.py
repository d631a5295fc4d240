"""Walking: positions and times of footfalls, and the roll and swing of a foot.

Numbers come from two straight walks of the CMU motion capture database (mocap.cs.cmu.edu, subject 02, clips 01 and
02, 1.18 and 1.63 m/s) and from published gait: step length grows with cadence in a fixed ratio, 0.0064 m per
step/min (Sekiya and Nagasaki, 1998); each foot carries weight for about 62 % of a stride.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from worlds.people.body import BALL_HEIGHT, LEFT, SIDES, Body, sole_direction
from worlds.people.curves import ease, through_keys, wrapped
from worlds.people.paths import Path

WALK_RATIO: Final = 0.0064 * 60  # metres per (step/s)
STANCE_WIDTH: Final = 0.052  # half, of stature, when standing
WALK_WIDTH: Final = 0.036  # half, of stature, when walking
TOE_OUT: Final = np.radians(6)
FEET_BEHIND: Final = 0.03  # metres from the pelvis back to the ankles, when standing
FEET_AHEAD: Final = 0.025  # metres from the pelvis to the middle of the ankles as a foot lands, when walking
UNHURRIED, HURRY = 0.5, 0.5  # m/s, and m/s for each metre of path: short paths are walked slowly
SHUFFLE: Final = 0.33  # metres that a shuffling step moves the body
PIVOT: Final = np.radians(62)  # radians that a shuffling step turns it
FULL_SWING: Final = 1.3  # metres that a foot travels in the strides from which the roll was measured
TOE_OFF, TOES_DOWN, TOES_UP = np.radians(-38), np.radians(-62), np.radians(19)
_SWING_AT: Final = (0.0, 0.15, 0.3, 0.5, 0.7, 0.85, 1.0)
_SWING_ROLL: Final = (0.62, 1.0, 1.0, 0.7, 0.28, 0.0, 0.0)  # shares of TOES_DOWN during the swing
_SWING_LIFT: Final = (0.0, 0.0, 0.0, 0.0, 0.1, 0.45, 1.0)  # shares of TOES_UP


@dataclass(frozen=True)
class Stand:
    """Position (x, y) of the pelvis over the floor, and yaw of a standing body."""

    x: float
    y: float
    yaw: float

    def foot(self, body: Body, side: int) -> tuple[float, float, float]:
        """Ankle x, y and yaw of that foot in a relaxed stand."""
        across, back = SIDES[side] * STANCE_WIDTH * body.stature, -FEET_BEHIND
        cos, sin = np.cos(self.yaw), np.sin(self.yaw)
        x, y = self.x + cos * across - sin * back, self.y + sin * across + cos * back
        return float(x), float(y), float(self.yaw - SIDES[side] * TOE_OUT)

    def towards(self, other: Stand, share: float) -> Stand:
        """Linear interpolation of position and yaw to the other stand."""
        mix = [a + (b - a) * share for a, b in ((self.x, other.x), (self.y, other.y), (self.yaw, other.yaw))]
        return Stand(*mix)


@dataclass(frozen=True)
class Footfall:
    """One step of one foot: ankle x, y and yaw at landing, and times of lift-off and landing."""

    side: int
    x: float
    y: float
    yaw: float
    lift: float
    land: float
    high: float = 0.0  # metres of extra clearance


@dataclass(frozen=True)
class Steps:
    """Footfalls in order, and keys (time, x, y, yaw) of the pelvis."""

    falls: tuple[Footfall, ...]
    keys: tuple[tuple[float, float, float, float], ...]
    end: float
    side: int  # the foot that landed last


def step_of(speed: float, body: Body) -> tuple[float, float]:
    """Length in metres and duration in seconds of one step at that speed in m/s."""
    length = float(np.sqrt(WALK_RATIO * speed)) * body.stature / 1.7
    return length, length / speed


def walk(
    path: Path,
    body: Body,
    *,
    speed: float,
    start: float,
    first: int,
    count: int | None = None,
    raised: Mapping[int, float] | None = None,
) -> Steps:
    """Steps along the path from standing, up to and without the one that brings the feet together at its end.

    ``count`` of them, or as many as fit; ``raised`` says by how much more some of them (by number) lift the foot.
    """
    length, period = step_of(min(speed, UNHURRIED + HURRY * path.length), body)
    count = max(1, int(np.ceil(path.length / length - 0.12))) if count is None else count
    stride = path.length / count
    period *= float(np.clip(stride / length, 0.75, 1.15))
    lands = start + 1.12 * period + period * np.arange(count)
    both = float(np.clip(0.36 - 0.12 * speed, 0.12, 0.3)) * period
    lifts = np.concatenate([[start + 0.14], lands[:-1] + both])
    falls = []
    for index in range(count):
        side = (first + index) % 2
        x, y, yaw = path.at(stride * (index + 1))
        across = SIDES[side] * WALK_WIDTH * body.stature
        ahead = FEET_AHEAD if index < count - 1 else 0.0
        x, y = x + np.cos(yaw) * across - np.sin(yaw) * ahead, y + np.sin(yaw) * across + np.cos(yaw) * ahead
        times, high = (float(lifts[index]), float(lands[index])), (raised or {}).get(index, 0.0)
        falls.append(Footfall(side, float(x), float(y), yaw - SIDES[side] * TOE_OUT, *times, high))
    at = np.concatenate([[0.0], stride * (np.arange(count) + 0.5)])
    keys = _pelvis_keys(path, np.concatenate([[start + 0.06], lands]), at)
    return Steps(tuple(falls), keys, float(lands[-1]), falls[-1].side)


def _pelvis_keys(path: Path, times: DoubleArray, at: DoubleArray) -> tuple[tuple[float, float, float, float], ...]:
    fine = np.unique(np.concatenate([times, np.arange(times[0], times[-1], 0.1)]))
    fine = fine[np.concatenate([[True], np.diff(fine) > 0.02])]
    beyond = (
        2 * times[-1] - times[-2],
        at[-1] + 0.6 * (at[-1] - at[-2]),
    )  # no stop at the last key: the last step slows down
    along = through_keys(np.append(times, beyond[0]), np.append(at, beyond[1])[:, None], fine)[:, 0]
    return tuple((float(time), *path.at(float(s))) for time, s in zip(fine, along, strict=True))


def shuffle(origin: Stand, goal: Stand, body: Body, *, start: float, period: float, first: int | None = None) -> Steps:
    """Small steps from one stand to another: to turn on the spot, back up, sidestep, or bring the feet together.

    ``first`` is the foot that moves first: the trailing one after a walk.
    """
    goal = Stand(goal.x, goal.y, origin.yaw + float(wrapped(goal.yaw - origin.yaw)))
    away, turn = np.hypot(goal.x - origin.x, goal.y - origin.y), goal.yaw - origin.yaw
    count = 1 + int(np.ceil(max(away / SHUFFLE, abs(turn) / PIVOT) - 1e-6))
    if count == 1 and first is None:
        return Steps((), (), start, LEFT)
    side = _first_side(origin, goal) if first is None else first
    shares = [1.0] if count == 1 else [min(1.0, index / (count - 1)) for index in range(1, count + 1)]
    falls, keys, before, time = [], [], 0.0, start
    for index, share in enumerate(shares):
        land = time + period
        x, y, yaw = origin.towards(goal, share).foot(body, (side + index) % 2)
        falls.append(Footfall((side + index) % 2, x, y, yaw, time + 0.16 * period, land))
        middle = origin.towards(goal, (before + share) / 2 if count > 1 else 1.0)
        keys.append((land, middle.x, middle.y, middle.yaw))
        before, time = share, land
    return Steps(tuple(falls), tuple(keys), time, falls[-1].side)


def _first_side(origin: Stand, goal: Stand) -> int:
    """The foot on the side to which the body turns or moves."""
    across = (goal.x - origin.x) * np.cos(origin.yaw) + (goal.y - origin.y) * np.sin(origin.yaw)
    return int(across - 0.3 * (goal.yaw - origin.yaw) > 0)


@dataclass(frozen=True, eq=False)
class FootTrack:
    """One foot over n frames: ankle (n, 3), yaw and pitch (n, 2), load (n,): 1 in stance, 0 in swing."""

    ankle: DoubleArray
    angles: DoubleArray
    load: DoubleArray


def track_foot(
    body: Body, origin: tuple[float, float, float], falls: Sequence[Footfall], times: DoubleArray
) -> FootTrack:
    """The track of one foot that starts at ``origin`` (x, y, yaw) and takes these steps, at ``times``.

    A foot in stance is fixed to the floor: by its heel at landing, flat, then by its ball as the heel rises.
    """
    places = [
        np.array([*origin[:2], body.ankle_height]),
        *(np.array([fall.x, fall.y, body.ankle_height]) for fall in falls),
    ]
    yaws = [origin[2], *(origin[2] + float(wrapped(fall.yaw - origin[2])) for fall in falls)]
    yaws = list(np.unwrap(yaws))
    rolls = [(0.0, 0.0), *(_roll(a, b, yaw) for a, b, yaw in zip(places, places[1:], yaws[1:], strict=False))]
    ankle, angles, load = np.empty((len(times), 3)), np.empty((len(times), 2)), np.ones(len(times))
    lands, lifts = [-np.inf, *(fall.land for fall in falls)], [*(fall.lift for fall in falls), np.inf]
    for index, (land, lift) in enumerate(zip(lands, lifts, strict=True)):
        here = (times >= land) & (times <= lift)
        leaving = rolls[index + 1][0] if index < len(falls) else 0.0
        pitch = _stance_pitch(times[here], land, lift, landing=rolls[index][1], leaving=leaving)
        angles[here] = np.column_stack([np.full(len(pitch), yaws[index]), pitch])
        ankle[here] = _stance_ankle(body, places[index], angles[here])
    for index, fall in enumerate(falls):
        air = (times > fall.lift) & (times < fall.land)
        u = (times[air] - fall.lift) / (fall.land - fall.lift)
        angles[air], load[air] = _swing_angles(u, yaws[index : index + 2], rolls[index + 1]), 0.0
        ankle[air] = _swing_ankle(
            body, u, places[index : index + 2], angles=angles[air], roll=rolls[index + 1], high=fall.high
        )
    return FootTrack(ankle, angles, load)


def _roll(origin: DoubleArray, goal: DoubleArray, yaw: float) -> tuple[float, float]:
    """Amount of heel rise at toe-off and of toe rise at landing: 1 for a full stride, small for a shuffle."""
    ahead = (goal[1] - origin[1]) * np.cos(yaw) - (goal[0] - origin[0]) * np.sin(yaw)
    full = float(np.clip(ahead / FULL_SWING, 0.0, 1.15))
    return max(full, 0.2), full if full > 0.25 else 0.0


def _stance_pitch(times: DoubleArray, land: float, lift: float, *, landing: float, leaving: float) -> DoubleArray:
    pitch = np.zeros(len(times))
    if landing:
        pitch += TOES_UP * landing * (1 - ease((times - land) / 0.12))
    if leaving:
        rise = max(land + 0.12, lift - 0.45)
        pitch += TOE_OFF * leaving * np.clip((times - rise) / (lift - rise), 0.0, 1.0) ** 3
    return pitch


def _stance_ankle(body: Body, place: DoubleArray, angles: DoubleArray) -> DoubleArray:
    flat = angles.copy()
    flat[:, 1] = 0.0
    ball = place + sole_direction(body, flat) * body.sole[0]
    raised = ball - sole_direction(body, angles) * body.sole[0]
    return np.where(angles[:, 1:] < 0, raised, place)


def _swing_angles(u: DoubleArray, yaws: list[float], roll: tuple[float, float]) -> DoubleArray:
    down = np.interp(u, _SWING_AT, _SWING_ROLL) * TOES_DOWN * roll[0]
    up = np.interp(u, _SWING_AT, _SWING_LIFT) * TOES_UP * roll[1]
    return np.column_stack([yaws[0] + (yaws[1] - yaws[0]) * ease(u), down + up])


def _swing_ankle(
    body: Body,
    u: DoubleArray,
    places: list[DoubleArray],
    *,
    angles: DoubleArray,
    roll: tuple[float, float],
    high: float,
) -> DoubleArray:
    leave, land = np.zeros((1, 2)), np.array([[angles[-1, 0] if len(angles) else 0.0, TOES_UP * roll[1]]])
    leave[0, 0] = angles[0, 0] if len(angles) else 0.0
    length = body.sole[0]
    begin, end = places[0] + sole_direction(body, leave)[0] * length, places[1] + sole_direction(body, land)[0] * length
    stride = min(1.0, roll[0])
    late = u**2 * (2.16 + u * (-1.72 + u * (1.55 - 0.99 * u)))  # in a stride the foot lags, then lands while moving
    ball = begin + (end - begin) * (stride * late + (1 - stride) * ease(u))[:, None]
    early, even = 45.6 * u**2 * (1 - u) ** 4, 16 * (u * (1 - u)) ** 2
    ball[:, 2] += (0.025 + 0.05 * stride) * (stride * early + (1 - stride) * even) + high * ease(u / 0.4) * ease(
        (1 - u) / 0.4
    )
    ball[:, 2] = np.maximum(ball[:, 2], BALL_HEIGHT * body.stature)
    return np.asarray(ball - sole_direction(body, angles) * length)
