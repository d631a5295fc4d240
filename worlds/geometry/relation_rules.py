"""Spatial relations between all objects of a room at once.

A function takes n objects and returns a table: entry (i, j) says whether object i has the relation to object j.
The rules use the floor plan only: bounding rectangles, fronts and the room's outline.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from monster.arrays import BoolArray, DoubleArray
from worlds.geometry.kinematics import Viewer
from worlds.types import PlacedObject, Room

Objects = Sequence[PlacedObject]

NEXT_TO_GAP: Final = 0.6  # metres between the floor rectangles
FRONT_REACH: Final = 1.3  # metres before the front side
FRONT_ASIDE: Final = 0.1  # metres beyond the front side's ends
BETWEEN_WIDTH: Final = 0.6  # metres to either side of the line
BETWEEN_LENGTH: Final = 0.8  # metres: least length of the line
BETWEEN_SPAN: Final = (0.25, 0.75)  # share of the line on which the middle has to be
FACING_ANGLE: Final = np.radians(20)  # between the front and the direction to the anchor's middle
FACING_REACH: Final = 4.0  # metres between the floor rectangles
WALL_GAP: Final = 0.15  # metres from both ends of one side to the same wall
CORNER_GAP: Final = 0.35  # metres from the rectangle to a convex corner of the room
ON_GAP: Final = 0.04  # metres between the underside and the surface that it stands on
HANGING_HEIGHT: Final = 0.05  # metres: an object higher than this does not stand on the floor
SIDE_ANGLES: Final = (np.radians(20), np.radians(140))  # from the viewer's heading: clearly to that side

# Categories with a visible front: seats with a backrest, and screens.
_HAS_FRONT: Final = frozenset(
    {"chair", "office chair", "armchair", "sofa", "toilet", "television", "monitor", "laptop", "piano"}
)


def gaps(objects: Objects) -> DoubleArray:
    """Distances (n, n) in metres between the floor rectangles; 0 if they touch or overlap."""
    outlines = np.concatenate([_outline(object_) for object_ in objects])
    away = np.stack([object_.distance(outlines) for object_ in objects], axis=1)
    nearest = away.reshape(len(objects), -1, len(objects)).min(axis=1)
    return np.asarray(np.minimum(nearest, nearest.T))


def _outline(object_: PlacedObject, steps: int = 6) -> DoubleArray:
    corners = object_.footprint()
    along = np.linspace(0.0, 1.0, steps, endpoint=False)[:, None]
    return np.concatenate([a + (b - a) * along for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True)])


def centers(objects: Objects) -> DoubleArray:
    """Centers (n, 2) of the objects on the floor."""
    return np.array([object_.position[:2] for object_ in objects], dtype=np.float64).reshape(-1, 2)


def _local_centers(objects: Objects) -> DoubleArray:
    """Entry (i, j) is the center of object i in the local coordinates of object j: (n, n, 2)."""
    offset = centers(objects)[:, None] - centers(objects)[None]
    yaw = np.array([object_.yaw for object_ in objects])
    cos, sin = np.cos(yaw), np.sin(yaw)
    x, y = offset[..., 0], offset[..., 1]
    return np.stack([x * cos + y * sin, y * cos - x * sin], axis=-1)


def in_front_of(objects: Objects) -> BoolArray:
    """Center i is in front of object j's front side, at most 1.3 m away and within the side's ends: (n, n)."""
    half = np.array([object_.size[:2] for object_ in objects]) / 2
    local = _local_centers(objects)
    ahead = local[..., 1] - half[:, 1]
    beside = np.abs(local[..., 0]) <= half[:, 0] + FRONT_ASIDE
    is_object = np.array([object_.id >= 0 for object_ in objects])
    return np.asarray(beside & (ahead > 0) & (ahead <= FRONT_REACH) & is_object)


def facing(objects: Objects, gap: DoubleArray) -> BoolArray:
    """Object i's front points at center j within 20 degrees, and j is at most 4 m away: (n, n)."""
    toward = centers(objects)[None] - centers(objects)[:, None]
    length = np.maximum(np.linalg.norm(toward, axis=-1), 1e-9)
    front = np.array([object_.front for object_ in objects])
    aligned = (toward * front[:, None]).sum(axis=-1) >= np.cos(FACING_ANGLE) * length
    has_front = np.array([object_.category in _HAS_FRONT for object_ in objects])
    return np.asarray(aligned & (gap <= FACING_REACH) & has_front[:, None] & ~np.eye(len(objects), dtype=bool))


