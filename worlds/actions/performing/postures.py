"""Changes of posture on the timeline: sitting down, rising, lying back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from worlds.actions.performing.spots import ABOVE_SEAT, Seat, heading
from worlds.actions.performing.timeline import ARM_AT_REST, Timeline
from worlds.people.body import SIDES
from worlds.people.curves import wrapped
from worlds.types import Array

ARMS: Final = ("left arm", "right arm")
FEET: Final = ("left foot", "right foot")
ON_LAP: Final = (0.42, 0.12, 0.3, 0.5)
BALANCING: Final = (0.95, 0.15, 0.2, 0.45)  # while the trunk leans far forward
LYING_ARM: Final = (0.06, 0.28, 0.2, 0.3)
SITTING_LEAN, SITTING_BEND = -0.12, 0.22
BOW_LEAN, BOW_BEND = 0.5, 0.32  # of pelvis and spine on the way to and from a seat
HALF_LEAN, LYING_LEAN = np.radians(-42), np.radians(-88)
LYING_HEIGHT: Final = 0.1  # of pelvis over what it lies on
STRAIGHT_SPINE: Final = (0.0, 0.06, 0.0)


def seated(line: Timeline, seat: Seat, time: float) -> None:
    """Keys of sitting on the seat at that time."""
    x, y, z = seat.point
    line.set("place", time, x, y)
    line.set("height", time, z + ABOVE_SEAT)
    line.set("lean", time, SITTING_LEAN)
    line.set("spine", time, 0.0, SITTING_BEND, 0.0)
    for arm in ARMS:
        line.set(arm, time, *ON_LAP)


def sit_down(line: Timeline, seat: Seat, *, seconds: float) -> None:
    """From standing before a seat to sitting on it: bow, lower the pelvis backwards, straighten up."""
    t, d = line.now, seconds
    x, y, z = seat.point
    line.move("lean", t, t + 0.48 * d, BOW_LEAN)
    line.move("spine", t, t + 0.48 * d, 0.0, BOW_BEND, 0.0)
    line.move("place", t + 0.05 * d, t + 0.82 * d, x, y)
    line.move("height", t + 0.08 * d, t + 0.88 * d, z + ABOVE_SEAT)
    line.move("lean", t + 0.58 * d, t + d, SITTING_LEAN)
    line.move("spine", t + 0.58 * d, t + d, 0.0, SITTING_BEND, 0.0)
    for arm in ARMS:
        line.move(arm, t, t + 0.5 * d, *BALANCING)
        line.move(arm, t + 0.6 * d, t + d, *ON_LAP)
    line.now = t + d


def rise(line: Timeline, *, seconds: float) -> None:
    """From sitting to standing over the feet: bow forward, push up, straighten."""
    t, d = line.now, seconds
    line.move("lean", t, t + 0.42 * d, BOW_LEAN + 0.05)
    line.move("spine", t, t + 0.42 * d, 0.0, BOW_BEND, 0.0)
    line.move("place", t + 0.18 * d, t + 0.85 * d, line.stand.x, line.stand.y)
    line.move("height", t + 0.26 * d, t + 0.98 * d, line.body.standing_height)
    line.move("lean", t + 0.5 * d, t + d, 0.0)
    line.move("spine", t + 0.5 * d, t + d, 0.0, 0.06, 0.0)
    for arm in ARMS:
        line.move(arm, t, t + 0.45 * d, *BALANCING)
        line.move(arm, t + 0.55 * d, t + d, *ARM_AT_REST)
    line.now = t + d


@dataclass(frozen=True)
class Rest:
    """How a body lies: the pelvis over the floor, the surface below it, and the yaw with the feet ahead."""

    place: tuple[float, float]
    top: float
    yaw: float


def rest_on(line: Timeline, lying: Array) -> Rest:
    """How the body lies where ``lying`` says: the pelvis and the head point (2, 3) in the room."""
    down = (lying[0] - lying[1])[:2]
    down = down / np.linalg.norm(down)
    trunk = float(line.body.offsets[[3, 6, 9, 12, 15], 2].sum())
    x, y = lying[1, :2] + down * trunk
    yaw = line.stand.yaw + float(wrapped(heading(down) - line.stand.yaw))
    return Rest((float(x), float(y)), float(lying[0, 2]), yaw)


def lie(line: Timeline, seat: Seat, lying: Array, time: float) -> None:
    """Keys of lying at that time."""
    rest = rest_on(line, lying)
    line.set("free", time, 1.0)
    for foot, key in zip(FEET, _lifted(line, seat, rest, half=False), strict=True):
        line.set(foot, time, *key)
    line.set("yaw", time, rest.yaw)
    line.set("lean", time, LYING_LEAN)
    line.set("spine", time, 0.0, 0.02, 0.0)
    line.set("place", time, *rest.place)
    line.set("height", time, rest.top + LYING_HEIGHT)
    for arm in ARMS:
        line.set(arm, time, *LYING_ARM)
    line.lying = True


def lie_back(line: Timeline, seat: Seat, lying: Array, *, seconds: float) -> None:
    """From sitting on a bed's side to lying on it: ``lying`` is the pelvis and the head point (2, 3) in the room."""
    t, d = line.now, seconds
    rest = rest_on(line, lying)
    _lift_feet(line, seat, rest, seconds=d)
    line.move("yaw", t + 0.08 * d, t + 0.8 * d, rest.yaw)
    line.move("lean", t, t + 0.45 * d, HALF_LEAN)
    line.set("lean", t + 0.97 * d, LYING_LEAN)
    line.move("spine", t, t + 0.45 * d, 0.0, 0.35, 0.0)
    line.set("spine", t + d, 0.0, 0.02, 0.0)
    line.move("place", t + 0.15 * d, t + 0.9 * d, *rest.place)
    line.move("height", t + 0.4 * d, t + 0.95 * d, rest.top + LYING_HEIGHT)
    for arm in ARMS:
        line.move(arm, t + 0.1 * d, t + d, *LYING_ARM)
    line.now, line.lying = t + d, True


