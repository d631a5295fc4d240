"""The actions themselves: each appends to the timeline of a body that goes somewhere and does something there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from monster.corpus.actions.postures import find_reach, lie_back, rise, seated, sit_down, stretch
from monster.corpus.actions.spots import (
    BODY_GAP,
    SEAT_GAP,
    Seat,
    Spots,
    beside,
    clearance,
    lying_seat,
    seats_of,
    sitting_seats,
    within_reach,
)
from monster.corpus.actions.timeline import Timeline
from monster.corpus.body import Body
from monster.corpus.curves import smoothed, wrapped
from monster.corpus.floor import FloorGrid
from monster.corpus.gait import Stand, shuffle, walk
from monster.corpus.paths import STRIDE, Path, distances, make_path, resampled, route
from monster.corpus.world import Array, PlacedObject, Room

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
    line: Timeline | None = None
    left: PlacedObject | None = None  # what it sat on last
    way_out: Stand | None = None  # free spot from which that can be left

    def seconds(self, low: float, high: float) -> float:
        """A random time at this body's tempo."""
        return float(self.rng.uniform(low, high)) * self.tempo


def walk_to(actor: Actor, thing: PlacedObject) -> bool:
    """Walk to the object and stop before it, facing it. False where there is no way or no walk worth the name."""
    before = actor.line.stand if actor.line else None
    spots = beside(actor.room, thing, actor.floor)
    goal = _chosen(actor, spots)
    if goal is None or not go(actor, goal, goal) or actor.line is None:
        return False
    actor.line.wait(actor.seconds(0.5, 0.9))
    return before is None or np.hypot(goal.x - before.x, goal.y - before.y) >= SHORTEST_WALK


def sit_on(actor: Actor, thing: PlacedObject) -> bool:
    """Walk to a seat of the object, turn round and sit down."""
    seats = seats_of(actor.room, thing, sitting_seats(thing), body=actor.body, floor=actor.floor)
    seat = _take_seat(actor, thing, seats)
    if seat is None or actor.line is None:
        return False
    actor.line.wait(actor.seconds(0.7, 1.4))
    return True


def lie_on(actor: Actor, thing: PlacedObject) -> bool:
    """Walk to the open side of the object, sit down on it, swing the legs up and lie back."""
    seats = seats_of(actor.room, thing, lying_seat(thing), body=actor.body, floor=actor.floor)
    seat = _take_seat(actor, thing, seats)
    if seat is None or actor.line is None or thing.lying is None:
        return False
    actor.line.wait(0.15)
    lie_back(actor.line, seat, thing.to_room(np.array(thing.lying)), seconds=actor.seconds(1.9, 2.3))
    actor.line.wait(actor.seconds(0.7, 1.1))
    return True


def stand_up_from(actor: Actor, thing: PlacedObject, *, last: bool) -> bool:
    """Rise from the object; when nothing follows, walk a little away from it."""
    if actor.line is None:
        seats = seats_of(actor.room, thing, sitting_seats(thing), body=actor.body, floor=actor.floor)
        if not seats:
            return False
        seat = seats[int(actor.rng.integers(len(seats)))]
        actor.line, actor.left, actor.way_out = Timeline(actor.body, seat.stand), thing, seat.spot
        seated(actor.line, seat, 0.0)
        actor.line.seat = thing.id
        actor.line.wait(actor.seconds(0.7, 1.1))
    if actor.line.seat != thing.id or actor.line.lying:
        return False
    _rise(actor)
    if last and not _leave(actor):
        return False
    actor.line.wait(actor.seconds(0.45, 0.8))
    return True


def reach_for(actor: Actor, thing: PlacedObject, *, last: bool) -> bool:
    """Walk to one of the object's handles and put a hand to it."""
    handles = thing.to_room(np.array(thing.handles)) if thing.handles else np.zeros((0, 3))
    for index in actor.rng.permutation(len(handles)):
        goal = _chosen(actor, within_reach(thing, handles[index], actor.floor))
        side = int(actor.rng.random() < 0.75)
        posture = None if goal is None else find_reach(actor.body, goal, handles[index], side=side)
        if goal is None or posture is None:
            continue
        if not go(actor, goal, goal) or actor.line is None:
            return False
        hold = actor.seconds(0.6, 0.8)
        if last:
            then: Literal["stay", "lower"] = "lower" if actor.rng.random() < 0.75 else "stay"
            stretch(actor.line, posture, seconds=actor.seconds(0.75, 0.95), hold=hold, then=then)
            actor.line.wait(actor.seconds(0.2, 0.4))
        else:
            stretch(actor.line, posture, seconds=actor.seconds(0.75, 0.95), hold=hold, then="leave")
        return True
    return False


def _chosen(actor: Actor, spots: Spots) -> Stand | None:
    """One of the spots: at random before the first walk, later one that is near."""
    if not len(spots):
        return None
    taste = spots.costs + actor.rng.gumbel(scale=0.35, size=len(spots))
    if actor.line is not None:
        field = distances(actor.floor, _free_place(actor))
        cells = actor.floor.to_cells(spots.points)
        taste = taste + np.minimum(field[cells[:, 0], cells[:, 1]], 99.0) * 0.6
    best = int(taste.argmin())
    return Stand(float(spots.points[best, 0]), float(spots.points[best, 1]), float(spots.yaws[best]))


def _take_seat(actor: Actor, thing: PlacedObject, seats: list[Seat]) -> Seat | None:
    if not seats:
        return None
    seat = seats[int(actor.rng.integers(len(seats)))]
    if actor.line is not None and actor.line.seat == thing.id:
        return None
    if not go(actor, seat.spot, seat.stand) or actor.line is None:
        return None
    sit_down(actor.line, seat, seconds=actor.seconds(1.35, 1.65))
    actor.line.seat, actor.left, actor.way_out = thing.id, thing, seat.spot
    return seat


def _rise(actor: Actor) -> None:
    if actor.line is not None and actor.line.seat is not None:
        rise(actor.line, seconds=actor.seconds(1.3, 1.6))
        actor.line.seat = None


def _leave(actor: Actor) -> bool:
    """Go a random metre or so away from a seat."""
    field = distances(actor.floor, _free_place(actor))
    cells = np.argwhere((field >= AWAY[0]) & (field <= AWAY[1]))
    if not len(cells):
        return False
    x, y = actor.floor.to_points(cells[int(actor.rng.integers(len(cells)))])[0]
    return go(actor, Stand(float(x), float(y), 0.0), None)


def _free_place(actor: Actor) -> Array:
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
    _rise(actor)
    path = route(actor.floor, field, _free_place(actor), np.array([spot.x, spot.y]))
    if path is None:
        return False
    _walk(actor, _with_way_out(actor, path), spot, goal)
    actor.way_out = None
    return True


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
    x, y, yaw = path.at(0.0)
    actor.line = Timeline(actor.body, Stand(x, y, yaw + float(np.clip(actor.rng.normal(0.0, 0.35), -0.9, 0.9))))
    actor.line.wait(actor.seconds(0.1, 0.4))
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
