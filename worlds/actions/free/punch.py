"""Punch."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from worlds.actions.detecting.cycles import separate
from worlds.actions.detecting.limbs import FAST, on_both_feet, wrists_from_shoulders
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.keyframes import ArmAngles, Keyframe, Posture, SpineAngles, one_arm
from worlds.actions.performing.postures import rest_arms
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import Phrases, Sided
from worlds.geometry.kinematics import FPS, MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.people.body import SIDES
from worlds.types import Targets

# Angles in radians.
GUARD: Final = ArmAngles(swing=0.3, raised=0.12, twist=0.3, elbow=2.25)  # fists before the chin
OUT_SWING, OUT_TWIST = (1.5, 1.65), 0.2
SPINE_TWIST, SPINE_BEND = (0.3, 0.5), 0.1
GUARD_LEAN: Final = 0.08
KNEE_GIVE: Final = (0.03, 0.07)  # metres
PUNCHES: Final = (1, 5)
ALTERNATING: Final = 0.5  # probability
OUT_SECONDS, SHORTEST_OUT = (0.15, 0.2), 0.14
BACK_SHARE: Final = 1.3  # of the time out
UP_SECONDS: Final = (0.4, 0.55)
HOLD_SECONDS: Final = 0.1
PAUSE_SECONDS: Final = (0.1, 0.2)
FIST_OUT, LEVEL, STRAIGHT = 0.72, 0.4, np.radians(140)  # arm lengths ahead, arm lengths up or down, of the elbow
BENT, FIST_DOWN, FIST_BACK = np.radians(105), 0.3, 0.0  # before: of the elbow, arm lengths up, arm lengths ahead
BEFORE_SECONDS: Final = 0.45
APART_SECONDS: Final = 0.2


def punch(actor: Actor, timeline: Timeline) -> None:
    """Fists before the chin; one shoots forward and comes back, once or several times."""
    rng = actor.rng
    first, alternating = int(rng.integers(2)), rng.random() < ALTERNATING
    out = actor.seconds(OUT_SECONDS, least=SHORTEST_OUT)
    up = actor.seconds(UP_SECONDS)
    height = timeline.body.standing_height
    timeline.reach(Posture(arms=GUARD, lean=GUARD_LEAN, height=height - rng.uniform(*KNEE_GIVE)), seconds=up)
    timeline.wait(HOLD_SECONDS)
    for index in range(int(rng.integers(*PUNCHES))):
        _strike(actor, timeline, (first + index * alternating) % 2, out=out)
    timeline.play([Keyframe(Posture(height=height), start=0.0, at=up)])
    rest_arms(timeline, up)


def _strike(actor: Actor, timeline: Timeline, side: int, *, out: float) -> None:
    rng = actor.rng
    arm = one_arm(side, ArmAngles(swing=rng.uniform(*OUT_SWING), twist=OUT_TWIST))
    spine = SpineAngles(twist=SIDES[side] * rng.uniform(*SPINE_TWIST), bend=SPINE_BEND)
    timeline.play([Keyframe(arm, start=0.0, at=out)])
    timeline.reach(Posture(spine=spine), seconds=out)
    timeline.wait(HOLD_SECONDS)
    timeline.play([Keyframe(one_arm(side, GUARD), start=0.0, at=BACK_SHARE * out)])
    timeline.reach(Posture(spine=SpineAngles(bend=SPINE_BEND)), seconds=BACK_SHARE * out)
    timeline.wait(actor.seconds(PAUSE_SECONDS))


def punched(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """A fist at the shoulder shoots straight forward, level with it."""
    punches = [frame for side in range(2) for frame in punched_with(motion, targets, floor_plan, side)]
    return separate(punches, APART_SECONDS)


def punched_with(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan, side: int) -> list[int]:
    """Frames at which the fist of that side strikes."""
    hand = wrists_from_shoulders(motion)
    speed = np.gradient(hand[..., 1], axis=0) * FPS
    ahead, elbow = hand[:, side, 1], motion.elbows[:, side]
    out = (ahead > FIST_OUT) & (np.abs(hand[:, side, 2]) < LEVEL) & (elbow > STRAIGHT)
    guarded = (elbow < BENT) & (hand[:, side, 2] < FIST_DOWN) & (ahead > FIST_BACK)
    punches = []
    for end in starts(out & on_both_feet(motion), 0.0):
        before = slice(max(end - round(BEFORE_SECONDS * FPS), 0), end + 1)
        if guarded[before].any() and speed[before, side].max() > FAST:
            punches.append(end)
    return separate(punches, APART_SECONDS)


PUNCH: Final = replace(
    free_action(
        "punch",
        move=punch,
        seconds=2.2,
        detect=punched,
        phrases=Phrases(
            general=(
                "fight",
                "move an arm",
            ),
            bare=(
                "~punch",
                "~throw a punch",
                "~punch the air",
                "~strike out with a fist",
                "~throw {your} fist forward",
                "~box into the air",
                "~hit something in front of {your} body",
                "~box",
                "~jab at the air",
            ),
            counted=(
                "~punch {times}",
                "~throw {n} punches",
                "~strike the air {times}",
                "~jab {times}",
            ),
            tells_walk=False,
        ),
    ),
    sided=Sided(
        punched_with,
        (
            "~punch with {hand}",
            "~punch with {fist}",
            "~throw a punch with {hand}",
            "~strike with {fist}",
            "~hit the air with {hand}",
            "~thrust {fist} forward",
            "~jab with {hand}",
        ),
    ),
)
