"""Down to the floor before an object, and up again."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.facing import faces
from worlds.actions.performing.actor import Actor, Setting, chosen, go
from worlds.actions.performing.postures import ARMS
from worlds.actions.performing.spots import beside
from worlds.actions.performing.timeline import ARM_AT_REST, Timeline
from worlds.checker.kinematics import Mask, Seen
from worlds.types import PlacedObject

BESIDE: Final = 0.8  # metres to the object


def go_before(actor: Actor, thing: PlacedObject, *, least: float = 0.0) -> Timeline | None:
    spots = beside(actor.room, thing, actor.floor)
    goal = chosen(actor, spots.where(thing.distance(spots.points) > least) if len(spots) else spots)
    return actor.line if goal is not None and go(actor, goal, goal) else None


def direction_ahead(line: Timeline) -> tuple[float, float]:
    return -float(np.sin(line.stand.yaw)), float(np.cos(line.stand.yaw))


def straighten(line: Timeline, t: float, d: float) -> None:
    line.move("height", t, t + d, line.body.standing_height)
    line.move("place", t, t + d, line.stand.x, line.stand.y)
    line.move("lean", t, t + 0.4 * d, 0.35)
    line.move("lean", t + 0.4 * d, t + d, 0.0)
    line.move("spine", t, t + d, 0.0, 0.06, 0.0)
    for arm in ARMS:
        line.move(arm, t, t + d, *ARM_AT_REST)


def low_beside(setting: Setting) -> list[tuple[int, ...]]:
    room, floor = setting.room, setting.floor
    return [(thing.id,) for thing in room.objects if thing.position[2] < 1.0 and len(beside(room, thing, floor))]


def is_before(thing: PlacedObject, seen: Seen) -> Mask:
    return np.asarray((thing.distance(seen.pelvis) < BESIDE) & faces(thing, seen))
