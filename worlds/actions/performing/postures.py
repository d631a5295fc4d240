"""Changes of posture: sitting down, rising, lying down, sitting up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from worlds.actions.performing.keyframes import (
    ARM_AT_REST,
    FEET,
    SPINE_AT_REST,
    ArmAngles,
    FootPose,
    Keyframe,
    Posture,
    SpineAngles,
    one_foot,
)
from worlds.actions.performing.spots import ABOVE_SEAT, Seat, heading
from worlds.actions.performing.timeline import Timeline
from worlds.people.body import SIDES
from worlds.people.curves import wrapped

SITTING: Final = Posture(lean=-0.12, spine=SpineAngles(bend=0.22))
HANDS_ON_LAP: Final = ArmAngles(swing=0.42, raised=0.12, twist=0.3, elbow=0.5)
BOWED: Final = Posture(lean=0.5, spine=SpineAngles(bend=0.32))  # on the way to a seat
PUSHING_UP: Final = Posture(lean=0.5 + 0.05, spine=SpineAngles(bend=0.32))  # on the way from a seat
BALANCING: Final = ArmAngles(swing=0.95, raised=0.15, twist=0.2, elbow=0.45)  # while the trunk leans far forward
HALF_LYING_LEAN: Final = np.radians(-42)
LYING_LEAN: Final = np.radians(-88)
LYING_SPINE: Final = SpineAngles(bend=0.02)
LYING_BACK_BEND, SITTING_UP_BEND = 0.35, 0.4  # of the spine, half way
LYING_ARM: Final = ArmAngles(swing=0.06, raised=0.28, twist=0.2, elbow=0.3)
LYING_HEIGHT: Final = 0.1  # metres of the pelvis over the surface
FEET_APART: Final = 0.11  # metres from the middle to each foot of a lying body
TOES_OUT: Final = 0.25  # radians
SIT_UP_EXTRA: Final = 1.06  # of the duration of sitting up: until both feet carry weight again


def seat_place(seat: Seat) -> Posture:
    """The pelvis on the seat."""
    x, y, z = seat.point
    return Posture(place=(x, y), height=z + ABOVE_SEAT)


def start_seated(timeline: Timeline, seat: Seat) -> None:
    """Begin the timeline sitting on the seat."""
    for posture in (seat_place(seat), SITTING, Posture(arms=HANDS_ON_LAP)):
        timeline.play([Keyframe(posture, at=0.0)])


def sit_down(timeline: Timeline, seat: Seat, *, seconds: float) -> None:
    """From standing before a seat to sitting on it: bow, lower the pelvis backwards, straighten up."""
    place = seat_place(seat)
    timeline.play(
        [
            Keyframe(BOWED, start=0.0, at=0.48),
            Keyframe(Posture(arms=BALANCING), start=0.0, at=0.5),
            Keyframe(Posture(place=place.place), start=0.05, at=0.82),
            Keyframe(Posture(height=place.height), start=0.08, at=0.88),
            Keyframe(SITTING, start=0.58, at=1.0),
            Keyframe(Posture(arms=HANDS_ON_LAP), start=0.6, at=1.0),
        ],
        seconds=seconds,
    )
    timeline.wait(seconds)


def rise(timeline: Timeline, *, seconds: float) -> None:
    """From sitting to standing over the feet: bow forward, push up, straighten."""
    stand = timeline.stand
    timeline.play(
        [
            Keyframe(PUSHING_UP, start=0.0, at=0.42),
            Keyframe(Posture(arms=BALANCING), start=0.0, at=0.45),
            Keyframe(Posture(place=(stand.x, stand.y)), start=0.18, at=0.85),
            Keyframe(Posture(height=timeline.body.standing_height), start=0.26, at=0.98),
            Keyframe(Posture(lean=0.0, spine=SPINE_AT_REST), start=0.5, at=1.0),
            Keyframe(Posture(arms=ARM_AT_REST), start=0.55, at=1.0),
        ],
        seconds=seconds,
    )
    timeline.wait(seconds)


def rest_arms(timeline: Timeline, seconds: float) -> None:
    """Let the arms hang again, with the trunk upright."""
    timeline.reach(Posture(arms=ARM_AT_REST, spine=SPINE_AT_REST, lean=0.0), seconds=seconds)


@dataclass(frozen=True)
class LyingPlace:
    """Where a body lies: the pelvis on the floor plan, the height of the surface, and the yaw with the feet ahead."""

    place: tuple[float, float]
    top: float
    yaw: float

    @property
    def posture(self) -> Posture:
        """The lying body, without its feet."""
        height = self.top + LYING_HEIGHT
        return Posture(
            place=self.place, height=height, yaw=self.yaw, lean=LYING_LEAN, spine=LYING_SPINE, arms=LYING_ARM
        )


def lying_place(timeline: Timeline, lying: DoubleArray) -> LyingPlace:
    """Where the body lies with its pelvis and head at ``lying`` (2, 3) in the room."""
    down = (lying[0] - lying[1])[:2]
    down = down / np.linalg.norm(down)
    trunk = float(timeline.body.offsets[[3, 6, 9, 12, 15], 2].sum())
    x, y = lying[1, :2] + down * trunk
    yaw = timeline.stand.yaw + float(wrapped(heading(down) - timeline.stand.yaw))
    return LyingPlace((float(x), float(y)), float(lying[0, 2]), yaw)


def start_lying(timeline: Timeline, lying: DoubleArray) -> None:
    """Begin the timeline lying on a bed."""
    rest = lying_place(timeline, lying)
    timeline.play([Keyframe(replace(rest.posture, free_feet=1.0), at=0.0)])
    timeline.play([Keyframe(one_foot(side, pose), at=0.0) for side, pose in enumerate(_feet_on_bed(timeline, rest))])
    timeline.lying = True


def lie_back(timeline: Timeline, seat: Seat, lying: DoubleArray, *, seconds: float) -> None:
    """From sitting on a bed's side to lying on it with pelvis and head at ``lying`` (2, 3) in the room."""
    rest = lying_place(timeline, lying)
    posture = rest.posture
    _lift_feet(timeline, seat, rest, seconds=seconds)
    timeline.play(
        [
            Keyframe(Posture(lean=HALF_LYING_LEAN, spine=SpineAngles(bend=LYING_BACK_BEND)), start=0.0, at=0.45),
            Keyframe(Posture(yaw=posture.yaw), start=0.08, at=0.8),
            Keyframe(Posture(arms=posture.arms), start=0.1, at=1.0),
            Keyframe(Posture(place=posture.place), start=0.15, at=0.9),
            Keyframe(Posture(height=posture.height), start=0.4, at=0.95),
            Keyframe(Posture(lean=posture.lean), at=0.97),
            Keyframe(Posture(spine=posture.spine), at=1.0),
        ],
        seconds=seconds,
    )
    timeline.wait(seconds)
    timeline.lying = True


