"""What one hand does at things, standing: reach for, open, knock on."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np

from worlds.actions.actor import Act, Actor, Setting
from worlds.actions.places import FRONT, Edge, before, ending, get_to, in_room
from worlds.actions.pointing import can_be_pointed_at, point_at
from worlds.actions.reaching import DOWN, HANDS, Reach, bow, bring, end, find_hold, find_reach, stretch
from worlds.actions.spots import within_reach
from worlds.people.body import Body
from worlds.people.gait import Stand
from worlds.types import Action, Array, PlacedObject

Things = tuple[PlacedObject, ...]
RIGHT_HANDED: Final = 0.75
PULL: Final = (0.27, 0.4)  # metres that a door or drawer is pulled
GRASP: Final = 0.05  # metres from a grip to the wrist of the hand that holds it
PULLED_TO: Final = (0.2, 0.26, 0.32, 0.38, 0.44)  # metres that are then left between hand and body
STAYS_BOWED: Final = 0.75  # of the lean to a grip, while it is pulled
DOORS: Final = ("door", "wardrobe", "cabinet")  # what one knocks on
KNOCK_HEIGHT: Final = (1.15, 1.45)
TALL: Final = 1.5  # metres that a thing is high at least which one knocks on without bowing
RAP, BACK = 0.05, 0.13  # metres from the face to the wrist that raps, and before that
KNOCK_AT: Final = (-0.25, 0.0, 0.25)  # of a door's width
KNOCK_FROM: Final = (0.4, 0.46, 0.52, 0.58)


def reach_for(actor: Actor, things: Things, last: bool) -> bool:
    """Walk to one of the object's handles and put a hand to it."""
    thing, side = things[0], _side(actor)
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


def open_(actor: Actor, things: Things, last: bool) -> bool:
    """Walk to one of the object's grips, take it and pull it along the object's front."""
    thing, side = things[0], _side(actor)
    if actor.carrying:
        return False
    pull = float(actor.rng.uniform(*PULL))
    found = get_to(
        actor,
        (
            (
                before(thing, _front_edge(grip), actor.floor, away=[pull + left for left in PULLED_TO], side=side),
                partial(_pulling, actor.body, thing, grip, pull=pull, side=side),
            )
            for grip in actor.rng.permutation(np.array(thing.grips).reshape(-1, 3))
        ),
    )
    if found is None or actor.line is None:
        return False
    line, seconds, (grasp, pulled) = actor.line, actor.seconds(0.75, 0.95), found
    bring(line, grasp, seconds=seconds)
    line.wait(max(actor.seconds(0.3, 0.45), 0.25))
    start, line.now = line.now, line.now + actor.seconds(0.8, 1.0)
    line.move(HANDS[side], start, line.now, *pulled.wrists[side])
    bow(line, pulled.lean, pulled.drop, start=start, end=line.now)
    line.wait(max(actor.seconds(0.4, 0.6), 0.35))
    end(line, ending(actor, last), seconds=seconds)
    if last:
        line.wait(actor.seconds(0.2, 0.4))
    return True


def _pulling(
    body: Body, thing: PlacedObject, grip: Array, stand: Stand, *, pull: float, side: int
) -> tuple[Reach, Reach] | None:
    """The posture in which the hand takes the grip, and the one with it pulled towards the body."""
    path = in_room(thing, _front_edge(grip), [(0.0, -GRASP, grip[2]), (0.0, -GRASP - pull, grip[2])])
    grasp = find_hold(body, stand, {side: path[0]}, limits=DOWN)
    if grasp is None:
        return None
    # Who bows to a low grip stays bowed: upright, the hand would end beside the hip as if it did nothing.
    pulled = find_hold(body, stand, {side: path[1]}, limits=replace(DOWN, least=STAYS_BOWED * grasp.lean))
    return None if pulled is None else (grasp, pulled)


def knock_on(actor: Actor, things: Things, last: bool) -> bool:
    """Walk to the face of a door and rap on it three times."""
    thing, side = things[0], _side(actor)
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


def _side(actor: Actor) -> int:
    return int(actor.rng.random() < RIGHT_HANDED)


def _front_edge(point: Array) -> Edge:
    return Edge((float(point[0]), float(point[1])), FRONT)


def _is_door(thing: PlacedObject) -> bool:
    return thing.category in DOORS and thing.position[2] + thing.size[2] >= TALL


def _has_handles(setting: Setting) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = []
    for thing in setting.room.objects:
        handles = thing.to_room(np.array(thing.handles).reshape(-1, 3))
        if any(len(within_reach(thing, handle, setting.floor)) for handle in handles):
            found.append((thing.id,))
    return found


def _has_grips(setting: Setting) -> list[tuple[int, ...]]:
    away = [PULL[0] + left for left in PULLED_TO]
    return [
        (thing.id,)
        for thing in setting.room.objects
        if any(len(before(thing, _front_edge(np.array(grip)), setting.floor, away=away)) for grip in thing.grips)
    ]


def _has_a_face(setting: Setting) -> list[tuple[int, ...]]:
    return [
        (thing.id,)
        for thing in setting.room.objects
        if _is_door(thing) and len(before(thing, Edge((0.0, thing.size[1] / 2), FRONT), setting.floor, away=KNOCK_FROM))
    ]


ONE_HAND: Final[dict[Action, Act]] = {
    "reach for": Act(reach_for, _has_handles, seconds=4.2),
    "point at": Act(point_at, can_be_pointed_at, seconds=4.0),
    "open": Act(open_, _has_grips, seconds=5.0),
    "knock on": Act(knock_on, _has_a_face, seconds=4.6),
}
