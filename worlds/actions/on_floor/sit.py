"""Sit down on the floor, and get up from it: after sitting or lying there."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from monster.arrays import BoolArray
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.feet import aside
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
from worlds.actions.performing.open_floor import take_place
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import Phrases, Sampling
from worlds.geometry.kinematics import MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.types import Targets

# Metres, radians, seconds.
SEAT_HEIGHT: Final = 0.11  # of the pelvis
SEAT_BACK: Final = (0.36, 0.5)  # of the pelvis behind the stand
LIE_HEIGHT, LIE_LEAN = 0.1, np.radians(-86)
FEET_FAR: Final = 0.95  # leg lengths of the ankles ahead of a lying pelvis
DOWN, UP, SIT_UP = (1.6, 2.3), (1.5, 2.2), (1.1, 1.6)
HELD: Final = (0.8, 1.8)
LIES_FIRST: Final = 0.5  # probability
BOWED: Final = Posture(lean=0.75, spine=SpineAngles(bend=0.4))
FOLDED: Final = Posture(lean=0.2, spine=SpineAngles(bend=0.9))  # over the knees, the pelvis level
SEATED: Final = Posture(lean=-0.15, spine=SpineAngles(bend=0.3))
ARMS_AHEAD: Final = ArmAngles(swing=1.0, raised=0.2, twist=0.2, elbow=0.4)
ARMS_UP: Final = ArmAngles(swing=1.75, raised=0.2, twist=0.2, elbow=0.5)  # while the trunk is far forward, low
ON_KNEES: Final = ArmAngles(swing=0.75, raised=0.15, twist=0.2, elbow=0.35)
PROPPED: Final = ArmAngles(swing=-0.75, raised=0.2, twist=0.0, elbow=0.1)
LYING_ARM: Final = ArmAngles(swing=0.05, raised=0.3, twist=0.2, elbow=0.25)
ON_FLOOR: Final = 0.36  # leg lengths of the pelvis over the floor
UP_AGAIN, SAT = 0.25, 0.7  # seconds of standing again, and of sitting


def _seat(timeline: Timeline, back: float) -> Posture:
    return Posture(place=aside(timeline, 0.0, -back), height=SEAT_HEIGHT)


def sit_on_floor(actor: Actor, timeline: Timeline) -> None:
    """Squat, lower the seat behind the feet, straighten the trunk."""
    seconds = actor.seconds(DOWN)
    seat = _seat(timeline, actor.draw(SEAT_BACK))
    arms = PROPPED if actor.rng.random() < 0.4 else ON_KNEES
    timeline.play(
        [
            Keyframe(BOWED, start=0.0, at=0.5),
            Keyframe(Posture(arms=ARMS_AHEAD), start=0.0, at=0.45),
            Keyframe(Posture(place=seat.place), start=0.15, at=0.95),
            Keyframe(Posture(height=seat.height), start=0.0, at=0.97),
            Keyframe(SEATED, start=0.6, at=1.0),
            Keyframe(Posture(arms=arms), start=0.55, at=1.0),
        ],
        seconds=seconds,
    )
    timeline.wait(seconds)
    timeline.wait(actor.seconds(HELD))
    timeline.lying = True


def get_up_from_floor(actor: Actor, timeline: Timeline) -> None:
    """From sitting or lying on the floor to standing."""
    back = actor.draw(SEAT_BACK)
    seat = _seat(timeline, back)
    timeline.now = 0.0
    if actor.rng.random() < LIES_FIRST:
        _lie(timeline, seat)
        timeline.wait(actor.seconds(HELD))
        _sit_up(timeline, actor.seconds(SIT_UP))
    else:
        for posture in (seat, SEATED, Posture(arms=ON_KNEES)):
            timeline.play([Keyframe(posture, at=0.0)])
        timeline.wait(actor.seconds(HELD))
    _rise(timeline, actor.seconds(UP))


def _lie(timeline: Timeline, seat: Posture) -> None:
    """Begin on the back, legs stretched."""
    posture = Posture(
        height=LIE_HEIGHT, lean=LIE_LEAN, spine=SpineAngles(), arms=LYING_ARM, place=seat.place, free_feet=1.0
    )
    timeline.play([Keyframe(posture, at=0.0)])
    body = timeline.body
    for side in range(2):
        x, y, yaw = timeline.stand.foot(body, side)
        ahead = np.array([-np.sin(timeline.stand.yaw), np.cos(timeline.stand.yaw)])
        there = np.array(seat.place) + ahead * (FEET_FAR * body.leg + body.hip_drop)
        across = np.array([x, y]) - np.array([timeline.stand.x, timeline.stand.y])
        off = across - ahead * float(across @ ahead)
        pose = FootPose(float(there[0] + off[0]), float(there[1] + off[1]), body.ankle_height, yaw, 1.1)
        timeline.play([Keyframe(one_foot(side, pose), at=0.0)])


def _sit_up(timeline: Timeline, seconds: float) -> None:
    """The trunk comes up and the feet are drawn in."""
    body = timeline.body
    for side, foot in enumerate(FEET):
        x, y, yaw = timeline.stand.foot(body, side)
        far = timeline.last(foot)
        half = FootPose((far[0] + x) / 2, (far[1] + y) / 2, body.ankle_height + 0.06, yaw, 0.2)
        timeline.play(
            [
                Keyframe(one_foot(side, half), start=0.1 + 0.1 * side, at=0.5 + 0.1 * side),
                Keyframe(one_foot(side, FootPose(x, y, body.ankle_height, yaw, 0.0)), at=0.9),
            ],
            seconds=seconds,
        )
    timeline.play(
        [
            Keyframe(Posture(lean=SEATED.lean, spine=SpineAngles(bend=0.5)), start=0.0, at=0.9),
            Keyframe(Posture(height=SEAT_HEIGHT), start=0.0, at=0.9),
            Keyframe(Posture(arms=ARMS_UP), start=0.0, at=0.8),
        ],
        seconds=seconds,
    )
    timeline.wait(seconds)
    timeline.play([Keyframe(Posture(free_feet=0.0), start=0.05, at=0.25)])


def _rise(timeline: Timeline, seconds: float) -> None:
    """The trunk goes over the feet, the legs push up."""
    stand = timeline.stand
    timeline.play(
        [
            Keyframe(FOLDED, start=0.0, at=0.4),
            Keyframe(Posture(arms=ARMS_UP), start=0.0, at=0.3),
            Keyframe(Posture(place=(stand.x, stand.y)), start=0.05, at=0.75),
            Keyframe(Posture(height=timeline.body.standing_height), start=0.2, at=1.0),
            Keyframe(Posture(lean=0.0, spine=SPINE_AT_REST), start=0.55, at=1.0),
            Keyframe(Posture(arms=ARM_AT_REST), start=0.6, at=1.0),
        ],
        seconds=seconds,
    )
    timeline.wait(seconds)


def _low(motion: MotionKinematics) -> BoolArray:
    feet = motion.pair("ankle")[..., 2].min(axis=1)
    floor = motion.joints[..., 2].min()
    return np.asarray((motion.pelvis[:, 2] - floor < ON_FLOOR * motion.leg) & (feet - floor < ON_FLOOR * motion.leg))


def sat_on_floor(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The seat of the upright body is on the floor, after it has stood."""
    low = _low(motion)
    return [frame for frame in starts(low & motion.upright, SAT) if motion.standing[:frame].any()]


