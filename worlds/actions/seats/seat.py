"""Take a seat; objects with seats that can be used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from monster.arrays import DoubleArray
from worlds.actions.performing.actor import Actor, Setting, go
from worlds.actions.performing.postures import sit_down
from worlds.actions.performing.spots import Seat, lying_seat, seats_of, sitting_seats
from worlds.actions.performing.timeline import Timeline
from worlds.types import PlacedObject

SIT_SECONDS: Final = (1.35, 1.65)


def take_seat(actor: Actor, target: PlacedObject, seats: list[Seat]) -> tuple[Timeline, Seat] | None:
    """Walk to one of the seats and sit down; None if there is none, no path, or the body sits there already."""
    if not seats:
        return None
    seat = draw_seat(actor, seats)
    if actor.timeline is not None and actor.timeline.seat == target.id:
        return None
    timeline = go(actor, seat.spot, seat.stand)
    if timeline is None:
        return None
    sit_down(timeline, seat, seconds=actor.seconds(SIT_SECONDS))
    timeline.seat = target.id
    actor.seat_object, actor.way_out = target, seat.spot
    return timeline, seat


def draw_seat(actor: Actor, seats: list[Seat]) -> Seat:
    """One of the seats at random."""
    return seats[int(actor.rng.integers(len(seats)))]


def start_on(actor: Actor, target: PlacedObject, seat: Seat) -> Timeline:
    """Begin on that seat of the object."""
    timeline = Timeline(actor.body, seat.stand)
    timeline.seat = target.id
    actor.timeline, actor.seat_object, actor.way_out = timeline, target, seat.spot
    return timeline


def find_seats(setting: Setting) -> list[tuple[int, ...]]:
    """Objects to sit on."""
    return _usable(setting, sitting_seats)


def find_beds(setting: Setting) -> list[tuple[int, ...]]:
    """Objects to lie on."""
    return _usable(setting, lying_seat)


def _usable(setting: Setting, seats: Callable[[PlacedObject], DoubleArray]) -> list[tuple[int, ...]]:
    room, floor, body = setting.room, setting.floor, setting.body
    return [(one.id,) for one in room.objects if seats_of(room, one, seats(one), body=body, floor=floor)]


def has_seats(target: PlacedObject) -> bool:
    """Whether a person can sit on the object."""
    return bool(target.seats)


def is_bed(target: PlacedObject) -> bool:
    """Whether a person can lie on the object."""
    return target.lying is not None
