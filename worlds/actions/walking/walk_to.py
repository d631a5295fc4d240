"""Walk to an object."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.facing import faces
from worlds.actions.performing.actor import SHORTEST_WALK, Actor, chosen, go
from worlds.actions.performing.spots import beside
from worlds.actions.spec import ActionSpec, HardNegativeRules, Phrases, Sampling, Tail
from worlds.actions.walking.beside import near_free_floor
from worlds.checker.kinematics import STOP_SPEED, Seen, starts
from worlds.checker.relations import Plan
from worlds.types import ActionName, Targets

STOP_DISTANCE: Final = 0.75  # metres from the body to what it has walked to
LEAST_WALK: Final = 0.8  # metres walked within the last seconds before an arrival


def walk_to(actor: Actor, things: Targets, last: bool) -> bool:
    """Walk to the object and stop before it, facing it. False where there is no way or no walk worth the name."""
    thing = things[0]
    before = actor.line.stand if actor.line else None
    goal = chosen(actor, beside(actor.room, thing, actor.floor))
    if goal is None or not go(actor, goal, goal) or actor.line is None:
        return False
    actor.line.wait(actor.seconds(0.5, 0.9))
    return before is None or np.hypot(goal.x - before.x, goal.y - before.y) >= SHORTEST_WALK


def walked_to(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """The body stops near the object, nearer than to any other of its kind, facing it, after a walk."""
    thing = things[0]
    near = thing.distance(seen.pelvis)
    close = (near < STOP_DISTANCE) & (seen.speed < STOP_SPEED) & (seen.walked > LEAST_WALK) & seen.standing
    if not close.any():
        return []
    for other in plan.by_category[thing.category]:
        if other.id != thing.id:
            close &= near < other.distance(seen.pelvis)
    return starts(close & faces(thing, seen))


WALK_TO: Final = ActionSpec(
    name=ActionName("walk to"),
    perform=walk_to,
    find_targets=near_free_floor,
    seconds=1.8,
    detect=walked_to,
    phrases=Phrases(
        named=(
            "~walk to {o}",
            "~walk over to {o}",
            "~go to {o}",
            "~go over to {o}",
            "~head to {o}",
            "~walk up to {o}",
            "~move to {o}",
            "~step over to {o}",
            "~approach {o}",
            "~make for {o}",
        ),
        bare=(
            "~walk across the room",
            "~walk through the room",
            "~walk somewhere and ~stop",
            "~walk a few steps",
        ),
        tail=Tail("up to {o}", rank=6),
    ),
    sampling=Sampling(weight=1.6, needs_new_target=True, hands="any"),
    hard_negatives=HardNegativeRules(incidental=True),
)
