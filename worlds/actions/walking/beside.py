"""Walks that begin or end beside an object."""

from __future__ import annotations

from worlds.actions.performing.actor import Actor, Setting, chosen
from worlds.actions.performing.spots import beside
from worlds.actions.performing.timeline import Timeline
from worlds.people.gait import Stand
from worlds.types import PlacedObject


def start_beside(actor: Actor, thing: PlacedObject, *, turn: float) -> bool:
    """Begin beside the object, turned so far from facing it."""
    spots = beside(actor.room, thing, actor.floor)
    spot = chosen(actor, spots)
    if spot is None:
        return False
    actor.line = Timeline(actor.body, Stand(spot.x, spot.y, spot.yaw + turn))
    actor.line.wait(actor.seconds(0.4, 0.8))
    return True


def near_free_floor(setting: Setting) -> list[tuple[int, ...]]:
    return [(thing.id,) for thing in setting.room.objects if len(beside(setting.room, thing, setting.floor))]
