"""Sneak: low, slow, quiet."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.gaits import travel_spells
from worlds.actions.gaits.going import Floor, Going, gait_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.keyframes import ArmAngles
from worlds.actions.performing.striding import UpperBody
from worlds.actions.spec import Phrases
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.people.strides import Gait
from worlds.types import Targets

# CMU 17_03: 0.44 m/s, trunk 38 degrees, elbows 65, pelvis a tenth of a leg lower than in a walk.
SPEEDS: Final = (0.3, 0.75)
STEPS: Final = (0.36, 0.5)
WAY, LONGEST_WAY = 1.1, 3.2  # metres
SNEAKED: Final = 0.55
LEANING: Final = np.radians(15)
SLOW: Final = 0.95  # metres a second
BENT: Final = np.radians(162)  # of the straighter knee


def sneak(actor: Actor) -> Going:
    """Long soft steps with bent knees, trunk forward, hands before the body."""
    lean, pitch = actor.draw((0.45, 0.85)), -actor.draw((0.0, 0.25))
    gait = Gait(
        speed=actor.draw(SPEEDS), step=actor.draw(STEPS), duty=0.62, lift=actor.draw((0.1, 0.24)), peak=0.55,
        width=actor.draw((0.06, 0.12)), crouch=actor.draw((0.11, 0.21)), bounce=-actor.draw((0.0, 0.02)),
        leave=pitch - 0.35, swing=-0.4, land=pitch - 0.15, toes=pitch, ramp=(1.2, 1.4),
    )  # fmt: skip
    arms = []
    for _ in range(2):
        arm = ArmAngles(
            swing=actor.draw((0.3, 0.9)), raised=actor.draw((0.15, 0.5)), twist=0.3, elbow=actor.draw((0.9, 1.7))
        )
        arms.append(arm)
    upper = UpperBody(
        lean=0.5 * lean, bend=0.6 * lean, nod=-0.5 * lean, arms=(arms[0], arms[1]),
        arm_swing=actor.draw((0.05, 0.3)), elbow_swing=0.1, hips=0.06, chest=0.06,
    )  # fmt: skip
    return Going(gait, upper)


def sneaked(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The body walks slowly forwards, leaning, with both knees bent even while they carry."""
    found = []
    for start, end in travel_spells(motion, 0.0, SNEAKED):
        span = slice(start, end)
        slow = np.median(motion.speed[span]) < SLOW
        leaning = np.median(motion.leaning[span]) > LEANING
        if slow and leaning and np.median(motion.knees[span].max(axis=1)) < BENT:
            found.append(start)
    return found


SNEAK: Final = gait_action(
    "sneak",
    draw=sneak,
    floor=Floor(least=WAY, most=LONGEST_WAY),
    seconds=4.0,
    detect=sneaked,
    phrases=Phrases(general=("walk",), bare=(
        "~sneak", "~sneak along", "~sneak forward", "~creep", "~creep forward", "~creep along quietly",
        "~walk stealthily", "~sneak through the room", "~walk in a crouch",
    ), tells_walk=False),
    weight=1.2,
)  # fmt: skip
