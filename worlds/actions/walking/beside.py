"""Walks that begin or end beside an object."""

from __future__ import annotations

from typing import Final

from worlds.actions.performing.actor import Actor, Setting, choose, free_place
from worlds.actions.performing.spots import beside
from worlds.actions.performing.timeline import Timeline
from worlds.people.gait import Stand
from worlds.types import PlacedObject

START_SECONDS: Final = (0.4, 0.8)  # of standing before the walk
STILL_BESIDE: Final = 0.7  # metres to the object, at most


def start_beside(actor: Actor, target: PlacedObject, *, turn: float) -> bool:
    """Begin beside the object, turned by ``turn`` radians from facing it. False if there is no spot."""
    spot = choose(actor, beside(actor.room, target, actor.floor))
    if spot is None:
        return False
    actor.timeline = Timeline(actor.body, Stand(spot.x, spot.y, spot.yaw + turn))
    actor.timeline.wait(actor.seconds(START_SECONDS))
    return True


def is_beside(actor: Actor, target: PlacedObject) -> bool:
    """Whether the body is beside the object."""
    return bool(target.distance(free_place(actor)[None])[0] <= STILL_BESIDE)


def near_free_floor(setting: Setting) -> list[tuple[int, ...]]:
    """Objects with a spot beside them."""
    room, floor = setting.room, setting.floor
    return [(object_.id,) for object_ in room.objects if len(beside(room, object_, floor))]
