"""The performing body, and its walk to where it acts: an action goes there first, then appends to the timeline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from worlds.actions.performing.keyframes import Keyframe, Posture
from worlds.actions.performing.postures import rise
from worlds.actions.performing.spots import BODY_GAP, SEAT_GAP, Seat, Spots, clearance
from worlds.actions.performing.timeline import Timeline
from worlds.people.body import Body
from worlds.people.curves import smoothed, wrapped
from worlds.people.gait import Stand, Steps, shuffle, walk
from worlds.people.paths import POINT_SPACING, Path, distances, make_path, resampled, route
from worlds.rooms.floor import WalkableMap
from worlds.types import PlacedObject, Room

# Distances in metres.
NEARBY: Final = 0.6  # shorter ways are shuffled rather than walked
SHARP: Final = np.radians(65)  # sharper turns are made on the spot before walking
SHORTEST_WALK: Final = 1.0
SHORTEST_ENTRY: Final = 0.9  # straight from the first place to the spot
SHORT_CUT: Final = 1.0  # along a path within which a body that has risen joins it
AWAY: Final = (0.45, 1.4)  # gone after standing up
SPOT_SPREAD: Final = 0.35  # scale of the noise on the cost of spots
UNREACHABLE: Final = 99.0  # cost of a spot without a path
BY_DOOR: Final = (0.3, 0.3)  # probability of starting at a door, and the largest distance from it
YAW_SPREAD: Final = (0.35, 0.9)  # radians: standard deviation and limit of the first yaw off the path
# Durations in seconds.
RISE_SECONDS: Final = (1.3, 1.6)
FIRST_WAIT: Final = (0.1, 0.4)
SHUFFLE_PERIOD: Final = 0.45
LEAN_SECONDS: Final = 0.6
GAIT_ENDS: Final = (-0.1, 0.25)  # around the last step


@dataclass(eq=False)
class Actor:
    """A body that performs in a room. It has a timeline once its first action has found a place to start."""

    room: Room
    floor: WalkableMap
    body: Body
    rng: np.random.Generator
    speed: float  # metres a second
    tempo: float  # factor on all durations but those of walks
    longest: float  # metres of the first walk
    distance_cost: float = 0.6  # of a metre of path in the choice of a spot
    timeline: Timeline | None = None
    seat_object: PlacedObject | None = None  # that the body sat on last
    way_out: Stand | None = None  # free spot from which the seat can be left
    bed: Seat | None = None  # where the body sat down to lie
    load: float = 0.0  # metres between the hands that carry something; 0 while they are free

    @property
    def carrying(self) -> bool:
        """Whether both hands carry something."""
        return self.load > 0

    def draw(self, span: tuple[float, float]) -> float:
        """A random number of that span."""
        return float(self.rng.uniform(*span))

    def seconds(self, span: tuple[float, float], *, least: float = 0.0) -> float:
        """A random duration of that span at the tempo of this body, but not under ``least``."""
        return max(float(self.rng.uniform(*span)) * self.tempo, least)


@dataclass(frozen=True, eq=False)
class Setting:
    """A room, its free floor and an ordinary body: they decide which actions are possible."""

    room: Room
    floor: WalkableMap
    body: Body


def choose(actor: Actor, spots: Spots) -> Stand | None:
    """One of the spots: at random before the first walk, later one that is near. None if there are none."""
    if not len(spots):
        return None
    cost = spots.costs + actor.rng.gumbel(scale=SPOT_SPREAD, size=len(spots))
    if actor.timeline is not None:
        field = distances(actor.floor, free_place(actor))
        cells = actor.floor.to_cells(spots.points)
        cost = cost + np.minimum(field[cells[:, 0], cells[:, 1]], UNREACHABLE) * actor.distance_cost
    best = int(cost.argmin())
    return Stand(float(spots.points[best, 0]), float(spots.points[best, 1]), float(spots.yaws[best]))


def get_up(actor: Actor) -> None:
    """Rise from a seat; nothing for a body that stands."""
    if actor.timeline is not None and actor.timeline.seat is not None:
        rise(actor.timeline, seconds=actor.seconds(RISE_SECONDS))
        actor.timeline.seat = None


def leave(actor: Actor) -> bool:
    """Walk a random metre or so away from a seat."""
    field = distances(actor.floor, free_place(actor))
    cells = np.argwhere((field >= AWAY[0]) & (field <= AWAY[1]))
    if not len(cells):
        return False
    x, y = actor.floor.to_points(cells[int(actor.rng.integers(len(cells)))])[0]
    return go(actor, Stand(float(x), float(y), 0.0), None) is not None


def free_place(actor: Actor) -> DoubleArray:
    """Where the body is on free floor (2,), or could be after a step from a seat."""
    stand = actor.way_out or (actor.timeline.stand if actor.timeline else None)
    return np.array([stand.x, stand.y]) if stand else np.zeros(2)


def go(actor: Actor, spot: Stand, goal: Stand | None) -> Timeline | None:
    """Walk to a free spot and end there, or step from it to ``goal``; None if there is no path.

    A body without a place gets one from which the walk is long enough.
    """
    field = distances(actor.floor, np.array([spot.x, spot.y]))
    if actor.timeline is None:
        return _enter(actor, spot, goal, field=field)
    if actor.timeline.lying:
        return None
    get_up(actor)
    path = route(actor.floor, field, free_place(actor), np.array([spot.x, spot.y]))
    if path is None:
        return None
    _walk(actor, actor.timeline, _with_way_out(actor, path), spot=spot, goal=goal)
    actor.way_out = None
    return actor.timeline


def walk_along(actor: Actor, path: Path) -> Timeline:
    """Walk a path to its end. A body without a place starts at its beginning, facing about where it leads."""
    timeline = actor.timeline or _place(actor, path)
    get_up(actor)
    end = Stand(float(path.points[-1, 0]), float(path.points[-1, 1]), float(path.yaws[-1]))
    _walk(actor, timeline, _with_way_out(actor, path), spot=end, goal=None)
    actor.way_out = None
    return timeline


def shuffle_to(actor: Actor, timeline: Timeline, goal: Stand, *, period: float, gait: float) -> None:
    """Small steps to another stand; the arms and hips come to rest after them."""
    steps = shuffle(timeline.stand, goal, actor.body, start=timeline.now, period=period)
    timeline.take(steps, goal, gait=gait)
    timeline.play([Keyframe(Posture(gait=0.0), start=-0.1, at=0.2)])


def _place(actor: Actor, path: Path) -> Timeline:
    x, y, yaw = path.at(0.0)
    spread, limit = YAW_SPREAD
    off = float(np.clip(actor.rng.normal(0.0, spread), -limit, limit))
    actor.timeline = Timeline(actor.body, Stand(x, y, yaw + off))
    actor.timeline.wait(actor.seconds(FIRST_WAIT))
    return actor.timeline


def _enter(actor: Actor, spot: Stand, goal: Stand | None, *, field: DoubleArray) -> Timeline | None:
    away = np.linalg.norm(actor.floor.to_points(np.argwhere(np.isfinite(field))) - [spot.x, spot.y], axis=1)
    cells = np.argwhere(np.isfinite(field))
    length = field[cells[:, 0], cells[:, 1]]
    fit = (length >= SHORTEST_WALK) & (length <= actor.longest) & (away >= SHORTEST_ENTRY)
    if not fit.any():
        return None
    start = actor.floor.to_points(cells[fit][_draw_cell(actor, cells[fit], length[fit])])[0]
    path = route(actor.floor, field, start, np.array([spot.x, spot.y]))
    if path is None:
        return None
    timeline = _place(actor, path)
    _walk(actor, timeline, path, spot=spot, goal=goal)
    return timeline


def _draw_cell(actor: Actor, cells: DoubleArray, lengths: DoubleArray) -> int:
    """A starting cell: by a door now and then, otherwise any, long walks more often than short ones."""
    points = actor.floor.to_points(cells)
    doors = np.array(actor.room.doors).reshape(-1, 2)
    probability, nearest = BY_DOOR
    if len(doors) and actor.rng.random() < probability:
        gap = np.linalg.norm(points[:, None] - doors[None], axis=2).min(axis=1)
        if gap.min() < nearest:
            return int(gap.argmin())
    return int(actor.rng.choice(len(cells), p=lengths / lengths.sum()))


def _with_way_out(actor: Actor, path: Path) -> Path:
    """The path from where the body stands in front of a seat, if it does: straight to the farthest free point."""
    if actor.way_out is None or actor.seat_object is None or actor.timeline is None:
        return path
    here = np.array([actor.timeline.stand.x, actor.timeline.stand.y])
    joins = range(min(int(SHORT_CUT / POINT_SPACING), len(path.points)) - 1, 0, -3)
    free = (join for join in joins if _can_squeeze(actor.room, actor.seat_object, here, path.points[join]))
    bent = resampled(np.concatenate([here[None], path.points[next(free, 0) :]]))
    return make_path(smoothed(bent, 2.0))


def _can_squeeze(room: Room, seat_object: PlacedObject, here: DoubleArray, there: DoubleArray) -> bool:
    line = here + (there - here) * np.linspace(0, 1, 10)[:, None]
    is_clear = clearance(room, line, ignore=seat_object.id).min() > BODY_GAP
    return bool(is_clear and seat_object.distance(line).min() > SEAT_GAP)


def _walk(actor: Actor, timeline: Timeline, path: Path, *, spot: Stand, goal: Stand | None) -> None:
    period = SHUFFLE_PERIOD * actor.tempo**0.5
    arrived = Stand(spot.x, spot.y, path.yaws[-1])
    if path.length < NEARBY:
        final = goal or Stand(spot.x, spot.y, timeline.stand.yaw)
        timeline.take(_shuffled(actor, timeline, final, period), final, gait=0.3)
        return
    first = float(wrapped(path.yaws[min(4, len(path.yaws) - 1)] - timeline.stand.yaw))
    if abs(first) > SHARP:
        ahead = Stand(timeline.stand.x, timeline.stand.y, timeline.stand.yaw + first)
        timeline.take(_shuffled(actor, timeline, ahead, period), ahead, gait=0.3)
    timeline.play([Keyframe(Posture(lean=_walking_lean(actor.speed)), start=0.0, at=LEAN_SECONDS)])
    steps = walk(path, actor.body, speed=actor.speed, start=timeline.now, first=int(first < 0))
    timeline.take(steps, arrived, gait=min(1.0, 0.45 + 0.5 * actor.speed))
    final = goal or arrived
    closing = shuffle(arrived, final, actor.body, start=timeline.now, period=period, first=1 - steps.side)
    timeline.play([Keyframe(Posture(lean=0.0), start=0.0, at=LEAN_SECONDS)])
    timeline.take(closing, final, gait=0.15)
    start, end = GAIT_ENDS
    timeline.play([Keyframe(Posture(gait=0.0), start=start, at=end)])


def _shuffled(actor: Actor, timeline: Timeline, goal: Stand, period: float) -> Steps:
    return shuffle(timeline.stand, goal, actor.body, start=timeline.now, period=period)


def _walking_lean(speed: float) -> float:
    """Radians that a walker leans forward: upright at 1.2 m/s, more when faster (CMU 02_01 and 02_02)."""
    return float(np.radians(np.clip(1.5 + 9.0 * (speed - 1.1), -1.0, 9.0)))