def standing_on(objects: Objects) -> BoolArray:
    """Object i's underside is at the top of one of object j's solids, and center i is over that solid: (n, n)."""
    on_top = np.zeros((len(objects), len(objects)), dtype=bool)
    raised = [i for i, object_ in enumerate(objects) if object_.position[2] > HANGING_HEIGHT]
    for i in raised:
        for j, other in enumerate(objects):
            on_top[i, j] = i != j and _supports(other, np.array(objects[i].position))
    return on_top


def _supports(object_: PlacedObject, point: DoubleArray) -> bool:
    """Whether the top of one of the object's solids is at the point (3,)."""
    if not object_.solids or object_.distance(point[None])[0] > 0:
        return False
    center = np.array([solid.center for solid in object_.solids])
    half = np.array([solid.size for solid in object_.solids]) / 2
    local = object_.to_local(point[None])[0]
    over = (np.abs(local - center)[:, :2] <= half[:, :2]).all(axis=1)
    return bool((over & (np.abs(local[2] - center[:, 2] - half[:, 2]) <= ON_GAP)).any())


def between(objects: Objects, slack: float = 0.0) -> BoolArray:
    """Center i is at the middle half of the line from center j to center k, at most 0.6 m beside it: (n, n, n).

    ``slack`` widens both limits by so many metres.
    """
    center = centers(objects)
    line = center[None] - center[:, None]  # j to k
    length = np.linalg.norm(line, axis=-1)
    offset = center[:, None] - center[None]  # from j to i, as (i, j)
    along = np.einsum("ijd,jkd->ijk", offset, line) / np.maximum(length, 1e-9) ** 2
    cross = offset[:, :, None, 0] * line[None, ..., 1] - offset[:, :, None, 1] * line[None, ..., 0]
    aside = np.abs(cross) / np.maximum(length, 1e-9)
    beyond = slack / np.maximum(length, 1e-9)
    within = (along >= BETWEEN_SPAN[0] - beyond) & (along <= BETWEEN_SPAN[1] + beyond)
    within &= aside <= BETWEEN_WIDTH + slack
    return np.asarray(within & (length >= BETWEEN_LENGTH))


def against_wall(objects: Objects, room: Room, slack: float = 0.0) -> BoolArray:
    """Object i stands on the floor with both ends of a side within 0.15 m (plus ``slack``) of one wall: (n,)."""
    walls = list(zip(room.outline, np.roll(room.outline, -1, axis=0), strict=True))
    near = np.zeros(len(objects), dtype=bool)
    for i, object_ in enumerate(objects):
        on_floor = object_.position[2] <= HANGING_HEIGHT
        near[i] = on_floor and _touches(object_.footprint(), walls, WALL_GAP + slack)
    return near


def _touches(corners: DoubleArray, walls: list[tuple[DoubleArray, DoubleArray]], gap: float) -> bool:
    for start, end in walls:
        line = end - start
        along = np.clip((corners - start) @ line / (line @ line), 0.0, 1.0)
        near = np.linalg.norm(corners - start - along[:, None] * line, axis=1) <= gap
        if (near & np.roll(near, -1)).any():
            return True
    return False


def in_corner(objects: Objects, room: Room, slack: float = 0.0) -> BoolArray:
    """Object i stands on the floor within 0.35 m (plus ``slack``) of a convex corner of the room: (n,)."""
    before = room.outline - np.roll(room.outline, 1, axis=0)
    after = np.roll(room.outline, -1, axis=0) - room.outline
    convex = room.outline[before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0] > 0]
    near = np.zeros(len(objects), dtype=bool)
    for i, object_ in enumerate(objects):
        if object_.position[2] <= HANGING_HEIGHT and len(convex):
            near[i] = object_.distance(convex).min() <= CORNER_GAP + slack
    return near


def bearings(objects: Objects, viewer: Viewer) -> DoubleArray:
    """Angles (n,) in radians from the viewer's heading to each center, -pi to pi; positive to the left."""
    offset = centers(objects) - np.array(viewer.position)
    x, y = viewer.heading
    return np.asarray(np.arctan2(x * offset[:, 1] - y * offset[:, 0], offset @ np.array(viewer.heading)))
