"""Take a seat; seats that can be used."""

from __future__ import annotations

from collections.abc import Callable

from worlds.actions.performing.actor import Actor, Setting, go
from worlds.actions.performing.postures import sit_down
from worlds.actions.performing.spots import Seat, lying_seat, seats_of, sitting_seats
from worlds.types import Array, PlacedObject


def take_seat(actor: Actor, thing: PlacedObject, seats: list[Seat]) -> Seat | None:
    if not seats:
        return None
    seat = seats[int(actor.rng.integers(len(seats)))]
    if actor.line is not None and actor.line.seat == thing.id:
        return None
    if not go(actor, seat.spot, seat.stand) or actor.line is None:
        return None
    sit_down(actor.line, seat, seconds=actor.seconds(1.35, 1.65))
    actor.line.seat, actor.left, actor.way_out = thing.id, thing, seat.spot
    return seat


def _usable(setting: Setting, own: Callable[[PlacedObject], Array]) -> list[tuple[int, ...]]:
    room, floor, body = setting.room, setting.floor, setting.body
    return [(thing.id,) for thing in room.objects if seats_of(room, thing, own(thing), body=body, floor=floor)]


def can_sit(setting: Setting) -> list[tuple[int, ...]]:
    return _usable(setting, sitting_seats)


def can_lie(setting: Setting) -> list[tuple[int, ...]]:
    return _usable(setting, lying_seat)