def sit_up(timeline: Timeline, seat: Seat, lying: DoubleArray, *, seconds: float) -> None:
    """From lying to sitting on the bed's side, feet on the floor: `lie_back` in reverse."""
    place = seat_place(seat)
    _lower_feet(timeline, seat, lying_place(timeline, lying), seconds=seconds)
    timeline.play(
        [
            Keyframe(Posture(lean=HALF_LYING_LEAN, spine=SpineAngles(bend=SITTING_UP_BEND)), start=0.0, at=0.5),
            Keyframe(Posture(height=place.height), start=0.05, at=0.6),
            Keyframe(Posture(place=place.place), start=0.1, at=0.85),
            Keyframe(Posture(arms=HANDS_ON_LAP), start=0.1, at=1.0),
            Keyframe(Posture(yaw=timeline.stand.yaw), start=0.2, at=0.9),
            Keyframe(SITTING, at=1.0),
            Keyframe(Posture(free_feet=0.0), start=0.98, at=SIT_UP_EXTRA),
        ],
        seconds=seconds,
    )
    timeline.wait(SIT_UP_EXTRA * seconds)
    timeline.lying = False


def _feet_on_bed(timeline: Timeline, rest: LyingPlace) -> list[FootPose]:
    """Both feet of the lying body."""
    base = np.array(rest.place)
    return _feet_ahead(timeline, rest, base, yaw=rest.yaw, reach=0.985, high=0.05, pitch=1.25)


def _feet_half_way(timeline: Timeline, seat: Seat, rest: LyingPlace) -> list[FootPose]:
    """Both feet half way between the floor and the bed."""
    base = np.array(seat.point[:2]) * 0.6 + np.array(rest.place) * (1 - 0.6)
    yaw = 0.5 * (timeline.stand.yaw + rest.yaw)
    return _feet_ahead(timeline, rest, base, yaw=yaw, reach=0.8, high=0.15, pitch=0.25)


def _feet_ahead(
    timeline: Timeline, rest: LyingPlace, base: DoubleArray, *, yaw: float, reach: float, high: float, pitch: float
) -> list[FootPose]:
    """Both feet ``reach`` leg lengths ahead of a point (2,), ``high`` metres over the bed."""
    body = timeline.body
    ahead = np.array([-np.sin(yaw), np.cos(yaw)])
    across = np.array([np.cos(yaw), np.sin(yaw)])
    poses = []
    for sign in SIDES:
        x, y = base + ahead * (reach * body.leg + body.hip_drop) + across * sign * FEET_APART
        poses.append(FootPose(float(x), float(y), rest.top + high, yaw - sign * TOES_OUT, pitch))
    return poses


def _lift_feet(timeline: Timeline, seat: Seat, rest: LyingPlace, *, seconds: float) -> None:
    """Both feet from the floor onto the bed, one a little after the other."""
    t, d, body = timeline.now, seconds, timeline.body
    timeline.play([Keyframe(Posture(free_feet=1.0), start=0.0, at=0.08)], seconds=seconds)
    half_way = _feet_half_way(timeline, seat, rest)
    on_bed = _feet_on_bed(timeline, rest)
    for side, foot in enumerate(FEET):
        x, y, turned = timeline.stand.foot(body, side)
        timeline.set(foot, t - 0.05, x, y, body.ankle_height, turned, 0.0)
        delay = 0.05 * d * side
        timeline.move(foot, t + 0.02, t + 0.42 * d + delay, *half_way[side])
        timeline.move(foot, t + 0.02, t + 0.92 * d + delay, *on_bed[side])


def _lower_feet(timeline: Timeline, seat: Seat, rest: LyingPlace, *, seconds: float) -> None:
    """Both feet from the bed to the floor, one a little after the other."""
    body = timeline.body
    for side, pose in enumerate(_feet_half_way(timeline, seat, rest)):
        later = 0.04 * side
        x, y, yaw = timeline.stand.foot(body, side)
        on_floor = FootPose(x, y, body.ankle_height, yaw, 0.0)
        timeline.play(
            [
                Keyframe(one_foot(side, pose), start=0.1, at=0.55 + later),
                Keyframe(one_foot(side, on_floor), start=0.58 + later, at=0.94 + later),
            ],
            seconds=seconds,
        )
