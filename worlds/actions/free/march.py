"""March on the spot."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from worlds.actions.detecting.gaits import spot_run
from worlds.actions.detecting.limbs import stays_on_spot
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.feet import READY, Feet, aside
from worlds.actions.performing.keyframes import ARM_AT_REST, ArmAngles, Keyframe, Posture, one_arm
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import Phrases
from worlds.geometry.kinematics import FPS, MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.people.body import KNEES, SIDES
from worlds.types import Targets

# Lengths in metres or thigh and leg lengths, angles in radians.
STEP_SECONDS, SHORTEST_STEP = (0.46, 0.58), 0.42
STEPS: Final = (5, 8)
HIP_FLEXED: Final = (0.95, 1.4)
FIRST_SWAY, SWAY = 0.04, 0.05  # metres of the pelvis over the standing foot
SWAY_STARTS: Final = 0.2  # seconds
FOOT_AHEAD, FOOT_PITCH = 0.85, -0.35  # thigh lengths for the sine of the hip, angle
FOOT_DOWN: Final = 0.96  # share of the step
ARM_SWING, ARM_BACK = (0.4, 0.8), -0.5  # of the arm opposite to the knee; of the other arm, share
ARM_RAISED, ARM_TWIST = 0.13, 0.2
ELBOW, ELBOW_AHEAD = 0.5, 0.4  # of an arm; more of the arm ahead
REST_SECONDS, END_SECONDS = 0.35, 0.25
THIGH_UP: Final = 0.36  # leg lengths of the hip over the knee, at most
SOLE_UP, SOLE_DOWN = 0.07, 0.1  # leg lengths
UP_TIME: Final = 0.08  # seconds
WITHIN: Final = 3.2  # seconds for four knees


def march(actor: Actor, timeline: Timeline) -> None:
    """Knees up in turn, arms swinging against the legs, without leaving the spot."""
    rng, feet = actor.rng, Feet(timeline)
    first, period = int(rng.integers(2)), actor.seconds(STEP_SECONDS, least=SHORTEST_STEP)
    flexed = rng.uniform(*HIP_FLEXED)
    over_foot = Posture(place=aside(timeline, -SIDES[first] * FIRST_SWAY))
    timeline.play([Keyframe(over_foot, start=SWAY_STARTS, at=READY)])
    timeline.wait(READY)
    swing = rng.uniform(*ARM_SWING)
    for index in range(int(rng.integers(*STEPS))):
        _lift_knee(feet, (first + index) % 2, seconds=period, flexed=flexed, swing=swing)
    standing = Posture(arms=ARM_AT_REST, place=(timeline.stand.x, timeline.stand.y))
    timeline.play([Keyframe(standing, start=0.0, at=REST_SECONDS)])
    timeline.wait(END_SECONDS)
    feet.down()


def _lift_knee(feet: Feet, side: int, *, seconds: float, flexed: float, swing: float) -> None:
    """One knee goes up and down, with the opposite arm ahead."""
    timeline = feet.timeline
    t, thigh = timeline.now, timeline.body.length(KNEES[0])
    feet.put(side, t)
    ahead, up = FOOT_AHEAD * thigh * np.sin(flexed), thigh * (1 - np.cos(flexed))
    feet.put(side, t + 0.5 * seconds, ahead=ahead, up=up, pitch=FOOT_PITCH)
    feet.put(side, t + FOOT_DOWN * seconds)
    arm_ahead = ArmAngles(swing, ARM_RAISED, ARM_TWIST, ELBOW + ELBOW_AHEAD)
    arm_back = ArmAngles(ARM_BACK * swing, ARM_RAISED, ARM_TWIST, ELBOW)
    over_foot = Posture(place=aside(timeline, -SIDES[side] * SWAY))
    for posture in (over_foot, one_arm(side, arm_back), one_arm(1 - side, arm_ahead)):
        timeline.play([Keyframe(posture, start=0.0, at=0.5)], seconds=seconds)
    timeline.wait(seconds)


def marched(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """Knees come up in turn, at least four times, on the spot, and one foot is always on the floor."""
    if spot_run(motion):
        return []
    thigh = (motion.pair("hip")[..., 2] - motion.pair("knee")[..., 2]) / motion.leg
    soles = motion.soles
    lifted = (thigh < THIGH_UP) & (soles > SOLE_UP * motion.leg) & (soles[:, ::-1] < SOLE_DOWN * motion.leg)
    lifts = sorted((start, side) for side in range(2) for start in starts(lifted[:, side] & motion.upright, UP_TIME))
    for four in zip(lifts, lifts[1:], lifts[2:], lifts[3:], strict=False):
        first, last = four[0][0], four[-1][0]
        in_turn = all(one[1] != other[1] for one, other in pairwise(four))
        if in_turn and last - first < WITHIN * FPS and stays_on_spot(motion, first, last):
            return [first]
    return []


MARCH: Final = free_action(
    "march",
    move=march,
    seconds=3.4,
    detect=marched,
    phrases=Phrases(
        general=(
            "exercise",
            "raise a foot",
        ),
        bare=(
            "~march on the spot",
            "~march in place",
            "~step in place with high knees",
            "~march without going anywhere",
            "~lift {your} knees high, marching on the spot",
            "~walk in place",
            "~walk on the spot",
            "~raise one knee after the other",
        ),
        tells_walk=False,
    ),
)
