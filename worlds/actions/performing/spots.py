"""Where a body can stand to use an object: beside it, before a seat, within reach of a handle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from monster.arrays import BoolArray, DoubleArray
from worlds.people.body import Body
from worlds.people.gait import FEET_BEHIND, Stand
from worlds.rooms.floor import WalkableMap, blocking_rectangles
from worlds.types import PlacedObject, Room

# Distances in metres.
BESIDE: Final = (0.38, 0.46, 0.54, 0.6)  # from the rectangle of an object to a body beside it
BESIDE_STEP: Final = 0.15  # between the spots along a side
NEARER: Final = 0.05  # than to any other object of its category
REACH_FROM: Final = (0.34, 0.42, 0.5, 0.58, 0.66)  # on the floor from a handle
BEST_REACH: Final = 0.45
OFF_BEST_COST: Final = 1.5  # of a metre nearer or farther than the best
BODY_GAP, SEAT_GAP = 0.17, 0.1  # to other objects and to the seat, for a body that squeezes in before a seat
SQUEEZE: Final = 0.95  # the longest way like that
HEEL: Final = 0.07  # from the ankle back to the heel
ABOVE_SEAT: Final = 0.1  # from a seat up to the pelvis joint
BED_EDGE: Final = 0.24  # from the side of a bed to a body that sits on it
LONGEST_LEG: Final = 0.97  # share of a leg's length that a sitting leg may need
LEVEL_THIGH: Final = 0.93  # share of a level thigh that is before the seat, at least


@dataclass(frozen=True)
class Spots:
    """Places (n, 2) on free floor from which an object is used, the yaw of the body there, and their costs (n,)."""

    points: DoubleArray
    yaws: DoubleArray
    costs: DoubleArray

    def __len__(self) -> int:
        return len(self.points)

    def where(self, keep: BoolArray) -> Spots:
        """The places that the mask (n,) keeps."""
        return Spots(self.points[keep], self.yaws[keep], self.costs[keep])


def heading(direction: DoubleArray) -> DoubleArray:
    """Yaws (n,) of floor directions (n, 2)."""
    return np.asarray(np.arctan2(-direction[..., 0], direction[..., 1]))


def _kept(floor: WalkableMap, points: DoubleArray, faces: DoubleArray, costs: DoubleArray) -> Spots:
    cells = floor.to_cells(points)
    keep = floor.is_walkable(points) & floor.reachable[cells[:, 0], cells[:, 1]]
    return Spots(points[keep], heading(faces - points)[keep], costs[keep])


def beside(room: Room, target: PlacedObject, floor: WalkableMap) -> Spots:
    """Where a body stands beside an object: facing it, and nearer to it than to any other of its category."""
    width, depth = target.size[0] / 2, target.size[1] / 2
    sides = []
    for gap in BESIDE:
        for half, out, swap in ((width, depth + gap, False), (depth, width + gap, True)):
            along = np.linspace(-half, half, max(2, int(half * 2 / BESIDE_STEP)))
            for sign in (-1.0, 1.0):
                pair = (along, np.full(len(along), sign * out))
                sides.append(np.column_stack([*(pair[::-1] if swap else pair), np.zeros(len(along))]))
    local = np.concatenate(sides)
    aims = np.clip(local, [-width / 2, -depth / 2, 0], [width / 2, depth / 2, 0])
    points, faces = target.to_room(local)[:, :2], target.to_room(aims)[:, :2]
    spots = _kept(floor, points, faces, 0.5 - 0.5 * np.sign(local[:, 1]) * (np.abs(local[:, 0]) <= width))
    rivals = [other for other in room.objects if other.category == target.category and other.id != target.id]
    alone = np.ones(len(spots), dtype=bool)
    for other in rivals if len(spots) else ():
        alone &= target.distance(spots.points) + NEARER < other.distance(spots.points)
    return spots.where(alone)


def within_reach(target: PlacedObject, handle: DoubleArray, floor: WalkableMap) -> Spots:
    """Where a body stands to reach a handle (3,) in the room; the cost is least in front of the object."""
    turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    around = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    points = (handle[:2] + around[None] * np.array(REACH_FROM)[:, None, None]).reshape(-1, 2)
    away = np.repeat(REACH_FROM, len(turn))
    front = np.tile(1 - around @ target.front, len(REACH_FROM))
    return _kept(
        floor,
        points,
        np.repeat(handle[None, :2], len(points), axis=0),
        front + OFF_BEST_COST * np.abs(away - BEST_REACH),
    )


@dataclass(frozen=True)
class Seat:
    """A place to sit: its point (3,), where the body stands before it sits down, and the free spot it comes from."""

    point: tuple[float, float, float]
    stand: Stand
    spot: Stand


def sitting_seats(target: PlacedObject) -> DoubleArray:
    """Local points (n, 3) where a body sits down on the object."""
    return np.array(target.seats, dtype=np.float64).reshape(-1, 3)


def lying_seat(target: PlacedObject) -> DoubleArray:
    """The local point (1, 3) where a body sits down to lie on the object: at its open side, beside the pelvis."""
    if target.lying is None:
        return np.zeros((0, 3))
    pelvis = np.array(target.lying[0])
    return np.array([[pelvis[0], max(target.size[1] / 2 - BED_EDGE, pelvis[1]), pelvis[2]]])


def seats_of(room: Room, target: PlacedObject, local: DoubleArray, *, body: Body, floor: WalkableMap) -> list[Seat]:
    """The seats at local points (n, 3) that can be used: with space for the legs and a path there."""
    return [seat for point in local if (seat := _seat(room, target, point, body=body, floor=floor)) is not None]


def _seat(room: Room, target: PlacedObject, local: DoubleArray, *, body: Body, floor: WalkableMap) -> Seat | None:
    edge = target.size[1] / 2 - local[1]
    hip = local[2] + ABOVE_SEAT - body.hip_drop - body.ankle_height
    thigh = body.length(4)
    level = np.sqrt(max(thigh**2 - max(hip - (body.leg - thigh), 0.0) ** 2, 0.04))
    furthest = np.sqrt(max((LONGEST_LEG * body.leg) ** 2 - hip**2, 0.0))
    ahead = max(LEVEL_THIGH * level, edge + HEEL + 0.02)
    if ahead > furthest:
        return None
    point = target.to_room(local)[0]
    place = point[:2] + target.front * (ahead + FEET_BEHIND)
    stand = Stand(float(place[0]), float(place[1]), target.yaw)
    spot = _way_in(room, target, place, floor=floor)
    return None if spot is None else Seat((float(point[0]), float(point[1]), float(point[2])), stand, spot)


def _way_in(room: Room, target: PlacedObject, place: DoubleArray, *, floor: WalkableMap) -> Stand | None:
    """The free spot nearest to a place in front of a seat from which a body can step there."""
    low, high = floor.to_cells(place - SQUEEZE)[0], floor.to_cells(place + SQUEEZE)[0] + 1
    cells = np.argwhere(floor.reachable[low[0] : high[0], low[1] : high[1]]) + low
    points = floor.to_points(cells) if len(cells) else np.zeros((0, 2))
    away = points - place
    cost = np.linalg.norm(away, axis=1) - 0.25 * away @ target.front
    for index in np.argsort(cost)[:12]:
        if np.linalg.norm(away[index]) > SQUEEZE:
            continue
        line = place + away[index] * np.linspace(0, 1, 8)[:, None]
        if clearance(room, line[:-1], ignore=target.id).min() >= BODY_GAP and target.distance(line).min() >= SEAT_GAP:
            yaw = heading(-away[index]) if np.linalg.norm(away[index]) > 0.3 else target.yaw
            return Stand(float(points[index, 0]), float(points[index, 1]), float(yaw))
    return None


def clearance(room: Room, points: DoubleArray, *, ignore: int) -> DoubleArray:
    """Metres (n,) from floor points (n, 2) to the nearest obstacle, without the object of id ``ignore``."""
    nearest = np.full(len(points), np.inf)
    flat = np.column_stack([points, np.zeros(len(points))])
    for object_ in room.objects:
        if object_.id == ignore:
            continue
        boxes = blocking_rectangles(object_)
        local = object_.to_local(flat)[:, :2]
        gap = np.maximum(np.abs(local[:, None] - boxes[None, :, :2]) - boxes[None, :, 2:], 0.0)
        nearest = np.minimum(nearest, np.linalg.norm(gap, axis=2).min(axis=1, initial=np.inf))
    return nearest
