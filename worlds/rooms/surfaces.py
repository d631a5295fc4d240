"""The surfaces of a room as rectangles, for sampling and for occlusion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from monster.arrays import BoolArray, DoubleArray, FloatArray, IntArray
from worlds.objects.parts import WHITES, WOODS, Color, shade, tint
from worlds.rooms.layout import Wall, walls_of
from worlds.types import PlacedObject, Room

FLOOR_WEIGHT, WALL_WEIGHT, OPENING_WEIGHT = 0.36, 0.17, 0.25  # real scans spend more points on furniture
OPENINGS: Final = ("door", "window")
HANGING: Final = ("picture", "mirror", "whiteboard", "blackboard", "projector screen", "clock", "curtain")  # on walls
WALL_COLORS: Final[tuple[Color, ...]] = (
    *WHITES,
    (0.87, 0.83, 0.74),
    (0.76, 0.8, 0.82),
    (0.82, 0.78, 0.72),
    (0.72, 0.76, 0.68),
)
FLOOR_COLORS: Final[tuple[Color, ...]] = (*WOODS[:4], (0.55, 0.53, 0.5), (0.42, 0.42, 0.44), (0.7, 0.67, 0.62))


@dataclass(frozen=True, eq=False)
class Faces:
    """Rectangles in the room, one per row; samples are proportional to ``weight``, an area in square metres."""

    corner: FloatArray
    edge_u: FloatArray
    edge_v: FloatArray
    normal: FloatArray
    color: FloatArray
    instance: IntArray
    weight: FloatArray

    def __len__(self) -> int:
        return len(self.corner)

    def rows(self, keep: BoolArray) -> Faces:
        """The faces for which the mask is True."""
        return Faces(*(getattr(self, name)[keep] for name in self.__dataclass_fields__))


def room_faces(room: Room, rng: np.random.Generator) -> tuple[Faces, dict[int, str]]:
    """All surfaces of the room, and the label of every instance.

    Objects keep their ids; the floor has the next id, and the walls the ids after it.
    """
    labels = {object_.id: object_.category for object_ in room.objects}
    floor = max(labels, default=0) + 1
    walls = walls_of([(float(x), float(y)) for x, y in room.outline])
    parts = [_solid_faces(room.objects)] if room.objects else []
    parts.append(_floor_face(room, floor, tint(rng, FLOOR_COLORS)))
    labels[floor] = "floor"
    paint = tint(rng, WALL_COLORS, 0.03)
    for index, wall in enumerate(walls):
        labels[floor + 1 + index] = "wall"
        parts.append(_wall_faces(room, wall, floor + 1 + index, shade(paint, 1 - 0.05 * (index % 2))))
    stacked = {name: np.concatenate([getattr(part, name) for part in parts]) for name in Faces.__dataclass_fields__}
    return Faces(**stacked), labels


def _solid_faces(objects: Sequence[PlacedObject]) -> Faces:
    """The six sides of every solid in room coordinates."""
    counts = [len(object_.solids) for object_ in objects]
    center = np.array([solid.center for object_ in objects for solid in object_.solids], dtype=np.float64)
    half = np.array([solid.size for object_ in objects for solid in object_.solids], dtype=np.float64) / 2
    color = np.array([solid.color for object_ in objects for solid in object_.solids], dtype=np.float64)
    yaw = np.repeat([object_.yaw for object_ in objects], counts)
    place = np.repeat([object_.position for object_ in objects], counts, axis=0)
    cos, sin, zero = np.cos(yaw), np.sin(yaw), np.zeros(len(yaw))
    axes = np.stack(
        [np.stack([cos, sin, zero], 1), np.stack([-sin, cos, zero], 1), np.stack([zero, zero, zero + 1], 1)], axis=1
    )
    middle = np.einsum("na,nac->nc", center, axes) + place
    corner, edge_u, edge_v, normal = [], [], [], []
    for axis in range(3):
        u, v = (axis + 1) % 3, (axis + 2) % 3
        along_u, along_v = axes[:, u] * half[:, u : u + 1], axes[:, v] * half[:, v : v + 1]
        for sign in (-1.0, 1.0):
            corner.append(middle + sign * axes[:, axis] * half[:, axis : axis + 1] - along_u - along_v)
            edge_u.append(2 * along_u)
            edge_v.append(2 * along_v)
            normal.append(sign * axes[:, axis])
    instance = np.tile(np.repeat([object_.id for object_ in objects], counts), 6)
    weight_factor = np.repeat(
        [OPENING_WEIGHT if object_.category in OPENINGS + HANGING else 1.0 for object_ in objects], counts
    )
    return _faces(np.concatenate(corner), (np.concatenate(edge_u), np.concatenate(edge_v)), np.concatenate(normal),
                  color=np.tile(color, (6, 1)), instance=instance, weight_factor=np.tile(weight_factor, 6))  # fmt: skip


def _faces(
    corner: DoubleArray, edges: tuple[DoubleArray, DoubleArray], normal: DoubleArray, *,
    color: DoubleArray, instance: IntArray, weight_factor: DoubleArray | float,
) -> Faces:  # fmt: skip
    area = np.linalg.norm(edges[0], axis=1) * np.linalg.norm(edges[1], axis=1) * weight_factor
    return Faces(
        corner=corner.astype(np.float32), edge_u=edges[0].astype(np.float32), edge_v=edges[1].astype(np.float32),
        normal=normal.astype(np.float32), color=color.astype(np.float32), instance=instance.astype(np.int64),
        weight=area.astype(np.float32),
    )  # fmt: skip


def _floor_face(room: Room, instance: int, color: Color) -> Faces:
    """The floor's bounding rectangle; the scan removes points outside the outline."""
    low, high = room.outline.min(axis=0), room.outline.max(axis=0)
    edges = np.array([[high[0] - low[0], 0.0, 0.0]]), np.array([[0.0, high[1] - low[1], 0.0]])
    return _faces(np.array([[low[0], low[1], 0.0]]), edges, np.array([[0.0, 0.0, 1.0]]),
                  color=np.array([color]), instance=np.array([instance]), weight_factor=FLOOR_WEIGHT)  # fmt: skip


