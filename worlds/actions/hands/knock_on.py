"""Knock on a door."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from worlds.actions.performing.actor import Actor, Setting
from worlds.actions.performing.places import FRONT, Edge, before, drawn_side, ending, get_to, in_room
from worlds.actions.performing.reaching import HANDS, Reach, bring, end, find_hold
from worlds.actions.spec import ActionSpec, HardNegativeRules, Phrases
from worlds.checker.kinematics import FPS, STOP_SPEED, Seen, reversals, starts
from worlds.checker.relations import Plan
from worlds.people.body import Body
from worlds.people.gait import Stand
from worlds.types import ActionName, Array, PlacedObject, Targets

DOORS: Final = ("door", "wardrobe", "cabinet")  # what one knocks on
KNOCK_HEIGHT: Final = (1.15, 1.45)
TALL: Final = 1.5  # metres that a thing is high at least which one knocks on without bowing
RAP: Final = 0.05  # metres from the face to the wrist that raps, and before that
BACK: Final = 0.13  # metres from the face to the wrist that raps, and before that
KNOCK_AT: Final = (-0.25, 0.0, 0.25)  # of a door's width
KNOCK_FROM: Final = (0.4, 0.46, 0.52, 0.58)
KNOCKED_HEIGHT: Final = (0.95, 1.6)
KNOCK_TIME: Final = 1.5  # seconds


def knock_on(actor: Actor, things: Targets, last: bool) -> bool:
    """Walk to the face of a door and rap on it three times."""
    thing, side = things[0], drawn_side(actor)
    if actor.carrying or not _is_door(thing):
        return False
    height = float(actor.rng.uniform(*KNOCK_HEIGHT)) * (0.6 + 0.4 * actor.body.stature / 1.7) - thing.position[2]
    edges = [Edge((share * thing.size[0], thing.size[1] / 2), FRONT) for share in actor.rng.permutation(KNOCK_AT)]
    path = [in_room(thing, edge, [(0.0, -BACK, height), (0.0, -RAP, height)]) for edge in edges]
    found = get_to(
        actor,
        (
            (
                before(thing, edge, actor.floor, away=KNOCK_FROM, side=side),
                partial(_rapping, actor.body, side=side, path=raps),
            )
            for edge, raps in zip(edges, path, strict=True)
        ),
    )
    if found is None or actor.line is None:
        return False
    line, seconds, (reach, raps) = actor.line, actor.seconds(0.75, 0.95), found
    bring(line, reach, seconds=seconds)
    for place in [*raps[[1, 0, 1, 0, 1]], raps[0]]:
        line.set(HANDS[side], line.now, *line.last(HANDS[side]))
        line.now += actor.seconds(0.16, 0.2)
        line.set(HANDS[side], line.now, *place)
    line.wait(actor.seconds(0.15, 0.3))
    end(line, ending(actor, last, stays=0.0), seconds=seconds)
    if last:
        line.wait(actor.seconds(0.3, 0.5))
    return True


def _rapping(body: Body, stand: Stand, *, side: int, path: Array) -> tuple[Reach, Array] | None:
    reach = find_hold(body, stand, {side: path})
    return None if reach is None else (reach, path)


def _is_door(thing: PlacedObject) -> bool:
    return thing.category in DOORS and thing.position[2] + thing.size[2] >= TALL


def _has_a_face(setting: Setting) -> list[tuple[int, ...]]:
    return [
        (thing.id,)
        for thing in setting.room.objects
        if _is_door(thing) and len(before(thing, Edge((0.0, thing.size[1] / 2), FRONT), setting.floor, away=KNOCK_FROM))
    ]


def knocked_on(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """A wrist goes to and fro before the front face of a door, at the height of the chest."""
    thing = things[0]
    if thing.category not in DOORS:
        return []
    wrists = seen.pair("wrist")
    own = thing.to_own(wrists.reshape(-1, 3)).reshape(-1, 2, 3)
    gap = own[..., 1] - thing.size[1] / 2
    level = (wrists[..., 2] > KNOCKED_HEIGHT[0]) & (wrists[..., 2] < KNOCKED_HEIGHT[1])
    at = (np.abs(own[..., 0]) < thing.size[0] / 2 + 0.05) & (gap > -0.05) & (gap < 0.15) & level
    window = round(KNOCK_TIME * FPS)
    return sorted(
        start
        for side in range(2)
        for start in starts(at[:, side] & (seen.speed < STOP_SPEED))
        if any(
            reversals(gap[first : first + window, side][at[first : first + window, side]], 0.04) >= 3
            for first in range(start, min(start + window, len(seen) - 4), 5)
            if at[first, side]
        )
    )


KNOCK_ON: Final = ActionSpec(
    name=ActionName("knock on"),
    perform=knock_on,
    find_targets=_has_a_face,
    seconds=4.6,
    detect=knocked_on,
    touches=True,
    phrases=Phrases(
        named=(
            "~knock on {o}",
            "~give a knock on {o}",
            "~rap on {o}",
            "~tap on {o} with {your} knuckles",
            "~knock at {o}",
            "~walk up to {o} and ~knock",
        ),
        bare=(
            "~knock",
            "~knock on something",
            "~rap with {your} knuckles",
        ),
    ),
    hard_negatives=HardNegativeRules(suits=lambda target: target.category in DOORS),
)
