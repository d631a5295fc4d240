"""Where a body can stand to use an object: beside it, before a seat, within reach of a handle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from worlds.people.body import Body
from worlds.people.gait import FEET_BEHIND, Stand
from worlds.rooms.floor import FloorGrid, Mask, blocking_rectangles
from worlds.types import Array, PlacedObject, Room

BESIDE: Final = (0.38, 0.46, 0.54, 0.6)  # metres from an object's rectangle to who has walked to it
REACH_FROM: Final = (0.34, 0.42, 0.5, 0.58, 0.66)  # metres over the floor from a handle
BODY_GAP, SEAT_GAP = 0.17, 0.1  # metres of room that a body needs when it squeezes in before a seat
SQUEEZE: Final = 0.95  # metres that it may go like that
HEEL: Final = 0.07  # metres that a heel reaches behind the ankle
ABOVE_SEAT: Final = 0.1  # height of the pelvis joint over what it sits on
BED_EDGE: Final = 0.24  # metres from a bed's side to who sits on it


@dataclass(frozen=True)
class Spots:
    """Places (n, 2) on free floor to use an object from, where a body faces there, and how awkward each is (n,)."""

    points: Array
    yaws: Array
    costs: Array

    def __len__(self) -> int:
        return len(self.points)

    def where(self, keep: Mask) -> Spots:
        """The places that the mask (n,) keeps."""
        return Spots(self.points[keep], self.yaws[keep], self.costs[keep])


def heading(direction: Array) -> Array:
    """Yaws (n,) of floor directions (n, 2)."""
    return np.asarray(np.arctan2(-direction[..., 0], direction[..., 1]))


def _kept(floor: FloorGrid, points: Array, faces: Array, costs: Array) -> Spots:
    cells = floor.to_cells(points)
    keep = floor.is_walkable(points) & floor.reachable[cells[:, 0], cells[:, 1]]
    return Spots(points[keep], heading(faces - points)[keep], costs[keep])


def beside(room: Room, thing: PlacedObject, floor: FloorGrid) -> Spots:
    """Where a body stands that has walked to the object: near it, nearer than to any other of its kind, facing it."""
    width, depth = thing.size[0] / 2, thing.size[1] / 2
    sides = []
    for gap in BESIDE:
        for half, out, swap in ((width, depth + gap, False), (depth, width + gap, True)):
            along = np.linspace(-half, half, max(2, int(half * 2 / 0.15)))
            for sign in (-1.0, 1.0):
                pair = (along, np.full(len(along), sign * out))
                sides.append(np.column_stack([*(pair[::-1] if swap else pair), np.zeros(len(along))]))
    own = np.concatenate(sides)
    aims = np.clip(own, [-width / 2, -depth / 2, 0], [width / 2, depth / 2, 0])
    points, faces = thing.to_room(own)[:, :2], thing.to_room(aims)[:, :2]
    spots = _kept(floor, points, faces, 0.5 - 0.5 * np.sign(own[:, 1]) * (np.abs(own[:, 0]) <= width))
    rivals = [other for other in room.objects if other.category == thing.category and other.id != thing.id]
    alone = np.ones(len(spots), dtype=bool)
    for other in rivals if len(spots) else ():
        alone &= thing.distance(spots.points) + 0.05 < other.distance(spots.points)
    return spots.where(alone)


def within_reach(thing: PlacedObject, handle: Array, floor: FloorGrid) -> Spots:
    """Where a body stands to reach a handle (3,) in the room: before it, rather from the object's front."""
    turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    around = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    points = (handle[:2] + around[None] * np.array(REACH_FROM)[:, None, None]).reshape(-1, 2)
    away = np.repeat(REACH_FROM, len(turn))
    front = np.tile(1 - around @ thing.front, len(REACH_FROM))
    return _kept(floor, points, np.repeat(handle[None, :2], len(points), axis=0), front + 1.5 * np.abs(away - 0.45))


