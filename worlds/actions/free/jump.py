"""Jump."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.cycles import separate
from worlds.actions.detecting.limbs import jack_frames
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.ballistics import TICK, flight
from worlds.actions.performing.feet import READY, Feet
from worlds.actions.performing.keyframes import ARM_AT_REST, ARMS, ArmAngles
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import Phrases
from worlds.geometry.kinematics import MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.types import Targets

# Lengths in metres, angles in radians.
JUMPS: Final = (1, 4)
RISE: Final = (0.12, 0.3)  # of the feet
DIP, DIP_BY_RISE = 0.16, 0.4  # of the pelvis before the jump: at least, and for each metre of rise
TUCK: Final = (0.0, 0.12)  # of the feet under the body
LEAST_RISE: Final = 0.1  # that the tuck is compared with
CROUCH_SECONDS, CROUCH_BY_DIP = 0.12, 1.3  # as in `flight`
ARMS_BACK: Final = ArmAngles(swing=-0.7, raised=0.2, twist=0.2, elbow=0.3)
ARMS_UP: Final = ArmAngles(swing=1.3, raised=0.3, twist=0.1, elbow=0.5)
CROUCH_LEAN, LANDING_LEAN = 0.35, 0.22
SWING_SECONDS: Final = 0.05  # between the movements of the arms
LAND_SECONDS: Final = 0.1  # of leaning after the landing
IN_THE_AIR: Final = 0.06  # leg lengths of both soles
HIGHER: Final = 0.08  # leg lengths of the pelvis over its height when standing
STRIDE: Final = 0.35  # leg lengths between the feet, above which the body runs
AIR_TIME, APART_SECONDS = 0.1, 0.3


def jump(actor: Actor, timeline: Timeline) -> None:
    """Up into the air with both feet, one to three times."""
    feet = Feet(timeline)
    count, rise = int(actor.rng.integers(*JUMPS)), actor.draw(RISE)
    timeline.wait(READY - 0.1)
    for _ in range(count):
        _jump_once(actor, feet, rise)
    feet.down()


def _jump_once(actor: Actor, feet: Feet, rise: float) -> None:
    timeline, toes, dip = feet.timeline, feet.highest_heel(), DIP + DIP_BY_RISE * rise
    heights = flight(rise, toes, dip)
    tuck = actor.draw(TUCK)
    start = timeline.now
    for index, height in enumerate(heights):
        time = start + TICK * index
        timeline.set("hop", time, float(height))
        above = max(0.0, float(height) - toes)
        for side in range(2):
            heel = float(np.clip(height, 0.0, toes))
            feet.raise_heel(side, time, heel, up=above * (1 + tuck / max(rise, LEAST_RISE)))
    timeline.now = start + TICK * (len(heights) - 1)
    lift = start + (CROUCH_SECONDS + CROUCH_BY_DIP * dip)
    _swing_arms(timeline, start=start, lift=lift, top=start + TICK * int(heights.argmax()))


def _swing_arms(timeline: Timeline, *, start: float, lift: float, top: float) -> None:
    """Arms and trunk of a jump that starts, leaves the floor and is highest at these times."""
    landed = 2 * top - lift
    for arm in ARMS:
        timeline.move(arm, start, lift - SWING_SECONDS, *ARMS_BACK)
        timeline.move(arm, lift, top, *ARMS_UP)
        timeline.move(arm, top + SWING_SECONDS, timeline.now, *ARM_AT_REST)
    timeline.move("lean", start, lift - SWING_SECONDS, CROUCH_LEAN)
    timeline.move("lean", lift, top, 0.0)
    timeline.move("lean", top, landed, LANDING_LEAN)
    timeline.move("lean", landed + LAND_SECONDS, timeline.now, 0.0)


def jumped(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """Both feet are off the floor, and the pelvis is higher than when standing."""
    standing = np.median(motion.pelvis[motion.standing, 2]) if motion.standing.any() else np.inf
    soles_up = (motion.soles > IN_THE_AIR * motion.leg).all(axis=1)
    air = soles_up & (motion.pelvis[:, 2] > standing + HIGHER * motion.leg)
    ankles = motion.local_pair("ankle")
    together = np.abs(ankles[:, 0, 1] - ankles[:, 1, 1]) < STRIDE * motion.leg
    return separate(starts(air & together & motion.upright & ~jack_frames(motion), AIR_TIME), APART_SECONDS)


JUMP: Final = free_action(
    "jump",
    move=jump,
    seconds=2.2,
    detect=jumped,
    phrases=Phrases(
        general=("leave the floor",),
        bare=(
            "~jump",
            "~jump up",
            "~jump into the air",
            "~leap off the floor",
            "~do a jump",
            "~hop up",
            "~hop",
            "~spring up off the floor",
        ),
        counted=(
            "~jump {times}",
            "~do {n} jumps",
            "~jump up {times}",
            "~hop up {times}",
            "~leap {times}",
        ),
        tells_walk=False,
    ),
)
