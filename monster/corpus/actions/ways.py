"""Ways through the room: to an object, and what else a walk can be to the things that it passes."""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.corpus.actions.actor import SHORTEST_WALK, Act, Actor, Setting, chosen, go
from monster.corpus.actions.spots import beside
from monster.corpus.world import Action, PlacedObject

Things = tuple[PlacedObject, ...]


def walk_to(actor: Actor, things: Things, last: bool) -> bool:
    """Walk to the object and stop before it, facing it. False where there is no way or no walk worth the name."""
    thing = things[0]
    before = actor.line.stand if actor.line else None
    spots = beside(actor.room, thing, actor.floor)
    goal = chosen(actor, spots)
    if goal is None or not go(actor, goal, goal) or actor.line is None:
        return False
    actor.line.wait(actor.seconds(0.5, 0.9))
    return before is None or np.hypot(goal.x - before.x, goal.y - before.y) >= SHORTEST_WALK


def _near_free_floor(setting: Setting) -> list[tuple[int, ...]]:
    return [(thing.id,) for thing in setting.room.objects if len(beside(setting.room, thing, setting.floor))]


WAYS: Final[dict[Action, Act]] = {"walk to": Act(walk_to, _near_free_floor, seconds=1.8)}
