"""Wash hands at a basin."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from worlds.actions.performing.actor import Actor, Setting
from worlds.actions.performing.places import FRONT, Edge, before, ending, get_to, in_room
from worlds.actions.performing.reaching import Reach, bring, end, find_hold
from worlds.actions.spec import ActionSpec, HardNegativeRules, Phrases, Sampling
from worlds.actions.surfaces.top import KEYS, follow
from worlds.checker.kinematics import Seen, reversals, starts
from worlds.checker.relations import Plan
from worlds.people.body import SIDES, Body
from worlds.people.gait import Stand
from worlds.types import ActionName, Array, PlacedObject, Targets

RUB: Final = 0.04  # metres that each hand rubs to either side
WASH_FROM: Final = (0.4, 0.46, 0.52, 0.58, 0.64)  # metres from the basin's middle
OVER_BASIN: Final = 0.07  # metres from the basin's point up to the wrists
WASHED: Final = 1.2  # seconds
BASIN: Final = 0.25
RUBBED: Final = 0.03  # metres that one hand goes along the other before it turns back


def wash_hands_at(actor: Actor, things: Targets, last: bool) -> bool:
    """Walk to the basin and rub the hands above it."""
    thing = things[0]
    if actor.carrying or thing.basin is None:
        return False
    spots = before(thing, _basin_edge(thing.basin), actor.floor, away=WASH_FROM)
    seconds = float(max(actor.seconds(2.1, 2.7), 1.8))
    found = get_to(actor, [(spots, partial(_rubbing, actor.body, thing, thing.basin, seconds=seconds))])
    if found is None or actor.line is None:
        return False
    line, (reach, places) = actor.line, found
    bring(line, reach, seconds=actor.seconds(0.75, 0.95))
    follow(line, places, seconds=seconds)
    end(line, ending(actor, last, stays=0.2), seconds=actor.seconds(0.75, 0.95))
    line.wait(actor.seconds(0.2, 0.4) if last else 0.0)
    return True


def _rubbing(
    body: Body, thing: PlacedObject, basin: tuple[float, float, float], stand: Stand, *, seconds: float
) -> tuple[Reach, dict[int, Array]] | None:
    phase = np.linspace(0, 1, int(seconds * KEYS) + 1) * 2 * np.pi * round(seconds * 1.5)
    calm = np.sin(np.linspace(0, np.pi, len(phase))) ** 0.5
    edge, height = _basin_edge(basin), basin[2] + OVER_BASIN
    places = {}
    for side, sign in enumerate(SIDES):
        rub = sign * RUB * calm * np.sin(phase)
        places[side] = in_room(thing, edge, [(sign * 0.055, along - 0.06, height + 0.3 * along) for along in rub])
    reach = find_hold(body, stand, places)
    return None if reach is None else (reach, places)


def _basin_edge(basin: tuple[float, float, float]) -> Edge:
    return Edge((basin[0], basin[1]), FRONT)


def _has_a_basin(setting: Setting) -> list[tuple[int, ...]]:
    return [
        (thing.id,)
        for thing in setting.room.objects
        if thing.basin is not None and len(before(thing, _basin_edge(thing.basin), setting.floor, away=WASH_FROM))
    ]


def washed_hands(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """Both hands are together above the basin and rub against each other."""
    thing = things[0]
    if thing.basin is None:
        return []
    wrists, basin = seen.pair("wrist"), thing.to_room(np.array(thing.basin))[0]
    near = np.linalg.norm(wrists - basin, axis=2).max(axis=1) < BASIN
    if not near.any():
        return []
    near &= np.linalg.norm(wrists[:, 1] - wrists[:, 0], axis=1) < 0.3
    against = wrists[:, 1] - wrists[:, 0]
    found = []
    for start in starts(near, WASHED):
        end = start + int(np.argmin(np.append(near[start:], False)))
        if max(reversals(against[start:end, axis], RUBBED) for axis in range(3)) >= 3:
            found.append(start)
    return found


WASH_HANDS_AT: Final = ActionSpec(
    name=ActionName("wash hands at"),
    perform=wash_hands_at,
    find_targets=_has_a_basin,
    seconds=5.6,
    detect=washed_hands,
    touches=True,
    phrases=Phrases(
        named=(
            "~wash {your} hands at {o}",
            "~wash both hands at {o}",
            "~go and ~wash {your} hands at {o}",
            "~rinse {your} hands at {o}",
            "~rub {your} hands clean at {o}",
            "~clean {your} hands at {o}",
        ),
        bare=(
            "~wash {your} hands",
            "~wash both hands",
            "~rinse {your} hands",
        ),
    ),
    sampling=Sampling(weight=3.0),
    hard_negatives=HardNegativeRules(suits=lambda target: target.basin is not None),
)