def got_up_from_floor(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The body stands, after it was on the floor."""
    low = _low(motion)
    return [frame for frame in starts(motion.standing, UP_AGAIN) if len(starts(low[:frame], 0.2))][:1]


def _get_up(actor: Actor, targets: Targets, is_last: bool) -> bool:
    if actor.timeline is not None:
        return False
    timeline = _placed(actor)
    if timeline is None:
        return False
    get_up_from_floor(actor, timeline)
    timeline.wait(actor.seconds(HELD))
    return True


def _placed(actor: Actor) -> Timeline | None:
    return actor.timeline if take_place(actor, walks=False) else None


SIT_ON_FLOOR: Final = replace(
    free_action(
        "sit down on the floor",
        move=sit_on_floor,
        seconds=3.4,
        detect=sat_on_floor,
        phrases=Phrases(
            bare=(
                "~sit down on the floor", "~sit on the floor", "~sit down on the ground", "~take a seat on the floor",
                "~lower {your} body to the floor and ~sit",
            ),
            general=("get down",),
            tells_walk=False,
        ),
    ),
    sampling=Sampling(weight=0.6),
)  # fmt: skip
GET_UP_FROM_FLOOR: Final = replace(
    free_action(
        "get up from the floor",
        move=get_up_from_floor,
        seconds=4.0,
        detect=got_up_from_floor,
        phrases=Phrases(
            bare=(
                "~get up from the floor", "~stand up from the floor", "~rise from the ground", "~get up off the ground",
                "~get up", "~stand up from the ground",
            ),
            general=("get up",),
            tells_walk=False,
        ),
    ),
    perform=_get_up,
    sampling=Sampling(weight=0.9, starts_at_target=True),
)  # fmt: skip