def sit_up(line: Timeline, seat: Seat, lying: Array, *, seconds: float) -> None:
    """From lying to sitting on the bed's side, feet on the floor: the way of ``lie_back`` the other way round."""
    t, d = line.now, seconds
    rest = rest_on(line, lying)
    x, y, z = seat.point
    for side, (foot, key) in enumerate(zip(FEET, _lifted(line, seat, rest, half=True), strict=True)):
        line.move(foot, t + 0.1 * d, t + (0.55 + 0.04 * side) * d, *key)
        fx, fy, turned = line.stand.foot(line.body, side)
        line.move(
            foot,
            t + (0.58 + 0.04 * side) * d,
            t + (0.94 + 0.04 * side) * d,
            fx,
            fy,
            line.body.ankle_height,
            turned,
            0.0,
        )
    line.move("yaw", t + 0.2 * d, t + 0.9 * d, line.stand.yaw)
    line.move("lean", t, t + 0.5 * d, HALF_LEAN)
    line.set("lean", t + d, SITTING_LEAN)
    line.move("spine", t, t + 0.5 * d, 0.0, 0.4, 0.0)
    line.set("spine", t + d, 0.0, SITTING_BEND, 0.0)
    line.move("place", t + 0.1 * d, t + 0.85 * d, x, y)
    line.move("height", t + 0.05 * d, t + 0.6 * d, z + ABOVE_SEAT)
    for arm in ARMS:
        line.move(arm, t + 0.1 * d, t + d, *ON_LAP)
    line.move("free", t + 0.98 * d, t + 1.06 * d, 0.0)
    line.now, line.lying = t + 1.06 * d, False


def _lifted(line: Timeline, seat: Seat, rest: Rest, *, half: bool) -> list[tuple[float, ...]]:
    """Both feet (x, y, z, yaw, pitch) on the bed, or half way there."""
    body = line.body
    found: list[tuple[float, ...]] = []
    around = 0.5 * (line.stand.yaw + rest.yaw) if half else rest.yaw
    share, reach, high, pitch = (0.6, 0.8, 0.15, 0.25) if half else (0.0, 0.985, 0.05, 1.25)
    ahead, across = np.array([-np.sin(around), np.cos(around)]), np.array([np.cos(around), np.sin(around)])
    base = np.array(seat.point[:2]) * share + np.array(rest.place) * (1 - share)
    for side in range(len(FEET)):
        x, y = base + ahead * (reach * body.leg + body.hip_drop) + across * SIDES[side] * 0.11
        found.append((float(x), float(y), rest.top + high, around - SIDES[side] * 0.25, pitch))
    return found


def _lift_feet(line: Timeline, seat: Seat, rest: Rest, *, seconds: float) -> None:
    t, d, body = line.now, seconds, line.body
    line.move("free", t, t + 0.08 * d, 1.0)
    halves, wholes = (_lifted(line, seat, rest, half=half) for half in (True, False))
    for side, foot in enumerate(FEET):
        x, y, turned = line.stand.foot(body, side)
        line.set(foot, t - 0.05, x, y, body.ankle_height, turned, 0.0)
        delay = 0.05 * d * side
        line.move(foot, t + 0.02, t + 0.42 * d + delay, *halves[side])
        line.move(foot, t + 0.02, t + 0.92 * d + delay, *wholes[side])


def rest_arms(line: Timeline, seconds: float) -> None:
    for arm in ARMS:
        line.move(arm, line.now, line.now + seconds, *ARM_AT_REST)
    line.move("spine", line.now, line.now + seconds, *STRAIGHT_SPINE)
    line.move("lean", line.now, line.now + seconds, 0.0)
    line.now += seconds
