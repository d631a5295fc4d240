"""Lean on an object."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from worlds.actions.detecting.tops import over_top
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.places import Edge, ending, from_side, get_to, in_room, top_edges
from worlds.actions.performing.reaching import Limits, Reach, bring, end, find_hold
from worlds.actions.spec import ActionSpec, HardNegativeRules, Phrases
from worlds.actions.surfaces.top import RIM, WRIST, is_high, with_a_top
from worlds.checker.kinematics import Seen, starts
from worlds.checker.relations import Plan
from worlds.people.body import SIDES, Body
from worlds.people.gait import Stand
from worlds.types import ActionName, PlacedObject, Targets

LEAN_HEIGHT: Final = (0.6, 1.15)
LEANING: Final = Limits(least=0.45, most=float(np.radians(62)), lowest=0.1)
APART: Final = (0.34, 0.46)  # metres between hands that one leans on
LEANT_HEIGHT: Final = (0.58, 1.17)
LEANT: Final = np.radians(15)
PROPPED: Final = 0.6  # seconds
AT_TOP: Final = 0.12  # metres


def lean_on(actor: Actor, things: Targets, last: bool) -> bool:
    """Walk to the object and lean on the edge of its top with both hands."""
    thing, apart = things[0], float(actor.rng.uniform(*APART))
    if actor.carrying or not is_high(thing, LEAN_HEIGHT):
        return False
    edges = top_edges(thing, least=apart)
    reach = get_to(
        actor,
        (
            (from_side(thing, edges[index], actor.floor), partial(_propped, actor.body, thing, edges[index], apart))
            for index in actor.rng.permutation(len(edges))
        ),
    )
    if reach is None or actor.line is None:
        return False
    seconds = actor.seconds(0.85, 1.05)
    bring(actor.line, reach, seconds=seconds)
    actor.line.wait(max(actor.seconds(1.0, 1.5), 0.9))
    end(actor.line, ending(actor, last, stays=0.4), seconds=seconds)
    return True


def _propped(body: Body, thing: PlacedObject, edge: Edge, apart: float, stand: Stand) -> Reach | None:
    height = 0.0 if thing.top is None else thing.top[4]
    places = in_room(thing, edge, [(sign * apart / 2, 0.05, height + WRIST) for sign in SIDES])
    return find_hold(body, stand, dict(enumerate(places)), limits=LEANING)


def leant_on(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """Both hands of the standing body rest on the object's top while the trunk leans."""
    thing = things[0]
    if thing.top is None or not LEANT_HEIGHT[0] <= thing.top[4] + thing.position[2] <= LEANT_HEIGHT[1]:
        return []
    state = (seen.leaning > LEANT) & seen.standing & (seen.wrist_speed.max(axis=1) < 0.15)
    if not starts(state, PROPPED):
        return []
    return starts(state & over_top(thing, seen, RIM, high=AT_TOP).all(axis=1), PROPPED)


LEAN_ON: Final = ActionSpec(
    name=ActionName("lean on"),
    perform=lean_on,
    find_targets=with_a_top(LEAN_HEIGHT, APART[0]),
    seconds=4.6,
    detect=leant_on,
    touches=True,
    phrases=Phrases(
        named=(
            "~lean on {o}",
            "~lean on {o} with both hands",
            "~rest both hands on {o} and ~lean forward",
            "~bend forward over {o}, leaning on it",
            "~prop {your} weight on {o}",
            "~lean onto {o}",
        ),
        bare=(
            "~lean on something",
            "~lean forward on both hands",
            "~rest both hands and ~lean on them",
        ),
    ),
    hard_negatives=HardNegativeRules(suits=lambda target: target.top is not None and 0.6 <= target.top[4] <= 1.15),
)
