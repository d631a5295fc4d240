"""Where a body stands to use its hands: before a point of an object, with that point before one of its shoulders."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np

from worlds.actions.performing.actor import Actor, chosen, go
from worlds.actions.performing.reaching import Ending
from worlds.actions.performing.spots import Spots, heading
from worlds.people.body import SIDES
from worlds.people.gait import Stand
from worlds.rooms.floor import FloorGrid
from worlds.types import Array, PlacedObject

SHOULDER: Final = 0.17  # metres from the body's middle to a shoulder, about
AWAY: Final = (0.27, 0.32, 0.37, 0.42, 0.47, 0.52)  # metres from an object's side to who uses it
TRIES: Final = 5  # stands tried before the next point is
FRONT: Final = (0.0, 1.0)
NORMALS: Final = (FRONT, (1.0, 0.0), (-1.0, 0.0), (0.0, -1.0))
Found = TypeVar("Found")
RIGHT_HANDED: Final = 0.75


@dataclass(frozen=True)
class Edge:
    """A piece of an object's outline in its own frame: a point of it and the direction outwards."""

    point: tuple[float, float]
    normal: tuple[float, float]

    def at(self, along: float, inward: float) -> tuple[float, float]:
        """Own-frame point so far to the right of who faces the edge, and so far beyond it."""
        (x, y), (nx, ny) = self.point, self.normal
        return x - ny * along - nx * inward, y + nx * along - ny * inward


def before(
    thing: PlacedObject, edge: Edge, floor: FloorGrid, *, away: Iterable[float] = AWAY, side: int | None = None
) -> Spots:
    """Stands on free floor that face the edge from so many metres, its point before the shoulder of ``side``."""
    aside = 0.0 if side is None else -SIDES[side] * SHOULDER
    own = np.array([(*edge.at(aside, -gap), 0.0) for gap in away])
    points = thing.to_room(own)[:, :2]
    cells = floor.to_cells(points)
    keep = floor.reachable[cells[:, 0], cells[:, 1]] & floor.is_walkable(points)
    facing = float(heading(np.array([-edge.normal[0], -edge.normal[1]]))) + thing.yaw
    # Rather from the front, rather from near.
    costs = 0.4 * (1 - edge.normal[1]) + 0.8 * (np.array(list(away)) - min(away))
    return Spots(points[keep], np.full(len(points), facing)[keep], costs[keep])


def top_edges(thing: PlacedObject, *, least: float) -> list[Edge]:
    """Points on the edges of the object's top that are at least so long; empty where it has no top."""
    if thing.top is None:
        return []
    left, right, back, front, _ = thing.top
    middle, half = np.array([left + right, back + front]) / 2, np.array([right - left, front - back]) / 2
    found = []
    for normal in NORMALS:
        out = np.array(normal)
        length = float(np.abs(half @ out[::-1])) * 2
        room = (length - least) / 2
        for along in {-room, 0.0, room} if room > 0.1 else {0.0} if room >= 0 else set():
            x, y = middle + out * half + np.array([-out[1], out[0]]) * along
            found.append(Edge((float(x), float(y)), normal))
    return found


def beyond(thing: PlacedObject, edge: Edge) -> float:
    """Metres from an edge of the object's top to the object's side: other parts may stand out."""
    out = np.array(edge.normal)
    return float(max(np.abs(np.array(thing.size[:2]) / 2 @ out) - edge.point @ out, 0.0))


def from_side(thing: PlacedObject, edge: Edge, floor: FloorGrid, *, gaps: Iterable[float] = AWAY) -> Spots:
    """Stands that face an edge of the object's top, so many metres from the object's side."""
    return before(thing, edge, floor, away=[beyond(thing, edge) + gap for gap in gaps])


def in_room(thing: PlacedObject, edge: Edge, offsets: Iterable[tuple[float, float, float]]) -> Array:
    """Room points (n, 3) of offsets (to the right, inwards, height in the own frame) from the edge's point."""
    return thing.to_room(np.array([(*edge.at(along, inward), z) for along, inward, z in offsets]))


def across(stand: Stand) -> Array:
    """Unit direction (2,) on the floor to the right of who stands there."""
    return np.array([np.cos(stand.yaw), np.sin(stand.yaw)])


def get_to(actor: Actor, tries: Iterable[tuple[Spots, Callable[[Stand], Found | None]]]) -> Found | None:
    """Go to the first of the spots from which the posture can be found, and what it found; None where there is none.

    A body that is somewhere already tries the nearest spots first.
    """
    line, tries = actor.line, [(spots, posture) for spots, posture in tries if len(spots)]
    if line is not None:
        here = np.array([line.stand.x, line.stand.y])
        tries.sort(key=lambda option: float(np.linalg.norm(option[0].points - here, axis=1).min()))
    for spots, posture in tries:
        for _ in range(TRIES):
            goal = chosen(actor, spots)
            found = None if goal is None else posture(goal)
            if goal is not None and found is not None:
                return found if go(actor, goal, goal) else None
    return None


def ending(actor: Actor, last: bool, *, stays: float = 0.25) -> Ending:
    """How the hands end: back while leaving when something follows, else back, or now and then where they are."""
    if not last:
        return "leave"
    return "stay" if actor.rng.random() < stays else "lower"


def drawn_side(actor: Actor) -> int:
    return int(actor.rng.random() < RIGHT_HANDED)


def front_edge(point: Array) -> Edge:
    return Edge((float(point[0]), float(point[1])), FRONT)
