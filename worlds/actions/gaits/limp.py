"""Limp with the left or the right leg."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from worlds.actions.detecting.gaits import leaves_floor, stance_frames, travel_spells
from worlds.actions.gaits.going import Floor, Going, gait_action, walking_step
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.keyframes import ARM_AT_REST
from worlds.actions.performing.striding import UpperBody
from worlds.actions.spec import ActionSpec, Phrases
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.people.body import LEFT, RIGHT
from worlds.people.strides import Contact, Gait
from worlds.types import Targets

SPEEDS: Final = (0.35, 0.85)
WAY, LONGEST_WAY = 1.7, 4.0  # metres
SHORT, LONG = (0.36, 0.44), (0.7, 0.78)  # phases before and after the middle of a contact: of the weak and the good leg
LATE: Final = (0.05, 0.2)  # phases by which the weak leg's contact comes nearer to the next
BEHIND: Final = (0.04, 0.14)  # metres that the good foot lands short
LIMPED: Final = 1.0
UNEVEN: Final = 1.22  # time on the good foot by the time on the weak one
SLOW: Final = 1.15  # metres a second


def _limp(weak: int, actor: Actor) -> Going:
    """Little weight on one leg, which is stiff and for a short time on the floor; the trunk swings over it."""
    speed = actor.draw(SPEEDS)
    gait = Gait(
        speed=speed, step=0.75 * walking_step(speed, actor.body.stature), duty=0.6, lift=actor.draw((0.04, 0.08)),
        peak=0.45, width=actor.draw((0.06, 0.09)), crouch=actor.draw((0.02, 0.06)), bounce=0.012,
        leave=-0.35, swing=-0.45, land=0.08, ramp=(1.2, 1.4),
    )  # fmt: skip
    short, long = actor.draw(SHORT), actor.draw(LONG)
    late, behind = actor.draw(LATE), actor.draw(BEHIND)

    def contacts(_: Gait, count: int, first: int) -> list[Contact]:
        listed = []
        for index in range(1, count):
            side = (first + index - 1) % 2
            if side == weak:
                listed.append(Contact(side, index + late, short, short))
            else:
                listed.append(Contact(side, float(index), long, long, ahead=-behind))
        return listed

    arm = ARM_AT_REST._replace(elbow=actor.draw((0.3, 0.8)))
    upper = UpperBody(
        lean=actor.draw((0.03, 0.2)), arms=(arm, arm), arm_swing=0.15, hips=0.05, chest=0.05,
        tilt=actor.draw((0.1, 0.22)), dip=actor.draw((0.02, 0.05)), weak=weak,
    )  # fmt: skip
    return Going(gait, upper, contacts)


def limped(weak: int, motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The body walks slowly and is on that foot for much shorter than on the other."""
    found = []
    for start, end in travel_spells(motion, 0.0, LIMPED):
        rests = stance_frames(motion, start, end)
        uneven = rests[1 - weak] > UNEVEN * rests[weak] > 0
        if leaves_floor(motion, start, end):
            continue
        if uneven and np.median(motion.speed[start:end]) < SLOW:
            found.append(start)
    return found


def _spec(weak: int, name: str, word: str) -> ActionSpec:
    return gait_action(
        name,
        draw=partial(_limp, weak),
        floor=Floor(least=WAY, most=LONGEST_WAY),
        seconds=4.2,
        detect=partial(limped, weak),
        phrases=Phrases(general=("limp", "walk"), bare=(
            f"~limp with {{your}} {word} leg", f"~hobble on {{your}} {word} leg",
            f"~limp on {{your}} {word} leg", f"~favor {{your}} {'right' if word == 'left' else 'left'} leg",
            f"~walk with a limp in {{your}} {word} leg", f"~walk as if {{your}} {word} leg is hurt",
        ), tells_walk=False),
        weight=0.6,
    )  # fmt: skip


LIMP_LEFT: Final = _spec(LEFT, "limp left", "left")
LIMP_RIGHT: Final = _spec(RIGHT, "limp right", "right")
