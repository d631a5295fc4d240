"""Look at an object."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.facing import off_heading
from worlds.actions.facing.from_afar import facing_from, seen_from_afar
from worlds.actions.performing.actor import Actor, chosen, go
from worlds.actions.spec import FROM_AFAR, ActionSpec, HardNegativeRules, Phrases
from worlds.checker.kinematics import Seen, starts
from worlds.checker.relations import Plan
from worlds.types import ActionName, Targets

EYES: Final = 0.93  # of stature
LOOK_TIME: Final = 1.0
LOOK_SPEED: Final = 0.15
LOOK_ANGLE: Final = np.radians(15)
LOOK_DISTANCE: Final = (0.9, 3.5)


def look_at(actor: Actor, things: Targets, last: bool) -> bool:
    """Go to where the object is some way ahead, stop and look at it."""
    thing = things[0]
    goal = chosen(actor, facing_from(actor.floor, thing))
    if goal is None or not go(actor, goal, goal) or actor.line is None:
        return False
    line, eyes = actor.line, EYES * actor.body.stature
    away = float(np.hypot(*(np.array(thing.position[:2]) - [goal.x, goal.y])))
    nod = float(np.clip(np.arctan2(eyes - (thing.position[2] + 0.7 * thing.size[2]), away), -0.35, 0.5))
    line.move("nod", line.now, line.now + 0.5, nod)
    line.move("spine", line.now, line.now + 0.6, 0.0, 0.06 + 0.2 * max(nod, 0.0), 0.0)
    line.wait(0.3 + actor.seconds(1.3, 2.0))
    if not last:
        line.move("nod", line.now, line.now + 0.4, 0.0)
        line.move("spine", line.now, line.now + 0.4, 0.0, 0.06, 0.0)
    return True


def looked_at(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """The body stands still for a while with the object ahead of it, at some distance."""
    thing = things[0]
    away = thing.distance(seen.pelvis)
    angle = off_heading(thing, seen)
    looking = (angle < LOOK_ANGLE) & (seen.speed < LOOK_SPEED) & seen.standing
    looking &= (away > LOOK_DISTANCE[0]) & (away < LOOK_DISTANCE[1])
    if not looking.any():
        return []
    for other in plan.by_category[thing.category]:
        if other.id != thing.id:
            looking &= angle < off_heading(other, seen)
    return starts(looking, LOOK_TIME)


LOOK_AT: Final = ActionSpec(
    name=ActionName("look at"),
    perform=look_at,
    find_targets=seen_from_afar,
    seconds=3.4,
    detect=looked_at,
    reach=FROM_AFAR,
    phrases=Phrases(
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
