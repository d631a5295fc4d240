"""Lean on an object."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from worlds.actions.detecting.tops import over_top
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.places import Edge, draw_ending, get_to, in_room, stands_at_top, top_edges
from worlds.actions.performing.reaching import Reach, ReachLimits, bring_hands, end_reach, find_hold
from worlds.actions.performing.tops import find_tops, has_top_at
from worlds.actions.spec import ActionSpec, HardNegativeRules, Phrases
from worlds.actions.surfaces.touch import RIM, WRIST
from worlds.geometry.kinematics import MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.people.body import SIDES, Body
from worlds.people.gait import Stand
from worlds.types import ActionName, PlacedObject, Targets

LEAN_HEIGHT: Final = (0.6, 1.15)  # metres of the top
LEANING: Final = ReachLimits(least=0.45, most=float(np.radians(62)), lowest=0.1)
APART: Final = (0.34, 0.46)  # metres between the hands
INWARD: Final = 0.05  # metres from the edge to the wrists
LEAN_SECONDS: Final = (0.85, 1.05)
HOLD_SECONDS, SHORTEST_HOLD = (1.0, 1.5), 0.9
HANDS_STAY: Final = 0.4  # probability that the motion ends leaning
LEANT_HEIGHT: Final = (0.58, 1.17)  # metres of the top
LEANT: Final = np.radians(15)
LEAN_TIME: Final = 0.6  # seconds
AT_TOP: Final = 0.12  # metres of the wrists over the top
STILL: Final = 0.15  # metres a second of the wrists


def lean_on(actor: Actor, targets: Targets, is_last: bool) -> bool:
    """Walk to the object and lean on the edge of its top with both hands."""
    target, apart = targets[0], actor.draw(APART)
    if actor.carrying or not has_top_at(target, LEAN_HEIGHT):
        return False
    edges = top_edges(target, least=apart)
    options = []
    for index in actor.rng.permutation(len(edges)):
        posture = partial(_propped, body=actor.body, target=target, edge=edges[index], apart=apart)
        options.append((stands_at_top(target, edges[index], actor.floor), posture))
    reached = get_to(actor, options)
    if reached is None:
        return False
    timeline, reach = reached
    seconds = actor.seconds(LEAN_SECONDS)
    bring_hands(timeline, reach, seconds=seconds)
    timeline.wait(actor.seconds(HOLD_SECONDS, least=SHORTEST_HOLD))
    end_reach(timeline, draw_ending(actor, is_last, stays=HANDS_STAY), seconds=seconds)
    return True


def _propped(stand: Stand, *, body: Body, target: PlacedObject, edge: Edge, apart: float) -> Reach | None:
    height = 0.0 if target.top is None else target.top[4]
    places = in_room(target, edge, [(sign * apart / 2, INWARD, height + WRIST) for sign in SIDES])
    return find_hold(body, stand, dict(enumerate(places)), limits=LEANING)


def leant_on(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """Both hands of the standing body rest on the object's top while the trunk leans."""
    target = targets[0]
    if not has_top_at(target, LEANT_HEIGHT):
        return []
    state = (motion.leaning > LEANT) & motion.standing & (motion.wrist_speed.max(axis=1) < STILL)
    if not starts(state, LEAN_TIME):
        return []
    return starts(state & over_top(target, motion, RIM, high=AT_TOP).all(axis=1), LEAN_TIME)


def can_be_leant_on(target: PlacedObject) -> bool:
    """Whether the object has a top at a height to lean on."""
    return target.top is not None and LEAN_HEIGHT[0] <= target.top[4] <= LEAN_HEIGHT[1]


LEAN_ON: Final = ActionSpec(
    name=ActionName("lean on"),
    perform=lean_on,
    find_targets=find_tops(LEAN_HEIGHT, APART[0]),
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
    hard_negatives=HardNegativeRules(suits=can_be_leant_on),
)