@dataclass(frozen=True)
class Seat:
    """One place to sit: its point (3,), where the body stands before it sits down, and the free spot to come from."""

    point: tuple[float, float, float]
    stand: Stand
    spot: Stand


def sitting_seats(thing: PlacedObject) -> Array:
    """Own-frame points (n, 3) where one sits down on the object."""
    return np.array(thing.seats, dtype=np.float64).reshape(-1, 3)


def lying_seat(thing: PlacedObject) -> Array:
    """The own-frame point (1, 3) where one sits down in order to lie on the object: at its open side, by the pelvis."""
    if thing.lying is None:
        return np.zeros((0, 3))
    pelvis = np.array(thing.lying[0])
    return np.array([[pelvis[0], max(thing.size[1] / 2 - BED_EDGE, pelvis[1]), pelvis[2]]])


def seats_of(room: Room, thing: PlacedObject, own: Array, *, body: Body, floor: FloorGrid) -> list[Seat]:
    """The seats among own-frame points (n, 3) that can be used: with room for the legs before them and a way there."""
    return [seat for point in own if (seat := _seat(room, thing, point, body=body, floor=floor)) is not None]


def _seat(room: Room, thing: PlacedObject, own: Array, *, body: Body, floor: FloorGrid) -> Seat | None:
    edge = thing.size[1] / 2 - own[1]
    hip = own[2] + ABOVE_SEAT - body.hip_drop - body.ankle_height
    thigh = body.length(4)
    level = np.sqrt(max(thigh**2 - max(hip - (body.leg - thigh), 0.0) ** 2, 0.04))
    furthest = np.sqrt(max((0.97 * body.leg) ** 2 - hip**2, 0.0))
    ahead = max(0.93 * level, edge + HEEL + 0.02)
    if ahead > furthest:
        return None
    point = thing.to_room(own)[0]
    place = point[:2] + thing.front * (ahead + FEET_BEHIND)
    stand = Stand(float(place[0]), float(place[1]), thing.yaw)
    spot = _way_in(room, thing, place, floor=floor)
    return None if spot is None else Seat((float(point[0]), float(point[1]), float(point[2])), stand, spot)


def _way_in(room: Room, thing: PlacedObject, place: Array, *, floor: FloorGrid) -> Stand | None:
    """The free spot nearest to a place before a seat from which a body can step there."""
    low, high = floor.to_cells(place - SQUEEZE)[0], floor.to_cells(place + SQUEEZE)[0] + 1
    cells = np.argwhere(floor.reachable[low[0] : high[0], low[1] : high[1]]) + low
    points = floor.to_points(cells) if len(cells) else np.zeros((0, 2))
    away = points - place
    cost = np.linalg.norm(away, axis=1) - 0.25 * away @ thing.front
    for index in np.argsort(cost)[:12]:
        if np.linalg.norm(away[index]) > SQUEEZE:
            continue
        line = place + away[index] * np.linspace(0, 1, 8)[:, None]
        if clearance(room, line[:-1], but=thing.id).min() >= BODY_GAP and thing.distance(line).min() >= SEAT_GAP:
            yaw = heading(-away[index]) if np.linalg.norm(away[index]) > 0.3 else thing.yaw
            return Stand(float(points[index, 0]), float(points[index, 1]), float(yaw))
    return None


def clearance(room: Room, points: Array, *, but: int) -> Array:
    """Metres (n,) from floor points to the nearest object that stands in the way, one object left out."""
    nearest = np.full(len(points), np.inf)
    flat = np.column_stack([points, np.zeros(len(points))])
    for thing in room.objects:
        if thing.id == but:
            continue
        boxes = blocking_rectangles(thing)
        own = thing.to_own(flat)[:, :2]
        gap = np.maximum(np.abs(own[:, None] - boxes[None, :, :2]) - boxes[None, :, 2:], 0.0)
        nearest = np.minimum(nearest, np.linalg.norm(gap, axis=2).min(axis=1, initial=np.inf))
    return nearest
