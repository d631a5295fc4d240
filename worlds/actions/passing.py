"""What a walk is to the things that it passes: past one, round one, between two, over one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Final

import numpy as np

from worlds.actions.actor import Act, Actor, Setting, free_place, get_up, walk_along
from worlds.actions.spots import beside, clearance
from worlds.actions.timeline import Timeline
from worlds.people.gait import Stand, shuffle, walk
from worlds.people.paths import distances, make_path, resampled, way_through
from worlds.rooms.floor import FloorGrid, Mask, inside
from worlds.types import Action, Array, PlacedObject, Room

Things = tuple[PlacedObject, ...]
BY: Final = (0.95, 2.6)  # metres walked before and after a place that is passed
ALONG: Final = 0.75  # cosine between the walk there and the direction in which it passes
OFF: Final = 0.35  # metres that the ends of the walk are farther from what is passed
TRIES: Final = 10
RING_GAPS: Final = (0.45, 0.6)  # metres from an object's side to who circles it
LARGEST: Final = 1.7  # metres: the longer side of what is circled
ROUND: Final = (0.64, 0.78)  # share of a full circle that is walked
GAP: Final = (0.55, 2.4)  # metres between two objects that one walks between
LOW: Final = (0.08, 0.35)  # height in metres of what one steps over
SHALLOW: Final = 0.46  # metres along the way that one step can cross
STEP: Final = (0.62, 0.74)  # metres of a step across


def walk_past(actor: Actor, things: Things, last: bool) -> bool:
    """Walk by the object without stopping: from well before it to well after it."""
    spots = beside(actor.room, things[0], actor.floor)
    if not len(spots):
        return False
    for index in actor.rng.permutation(len(spots))[:TRIES]:
        yaw = spots.yaws[index] + (np.pi / 2 if actor.rng.random() < 0.5 else -np.pi / 2)
        if _walk_by(actor, spots.points[index], np.array([-np.sin(yaw), np.cos(yaw)]), things[0]):
            return True
    return False


def walk_between(actor: Actor, things: Things, last: bool) -> bool:
    """Walk through the gap between the two objects."""
    found = gap_between(*things)
    if found is None:
        return False
    middle, through = found
    sign = 1.0 if actor.rng.random() < 0.5 else -1.0
    return _walk_by(actor, middle, sign * through) or _walk_by(actor, middle, -sign * through)


def _walk_by(actor: Actor, place: Array, along: Array, passed: PlacedObject | None = None) -> bool:
    """Walk over the place in about that direction, from before it to after it; from and to well off what is passed."""
    field = distances(actor.floor, place)
    cells = np.argwhere(np.isfinite(field))
    if passed is not None:
        off = passed.distance(actor.floor.to_points(cells)) > passed.distance(place[None])[0] + OFF
        cells = cells[off]
    offset, way = actor.floor.to_points(cells) - place, field[cells[:, 0], cells[:, 1]]
    cosine = offset @ along / np.maximum(np.linalg.norm(offset, axis=1), 1e-9)
    after = np.flatnonzero((way > BY[0]) & (way < BY[1]) & (cosine > ALONG))
    if not len(after):
        return False
    if actor.line is None:
        longest = max(min(actor.longest - BY[0], 2.6), BY[0] + 0.3)
        before = np.flatnonzero((way > BY[0]) & (way < longest) & (cosine < -ALONG))
        if not len(before):
            return False
        start = actor.floor.to_points(cells[before[int(actor.rng.integers(len(before)))]])[0]
    else:
        start = free_place(actor)
        away = place - start
        if actor.line.lying or np.linalg.norm(away) < BY[0] or away @ along < 0.6 * np.linalg.norm(away):
            return False
    end = actor.floor.to_points(cells[after[int(actor.rng.integers(len(after)))]])[0]
    path = way_through(actor.floor, [start, place, end])
    if path is None or np.linalg.norm(path.points - place, axis=1).min() > 0.15:
        return False
    walk_along(actor, path)
    if actor.line is not None:
        actor.line.wait(actor.seconds(0.2, 0.5))
    return True


def gap_between(one: PlacedObject, other: PlacedObject) -> tuple[Array, Array] | None:
    """The middle (2,) of the gap between two objects and the direction through it; None when there is no such gap."""
    corners = [np.concatenate([thing.footprint(), (thing.footprint() + np.roll(thing.footprint(), -1, axis=0)) / 2])
               for thing in (one, other)]  # fmt: skip
    ends = [_nearest(thing, points) for thing, points in ((other, corners[0]), (one, corners[1]))]
    start, end = min(ends, key=lambda pair: float(np.linalg.norm(pair[1] - pair[0])))
    line = end - start
    width = float(np.linalg.norm(line))
    if not GAP[0] <= width <= GAP[1]:
        return None
    return (start + end) / 2, np.array([-line[1], line[0]]) / width


def _nearest(thing: PlacedObject, points: Array) -> tuple[Array, Array]:
    """Of floor points (n, 2) the one nearest to the object's rectangle, and the rectangle's point nearest to it."""
    own = thing.to_own(np.column_stack([points, np.zeros(len(points))]))
    half = np.array(thing.size[:2]) / 2
    inside = own.copy()
    inside[:, :2] = np.clip(own[:, :2], -half, half)
    best = int(np.linalg.norm(own[:, :2] - inside[:, :2], axis=1).argmin())
    return points[best], thing.to_room(inside[best : best + 1])[0, :2]


def walk_around(actor: Actor, things: Things, last: bool) -> bool:
    """Walk most of a circle round the object."""
    thing = things[0]
    for gap in RING_GAPS:
        ring, free = ring_around(thing, actor.floor, gap)
        length = float(np.linalg.norm(np.diff(ring, axis=0), axis=1).sum())
        count = int(np.ceil(len(ring) * actor.rng.uniform(*ROUND)))
        if length * count / len(ring) > 8.5 * actor.speed:
            continue
        for start in actor.rng.permutation(len(ring))[:TRIES]:
            order = (start + np.arange(count) * (1 if actor.rng.random() < 0.5 else -1)) % len(ring)
            if free[order].all() and _circle(actor, ring[order]):
                return True
    return False


def ring_around(thing: PlacedObject, floor: FloorGrid, gap: float) -> tuple[Array, Mask]:
    """Points (40, 2) of a rounded ring round the object's rectangle, and which of them are free floor (40,)."""
    half = np.array(thing.size[:2]) / 2
    turn = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    around = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    corners = np.sign(around) * half + around * gap
    even = resampled(np.concatenate([corners, corners[:1]]), 0.02)
    own = even[np.linspace(0, len(even) - 1, 41).round().astype(int)[:-1]]
    ring = thing.to_room(np.column_stack([own, np.zeros(len(own))]))[:, :2]
    return ring, floor.is_walkable(ring)


