"""What hands do at things, standing."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from monster.corpus.actions.actor import Act, Actor, Setting, chosen, go
from monster.corpus.actions.postures import find_reach, stretch
from monster.corpus.actions.spots import within_reach
from monster.corpus.world import Action, PlacedObject

Things = tuple[PlacedObject, ...]


def reach_for(actor: Actor, things: Things, last: bool) -> bool:
    """Walk to one of the object's handles and put a hand to it."""
    thing = things[0]
    handles = thing.to_room(np.array(thing.handles)) if thing.handles else np.zeros((0, 3))
    for index in actor.rng.permutation(len(handles)):
        goal = chosen(actor, within_reach(thing, handles[index], actor.floor))
        side = int(actor.rng.random() < 0.75)
        posture = None if goal is None else find_reach(actor.body, goal, handles[index], side=side)
        if goal is None or posture is None:
            continue
        if not go(actor, goal, goal) or actor.line is None:
            return False
        hold = actor.seconds(0.6, 0.8)
        if last:
            then: Literal["stay", "lower"] = "lower" if actor.rng.random() < 0.75 else "stay"
            stretch(actor.line, posture, seconds=actor.seconds(0.75, 0.95), hold=hold, then=then)
            actor.line.wait(actor.seconds(0.2, 0.4))
        else:
            stretch(actor.line, posture, seconds=actor.seconds(0.75, 0.95), hold=hold, then="leave")
        return True
    return False


def _has_handles(setting: Setting) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = []
    for thing in setting.room.objects:
        handles = thing.to_room(np.array(thing.handles).reshape(-1, 3))
        if any(len(within_reach(thing, handle, setting.floor)) for handle in handles):
            found.append((thing.id,))
    return found


HANDS: Final[dict[Action, Act]] = {"reach for": Act(reach_for, _has_handles, seconds=4.2)}
