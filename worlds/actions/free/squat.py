"""Squat."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from monster.arrays import BoolArray, DoubleArray
from worlds.actions.detecting.cycles import separate
from worlds.actions.detecting.limbs import stays_on_spot
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.feet import aside
from worlds.actions.performing.keyframes import ARM_AT_REST, SPINE_AT_REST, ArmAngles, Keyframe, Posture, SpineAngles
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import Phrases
from worlds.geometry.kinematics import FPS, MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.types import Targets

# Lengths in leg lengths, angles in radians.
SQUATS: Final = (2, 4)
DEPTH: Final = (0.4, 0.52)
HIPS_BACK: Final = 0.13
DOWN_SECONDS, SHORTEST_DOWN = (0.65, 0.8), 0.52
HOLD_SECONDS: Final = (0.1, 0.2)
TWICE_SECONDS: Final = 0.2  # longer hold of a body that squats only twice
PAUSE_SECONDS: Final = (0.05, 0.2)
SQUAT_LEAN: Final = 0.55
SQUAT_SPINE: Final = SpineAngles(bend=0.12)
ARMS_AHEAD: Final = ArmAngles(swing=1.35 + 0.35, raised=0.05, twist=0.1, elbow=0.2)
ARMS_CROSSED: Final = ArmAngles(swing=0.75 + 0.35, raised=0.1, twist=0.7, elbow=1.9)
AHEAD_SHARE: Final = 0.7
LOW, HIGH = 0.78, 0.95  # of the pelvis over the ankles
SOLES_DOWN: Final = 0.06
BEHIND, FARTHEST_BEHIND = 0.3, 0.33  # of the pelvis behind the ankles
KNEES_BENT: Final = np.radians(115)
LOW_TIME: Final = 0.2  # seconds
BEFORE_SECONDS, AFTER_SECONDS = 1.6, 3.5  # in which the body stands
AROUND_SECONDS: Final = (0.4, 0.3)  # in which the feet stay flat


def squat(actor: Actor, timeline: Timeline) -> None:
    """Down over flat feet and up again, two or three times, arms ahead or crossed before the chest."""
    rng, body, stand = actor.rng, timeline.body, timeline.stand
    count, depth = int(rng.integers(*SQUATS)), actor.draw(DEPTH) * body.leg
    down = actor.seconds(DOWN_SECONDS, least=SHORTEST_DOWN)
    arms = ARMS_AHEAD if rng.random() < AHEAD_SHARE else ARMS_CROSSED
    squatting = Posture(
        place=aside(timeline, 0.0, -HIPS_BACK * body.leg),
        height=body.standing_height - depth,
        lean=SQUAT_LEAN,
        spine=SQUAT_SPINE,
        arms=arms,
    )
    standing = Posture(
        place=(stand.x, stand.y), height=body.standing_height, lean=0.0, spine=SPINE_AT_REST, arms=ARM_AT_REST
    )
    for _ in range(count):
        hold = actor.seconds(HOLD_SECONDS) + TWICE_SECONDS * (count == 2)
        timeline.play([Keyframe(squatting, start=0.0, at=down)])
        timeline.wait(down + hold)
        timeline.reach(standing, seconds=down)
        timeline.wait(actor.seconds(PAUSE_SECONDS))


def squatted(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The pelvis goes down over flat feet and comes up again on the spot, at least twice: crouching goes down once."""
    feet = motion.pair("ankle")
    rise = (motion.pelvis[:, 2] - feet[..., 2].mean(axis=1)) / motion.leg
    behind = np.linalg.norm(motion.pelvis[:, :2] - feet[..., :2].mean(axis=1), axis=1) / motion.leg
    flat: BoolArray = np.asarray((motion.soles < SOLES_DOWN * motion.leg).all(axis=1))
    bent = (motion.knees < KNEES_BENT).all(axis=1)
    low = (rise < LOW) & flat & motion.upright & (behind < BEHIND) & bent
    squats = []
    for start in starts(low, LOW_TIME):
        before = slice(max(start - round(BEFORE_SECONDS * FPS), 0), start)
        after = slice(start, start + round(AFTER_SECONDS * FPS))
        up = motion.standing[after] & (rise[after] > HIGH)
        if not up.any() or not (rise[before] > HIGH).any():
            continue
        first = max(start - round(AROUND_SECONDS[0] * FPS), 0)
        last = start + int(up.argmax()) + round(AROUND_SECONDS[1] * FPS)
        stays = flat[first:last].all() and behind[first:last].max() < FARTHEST_BEHIND
        if stays and stays_on_spot(motion, first, last):
            squats.append(start)
    return separate([a for a, b in pairwise(squats) if _is_repeated(motion, rise, a, b)])


def _is_repeated(motion: MotionKinematics, rise: DoubleArray, first: int, second: int) -> bool:
    """Whether the body comes up between two squats that follow each other on the spot."""
    soon = second - first < AFTER_SECONDS * FPS
    return bool(soon and rise[first:second].max() > HIGH and stays_on_spot(motion, first, second))


SQUAT: Final = free_action(
    "squat",
    move=squat,
    seconds=4.0,
    detect=squatted,
    phrases=Phrases(
        general=(
            "exercise",
            "get down",
        ),
        bare=(
            "~squat",
            "~do a squat",
            "~squat down and ~come up",
            "~bend {your} knees into a squat",
            "~squat low",
            "~do squats",
            "~do some knee bends",
        ),
        tells_walk=False,
    ),
)
