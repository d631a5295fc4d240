"""Seats and beds: sitting down, lying down, getting up again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from worlds.actions.actor import Act, Actor, Setting, get_up, go, leave
from worlds.actions.postures import lie, lie_back, seated, sit_down, sit_up
from worlds.actions.spots import Seat, lying_seat, seats_of, sitting_seats
from worlds.actions.timeline import Timeline
from worlds.types import Action, Array, PlacedObject

Things = tuple[PlacedObject, ...]


def sit_on(actor: Actor, things: Things, last: bool) -> bool:
    """Walk to a seat of the object, turn round and sit down."""
    thing = things[0]
    seats = seats_of(actor.room, thing, sitting_seats(thing), body=actor.body, floor=actor.floor)
    seat = _take_seat(actor, thing, seats)
    if seat is None or actor.line is None:
        return False
    actor.line.wait(actor.seconds(0.7, 1.4))
    return True


def lie_on(actor: Actor, things: Things, last: bool) -> bool:
    """Walk to the open side of the object, sit down on it, swing the legs up and lie back."""
    thing = things[0]
    seats = seats_of(actor.room, thing, lying_seat(thing), body=actor.body, floor=actor.floor)
    seat = _take_seat(actor, thing, seats)
    if seat is None or actor.line is None or thing.lying is None:
        return False
    actor.line.wait(0.15)
    actor.bed = seat
    lie_back(actor.line, seat, thing.to_room(np.array(thing.lying)), seconds=actor.seconds(1.9, 2.3))
    actor.line.wait(actor.seconds(0.7, 1.1))
    return True


def stand_up_from(actor: Actor, things: Things, last: bool) -> bool:
    """Rise from the object; when nothing follows, walk a little away from it."""
    thing = things[0]
    if actor.line is None:
        seats = seats_of(actor.room, thing, sitting_seats(thing), body=actor.body, floor=actor.floor)
        if not seats:
            return False
        seat = seats[int(actor.rng.integers(len(seats)))]
        actor.line, actor.left, actor.way_out = Timeline(actor.body, seat.stand), thing, seat.spot
        seated(actor.line, seat, 0.0)
        actor.line.seat = thing.id
        actor.line.wait(actor.seconds(0.7, 1.1))
    if actor.line.seat != thing.id or actor.line.lying:
        return False
    get_up(actor)
    if last and not leave(actor):
        return False
    actor.line.wait(actor.seconds(0.45, 0.8))
    return True


def get_up_from(actor: Actor, things: Things, last: bool) -> bool:
    """From lying on the object sit up at its open side, rise; when nothing follows, walk a little away from it."""
    thing = things[0]
    if actor.line is None and not _lie(actor, thing):
        return False
    line = actor.line
    if line is None or line.seat != thing.id or not line.lying or actor.bed is None:
        return False
    sit_up(line, actor.bed, thing.to_room(np.array(thing.lying)), seconds=actor.seconds(1.9, 2.3))
    get_up(actor)
    if last and not leave(actor):
        return False
    line.wait(actor.seconds(0.45, 0.8))
    return True


def _lie(actor: Actor, thing: PlacedObject) -> bool:
    """Begin lying on the object."""
    seats = seats_of(actor.room, thing, lying_seat(thing), body=actor.body, floor=actor.floor)
    if not seats or thing.lying is None:
        return False
    seat = seats[int(actor.rng.integers(len(seats)))]
    actor.line, actor.left, actor.way_out, actor.bed = Timeline(actor.body, seat.stand), thing, seat.spot, seat
    actor.line.seat = thing.id
    lie(actor.line, seat, thing.to_room(np.array(thing.lying)), 0.0)
    actor.line.wait(actor.seconds(0.7, 1.1))
    return True


def _take_seat(actor: Actor, thing: PlacedObject, seats: list[Seat]) -> Seat | None:
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


def _can_sit(setting: Setting) -> list[tuple[int, ...]]:
    return _usable(setting, sitting_seats)


def _can_lie(setting: Setting) -> list[tuple[int, ...]]:
    return _usable(setting, lying_seat)


SEATS: Final[dict[Action, Act]] = {
    "sit on": Act(sit_on, _can_sit, seconds=4.6),
    "lie on": Act(lie_on, _can_lie, seconds=6.6),
    "stand up from": Act(stand_up_from, _can_sit, seconds=3.4),
    "get up from": Act(get_up_from, _can_lie, seconds=5.6),
}
