"""Places furniture without overlaps: floor rectangles, walls, and a `Layout` that accepts or refuses a place.

A layout keeps furniture free of overlaps, and keeps zones free in front of furniture and doors.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import atan2, cos, hypot, pi, sin

import numpy as np

from worlds.types import PlacedObject

FloorPoint = tuple[float, float]
Top = tuple[float, float, float, float, float]
WALL_GAP = 0.03
WINDOW_SILL = 0.97  # metres: taller furniture would hide a window
FLAT_HEIGHT = 0.03  # metres: lower objects (rugs) do not occupy the floor
MIN_TOP_SIDE = 0.15  # metres: least side of a free surface


@dataclass(frozen=True)
class Rect:
    """A rotated rectangle on the floor: center, half width, half depth, yaw."""

    x: float
    y: float
    half_width: float
    half_depth: float
    yaw: float = 0.0

    def corners(self) -> list[FloorPoint]:
        """The four corners, counter-clockwise."""
        ux, uy = cos(self.yaw), sin(self.yaw)
        corners = []
        for right, front in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
            a, b = right * self.half_width, front * self.half_depth
            corners.append((self.x + a * ux - b * uy, self.y + a * uy + b * ux))
        return corners

    def grown(self, margin: float) -> Rect:
        """The rectangle enlarged by ``margin`` metres on every side."""
        return Rect(self.x, self.y, self.half_width + margin, self.half_depth + margin, self.yaw)

    def overlaps(self, other: Rect) -> bool:
        """Whether the interiors of the rectangles intersect (separating axis test)."""
        dx, dy = other.x - self.x, other.y - self.y
        reach = hypot(self.half_width, self.half_depth) + hypot(other.half_width, other.half_depth)
        if dx * dx + dy * dy >= reach * reach:
            return False
        turn = other.yaw - self.yaw
        c, s = abs(cos(turn)), abs(sin(turn))
        ux, uy = cos(self.yaw), sin(self.yaw)
        vx, vy = cos(other.yaw), sin(other.yaw)
        a, b, p, q = self.half_width, self.half_depth, other.half_width, other.half_depth
        return not (
            abs(dx * ux + dy * uy) >= a + p * c + q * s - 1e-9
            or abs(dy * ux - dx * uy) >= b + p * s + q * c - 1e-9
            or abs(dx * vx + dy * vy) >= p + a * c + b * s - 1e-9
            or abs(dy * vx - dx * vy) >= q + a * s + b * c - 1e-9
        )


@dataclass(frozen=True)
class Wall:
    """An edge of the outline: start, unit direction and length; the room is on its left."""

    start: FloorPoint
    along: FloorPoint
    length: float

    @property
    def inward(self) -> FloorPoint:
        """Unit direction into the room."""
        return -self.along[1], self.along[0]

    @property
    def yaw(self) -> float:
        """Yaw of an object that stands with its back to the wall."""
        return atan2(self.along[1], self.along[0])

    def at(self, t: float, away: float) -> FloorPoint:
        """The floor point ``t`` metres along the wall and ``away`` metres from it."""
        nx, ny = self.inward
        return self.start[0] + self.along[0] * t + nx * away, self.start[1] + self.along[1] * t + ny * away


@dataclass(frozen=True)
class Opening:
    """A span of a wall occupied by a door, a window or a hanging object."""

    wall: int
    low: float
    high: float
    bottom: float


@dataclass(frozen=True)
class Zone:
    """Floor kept free in front of an object (index into the layout's objects, -1 for a door)."""

    rect: Rect
    owner: int


def rect_of(object_: PlacedObject) -> Rect:
    """The object's floor rectangle."""
    return Rect(object_.position[0], object_.position[1], object_.size[0] / 2, object_.size[1] / 2, object_.yaw)


def walls_of(outline: Sequence[FloorPoint]) -> list[Wall]:
    """The edges of a counter-clockwise outline."""
    corners = []
    for (ax, ay), (bx, by) in zip(outline, [*outline[1:], outline[0]], strict=True):
        length = hypot(bx - ax, by - ay)
        corners.append(Wall((ax, ay), ((bx - ax) / length, (by - ay) / length), length))
    return corners


class Layout:
    """A room under construction: its bounding rectangle without notches, and the objects placed so far."""

    def __init__(
        self, rng: np.random.Generator, bounds: Rect, notches: Sequence[Rect], outline: Sequence[FloorPoint]
    ) -> None:
        self.rng = rng
        self.bounds = bounds
        self.notches = list(notches)
        self.walls = walls_of(outline)
        self.openings: list[Opening] = []
        self.objects: list[PlacedObject] = []
        self.fixed: list[PlacedObject] = []  # doors and windows
        self.zones: list[Zone] = []

    def fits(self, rect: Rect, ignoring: Iterable[PlacedObject] = ()) -> bool:
        """Whether the rectangle is inside the room and overlaps no furniture except ``ignoring``."""
        box = self.bounds
        for x, y in rect.corners():
            if abs(x - box.x) > box.half_width + 1e-6 or abs(y - box.y) > box.half_depth + 1e-6:
                return False
        if any(rect.overlaps(notch) for notch in self.notches):
            return False
        skipped = {id(object_) for object_ in ignoring}
        grounded = (
            o for o in self.objects if o.position[2] < 0.01 and o.size[2] > FLAT_HEIGHT and id(o) not in skipped
        )
        return not any(rect.overlaps(rect_of(object_)) for object_ in grounded)

    def put(
        self, object_: PlacedObject, at: FloorPoint, yaw: float, *, zone: float = 0.0,
        with_: Sequence[PlacedObject] = (), under: Sequence[PlacedObject] = (), clear: float = 0.0, gap: float = 0.01,
    ) -> PlacedObject | None:  # fmt: skip
        """Place the object there, or return None if the place is taken.

        ``zone`` metres in front of it are kept free from now on. It may stand in the zones of ``with_`` and overlap
        ``under``. ``clear`` metres around it have to be free now; ``gap`` is the least distance to other objects.
        """
        placed = replace(object_, position=(round(at[0], 4), round(at[1], 4), 0.0), yaw=round(_wrapped_angle(yaw), 6))
        rect = rect_of(placed)
        if not self.fits(rect.grown(max(clear, gap)), under):
            return None
        shared = {id(friend) for friend in (*with_, *under)}
        for zone_ in self.zones:
            is_shared = zone_.owner >= 0 and id(self.objects[zone_.owner]) in shared
            if not is_shared and rect.overlaps(zone_.rect):
                return None
        if zone > 0:
            ahead = front_zone(rect, zone)
            if not self.fits(ahead, (*with_, *under)):
                return None
            self.zones.append(Zone(ahead, len(self.objects)))
        self.objects.append(placed)
        return placed

    def beside(
        self, object_: PlacedObject, anchor: PlacedObject, local: FloorPoint, turn: float, *, zone: float = 0.0,
        with_: Sequence[PlacedObject] = (), under: Sequence[PlacedObject] = (),
    ) -> PlacedObject | None:  # fmt: skip
        """Place the object at a ``local`` point of the anchor, rotated by ``turn`` relative to it."""
        x, y = to_room_point(anchor, local)
        return self.put(object_, (x, y), anchor.yaw + turn, zone=zone, with_=(anchor, *with_), under=under)

    def against_wall(
        self, object_: PlacedObject, *, side: float = 0.0, zone: float = 0.5, corner: bool = False, tries: int = 14,
        with_: Sequence[PlacedObject] = (), tall: bool = False,
    ) -> PlacedObject | None:  # fmt: skip
        """Place the object at a random wall, rotated by ``side`` from having its back to the wall.

        Tall objects, and those marked ``tall`` because of what will stand on them, are not placed before windows.
        """
        c, s = abs(cos(side)), abs(sin(side))
        half_along = c * object_.size[0] / 2 + s * object_.size[1] / 2
        half_away = s * object_.size[0] / 2 + c * object_.size[1] / 2
        for _ in range(tries):
            index = self.random_wall()
            wall = self.walls[index]
            room = wall.length / 2 - half_along - 0.02
            if room < 0:
                continue
            offset = (1 if self.rng.random() < 0.5 else -1) * room if corner else self.rng.uniform(-room, room)
            t = wall.length / 2 + float(offset)
            if (tall or object_.size[2] > WINDOW_SILL) and self.blocked(index, t - half_along, t + half_along):
                continue
            at = wall.at(t, half_away + WALL_GAP)
            placed = self.put(object_, at, wall.yaw + side, zone=zone, with_=with_)
            if placed is not None:
                return placed
        return None

    def random_wall(self) -> int:
        """The index of a random wall, weighted by length."""
        lengths = [wall.length for wall in self.walls]
        at = self.rng.random() * sum(lengths)
        for index, length in enumerate(lengths):
            at -= length
            if at < 0:
                return index
        return len(lengths) - 1

    def blocked(self, wall: int, low: float, high: float) -> bool:
        """Whether a door, window or hanging object occupies part of that span of the wall."""
        return any(o.wall == wall and o.low < high and low < o.high for o in self.openings)

    def on_top(
        self, object_: PlacedObject, anchor: PlacedObject, local: FloorPoint = (0.0, 0.0), turn: float = 0.0
    ) -> PlacedObject:
        """Place the object on the anchor's top."""
        x, y = to_room_point(anchor, local)
        z = round(anchor.position[2] + (anchor.size[2] if anchor.top is None else anchor.top[4]), 4)
        placed = replace(
            object_, position=(round(x, 4), round(y, 4), z), yaw=round(_wrapped_angle(anchor.yaw + turn), 6)
        )
        self.objects.append(placed)
        return placed

    def spread(self, object_: PlacedObject, at: FloorPoint, yaw: float) -> PlacedObject | None:
        """Place a flat object on the floor, under furniture; None outside the room, at doors and on other flat ones."""
        placed = replace(object_, position=(round(at[0], 4), round(at[1], 4), 0.0), yaw=round(_wrapped_angle(yaw), 6))
        rect = rect_of(placed)
        flat = (o for o in self.objects if o.size[2] <= FLAT_HEIGHT)
        doors = (zone_.rect for zone_ in self.zones if zone_.owner < 0)
        taken = any(rect.overlaps(other) for other in (*map(rect_of, flat), *doors))
        if taken or not self.fits(rect.grown(0.02), self.objects):
            return None
        self.objects.append(placed)
        return placed

    def hang(self, object_: PlacedObject, bottom: float, tries: int = 10) -> PlacedObject | None:
        """Hang the object on a free span of a random wall, above low furniture."""
        half = object_.size[0] / 2 + 0.05
        for _ in range(tries):
            index = self.random_wall()
            length = self.walls[index].length
            if length < 2 * half + 0.1:
                continue
            placed = self.hang_at(object_, (index, float(self.rng.uniform(half, length - half))), bottom)
            if placed is not None:
                return placed
        return None

    def hang_at(self, object_: PlacedObject, at: tuple[int, float], bottom: float) -> PlacedObject | None:
        """Hang the object at (wall index, metres along it); None if the span is occupied or hidden by furniture."""
        (index, t), half = at, object_.size[0] / 2 + 0.05
        x, y = self.walls[index].at(t, object_.size[1] / 2 + 0.005)
        yaw = round(self.walls[index].yaw, 6)
        placed = replace(object_, position=(round(x, 4), round(y, 4), round(bottom, 4)), yaw=yaw)
        rect = rect_of(placed)
        hidden = any(o.position[2] + o.size[2] > bottom and rect.overlaps(rect_of(o).grown(0.1)) for o in self.objects)
        outside = t < half or t > self.walls[index].length - half
        if hidden or outside or self.blocked(index, t - half, t + half):
            return None
        self.openings.append(Opening(index, t - half, t + half, bottom))
        self.objects.append(placed)
        return placed


def front_zone(rect: Rect, depth: float) -> Rect:
    """The rectangle of that depth in front (+y) of another."""
    out = rect.half_depth + depth / 2
    return Rect(rect.x - sin(rect.yaw) * out, rect.y + cos(rect.yaw) * out, rect.half_width, depth / 2, rect.yaw)


def free_top(anchor: PlacedObject, objects: Iterable[PlacedObject]) -> Top | None:
    """The largest free rectangle of the anchor's top beside the objects on it; None if there is none."""
    top = anchor.top
    for object_ in objects:
        if top is None:
            return None
        on_it = object_ is not anchor and abs(object_.position[2] - anchor.position[2] - top[4]) < 0.005
        if on_it and rect_of(object_).overlaps(rect_of(anchor)):
            corners = anchor.to_local(np.column_stack([object_.footprint(), np.full(4, object_.position[2])]))
            top = _largest_free_side(top, corners[:, :2].min(axis=0).tolist(), corners[:, :2].max(axis=0).tolist())
    return top


def _largest_free_side(top: Top, low: Sequence[float], high: Sequence[float], margin: float = 0.02) -> Top | None:
    """The largest rectangle of a top to one side of the occupied rectangle from ``low`` to ``high``."""
    left, right, back, front, z = top
    sides = [
        (left, min(right, low[0] - margin), back, front, z), (max(left, high[0] + margin), right, back, front, z),
        (left, right, back, min(front, low[1] - margin), z), (left, right, max(back, high[1] + margin), front, z),
    ]  # fmt: skip
    best = max(sides, key=lambda side: min(side[1] - side[0], 0.5) * min(side[3] - side[2], 0.5))
    if min(best[1] - best[0], best[3] - best[2]) < MIN_TOP_SIDE:
        return None
    a, b, c, d, _ = (round(value, 4) for value in best)
    return a, b, c, d, z


def to_room_point(anchor: PlacedObject, local: FloorPoint) -> FloorPoint:
    """The room coordinates of a floor point in local coordinates of the anchor."""
    c, s = cos(anchor.yaw), sin(anchor.yaw)
    return anchor.position[0] + c * local[0] - s * local[1], anchor.position[1] + s * local[0] + c * local[1]


def _wrapped_angle(yaw: float) -> float:
    return (yaw + pi) % (2 * pi) - pi
