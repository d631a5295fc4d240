"""Look at an object."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.facing import off_heading
from worlds.actions.facing.from_afar import facing_from, seen_from_afar
from worlds.actions.performing.actor import Actor, choose, go
from worlds.actions.performing.keyframes import SPINE_AT_REST, Keyframe, Posture, SpineAngles
from worlds.actions.spec import FROM_AFAR, ActionSpec, HardNegativeRules, Phrases
from worlds.geometry.kinematics import MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.types import ActionName, Targets

EYES: Final = 0.93  # height, of stature
LOOKED_AT: Final = 0.7  # height of the point that is looked at, of the object's
NOD: Final = (-0.35, 0.5)  # radians of the head
NOD_SECONDS, SPINE_SECONDS, RAISE_SECONDS = 0.5, 0.6, 0.4
SPINE_SHARE: Final = 0.2  # of a nod
LOOK_SECONDS: Final = (1.3, 2.0)
LOOK_TIME: Final = 1.0  # seconds
LOOK_SPEED: Final = 0.15  # metres a second
LOOK_ANGLE: Final = np.radians(15)
LOOK_DISTANCE: Final = (0.9, 3.5)  # metres


def look_at(actor: Actor, targets: Targets, is_last: bool) -> bool:
    """Walk to where the object is at some distance ahead, stop and look at it."""
    target = targets[0]
    goal = choose(actor, facing_from(actor.floor, target))
    timeline = None if goal is None else go(actor, goal, goal)
    if goal is None or timeline is None:
        return False
    away = float(np.hypot(*(np.array(target.position[:2]) - [goal.x, goal.y])))
    down = EYES * actor.body.stature - (target.position[2] + LOOKED_AT * target.size[2])
    nod = float(np.clip(np.arctan2(down, away), *NOD))
    spine = SpineAngles(bend=SPINE_AT_REST.bend + SPINE_SHARE * max(nod, 0.0))
    timeline.play(
        [
            Keyframe(Posture(nod=nod), start=0.0, at=NOD_SECONDS),
            Keyframe(Posture(spine=spine), start=0.0, at=SPINE_SECONDS),
        ]
    )
    timeline.wait(0.3 + actor.seconds(LOOK_SECONDS))
    if not is_last:
        timeline.play([Keyframe(Posture(nod=0.0, spine=SPINE_AT_REST), start=0.0, at=RAISE_SECONDS)])
    return True


def looked_at(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The body stands still for a while with the object ahead of it, at some distance."""
    target = targets[0]
    away = target.distance(motion.pelvis)
    angle = off_heading(target, motion)
    looking = (angle < LOOK_ANGLE) & (motion.speed < LOOK_SPEED) & motion.standing
    looking &= (away > LOOK_DISTANCE[0]) & (away < LOOK_DISTANCE[1])
    if not looking.any():
        return []
    for other in floor_plan.by_category[target.category]:
        if other.id != target.id:
            looking &= angle < off_heading(other, motion)
    return starts(looking, LOOK_TIME)


LOOK_AT: Final = ActionSpec(
    name=ActionName("look at"),
    perform=look_at,
    find_targets=seen_from_afar,
    seconds=3.4,
    detect=looked_at,
    reach=FROM_AFAR,
    phrases=Phrases(
        general=("stand still",),
        named=(
            "~look at {o}",
            "~stand and ~look at {o}",
            "~stand still, facing {o}",
            "~take a look at {o}",
            "~gaze at {o}",
            "~stop to look at {o}",
            "~study {o} from a distance",
        ),
        bare=(
            "~stand and ~look at something",
            "~look at something",
            "~stand still to look at something",
        ),
        tells_walk=False,
    ),
    hard_negatives=HardNegativeRules(incidental=True),
)
