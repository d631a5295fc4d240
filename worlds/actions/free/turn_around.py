"""Turn around."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np

from monster.arrays import BoolArray, true_runs
from worlds.actions.detecting.limbs import stays_on_spot
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.keyframes import Keyframe, Posture
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import Phrases, Sided
from worlds.geometry.kinematics import FPS, MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.people.body import SIDES
from worlds.people.gait import Stand, shuffle
from worlds.types import Targets

# Angles in radians.
TURN: Final = (np.radians(165), np.radians(179))
BEFORE_SECONDS: Final = (0.25, 0.45)
AFTER_SECONDS, SHORTEST_AFTER = (0.5, 0.8), 0.6
STEP_PERIOD: Final = 0.45  # seconds
GAIT_SECONDS: Final = (-0.1, 0.25)
TURNED: Final = np.radians(150)
TURNING, QUIET = np.radians(20), np.radians(25)  # a second
TURNING_SHARE: Final = 0.5  # of the frames between
STILL: Final = 0.25  # metres a second
SPOT: Final = 0.3  # metres
QUIET_FRAMES, QUIET_AFTER = 3, 0.5  # frames; seconds


def turn_around(actor: Actor, timeline: Timeline) -> None:
    """Half a turn or more on the spot in small steps, to the left or right."""
    rng, period = actor.rng, STEP_PERIOD * actor.tempo**0.5
    angle = float(rng.choice([-1.0, 1.0]) * rng.uniform(*TURN))
    timeline.wait(actor.seconds(BEFORE_SECONDS))
    goal = Stand(timeline.stand.x, timeline.stand.y, timeline.stand.yaw + angle)
    steps = shuffle(timeline.stand, goal, timeline.body, start=timeline.now, period=period)
    timeline.take(steps, goal, gait=0.3)
    start, end = GAIT_SECONDS
    timeline.play([Keyframe(Posture(gait=0.0), start=start, at=end)])
    timeline.wait(actor.seconds(AFTER_SECONDS, least=SHORTEST_AFTER))


def turned_around(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """At least 150 degrees on the spot, standing still before and after."""
    return sorted(frame for side in range(2) for frame in turned_around_to(motion, targets, floor_plan, side))


def turned_around_to(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan, side: int) -> list[int]:
    """Frames at which the body has turned around over that side."""
    yaw = np.unwrap(np.arctan2(motion.heading[:, 1], motion.heading[:, 0]))
    rate = np.abs(np.gradient(yaw)) * FPS
    quiet = np.asarray((rate < QUIET) & (motion.speed < STILL) & motion.standing)
    turning = rate > TURNING
    turns = []
    for start, end in _gaps(quiet):
        turned = -SIDES[side] * (yaw[end] - yaw[start])
        moving = turning[start:end].mean()
        if turned > TURNED and moving > TURNING_SHARE and stays_on_spot(motion, start, end, SPOT):
            turns.append(end)
    return turns


def _gaps(quiet: BoolArray) -> list[tuple[int, int]]:
    """Pairs (end of a quiet time, start of the next); the next one lasts at least half a second."""
    spells = [(start, end - 1) for start, end in true_runs(quiet).tolist() if end - start >= QUIET_FRAMES]
    gaps = []
    for one, other in pairwise(spells):
        if other[1] - other[0] >= QUIET_AFTER * FPS:
            gaps.append((one[1], other[0]))
    return gaps


TURN_AROUND: Final = replace(
    free_action(
        "turn around",
        move=turn_around,
        seconds=2.8,
        detect=turned_around,
        phrases=Phrases(
            general=("turn",),
            bare=(
                "~turn around",
                "~turn around on the spot",
                "~turn right round",
                "~spin around",
                "~turn to face the other way",
                "~turn about",
            ),
            tells_walk=False,
        ),
    ),
    sided=Sided(
        turned_around_to,
        (
            "~turn around {side}",
            "~turn around over {shoulder}",
            "~spin around {side}",
            "~turn right round {side}",
        ),
    ),
)
