"""Ways that end at an object or begin there: to it, away from it, backwards; and turning to it, and looking."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.actor import SHORTEST_WALK, Act, Actor, Setting, chosen, free_place, get_up, go, walk_along
from worlds.actions.spots import Spots, beside, heading
from worlds.actions.timeline import Timeline
from worlds.people.curves import wrapped
from worlds.people.gait import Stand, shuffle
from worlds.people.paths import distances, route
from worlds.rooms.floor import FloorGrid
from worlds.types import Action, Array, PlacedObject

Things = tuple[PlacedObject, ...]
LEAVING: Final = (1.45, 3.0)  # metres gone away from an object
BACKING: Final = (0.62, 0.95)  # metres gone backwards
SEEN_FROM: Final = (1.0, 2.8)  # metres from an object to who looks at it
TURNED: Final = (np.radians(75), np.radians(170))  # from an object, before a body turns to it
EYES: Final = 0.93  # of stature


def walk_to(actor: Actor, things: Things, last: bool) -> bool:
    """Walk to the object and stop before it, facing it. False where there is no way or no walk worth the name."""
    thing = things[0]
    before = actor.line.stand if actor.line else None
    goal = chosen(actor, beside(actor.room, thing, actor.floor))
    if goal is None or not go(actor, goal, goal) or actor.line is None:
        return False
    actor.line.wait(actor.seconds(0.5, 0.9))
    return before is None or np.hypot(goal.x - before.x, goal.y - before.y) >= SHORTEST_WALK


def walk_away_from(actor: Actor, things: Things, last: bool) -> bool:
    """From standing beside the object walk off, and stop with the back to it."""
    thing = things[0]
    if actor.line is None and not _stand_beside(actor, thing, turn=float(actor.rng.uniform(-np.pi, np.pi))):
        return False
    if actor.line is None or actor.line.lying or thing.distance(free_place(actor)[None])[0] > 0.7:
        return False
    here = free_place(actor)
    field = distances(actor.floor, here)
    cells = np.argwhere(field < 1.4 * LEAVING[1])
    points = actor.floor.to_points(cells)
    gone = thing.distance(points) - thing.distance(here[None])[0]
    points = points[(gone > LEAVING[0]) & (gone < LEAVING[1])]
    if not len(points):
        return False
    goal = points[int(actor.rng.integers(len(points)))]
    path = route(actor.floor, distances(actor.floor, goal), here, goal)
    if path is None:
        return False
    walk_along(actor, path)
    actor.line.wait(actor.seconds(0.3, 0.6))
    return True


def back_away_from(actor: Actor, things: Things, last: bool) -> bool:
    """From standing before the object go backwards in small steps, still facing it."""
    thing = things[0]
    if actor.line is None and not _stand_beside(actor, thing, turn=0.0):
        return False
    line = actor.line
    if line is None or line.seat is not None or thing.distance(free_place(actor)[None])[0] > 0.7:
        return False
    here = np.array([line.stand.x, line.stand.y])
    ahead = np.array([-np.sin(line.stand.yaw), np.cos(line.stand.yaw)])
    far = float(actor.rng.uniform(*BACKING))
    behind = here - ahead * np.linspace(0.0, far, 12)[:, None]
    if (
        not actor.floor.is_walkable(behind).all()
        or thing.distance(behind[-1:])[0] - thing.distance(here[None])[0] < 0.55
    ):
        return False
    goal = Stand(float(behind[-1, 0]), float(behind[-1, 1]), line.stand.yaw)
    line.take(shuffle(line.stand, goal, actor.body, start=line.now, period=0.5 * actor.tempo), goal, gait=0.2)
    line.move("gait", line.now - 0.1, line.now + 0.2, 0.0)
    line.wait(actor.seconds(0.4, 0.7))
    return True


def turn_to(actor: Actor, things: Things, last: bool) -> bool:
    """On one spot, turn until the object is ahead."""
    thing = things[0]
    if actor.line is None:
        points = actor.floor.reachable_points()
        points = points[(thing.distance(points) > 0.5) & (thing.distance(points) < 3.5)]
        if not len(points):
            return False
        x, y = points[int(actor.rng.integers(len(points)))]
        away = float(actor.rng.uniform(*TURNED)) * (1 if actor.rng.random() < 0.5 else -1)
        actor.line = Timeline(actor.body, Stand(float(x), float(y), _yaw_to(np.array([x, y]), thing) + away))
        actor.line.wait(actor.seconds(0.4, 0.8))
    line = actor.line
    if line.lying:
        return False
    get_up(actor)
    goal = Stand(line.stand.x, line.stand.y, _yaw_to(np.array([line.stand.x, line.stand.y]), thing))
    if abs(float(wrapped(goal.yaw - line.stand.yaw))) < TURNED[0]:
        return False
    line.take(shuffle(line.stand, goal, actor.body, start=line.now, period=0.45 * actor.tempo), goal, gait=0.1)
    line.move("gait", line.now - 0.1, line.now + 0.2, 0.0)
    line.wait(actor.seconds(0.7, 1.1))
    return True


def look_at(actor: Actor, things: Things, last: bool) -> bool:
    """Go to where the object is some way ahead, stop and look at it."""
    thing = things[0]
    goal = chosen(actor, facing_from(actor.floor, thing))
    if goal is None or not go(actor, goal, goal) or actor.line is None:
        return False
    line, eyes = actor.line, EYES * actor.body.stature
    away = float(np.hypot(*(np.array(thing.position[:2]) - [goal.x, goal.y])))
    nod = float(np.clip(np.arctan2(eyes - (thing.position[2] + 0.7 * thing.size[2]), away), -0.35, 0.5))
    line.move("nod", line.now, line.now + 0.5, nod)
    line.move("spine", line.now, line.now + 0.6, 0.0, 0.06 + 0.2 * max(nod, 0.0), 0.0)
    line.wait(0.3 + actor.seconds(1.3, 2.0))
    if not last:
        line.move("nod", line.now, line.now + 0.4, 0.0)
        line.move("spine", line.now, line.now + 0.4, 0.0, 0.06, 0.0)
    return True


def facing_from(floor: FloorGrid, thing: PlacedObject) -> Spots:
    """Free places some way off from which a body faces the object's middle; before its front is less awkward."""
    points = floor.reachable_points()
    away = thing.distance(points)
    points = points[(away > SEEN_FROM[0]) & (away < SEEN_FROM[1])]
    toward = np.array(thing.position[:2]) - points
    distance = np.maximum(np.linalg.norm(toward, axis=1), 1e-9)
    return Spots(points, heading(toward), 0.3 + 0.7 * (toward @ thing.front) / distance)


