"""Places from which a body faces an object at some distance."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.performing.actor import Setting
from worlds.actions.performing.spots import Spots, heading
from worlds.rooms.floor import FloorGrid
from worlds.types import PlacedObject

SEEN_FROM: Final = (1.0, 2.8)  # metres from an object to who looks at it


def facing_from(floor: FloorGrid, thing: PlacedObject) -> Spots:
    """Free places some way off from which a body faces the object's middle; before its front is less awkward."""
    points = floor.reachable_points()
    away = thing.distance(points)
    points = points[(away > SEEN_FROM[0]) & (away < SEEN_FROM[1])]
    toward = np.array(thing.position[:2]) - points
    distance = np.maximum(np.linalg.norm(toward, axis=1), 1e-9)
    return Spots(points, heading(toward), 0.3 + 0.7 * (toward @ thing.front) / distance)


def seen_from_afar(setting: Setting) -> list[tuple[int, ...]]:
    return [(thing.id,) for thing in setting.room.objects if len(facing_from(setting.floor, thing)) > 3]
