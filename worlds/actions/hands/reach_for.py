"""Reach for an object."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from worlds.actions.detecting.wrists import WRIST_REACH, handle_distance, wrist_distance
from worlds.actions.performing.actor import Actor, Setting
from worlds.actions.performing.places import drawn_side, ending, get_to
from worlds.actions.performing.reaching import find_reach, stretch
from worlds.actions.performing.spots import within_reach
from worlds.actions.spec import ActionSpec, HardNegativeRules, Phrases
from worlds.checker.kinematics import Seen, starts
from worlds.checker.relations import Plan
from worlds.types import ActionName, Targets

REACH_SPEED: Final = 0.4  # metres a second: what wipes or knocks there is faster


def reach_for(actor: Actor, things: Targets, last: bool) -> bool:
    """Walk to one of the object's handles and put a hand to it."""
    thing, side = things[0], drawn_side(actor)
    if actor.carrying:
        return False
    handles = thing.to_room(np.array(thing.handles).reshape(-1, 3))
    reach = get_to(
        actor,
        (
            (within_reach(thing, handle, actor.floor), partial(find_reach, actor.body, handle=handle, side=side))
            for handle in actor.rng.permutation(handles)
        ),
    )
    if reach is None or actor.line is None:
        return False
    then = ending(actor, last)
    stretch(actor.line, reach, seconds=actor.seconds(0.75, 0.95), hold=actor.seconds(0.6, 0.8), then=then)
    if last:
        actor.line.wait(actor.seconds(0.2, 0.4))
    return True


def _has_handles(setting: Setting) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = []
    for thing in setting.room.objects:
        handles = thing.to_room(np.array(thing.handles).reshape(-1, 3))
        if any(len(within_reach(thing, handle, setting.floor)) for handle in handles):
            found.append((thing.id,))
    return found


def reached_for(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """One wrist of the standing body is at a handle of the object, nearer than to any other's of its kind."""
    near = wrist_distance(seen, things[0], plan, handle_distance) < WRIST_REACH
    if not near.any():
        return []
    one = near & ~seen.hanging & seen.hanging[:, ::-1] & (seen.wrist_speed < REACH_SPEED)
    return starts(one.any(axis=1) & seen.standing)


REACH_FOR: Final = ActionSpec(
    name=ActionName("reach for"),
    perform=reach_for,
    find_targets=_has_handles,
    seconds=4.2,
    detect=reached_for,
    touches=True,
    phrases=Phrases(
        named=(
            "~reach for {o}",
            "~reach out to {o}",
            "~touch {o}",
            "~put a hand on {o}",
            "~walk to {o} and ~reach for it",
            "~stretch an arm out to {o}",
            "~go and ~touch {o}",
        ),
        bare=(
            "~reach out with one hand",
            "~reach for something",
            "~touch something",
            "~stretch an arm out",
        ),
    ),
    hard_negatives=HardNegativeRules(suits=lambda target: bool(target.handles), incidental=True),
)
