"""Who acts, and the way to where it acts: every action goes somewhere first, then appends to the body's timeline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from worlds.actions.performing.postures import rise
from worlds.actions.performing.spots import BODY_GAP, SEAT_GAP, Seat, Spots, clearance
from worlds.actions.performing.timeline import Timeline
from worlds.people.body import Body
from worlds.people.curves import smoothed, wrapped
from worlds.people.gait import Stand, shuffle, walk
from worlds.people.paths import STRIDE, Path, distances, make_path, resampled, route
from worlds.rooms.floor import FloorGrid
from worlds.types import Array, PlacedObject, Room

NEARBY: Final = 0.6  # metres that are shuffled rather than walked
SHARP: Final = np.radians(65)  # more than that is turned on the spot before walking
SHORTEST_WALK: Final = 1.0
SHORT_CUT: Final = 1.0  # metres along a path within which somebody who has risen joins it
AWAY: Final = (0.45, 1.4)  # metres that one goes after standing up


@dataclass(eq=False)
class Actor:
    """Who acts: the room, the body, its pace, and the timeline once the first action has found a place to start."""

    room: Room
    floor: FloorGrid
    body: Body
    rng: np.random.Generator
    speed: float  # metres a second
    tempo: float  # factor on the time of all that is not walking
    longest: float  # metres of the first walk
    haste: float = 0.6  # what a metre of way costs in the choice of a spot
    line: Timeline | None = None
    left: PlacedObject | None = None  # what it sat on last
    way_out: Stand | None = None  # free spot from which that can be left
    bed: Seat | None = None  # where it sat down to lie
    load: float = 0.0  # metres between the hands that carry something; 0 while they are free

    @property
    def carrying(self) -> bool:
        """Whether both hands are taken by what they carry."""
        return self.load > 0

    def seconds(self, low: float, high: float) -> float:
        """A random time at this body's tempo."""
        return float(self.rng.uniform(low, high)) * self.tempo


@dataclass(frozen=True, eq=False)
class Setting:
    """A room, its free floor, and an ordinary body: what decides which actions are possible there."""

    room: Room
    floor: FloorGrid
    body: Body


def chosen(actor: Actor, spots: Spots) -> Stand | None:
    """One of the spots: at random before the first walk, later one that is near."""
    if not len(spots):
        return None
    taste = spots.costs + actor.rng.gumbel(scale=0.35, size=len(spots))
    if actor.line is not None:
        field = distances(actor.floor, free_place(actor))
        cells = actor.floor.to_cells(spots.points)
        taste = taste + np.minimum(field[cells[:, 0], cells[:, 1]], 99.0) * actor.haste
    best = int(taste.argmin())
    return Stand(float(spots.points[best, 0]), float(spots.points[best, 1]), float(spots.yaws[best]))


def get_up(actor: Actor) -> None:
    if actor.line is not None and actor.line.seat is not None:
        rise(actor.line, seconds=actor.seconds(1.3, 1.6))
        actor.line.seat = None


def leave(actor: Actor) -> bool:
    """Go a random metre or so away from a seat."""
    field = distances(actor.floor, free_place(actor))
    cells = np.argwhere((field >= AWAY[0]) & (field <= AWAY[1]))
    if not len(cells):
        return False
    x, y = actor.floor.to_points(cells[int(actor.rng.integers(len(cells)))])[0]
    return go(actor, Stand(float(x), float(y), 0.0), None)


def free_place(actor: Actor) -> Array:
    """Where the body is on free floor (2,), or could be after a step from a seat."""
    stand = actor.way_out or (actor.line.stand if actor.line else None)
    return np.array([stand.x, stand.y]) if stand else np.zeros(2)


def go(actor: Actor, spot: Stand, goal: Stand | None) -> bool:
    """Walk to a free spot and end there, or step on from it to ``goal``; False where there is no way.

    A body that has no place yet gets one from which the walk is long enough.
    """
    field = distances(actor.floor, np.array([spot.x, spot.y]))
    if actor.line is None:
        return _enter(actor, spot, goal, field=field)
    if actor.line.lying:
        return False
    get_up(actor)
    path = route(actor.floor, field, free_place(actor), np.array([spot.x, spot.y]))
    if path is None:
        return False
    _walk(actor, _with_way_out(actor, path), spot, goal)
    actor.way_out = None
    return True


def walk_along(actor: Actor, path: Path) -> None:
    """Walk a path to its end; a body that has no place yet starts at its beginning, facing about where it leads."""
    if actor.line is None:
        _place(actor, path)
    get_up(actor)
    end = Stand(float(path.points[-1, 0]), float(path.points[-1, 1]), float(path.yaws[-1]))
    _walk(actor, _with_way_out(actor, path), end, None)
    actor.way_out = None


