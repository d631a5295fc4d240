"""Kneel beside an object."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.kneeling.low import find_low_enough, go_before, is_before, straighten
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.feet import aside
from worlds.actions.performing.keyframes import (
    FEET,
    ArmAngles,
    FootPose,
    Keyframe,
    Posture,
    SpineAngles,
    one_arm,
    one_foot,
)
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import ActionSpec, Phrases, Sampling
from worlds.geometry.kinematics import MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.people.body import ANKLES, KNEES, SIDES
from worlds.types import ActionName, Targets

# Distances in metres, angles in radians.
KNEE_HEIGHT: Final = 0.06  # of a knee on the floor
KNEE_SPACE: Final = 0.5  # before the object for the knee that stays up
ANKLE_ON_TOES, TOES_PITCH = 0.15, np.radians(-58)  # height and pitch of the foot that stands on its toes
THIGH_SHARE: Final = 0.985  # of the thigh that is vertical
FOOT_SHORT: Final = 0.02  # of the foot behind its knee
HALF_BACK: Final = 0.55  # share of its path after which the foot is highest
FOOT_LIFT, FOOT_PITCH = 0.07, -0.5  # half way back
TOES_LIFT: Final = 0.02  # before the foot comes down on its toes
FOOT_TURN: Final = 0.1  # of the foot that goes back, from its usual toe-out
PELVIS_BACK: Final = 0.05  # of the pelvis behind the stand
KNEEL_LEAN, KNELT_LEAN = 0.3, 0.08  # of the pelvis on the way down, and kneeling
KNELT_SPINE: Final = SpineAngles(bend=0.18)
HAND_ON_KNEE: Final = ArmAngles(swing=0.75, raised=0.12, twist=0.3, elbow=0.7)
RIGHT_KNEE: Final = 0.6  # probability
DOWN_SECONDS: Final = (1.2, 1.5)
HOLD_SECONDS: Final = (0.7, 1.2)
RISE_SECONDS: Final = (1.2, 1.4)
RISES: Final = 0.4  # probability of rising at the end
RISING_LIFT, RISING_PITCH = 0.08, -0.4  # of the foot on its way forward
MOVED: Final = 0.05  # of a foot that has to step on the way up
STEPS_TAKE_OVER: Final = 0.1  # seconds
KNEE_ON_FLOOR: Final = 0.16  # above the floor


def kneel_beside(actor: Actor, targets: Targets, is_last: bool) -> bool:
    """Walk to the object and go down on one knee in front of it."""
    timeline = go_before(actor, targets[0], least=KNEE_SPACE)
    if timeline is None:
        return False
    _kneel(timeline, int(actor.rng.random() < RIGHT_KNEE), seconds=actor.seconds(DOWN_SECONDS))
    timeline.wait(actor.seconds(HOLD_SECONDS))
    if not is_last or actor.rng.random() < RISES:
        _rise(timeline, seconds=actor.seconds(RISE_SECONDS))
    return True


def _kneel(timeline: Timeline, side: int, *, seconds: float) -> None:
    """One foot steps back and its knee comes down below the hip; the other foot stays flat in front."""
    body = timeline.body
    timeline.play([Keyframe(Posture(free_feet=1.0), start=0.0, at=0.05)])
    for which in range(2):
        x, y, yaw = timeline.stand.foot(body, which)
        timeline.play([Keyframe(one_foot(which, FootPose(x, y, body.ankle_height, yaw, 0.0)), at=-0.05)])
    _step_back(timeline, side, seconds=seconds)
    height = KNEE_HEIGHT + THIGH_SHARE * body.length(KNEES[0]) + body.hip_drop
    timeline.play(
        [
            Keyframe(Posture(height=height), start=0.3, at=1.0),
            Keyframe(Posture(place=aside(timeline, 0.0, -PELVIS_BACK)), start=0.0, at=1.0),
            Keyframe(Posture(lean=KNEEL_LEAN), start=0.0, at=0.6),
            Keyframe(Posture(lean=KNELT_LEAN), start=0.6, at=1.0),
            Keyframe(Posture(spine=KNELT_SPINE), start=0.0, at=1.0),
            Keyframe(one_arm(1 - side, HAND_ON_KNEE), start=0.0, at=1.0),
        ],
        seconds=seconds,
    )
    timeline.wait(seconds)


def _step_back(timeline: Timeline, side: int, *, seconds: float) -> None:
    """The foot goes back until its toes are below and behind the knee on the floor."""
    body, yaw = timeline.body, timeline.stand.yaw
    ahead = -float(np.sin(yaw)), float(np.cos(yaw))
    x, y, turned = timeline.stand.foot(body, side)
    back = np.sqrt(body.length(ANKLES[0]) ** 2 - (ANKLE_ON_TOES - KNEE_HEIGHT) ** 2) - FOOT_SHORT
    straight = turned + SIDES[side] * FOOT_TURN
    lift = body.ankle_height + FOOT_LIFT
    half = FootPose(x - HALF_BACK * back * ahead[0], y - HALF_BACK * back * ahead[1], lift, straight, FOOT_PITCH)
    down = FootPose(x - back * ahead[0], y - back * ahead[1], ANKLE_ON_TOES, straight, TOES_PITCH)
    timeline.play(
        [
            Keyframe(one_foot(side, half), start=0.0, at=0.3),
            Keyframe(one_foot(side, down._replace(z=ANKLE_ON_TOES + TOES_LIFT)), start=0.3, at=0.55),
            Keyframe(one_foot(side, down), at=1.0),
        ],
        seconds=seconds,
    )


def _rise(timeline: Timeline, *, seconds: float) -> None:
    """The foot behind comes forward while the body straightens."""
    body = timeline.body
    for side, foot in enumerate(FEET):
        x, y, yaw = timeline.stand.foot(body, side)
        before = timeline.last(foot)
        if abs(before[0] - x) + abs(before[1] - y) > MOVED:
            half = FootPose(
                (before[0] + x) / 2, (before[1] + y) / 2, body.ankle_height + RISING_LIFT, yaw, RISING_PITCH
            )
            timeline.play([Keyframe(one_foot(side, half), start=0.35, at=0.65)], seconds=seconds)
        flat = FootPose(x, y, body.ankle_height, yaw, 0.0)
        timeline.play([Keyframe(one_foot(side, flat), start=0.65, at=1.0)], seconds=seconds)
    straighten(timeline, seconds)
    timeline.wait(seconds)
    timeline.play([Keyframe(Posture(free_feet=0.0), start=0.0, at=STEPS_TAKE_OVER)])
    timeline.wait(STEPS_TAKE_OVER)


def knelt_beside(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """A knee is on the floor, the trunk upright, in front of the object."""
    down = (motion.pair("knee")[..., 2].min(axis=1) < KNEE_ON_FLOOR) & motion.upright
    return starts(down & is_before(targets[0], motion)) if down.any() else []


KNEEL_BESIDE: Final = ActionSpec(
    name=ActionName("kneel beside"),
    perform=kneel_beside,
    find_targets=find_low_enough,
    seconds=3.6,
    detect=knelt_beside,
    phrases=Phrases(
        general=("get down",),
        named=(
            "~kneel beside {o}",
            "~kneel down beside {o}",
            "~kneel next to {o}",
            "~go down on {your} knees beside {o}",
            "~kneel down by {o}",
            "~drop to {your} knees next to {o}",
        ),
        bare=(
            "~kneel down",
            "~kneel",
            "~go down on {your} knees",
            "~drop to {your} knees",
        ),
    ),
    sampling=Sampling(weight=0.8),
)
