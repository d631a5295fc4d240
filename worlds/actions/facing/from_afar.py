"""Places from which a body faces an object at some distance."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.performing.actor import Setting
from worlds.actions.performing.spots import Spots, heading
from worlds.rooms.floor import WalkableMap
from worlds.types import PlacedObject

SEEN_FROM: Final = (1.0, 2.8)  # metres from the object
FACING_COST, BEHIND_COST = 0.3, 0.7
FEWEST_SPOTS: Final = 3


def facing_from(floor: WalkableMap, target: PlacedObject) -> Spots:
    """Free places at some distance from which a body faces the middle of the object."""
    points = floor.reachable_points()
    away = target.distance(points)
    points = points[(away > SEEN_FROM[0]) & (away < SEEN_FROM[1])]
    toward = np.array(target.position[:2]) - points
    distance = np.maximum(np.linalg.norm(toward, axis=1), 1e-9)
    return Spots(points, heading(toward), FACING_COST + BEHIND_COST * (toward @ target.front) / distance)


def seen_from_afar(setting: Setting) -> list[tuple[int, ...]]:
    """Objects that can be faced from several places."""
    objects = setting.room.objects
    return [(object_.id,) for object_ in objects if len(facing_from(setting.floor, object_)) > FEWEST_SPOTS]
