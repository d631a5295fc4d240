"""Where a body stands to use its hands: facing a point of an object, with that point before one of its shoulders."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np

from monster.arrays import DoubleArray
from worlds.actions.performing.actor import Actor, choose, go
from worlds.actions.performing.reaching import Ending
from worlds.actions.performing.spots import Spots, heading
from worlds.actions.performing.timeline import Timeline
from worlds.people.body import SIDES
from worlds.people.gait import Stand
from worlds.rooms.floor import WalkableMap
from worlds.types import PlacedObject

SHOULDER: Final = 0.17  # metres from the middle of the body to a shoulder, about
AWAY: Final = (0.27, 0.32, 0.37, 0.42, 0.47, 0.52)  # metres from the side of an object to the body that uses it
BACK_COST, DISTANCE_COST = 0.4, 0.8  # of standing behind the object, and of a metre from it
TRIES: Final = 5  # stands that are tried for a point
FRONT: Final = (0.0, 1.0)
NORMALS: Final = (FRONT, (1.0, 0.0), (-1.0, 0.0), (0.0, -1.0))
LONG_EDGE: Final = 0.1  # metres to spare on either side, above which an edge has three points
RIGHT_HANDED: Final = 0.5  # probability: captions name the side, and neither may be the usual one
HANDS_STAY: Final = 0.25  # probability that hands stay at the end of a motion
Found = TypeVar("Found")


@dataclass(frozen=True)
class Edge:
    """A piece of the outline of an object, in local coordinates: a point of it and the direction outwards."""

    point: tuple[float, float]
    normal: tuple[float, float]

    def at(self, along: float, inward: float) -> tuple[float, float]:
        """The local point ``along`` metres to the right of a body that faces the edge, ``inward`` metres beyond it."""
        (x, y), (nx, ny) = self.point, self.normal
        return x - ny * along - nx * inward, y + nx * along - ny * inward


def stands_before(
    target: PlacedObject, edge: Edge, floor: WalkableMap, *, away: Iterable[float] = AWAY, side: int | None = None
) -> Spots:
    """Stands on free floor that face the edge from so many metres, its point before the shoulder of ``side``."""
    aside = 0.0 if side is None else -SIDES[side] * SHOULDER
    local = np.array([(*edge.at(aside, -gap), 0.0) for gap in away])
    points = target.to_room(local)[:, :2]
    cells = floor.to_cells(points)
    keep = floor.reachable[cells[:, 0], cells[:, 1]] & floor.is_walkable(points)
    facing = float(heading(np.array([-edge.normal[0], -edge.normal[1]]))) + target.yaw
    costs = BACK_COST * (1 - edge.normal[1]) + DISTANCE_COST * (np.array(list(away)) - min(away))
    return Spots(points[keep], np.full(len(points), facing)[keep], costs[keep])


def top_edges(target: PlacedObject, *, least: float) -> list[Edge]:
    """Points on the edges of the object's top that are at least so long; empty if it has no top."""
    if target.top is None:
        return []
    left, right, back, front, _ = target.top
    middle, half = np.array([left + right, back + front]) / 2, np.array([right - left, front - back]) / 2
    edges = []
    for normal in NORMALS:
        out = np.array(normal)
        length = float(np.abs(half @ out[::-1])) * 2
        for along in _points_along((length - least) / 2):
            x, y = middle + out * half + np.array([-out[1], out[0]]) * along
            edges.append(Edge((float(x), float(y)), normal))
    return edges


def _points_along(spare: float) -> set[float]:
    if spare < 0:
        return set()
    return {-spare, 0.0, spare} if spare > LONG_EDGE else {0.0}


def beyond(target: PlacedObject, edge: Edge) -> float:
    """Metres from an edge of the object's top to the object's side, which other parts may extend."""
    out = np.array(edge.normal)
    return float(max(np.abs(np.array(target.size[:2]) / 2 @ out) - edge.point @ out, 0.0))


def stands_at_top(target: PlacedObject, edge: Edge, floor: WalkableMap, *, gaps: Iterable[float] = AWAY) -> Spots:
    """Stands that face an edge of the object's top, so many metres from the object's side."""
    return stands_before(target, edge, floor, away=[beyond(target, edge) + gap for gap in gaps])


def in_room(target: PlacedObject, edge: Edge, offsets: Iterable[tuple[float, float, float]]) -> DoubleArray:
    """Room points (n, 3) of offsets (to the right, inwards, local height) from the edge's point."""
    return target.to_room(np.array([(*edge.at(along, inward), z) for along, inward, z in offsets]))


def rightwards(stand: Stand) -> DoubleArray:
    """Unit direction (2,) on the floor to the right of a body that stands there."""
    return np.array([np.cos(stand.yaw), np.sin(stand.yaw)])


def get_to(
    actor: Actor, options: Iterable[tuple[Spots, Callable[[Stand], Found | None]]]
) -> tuple[Timeline, Found] | None:
    """Go to the first spot from which the posture can be found; the timeline and the posture, or None.

    A body that is somewhere already tries the nearest spots first.
    """
    usable = [(spots, find_posture) for spots, find_posture in options if len(spots)]
    if actor.timeline is not None:
        here = np.array([actor.timeline.stand.x, actor.timeline.stand.y])
        usable.sort(key=lambda option: float(np.linalg.norm(option[0].points - here, axis=1).min()))
    for spots, find_posture in usable:
        for _ in range(TRIES):
            goal = choose(actor, spots)
            posture = None if goal is None else find_posture(goal)
            if goal is not None and posture is not None:
                timeline = go(actor, goal, goal)
                return None if timeline is None else (timeline, posture)
    return None


def draw_ending(actor: Actor, is_last: bool, *, stays: float = HANDS_STAY) -> Ending:
    """How the hands end: withdrawn while leaving, unless nothing follows; then withdrawn, or sometimes in place."""
    if not is_last:
        return "leave"
    return "stay" if actor.rng.random() < stays else "lower"


def draw_side(actor: Actor) -> int:
    """The left (0) or the right (1) hand."""
    return int(actor.rng.random() < RIGHT_HANDED)


def front_edge(point: DoubleArray) -> Edge:
    """The edge at a local point that faces the front of the object."""
    return Edge((float(point[0]), float(point[1])), FRONT)
