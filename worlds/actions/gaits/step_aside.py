"""Step sideways, to the left and to the right."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from worlds.actions.detecting.gaits import travel_spells
from worlds.actions.gaits.going import Floor, Going, gait_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.keyframes import ARM_AT_REST
from worlds.actions.performing.striding import UpperBody
from worlds.actions.spec import ActionSpec, Phrases
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.people.body import LEFT, RIGHT
from worlds.people.strides import Gait
from worlds.types import Targets

SPEEDS: Final = (0.3, 0.85)  # metres a second
WIDTHS: Final = (0.14, 0.2)  # metres from the middle to each foot
CLOSED: Final = 0.06  # metres between the feet when they are together
SHORTEST_WAY, LONGEST_WAY = 0.9, 2.8  # metres
STEPPED: Final = 0.45
TRAVEL: Final = (np.pi / 2, -np.pi / 2)  # to the left, to the right


def _sidestep(side: int, actor: Actor) -> Going:
    """The leading foot steps out, the other one closes."""
    width = actor.draw(WIDTHS)
    gait = Gait(
        speed=actor.draw(SPEEDS), step=2 * width - CLOSED, duty=0.62, lift=actor.draw((0.05, 0.1)), peak=0.5,
        width=width, crouch=actor.draw((0.02, 0.07)), bounce=0.008, leave=-0.25, swing=-0.3, land=-0.05,
        travel=TRAVEL[side], ramp=(1.0, 1.2),
    )  # fmt: skip
    arm = ARM_AT_REST._replace(elbow=actor.draw((0.3, 1.3)), swing=actor.draw((0.0, 0.3)))
    upper = UpperBody(lean=actor.draw((0.0, 0.1)), arms=(arm, arm), arm_swing=0.05, hips=0.0, chest=0.0)
    return Going(gait, upper, first=side)


def stepped(side: int, motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The body goes to that side of where it faces."""
    return [start for start, _ in travel_spells(motion, TRAVEL[side], STEPPED)]


def _spec(side: int, name: str, word: str) -> ActionSpec:
    return gait_action(
        name,
        draw=partial(_sidestep, side),
        floor=Floor(least=SHORTEST_WAY, most=LONGEST_WAY, straight=True),
        seconds=3.2,
        detect=partial(stepped, side),
        phrases=Phrases(
            general=("step aside", "walk"),
            bare=(
                f"~step sideways to the {word}",
                f"~shift sideways to the {word}",
                f"~walk sideways to the {word}",
                f"~take a few steps to the {word}",
                f"~shuffle to the {word}",
                f"~move sideways to {{your}} {word}",
            ),
            tells_walk=False,
        ),
        weight=0.5,
    )


STEP_LEFT: Final = _spec(LEFT, "step to the left", "left")
STEP_RIGHT: Final = _spec(RIGHT, "step to the right", "right")
