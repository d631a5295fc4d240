"""The walkable map of a room: where a standing person fits, and which cells can be reached from a door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from monster.arrays import BoolArray, DoubleArray, IntArray
from worlds.types import PlacedObject, Room

HEAD_ROOM: Final = 1.9  # metres: higher objects are no obstacle
STEP_OVER: Final = 0.03  # metres: lower objects (rugs) are no obstacle
STANDING_GAP: Final = 0.35  # metres from the side of an object to the pelvis of a person using it
NEAR: Final = 0.3


@dataclass(frozen=True, eq=False)
class WalkableMap:
    """Square cells over the floor: ``walkable`` and ``reachable`` are (columns along x, rows along y).

    ``origin`` is the middle of cell (0, 0) in the room; a walkable cell has ``radius`` metres free around it.
    """

    walkable: BoolArray
    reachable: BoolArray  # walkable and connected to a door
    origin: tuple[float, float]
    resolution: float
    radius: float

    def to_cells(self, points: ArrayLike) -> IntArray:
        """Cell indices (n, 2) of floor points (n, 2), clipped to the grid."""
        cells = np.rint((np.atleast_2d(points)[:, :2] - np.array(self.origin)) / self.resolution).astype(np.int64)
        return np.asarray(np.clip(cells, 0, np.array(self.walkable.shape) - 1), dtype=np.int64)

    def to_points(self, cells: ArrayLike) -> DoubleArray:
        """Centers (n, 2) in room coordinates of cells (n, 2)."""
        return np.asarray(np.atleast_2d(cells) * self.resolution + np.array(self.origin), dtype=np.float64)

    def is_walkable(self, points: ArrayLike) -> BoolArray:
        """Whether a person may stand at each of the floor points (n, 2)."""
        flat = np.atleast_2d(np.asarray(points, dtype=np.float64))[:, :2]
        cells = self.to_cells(flat)
        inside = (np.abs(self.to_points(cells) - flat) <= self.resolution * 0.5 + 1e-9).all(axis=1)
        return np.asarray(self.walkable[cells[:, 0], cells[:, 1]] & inside)

    def reachable_points(self) -> DoubleArray:
        """Centers (n, 2) of all reachable cells."""
        return self.to_points(np.argwhere(self.reachable))

    def can_reach(self, points: ArrayLike, within: float = NEAR) -> BoolArray:
        """Whether each floor point (n, 2) has a reachable cell within ``within`` metres."""
        free = self.reachable_points()
        flat = np.atleast_2d(np.asarray(points, dtype=np.float64))[:, :2]
        if not len(free):
            return np.zeros(len(flat), dtype=bool)
        return np.asarray(np.linalg.norm(flat[:, None] - free[None], axis=2).min(axis=1) <= within)


def free_floor(room: Room, resolution: float = 0.1, radius: float = 0.25) -> WalkableMap:
    """The walkable map of the room for a body of that radius."""
    low, high = room.outline.min(axis=0), room.outline.max(axis=0)
    shape = np.floor((high - low) / resolution).astype(int) + 1
    origin = (low + high - (shape - 1) * resolution) / 2
    axes = [origin[i] + np.arange(shape[i]) * resolution for i in range(2)]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 2)
    walkable = inside(room.outline, points) & (_wall_distance(room.outline, points) >= radius - 1e-9)
    walkable &= _obstacle_distance(room, points) >= radius - 1e-9
    grid = walkable.reshape(shape[0], shape[1])
    start = _door_cells(room, points, walkable).reshape(grid.shape)
    return WalkableMap(grid, _connected(grid, start), (float(origin[0]), float(origin[1])), resolution, radius)


def inside(outline: DoubleArray, points: DoubleArray) -> BoolArray:
    """Whether each floor point (n, 2) is inside the polygon (even-odd rule)."""
    a, b = outline, np.roll(outline, -1, axis=0)
    x, y = points[:, :1], points[:, 1:2]
    crosses = (a[:, 1] > y) != (b[:, 1] > y)
    rise = np.where(a[:, 1] == b[:, 1], 1.0, b[:, 1] - a[:, 1])
    at = a[:, 0] + (y - a[:, 1]) * (b[:, 0] - a[:, 0]) / rise
    return np.asarray((crosses & (x < at)).sum(axis=1) % 2 == 1)


def _wall_distance(outline: DoubleArray, points: DoubleArray) -> DoubleArray:
    a = outline[None]
    edge = np.roll(outline, -1, axis=0)[None] - a
    along = ((points[:, None] - a) * edge).sum(axis=2) / (edge**2).sum(axis=2)
    nearest = a + np.clip(along, 0.0, 1.0)[..., None] * edge
    return np.asarray(np.linalg.norm(points[:, None] - nearest, axis=2).min(axis=1))


def _obstacle_distance(room: Room, points: DoubleArray) -> DoubleArray:
    nearest = np.full(len(points), np.inf)
    for object_ in room.objects:
        rectangles = blocking_rectangles(object_)
        if not len(rectangles):
            continue
        turned = np.array([np.cos(object_.yaw), np.sin(object_.yaw)])
        offset = points - np.array(object_.position[:2])
        x, y = offset @ turned, offset @ np.array([-turned[1], turned[0]])
        for cx, cy, half_width, half_depth in rectangles:
            right, front = np.maximum(np.abs(x - cx) - half_width, 0.0), np.maximum(np.abs(y - cy) - half_depth, 0.0)
            np.minimum(nearest, right**2 + front**2, out=nearest)
    return np.asarray(np.sqrt(nearest))


def blocking_rectangles(object_: PlacedObject) -> DoubleArray:
    """Local floor rectangles (n, 4) that block a standing person: center x, y, half width, half depth.

    Solids whose rectangle is inside another one's are left out.
    """
    boxes = np.array([[*solid.center, *solid.size] for solid in object_.solids], dtype=np.float64)
    bottom = object_.position[2] + boxes[:, 2] - boxes[:, 5] / 2
    boxes = boxes[(bottom < HEAD_ROOM) & (bottom + boxes[:, 5] > STEP_OVER)]
    low, high = boxes[:, :2] - boxes[:, 3:5] / 2, boxes[:, :2] + boxes[:, 3:5] / 2
    within = (low[:, None] >= low[None] - 1e-6).all(axis=2) & (high[:, None] <= high[None] + 1e-6).all(axis=2)
    order = np.arange(len(boxes))
    covered = within & (~within.T | (order[:, None] > order[None]))
    keep = ~covered.any(axis=1)
    return np.concatenate([(low + high) / 2, (high - low) / 2], axis=1)[keep]


def _door_cells(room: Room, points: DoubleArray, walkable: BoolArray) -> BoolArray:
    chosen = np.zeros(len(points), dtype=bool)
    for door in room.doors:
        away = np.where(walkable, np.linalg.norm(points - np.array(door), axis=1), np.inf)
        if away.min(initial=np.inf) <= 0.5:
            chosen[int(away.argmin())] = True
    return chosen


def _connected(walkable: BoolArray, start: BoolArray) -> BoolArray:
    reached, before = start & walkable, -1
    while (count := int(reached.sum())) != before:
        before = count
        for _ in range(4):  # dilate a few times between counts
            grown = reached.copy()
            grown[1:] |= reached[:-1]
            grown[:-1] |= reached[1:]
            grown[:, 1:] |= reached[:, :-1]
            grown[:, :-1] |= reached[:, 1:]
            reached = grown & walkable
    return reached


def approach_points(object_: PlacedObject) -> DoubleArray:
    """Floor points (n, 2) in room coordinates from which a person uses the object: at its seats, handles or front."""
    half = np.array(object_.size[:2]) / 2
    seats = [(x, half[1] + STANDING_GAP) for x, _, _ in object_.seats]
    handles = [_beyond_nearest_side(x, y, half) for x, y, _ in object_.handles]
    points = np.array([*seats, *handles] or [(0.0, half[1] + STANDING_GAP)])
    return object_.to_room(np.column_stack([points, np.zeros(len(points))]))[:, :2]


def _beyond_nearest_side(x: float, y: float, half: DoubleArray) -> tuple[float, float]:
    """The floor point beyond the side on which the handle is; the front for handles inside the outline."""
    out = half + STANDING_GAP
    if y > half[1] - 0.06:
        return x, float(out[1])
    if y < 0.06 - half[1]:
        return x, float(-out[1])
    if abs(x) > half[0] - 0.06:
        return float(np.sign(x) * out[0]), y
    return x, float(out[1])


def reachable_objects(room: Room, grid: WalkableMap) -> set[int]:
    """Ids of the objects that can be reached from a door."""
    owners, points = [], []
    for object_ in room.objects:
        approach = approach_points(object_)
        owners += [object_.id] * len(approach)
        points.append(approach)
    if not points:
        return set()
    return {owner for owner, near in zip(owners, grid.can_reach(np.concatenate(points)), strict=True) if near}