def _circle(actor: Actor, ring: Array) -> bool:
    start = ring[0]
    if actor.line is not None:
        if actor.line.lying or np.linalg.norm(free_place(actor) - start) > 1.5:
            return False
        lead = way_through(actor.floor, [free_place(actor), start])
        if lead is None:
            return False
        ring = np.concatenate([lead.points[:-1], ring])
    path = make_path(ring)
    if not actor.floor.is_walkable(path.points[2:-2]).all():
        return False
    walk_along(actor, path)
    if actor.line is not None:
        actor.line.wait(actor.seconds(0.2, 0.5))
    return True


def step_over(actor: Actor, things: Things, last: bool) -> bool:
    """Walk straight over a low object, each foot high enough to clear it."""
    thing, step = things[0], float(actor.rng.uniform(*STEP))
    for start, along, before, after in _crossings(actor.room, thing, actor.floor, step=step):
        if actor.line is not None and np.linalg.norm(free_place(actor) - start) > 0.4:
            continue
        _cross(actor, thing, start + along * step * np.array([[0.0], [before + after]]), step=step, crossing=before)
        return True
    return False


def _cross(actor: Actor, thing: PlacedObject, ends: Array, *, step: float, crossing: int) -> None:
    """Straight steps of one length of which the numbers ``crossing - 1`` and the next pass over the object."""
    path = make_path(ends)
    if actor.line is None:
        actor.line = Timeline(actor.body, Stand(float(ends[0, 0]), float(ends[0, 1]), float(path.yaws[0])))
        actor.line.wait(actor.seconds(0.3, 0.6))
    get_up(actor)
    line = actor.line
    high, count = thing.size[2] + 0.03, round(path.length / step)
    steps = walk(
        path,
        actor.body,
        speed=min(actor.speed, 1.0),
        start=line.now,
        first=0,
        count=count,
        raised={crossing: high, crossing + 1: high},
    )
    end = Stand(float(ends[-1, 0]), float(ends[-1, 1]), float(path.yaws[-1]))
    line.take(steps, end, gait=0.7)
    closing = shuffle(end, end, actor.body, start=line.now, period=0.45, first=1 - steps.side)
    line.take(closing, end, gait=0.15)
    line.move("gait", line.now - 0.1, line.now + 0.25, 0.0)
    line.wait(actor.seconds(0.3, 0.6))