def _place(actor: Actor, path: Path) -> None:
    x, y, yaw = path.at(0.0)
    actor.line = Timeline(actor.body, Stand(x, y, yaw + float(np.clip(actor.rng.normal(0.0, 0.35), -0.9, 0.9))))
    actor.line.wait(actor.seconds(0.1, 0.4))


def _enter(actor: Actor, spot: Stand, goal: Stand | None, *, field: Array) -> bool:
    away = np.linalg.norm(actor.floor.to_points(np.argwhere(np.isfinite(field))) - [spot.x, spot.y], axis=1)
    cells = np.argwhere(np.isfinite(field))
    length = field[cells[:, 0], cells[:, 1]]
    fit = (length >= SHORTEST_WALK) & (length <= actor.longest) & (away >= 0.9)
    if not fit.any():
        return False
    start = actor.floor.to_points(cells[fit][_any_of(actor, cells[fit], length[fit])])[0]
    path = route(actor.floor, field, start, np.array([spot.x, spot.y]))
    if path is None:
        return False
    _place(actor, path)
    _walk(actor, path, spot, goal)
    return True


def _any_of(actor: Actor, cells: Array, lengths: Array) -> int:
    """A starting cell: by a door now and then, otherwise any, long walks rather than short ones."""
    points = actor.floor.to_points(cells)
    doors = np.array(actor.room.doors).reshape(-1, 2)
    if len(doors) and actor.rng.random() < 0.3:
        gap = np.linalg.norm(points[:, None] - doors[None], axis=2).min(axis=1)
        if gap.min() < 0.3:
            return int(gap.argmin())
    return int(actor.rng.choice(len(cells), p=lengths / lengths.sum()))


def _with_way_out(actor: Actor, path: Path) -> Path:
    """The path from where the body really stands, when that is a seat's front: straight to as far along as is free."""
    if actor.way_out is None or actor.left is None or actor.line is None:
        return path
    here = np.array([actor.line.stand.x, actor.line.stand.y])
    joins = range(min(int(SHORT_CUT / STRIDE), len(path.points)) - 1, 0, -3)
    free = (join for join in joins if _can_squeeze(actor.room, actor.left, here, path.points[join]))
    bent = resampled(np.concatenate([here[None], path.points[next(free, 0) :]]))
    return make_path(smoothed(bent, 2.0))


def _can_squeeze(room: Room, left: PlacedObject, here: Array, there: Array) -> bool:
    line = here + (there - here) * np.linspace(0, 1, 10)[:, None]
    return bool(clearance(room, line, but=left.id).min() > BODY_GAP and left.distance(line).min() > SEAT_GAP)


def _walk(actor: Actor, path: Path, spot: Stand, goal: Stand | None) -> None:
    line, period = actor.line, 0.45 * actor.tempo**0.5
    if line is None:
        return
    arrived = Stand(spot.x, spot.y, path.yaws[-1])
    if path.length < NEARBY:
        final = goal or Stand(spot.x, spot.y, line.stand.yaw)
        line.take(shuffle(line.stand, final, actor.body, start=line.now, period=period), final, gait=0.3)
        return
    first = float(wrapped(path.yaws[min(4, len(path.yaws) - 1)] - line.stand.yaw))
    if abs(first) > SHARP:
        ahead = Stand(line.stand.x, line.stand.y, line.stand.yaw + first)
        line.take(shuffle(line.stand, ahead, actor.body, start=line.now, period=period), ahead, gait=0.3)
    line.move("lean", line.now, line.now + 0.6, _walking_lean(actor.speed))
    steps = walk(path, actor.body, speed=actor.speed, start=line.now, first=int(first < 0))
    line.take(steps, arrived, gait=min(1.0, 0.45 + 0.5 * actor.speed))
    final = goal or arrived
    closing = shuffle(arrived, final, actor.body, start=line.now, period=period, first=1 - steps.side)
    line.move("lean", line.now, line.now + 0.6, 0.0)
    line.take(closing, final, gait=0.15)
    line.move("gait", line.now - 0.1, line.now + 0.25, 0.0)


def _walking_lean(speed: float) -> float:
    """Radians that a walker leans forward: upright at 1.2 m/s, more when faster (CMU 02_01 and 02_02)."""
    return float(np.radians(np.clip(1.5 + 9.0 * (speed - 1.1), -1.0, 9.0)))
