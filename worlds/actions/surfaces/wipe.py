"""Wipe an object."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from worlds.actions.detecting.tops import over_top
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.places import Edge, ending, from_side, get_to, in_room, top_edges
from worlds.actions.performing.reaching import Limits, Reach, bring, end, find_hold
from worlds.actions.spec import ActionSpec, HardNegativeRules, Phrases
from worlds.actions.surfaces.top import KEYS, RIM, WRIST, follow, is_high, with_a_top
from worlds.checker.kinematics import STOP_SPEED, Seen, reversals, starts
from worlds.checker.relations import Plan
from worlds.people.body import SIDES, Body
from worlds.people.curves import ease
from worlds.people.gait import Stand
from worlds.types import ActionName, Array, PlacedObject, Targets

WIPE_HEIGHT: Final = (0.35, 1.3)
WIPING: Final = Limits(most=float(np.radians(82)), lowest=0.5)
CLOTH: Final = 0.46  # metres of an edge that wiping takes
WIPED: Final = 0.6  # metres that a wiping hand travels
SWEEP: Final = 0.1  # metres that it goes before it turns back
ALONE: Final = 0.3  # metres to the other hand


def wipe(actor: Actor, things: Targets, last: bool) -> bool:
    """Walk to the object and wipe its top with one hand, round and round or to and fro."""
    thing, side = things[0], int(actor.rng.random() < 0.75)
    if actor.carrying or not is_high(thing, WIPE_HEIGHT):
        return False
    edges, seconds = top_edges(thing, least=CLOTH), float(max(actor.seconds(2.0, 2.6), 1.7))
    path = _cloth(actor.rng, seconds, side=side)
    found = get_to(
        actor,
        (
            (
                from_side(thing, edges[index], actor.floor, gaps=(0.27, 0.32, 0.37, 0.42)),
                partial(_wiping, actor.body, thing, edges[index], side=side, path=path),
            )
            for index in actor.rng.permutation(len(edges))
        ),
    )
    if found is None or actor.line is None:
        return False
    line, (reach, places) = actor.line, found
    bring(line, reach, seconds=actor.seconds(0.75, 0.95))
    follow(line, {side: places}, seconds=seconds)
    end(line, ending(actor, last, stays=0.0), seconds=actor.seconds(0.75, 0.95))
    line.wait(actor.seconds(0.2, 0.4) if last else 0.0)
    return True


def _cloth(rng: np.random.Generator, seconds: float, *, side: int) -> Array:
    """Offsets (n, 2) to the right of an edge's point and inwards from it, that a wiping hand goes through."""
    time = np.linspace(0, 1, int(seconds * KEYS) + 1)
    phase = (0.35 * ease(time) + 0.65 * time) * 2 * np.pi * round(seconds * 0.9)
    if rng.random() < 0.5:
        radius = float(rng.uniform(0.09, 0.12))
        return np.column_stack([SIDES[side] * 0.08 + radius * np.cos(phase), 0.15 + radius * np.sin(phase)])
    wide = float(rng.uniform(0.12, 0.15))
    deeper = np.linspace(0.08, float(rng.uniform(0.14, 0.2)), len(phase))
    return np.column_stack([SIDES[side] * 0.07 + wide * np.cos(phase), deeper])


def _wiping(
    body: Body, thing: PlacedObject, edge: Edge, stand: Stand, *, side: int, path: Array
) -> tuple[Reach, Array] | None:
    if thing.top is None:
        return None
    deep = min(1.0, 0.9 * _depth(thing, edge) / float(path[:, 1].max()))  # within a narrow top
    places = in_room(thing, edge, [(along, inward * deep, thing.top[4] + WRIST) for along, inward in path])
    reach = find_hold(body, stand, {side: places}, limits=WIPING)
    return None if reach is None else (reach, places)


def _depth(thing: PlacedObject, edge: Edge) -> float:
    left, right, back, front, _ = thing.top or (0.0,) * 5
    return front - back if edge.normal[0] == 0 else right - left


def wiped(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """One hand, the other away from it, goes to and fro over the object's top."""
    thing = things[0]
    if thing.top is None:
        return []
    wrists = seen.pair("wrist")
    alone = (np.linalg.norm(wrists[:, 1] - wrists[:, 0], axis=1) > ALONE) & (seen.speed < STOP_SPEED)
    over = over_top(thing, seen, RIM, high=0.14) & alone[:, None]
    if not over.any():
        return []
    found = []
    for side in range(2):
        own = thing.to_own(wrists[:, side])
        for start in starts(over[:, side], 0.8):
            end = start + int(np.argmin(np.append(over[start:, side], False)))
            if _sweeps(own[start:end]):
                found.append(start)
    return sorted(found)


def _sweeps(path: Array) -> bool:
    travel = np.linalg.norm(np.diff(path, axis=0), axis=1).sum()
    return bool(travel >= WIPED and max(reversals(path[:, axis], SWEEP) for axis in range(2)) >= 2)


WIPE: Final = ActionSpec(
    name=ActionName("wipe"),
    perform=wipe,
    find_targets=with_a_top(WIPE_HEIGHT, CLOTH),
    seconds=5.6,
    detect=wiped,
    touches=True,
    phrases=Phrases(
        named=(
            "~wipe {o}",
            "~wipe down {o}",
            "~wipe the top of {o} with one hand",
            "~clean the top of {o}",
            "~rub the top of {o}",
            "~run a hand over {o} to wipe it",
        ),
        bare=(
            "~wipe something",
            "~wipe a surface",
            "~wipe something clean with one hand",
        ),
    ),
    hard_negatives=HardNegativeRules(suits=lambda target: target.top is not None),
)