def _wall_faces(room: Room, wall: Wall, instance: int, color: Color) -> Faces:
    """A wall as panels around its doors and windows."""
    panels, start = [], 0.0
    for low, high, bottom, top in sorted(_holes(room, wall)):
        panels += [(start, low, 0.0, room.height), (low, high, 0.0, bottom), (low, high, top, room.height)]
        start = high
    panels.append((start, wall.length, 0.0, room.height))
    real = [panel for panel in panels if panel[1] - panel[0] > 1e-3 and panel[3] - panel[2] > 1e-3]
    (ax, ay), (nx, ny) = wall.along, wall.inward
    corner = np.array([[*wall.at(low, 0.0), bottom] for low, _, bottom, _ in real])
    across = np.array([[ax * (high - low), ay * (high - low), 0.0] for low, high, _, _ in real])
    up = np.array([[0.0, 0.0, top - bottom] for _, _, bottom, top in real])
    count = len(real)
    return _faces(corner, (across, up), np.tile([nx, ny, 0.0], (count, 1)), color=np.tile(color, (count, 1)),
                  instance=np.full(count, instance), weight_factor=WALL_WEIGHT)  # fmt: skip


def _holes(room: Room, wall: Wall) -> list[tuple[float, float, float, float]]:
    """(low, high) along the wall and (bottom, top) of the doors and windows in it."""
    holes = []
    for object_ in room.objects:
        if object_.category not in OPENINGS:
            continue
        dx, dy = object_.position[0] - wall.start[0], object_.position[1] - wall.start[1]
        t, away = dx * wall.along[0] + dy * wall.along[1], dx * wall.inward[0] + dy * wall.inward[1]
        half = object_.size[0] / 2
        if abs(away) < 0.12 and half - 0.05 <= t <= wall.length - half + 0.05:
            bottom = object_.position[2]
            holes.append(
                (max(t - half, 0.0), min(t + half, wall.length), bottom, min(bottom + object_.size[2], room.height))
            )
    return holes