def _yaw_to(point: Array, thing: PlacedObject) -> float:
    return float(heading(np.array(thing.position[:2]) - point))


def _stand_beside(actor: Actor, thing: PlacedObject, *, turn: float) -> bool:
    """Begin beside the object, turned so far from facing it."""
    spots = beside(actor.room, thing, actor.floor)
    spot = chosen(actor, spots)
    if spot is None:
        return False
    actor.line = Timeline(actor.body, Stand(spot.x, spot.y, spot.yaw + turn))
    actor.line.wait(actor.seconds(0.4, 0.8))
    return True


def _near_free_floor(setting: Setting) -> list[tuple[int, ...]]:
    return [(thing.id,) for thing in setting.room.objects if len(beside(setting.room, thing, setting.floor))]


def _seen_from_afar(setting: Setting) -> list[tuple[int, ...]]:
    return [(thing.id,) for thing in setting.room.objects if len(facing_from(setting.floor, thing)) > 3]


WAYS: Final[dict[Action, Act]] = {
    "walk to": Act(walk_to, _near_free_floor, seconds=1.8),
    "walk away from": Act(walk_away_from, _near_free_floor, seconds=1.2),
    "back away from": Act(back_away_from, _near_free_floor, seconds=3.0),
    "turn to": Act(turn_to, _seen_from_afar, seconds=2.6),
    "look at": Act(look_at, _seen_from_afar, seconds=3.4),
}