def _crossings(
    room: Room, thing: PlacedObject, floor: FloorGrid, *, step: float
) -> Iterator[tuple[Array, Array, int, int]]:
    """Starts (2,) and directions (2,) of straight ways over the object, and the steps before and after its middle."""
    middle = np.array(thing.position[:2])
    for axis in (1, 0):
        if thing.size[axis] > min(SHALLOW, step - 0.22):
            continue
        turned = thing.yaw + (0.0 if axis else np.pi / 2)
        for along in (np.array([-np.sin(turned), np.cos(turned)]), np.array([np.sin(turned), -np.cos(turned)])):
            for before, after in ((3, 2), (2, 2), (2, 1)):
                marks = middle + along * step * (np.arange(-before, after) + 0.5)[:, None]
                if _is_clear(room, floor, thing, marks):
                    yield marks[0], along, before - 1, after
                    break


def _is_clear(room: Room, floor: FloorGrid, thing: PlacedObject, marks: Array) -> bool:
    """Whether a straight way is free but for that object."""
    line = resampled(marks, 0.05)
    return bool(inside(room.outline, line).all() and clearance(room, line, but=thing.id).min() > 0.22
                and floor.is_walkable(marks[[0, -1]]).all())  # fmt: skip


def _passable(setting: Setting) -> list[tuple[int, ...]]:
    return [(thing.id,) for thing in setting.room.objects if len(beside(setting.room, thing, setting.floor)) > 6]


def _gaps(setting: Setting) -> list[tuple[int, ...]]:
    things = [thing for thing in setting.room.objects if thing.position[2] < 0.05]
    found: list[tuple[int, ...]] = []
    for one, other in combinations(things, 2):
        if np.hypot(one.position[0] - other.position[0], one.position[1] - other.position[1]) > 4.5:
            continue
        gap = gap_between(one, other)
        if gap is None:
            continue
        middle, through = gap
        marks = middle + through * np.array([[-0.9], [-0.45], [0.0], [0.45], [0.9]])
        if setting.floor.is_walkable(marks).all():
            found.append((one.id, other.id))
    return found


def _circled(setting: Setting) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = []
    for thing in setting.room.objects:
        if thing.position[2] > 0.05 or max(thing.size[:2]) > LARGEST or max(thing.size[:2]) < 0.25:
            continue
        for gap in RING_GAPS:
            free = ring_around(thing, setting.floor, gap)[1]
            if _longest_run(free) >= len(free) * ROUND[0]:
                found.append((thing.id,))
                break
    return found


def _longest_run(free: Mask) -> int:
    """The longest stretch of True round a ring."""
    if free.all():
        return len(free)
    best = run = 0
    for value in np.concatenate([free, free]):
        run = run + 1 if value else 0
        best = max(best, run)
    return best


def _stepped_over(setting: Setting) -> list[tuple[int, ...]]:
    low = (thing for thing in setting.room.objects if thing.position[2] < 0.05 and LOW[0] <= thing.size[2] <= LOW[1])
    return [(t.id,) for t in low if next(_crossings(setting.room, t, setting.floor, step=STEP[1]), None) is not None]


PASSING: Final[dict[Action, Act]] = {
    "walk past": Act(walk_past, _passable, seconds=1.0),
    "walk around": Act(walk_around, _circled, seconds=4.5),
    "walk between": Act(walk_between, _gaps, seconds=1.0),
    "step over": Act(step_over, _stepped_over, seconds=3.0),
}
