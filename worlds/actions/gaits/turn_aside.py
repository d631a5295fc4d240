"""Turn on the spot, to the left and to the right."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from worlds.actions.detecting.gaits import spells
from worlds.actions.detecting.limbs import stays_on_spot
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor, shuffle_to
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import ActionSpec, Phrases
from worlds.geometry.kinematics import FPS, MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.people.body import LEFT, RIGHT
from worlds.people.gait import Stand
from worlds.types import Targets

ANGLES: Final = (np.radians(65), np.radians(140))
PERIODS: Final = (0.36, 0.62)  # seconds a step
BEFORE, AFTER = (0.1, 0.5), (0.3, 0.6)
TURNED: Final = np.radians(50)
TURNING: Final = np.radians(25)  # a second
SPOT: Final = 0.3  # metres
CALM: Final = 0.5  # metres a second of the pelvis
WAY: Final = (1.0, -1.0)  # sign of a turn to the left, to the right


def _turn(side: int, actor: Actor, timeline: Timeline) -> None:
    """Small steps on the spot."""
    timeline.wait(actor.seconds(BEFORE))
    stand = timeline.stand
    goal = Stand(stand.x, stand.y, stand.yaw + WAY[side] * actor.draw(ANGLES))
    shuffle_to(actor, timeline, goal, period=actor.draw(PERIODS), gait=0.3)
    timeline.wait(actor.seconds(AFTER, least=AFTER[0]))


def turned(side: int, motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The heading of the upright body turns to that side on the spot."""
    yaw = np.unwrap(np.arctan2(motion.heading[:, 1], motion.heading[:, 0]))
    if len(yaw) < 3:
        return []
    rate = np.convolve(np.gradient(yaw) * FPS, np.ones(5) / 5, "same")
    turning = (WAY[side] * rate > TURNING) & (motion.speed < CALM) & motion.standing
    return [
        start
        for start, end in spells(turning)
        if WAY[side] * (yaw[end - 1] - yaw[start]) > TURNED and stays_on_spot(motion, start, end, SPOT)
    ]


def _spec(side: int, name: str, word: str) -> ActionSpec:
    return free_action(
        name,
        move=partial(_turn, side),
        seconds=2.4,
        detect=partial(turned, side),
        phrases=Phrases(
            tells_walk=False,
            general=("turn",),
            bare=(
                f"~turn to the {word}",
                f"~turn {word}",
                f"~turn {word} on the spot",
                f"~turn to {{your}} {word}",
                f"~rotate to the {word}",
                f"~make a turn to the {word}",
            ),
        ),
    )


TURN_LEFT: Final = _spec(LEFT, "turn left", "left")
TURN_RIGHT: Final = _spec(RIGHT, "turn right", "right")
