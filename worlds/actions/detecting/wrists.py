"""Wrists near the handles and grips of an object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.types import PlacedObject, Point

WRIST_REACH: Final = 0.17  # metres from wrist to handle: the length of a hand
TOUCH_TIME: Final = 0.2  # seconds


def wrist_distance(
    motion: MotionKinematics,
    target: PlacedObject,
    floor_plan: FloorPlan,
    distance: Callable[[PlacedObject, DoubleArray], DoubleArray],
) -> DoubleArray:
    """Metres (frames, 2) from the wrists to the object; infinite where another of its category is nearer."""
    wrists = motion.pair("wrist").reshape(-1, 3)
    near = distance(target, wrists)
    if (near < WRIST_REACH).any():
        for other in floor_plan.by_category[target.category]:
            if other.id != target.id:
                near = np.where(distance(other, wrists) < near, np.inf, near)
    return near.reshape(-1, 2)


def handle_distance(target: PlacedObject, points: DoubleArray) -> DoubleArray:
    """Metres (n,) from room points (n, 3) to the nearest handle; infinite if the object has none."""
    return _distance(target, target.handles, points)


def grip_distance(target: PlacedObject, points: DoubleArray) -> DoubleArray:
    """Metres (n,) from room points (n, 3) to the nearest grip; infinite if the object has none."""
    return _distance(target, target.grips, points)


def _distance(target: PlacedObject, local: tuple[Point, ...], points: DoubleArray) -> DoubleArray:
    if not local:
        return np.full(len(points), np.inf)
    places = target.to_room(np.array(local))
    return np.asarray(np.linalg.norm(points[:, None] - places[None], axis=2).min(axis=1))
