"""What hands do on surfaces, standing: lean on them, wipe them, wash at a basin."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np

from worlds.actions.actor import Act, Actor, Setting
from worlds.actions.places import FRONT, Edge, before, ending, from_side, get_to, in_room, top_edges
from worlds.actions.reaching import HANDS, Limits, Reach, bring, end, find_hold
from worlds.actions.timeline import Timeline
from worlds.people.body import SIDES, Body
from worlds.people.curves import ease
from worlds.people.gait import Stand
from worlds.types import Action, Array, PlacedObject

Things = tuple[PlacedObject, ...]
WRIST: Final = 0.05  # metres from a surface to the wrist of the hand on it
LEAN_HEIGHT: Final = (0.6, 1.15)
LEANING: Final = Limits(least=0.45, most=float(np.radians(62)), lowest=0.1)
APART: Final = (0.34, 0.46)  # metres between hands that one leans on
WIPE_HEIGHT: Final = (0.35, 1.3)
WIPING: Final = Limits(most=float(np.radians(82)), lowest=0.5)
CLOTH: Final = 0.46  # metres of an edge that wiping takes
RUB: Final = 0.04  # metres that each hand rubs to either side
WASH_FROM: Final = (0.4, 0.46, 0.52, 0.58, 0.64)  # metres from the basin's middle
OVER_BASIN: Final = 0.07  # metres from the basin's point up to the wrists
KEYS: Final = 12.0  # a second, of a path that a hand follows


def lean_on(actor: Actor, things: Things, last: bool) -> bool:
    """Walk to the object and lean on the edge of its top with both hands."""
    thing, apart = things[0], float(actor.rng.uniform(*APART))
    if actor.carrying or not _is_high(thing, LEAN_HEIGHT):
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


def wipe(actor: Actor, things: Things, last: bool) -> bool:
    """Walk to the object and wipe its top with one hand, round and round or to and fro."""
    thing, side = things[0], int(actor.rng.random() < 0.75)
    if actor.carrying or not _is_high(thing, WIPE_HEIGHT):
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


def wash_hands_at(actor: Actor, things: Things, last: bool) -> bool:
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


def follow(line: Timeline, places: dict[int, Array], *, seconds: float) -> None:
    """Let the wrists that are at the first of their places (n, 3) go through all of them, evenly in time."""
    for side, path in places.items():
        for time, place in zip(line.now + np.linspace(0, seconds, len(path)), path, strict=True):
            line.set(HANDS[side], float(time), *place)
    line.wait(seconds)


def _is_high(thing: PlacedObject, span: tuple[float, float]) -> bool:
    return thing.top is not None and span[0] <= thing.top[4] + thing.position[2] <= span[1]


def _with_a_top(span: tuple[float, float], least: float) -> Callable[[Setting], list[tuple[int, ...]]]:
    """What has a top of such a height that one gets to."""

    def possible(setting: Setting) -> list[tuple[int, ...]]:
        return [
            (thing.id,)
            for thing in setting.room.objects
            if _is_high(thing, span)
            and any(len(from_side(thing, edge, setting.floor)) for edge in top_edges(thing, least=least))
        ]

    return possible


def _has_a_basin(setting: Setting) -> list[tuple[int, ...]]:
    return [
        (thing.id,)
        for thing in setting.room.objects
        if thing.basin is not None and len(before(thing, _basin_edge(thing.basin), setting.floor, away=WASH_FROM))
    ]


SURFACES: Final[dict[Action, Act]] = {
    "lean on": Act(lean_on, _with_a_top(LEAN_HEIGHT, APART[0]), seconds=4.6),
    "wipe": Act(wipe, _with_a_top(WIPE_HEIGHT, CLOTH), seconds=5.6),
    "wash hands at": Act(wash_hands_at, _has_a_basin, seconds=5.6),
}
