"""Throw."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from worlds.actions.detecting.cycles import separate
from worlds.actions.detecting.limbs import FAST, wrists_from_shoulders
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.feet import aside
from worlds.actions.performing.keyframes import ArmAngles, Keyframe, Posture, SpineAngles, one_arm
from worlds.actions.performing.postures import rest_arms
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import Phrases, Sided
from worlds.geometry.kinematics import FPS, MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.people.body import SIDES
from worlds.types import Targets

# Angles in radians.
RIGHT_SHARE: Final = 0.5
WIND_SECONDS: Final = (0.55, 0.7)
WHIP_SECONDS, SHORTEST_WHIP = (0.18, 0.22), 0.16
SHIFT: Final = (0.04, 0.08)  # metres of the pelvis back, then ahead
WOUND_SWING, WOUND_RAISED, WOUND_TWIST, WOUND_ELBOW = -0.1, (1.45, 1.7), -1.9, (1.4, 1.7)
WOUND_OTHER: Final = ArmAngles(swing=0.9, raised=0.3, twist=0.2, elbow=0.5)
WOUND_SPINE, WOUND_BEND, WOUND_LEAN = (0.5, 0.7), -0.1, -0.08
WHIPPED: Final = ArmAngles(swing=1.9, raised=0.35, twist=-0.6, elbow=0.35)
WHIPPED_SPINE, WHIPPED_BEND, WHIPPED_LEAN = (0.35, 0.5), 0.3, 0.22
FOLLOWED_SWING, FOLLOWED_RAISED, FOLLOWED_TWIST, FOLLOWED_ELBOW = (0.7, 1.0), -0.25, 0.3, 0.25
FOLLOWED_OTHER: Final = ArmAngles(swing=-0.3, raised=0.2, twist=0.3, elbow=0.6)
HOLD_SECONDS: Final = 0.08
SHIFT_EARLY, SPINE_EARLY = 0.1, 0.08  # seconds before the arm whips
SPINE_END, BODY_END, ARM_END = 1.6, 2.0, 2.1  # in times of the whip
END_SECONDS: Final = (0.15, 0.3)
HAND_BACK, HAND_UP, ELBOW_BENT = 0.05, 0.12, np.radians(140)  # arm lengths ahead, arm lengths up, angle
HAND_AHEAD, HAND_LOW = 0.45, -0.3  # arm lengths ahead and up
OTHER_DOWN: Final = 0.3  # arm lengths up, at most
BACK_TIME, AHEAD_SECONDS, DOWN_SECONDS = 0.1, 0.6, 0.9


def throw(actor: Actor, timeline: Timeline) -> None:
    """The arm goes back beside the head, then whips forward and down across the body."""
    rng, stand = actor.rng, timeline.stand
    side = int(rng.random() < RIGHT_SHARE)
    wind = actor.seconds(WIND_SECONDS)
    whip = actor.seconds(WHIP_SECONDS, least=SHORTEST_WHIP)
    shift = rng.uniform(*SHIFT)
    _wind_up(actor, timeline, side, shift=shift, seconds=wind)
    timeline.wait(wind + HOLD_SECONDS)
    _whip(actor, timeline, side, shift=shift, seconds=whip)
    timeline.wait(ARM_END * whip)
    timeline.wait(actor.seconds(END_SECONDS))
    timeline.play([Keyframe(Posture(place=(stand.x, stand.y)), start=0.0, at=wind)])
    rest_arms(timeline, wind)


def _wind_up(actor: Actor, timeline: Timeline, side: int, *, shift: float, seconds: float) -> None:
    rng = actor.rng
    arm = ArmAngles(WOUND_SWING, rng.uniform(*WOUND_RAISED), WOUND_TWIST, rng.uniform(*WOUND_ELBOW))
    spine = SpineAngles(twist=-SIDES[side] * rng.uniform(*WOUND_SPINE), bend=WOUND_BEND)
    wound = Posture(place=aside(timeline, 0.0, -shift), lean=WOUND_LEAN, spine=spine)
    for posture in (one_arm(side, arm), one_arm(1 - side, WOUND_OTHER), wound):
        timeline.play([Keyframe(posture, start=0.0, at=1.0)], seconds=seconds)


def _whip(actor: Actor, timeline: Timeline, side: int, *, shift: float, seconds: float) -> None:
    rng = actor.rng
    spine = SpineAngles(twist=SIDES[side] * rng.uniform(*WHIPPED_SPINE), bend=WHIPPED_BEND)
    followed = ArmAngles(rng.uniform(*FOLLOWED_SWING), FOLLOWED_RAISED, FOLLOWED_TWIST, FOLLOWED_ELBOW)
    ahead = Posture(place=aside(timeline, 0.0, shift))
    timeline.play(
        [
            Keyframe(ahead, start=-SHIFT_EARLY, at=BODY_END * seconds),
            Keyframe(Posture(lean=WHIPPED_LEAN), start=0.0, at=BODY_END * seconds),
            Keyframe(Posture(spine=spine), start=-SPINE_EARLY, at=SPINE_END * seconds),
            Keyframe(one_arm(side, WHIPPED), start=0.0, at=seconds),
            Keyframe(one_arm(side, followed), at=ARM_END * seconds),
            Keyframe(one_arm(1 - side, FOLLOWED_OTHER), start=0.0, at=BODY_END * seconds),
        ]
    )


def threw(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """A hand behind the head or beside it whips forward over the shoulder and down."""
    return separate([frame for side in range(2) for frame in threw_with(motion, targets, floor_plan, side)])


def threw_with(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan, side: int) -> list[int]:
    """Frames at which the hand of that side lets go."""
    hand = wrists_from_shoulders(motion)
    speed = np.linalg.norm(np.gradient(hand, axis=0), axis=2) * FPS
    throws = []
    ahead, up = hand[:, side, 1], hand[:, side, 2]
    back = (ahead < HAND_BACK) & (up > HAND_UP) & (motion.elbows[:, side] < ELBOW_BENT)
    for start in starts(back & motion.upright, BACK_TIME):
        end = start + int((~back[start:]).argmax())
        whip = slice(end, end + round(AHEAD_SECONDS * FPS))
        forward = ((ahead[whip] > HAND_AHEAD) & (up[whip] > HAND_LOW)).any()
        down = (up[end : end + round(DOWN_SECONDS * FPS)] < 0.0).any()
        other_down = (hand[start:end, 1 - side, 2] < OTHER_DOWN).all()
        if forward and down and speed[whip, side].max() > FAST and other_down:
            throws.append(end)
    return throws


THROW: Final = replace(
    free_action(
        "throw",
        move=throw,
        seconds=2.0,
        detect=threw,
        phrases=Phrases(
            general=("move an arm",),
            bare=(
                "~throw something",
                "~throw overarm",
                "~make a throw",
                "~hurl something with one arm",
                "~throw a ball overarm",
                "~swing one arm over in a throw",
                "~throw a ball",
                "~toss something away",
            ),
            tells_walk=False,
        ),
    ),
    sided=Sided(
        threw_with,
        (
            "~throw something with {hand}",
            "~throw a ball with {arm}",
            "~throw with {hand}",
            "~hurl something with {arm}",
            "~toss something overarm with {hand}",
            "~swing {arm} over in a throw",
        ),
    ),
)
