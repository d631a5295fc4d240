"""Point at an object from afar."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.performing.actor import Actor, Setting, chosen, go
from worlds.actions.performing.places import ending
from worlds.actions.performing.reaching import Reach, bowing, stretch
from worlds.actions.performing.spots import Spots, heading
from worlds.actions.spec import FROM_AFAR, ActionSpec, Phrases, Sampling
from worlds.checker.kinematics import STOP_SPEED, Mask, Seen, starts
from worlds.checker.relations import Plan
from worlds.people.body import SHOULDERS, SIDES, Body, solve
from worlds.people.gait import Stand
from worlds.rooms.floor import FloorGrid
from worlds.types import ActionName, Array, PlacedObject, Room, Targets

POINT_FROM: Final = (1.05, 3.2)  # metres
SHOULDER_HEIGHT: Final = 0.818  # of stature
CLEAR: Final = np.radians(9)  # by which nothing else of the room may be as well in line
STRETCHED: Final = 0.99  # of an arm
LOOKED_AT: Final = 30  # cells of the floor that are looked at
ASIDE: Final = np.radians(22)  # that the body turns away at most from what it points at
STRAIGHT: Final = np.radians(150)  # of an elbow
POINTED: Final = (0.9, 5.0)  # metres to what is pointed at
AIM: Final = np.radians(12)
POINTING: Final = 0.5  # seconds


def point_at(actor: Actor, things: tuple[PlacedObject, ...], last: bool) -> bool:
    """Go to where the object alone is in line, face it about, and point a straight arm at it."""
    thing = things[0]
    if actor.carrying:
        return False
    goal = chosen(actor, _in_sight(actor.room, thing, actor.floor, body=actor.body, rng=actor.rng))
    if goal is None:
        return False
    side = int(actor.rng.random() < 0.75)
    # Towards the side of the other arm, so that this one does not point across the chest.
    goal = Stand(goal.x, goal.y, goal.yaw + SIDES[side] * float(actor.rng.uniform(0.0, ASIDE)))
    if not go(actor, goal, goal) or actor.line is None:
        return False
    shoulder = solve(actor.body, bowing(actor.body, actor.line.stand, np.zeros(1), np.zeros(1)))[0, SHOULDERS[side]]
    line = aims(thing)[0] - shoulder
    x, y, z = shoulder + line / np.linalg.norm(line) * STRETCHED * actor.body.arm
    hold = max(actor.seconds(1.0, 1.4), 0.9)
    reach = Reach({side: (float(x), float(y), float(z))}, 0.0, 0.0)
    stretch(actor.line, reach, seconds=actor.seconds(0.7, 0.9), hold=hold, then=ending(actor, last))
    if last:
        actor.line.wait(actor.seconds(0.2, 0.4))
    return True


def aims(thing: PlacedObject) -> Array:
    """Points (3, 3) in the room that somebody points at who means the object: its middle, and upwards from there."""
    return thing.to_room(np.array([[0.0, 0.0, thing.size[2] * share] for share in (0.5, 0.75, 1.0)]))


def _in_sight(room: Room, thing: PlacedObject, floor: FloorGrid, *, body: Body, rng: np.random.Generator) -> Spots:
    """Some spots from which the object and nothing else is in line with an arm that points at it."""
    points = floor.reachable_points()
    points = points[rng.permutation(len(points))[:LOOKED_AT]]
    away = thing.distance(points)
    points = points[(away > POINT_FROM[0]) & (away < POINT_FROM[1])]
    if not len(points):
        return Spots(points, np.zeros(0), np.zeros(0))
    eyes = np.column_stack([points, np.full(len(points), SHOULDER_HEIGHT * body.stature)])
    middle = np.array(aims(thing)[0])
    line = _unit(middle - eyes)
    others = np.array([aims(other) for other in room.objects if other.id != thing.id]).reshape(-1, 3)
    cosine = (_unit(others[None] - eyes[:, None]) * line[:, None]).sum(axis=2).max(axis=1, initial=-1.0)
    points = points[cosine < np.cos(CLEAR)]
    return Spots(points, heading(middle[:2] - points), np.zeros(len(points)))


def _unit(lines: Array) -> Array:
    return np.asarray(lines / np.maximum(np.linalg.norm(lines, axis=-1, keepdims=True), 1e-9))


def can_be_pointed_at(setting: Setting) -> list[tuple[int, ...]]:
    """The objects that are alone in line from somewhere."""
    room, floor, body = setting.room, setting.floor, setting.body
    return [
        (thing.id,)
        for thing in room.objects
        if len(_in_sight(room, thing, floor, body=body, rng=np.random.default_rng(thing.id))) >= 4
    ]


def pointed_at(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """A straight, still arm of the standing body is in line with the object, better than with any other."""
    state = np.zeros(len(seen), dtype=bool)
    for side, frames in enumerate(_stretched_out(seen).T):
        if not starts(frames, POINTING):
            continue
        at = np.flatnonzero(frames)
        shoulder = seen.pair("shoulder")[at, side]
        arm = seen.pair("wrist")[at, side] - shoulder
        mine = _off_line(things[0], shoulder, arm)
        if mine.min() > AIM:
            continue
        others = [_off_line(other, shoulder, arm) for other in plan.room.objects if other.id != things[0].id]
        least = np.min(others, axis=0) if others else np.full(len(at), np.inf)
        near = things[0].distance(seen.pelvis[at])
        state[at] |= (mine < AIM) & (mine <= least) & (near > POINTED[0]) & (near < POINTED[1])
    return starts(state, POINTING)


def _stretched_out(seen: Seen) -> Mask:
    """Frames in which one arm (frames, 2) is held out straight and the other one is not raised."""
    arm = seen.pair("wrist") - seen.pair("shoulder")
    length = np.maximum(np.linalg.norm(arm, axis=2), 1e-9)
    out = (seen.elbows > STRAIGHT) & (np.linalg.norm(arm[..., :2], axis=2) > 0.5 * length)
    down = arm[..., 2] < -0.7 * length
    still = (seen.wrist_speed < 0.4) & (seen.speed < STOP_SPEED)[:, None]
    upright = seen.standing & (seen.leaning < np.radians(15))
    return np.asarray(out & down[:, ::-1] & still & upright[:, None])


def _off_line(thing: PlacedObject, shoulder: Array, arm: Array) -> Array:
    """Radians (n,) between the arm and the line from the shoulder to the object's middle or what is above it."""
    aims = thing.to_room(np.array([[0.0, 0.0, thing.size[2] * share] for share in (0.5, 0.75, 1.0)]))
    lines = aims[None] - shoulder[:, None]
    length = np.linalg.norm(lines, axis=2) * np.linalg.norm(arm, axis=1)[:, None]
    cosine = (lines * arm[:, None]).sum(axis=2) / np.maximum(length, 1e-9)
    return np.asarray(np.arccos(np.clip(cosine, -1.0, 1.0)).min(axis=1))


POINT_AT: Final = ActionSpec(
    name=ActionName("point at"),
    perform=point_at,
    find_targets=can_be_pointed_at,
    seconds=4.0,
    detect=pointed_at,
    reach=FROM_AFAR,
    phrases=Phrases(
        named=(
            "~point at {o}",
            "~point to {o}",
            "~point a finger at {o}",
            "~raise an arm and ~point at {o}",
            "~stretch an arm out towards {o} to point at it",
            "~point towards {o}",
        ),
        bare=(
            "~point at something",
            "~point with one arm",
            "~point a finger at something",
        ),
        tells_walk=False,
    ),
    sampling=Sampling(weight=0.8),
)
