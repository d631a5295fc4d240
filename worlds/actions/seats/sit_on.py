"""Sit down on an object, and stand up from it."""

from __future__ import annotations

from typing import Final

from worlds.actions.detecting.contact import lasted, seated_on
from worlds.actions.performing.actor import Actor, get_up, leave
from worlds.actions.performing.postures import seated
from worlds.actions.performing.spots import seats_of, sitting_seats
from worlds.actions.performing.timeline import Timeline
from worlds.actions.seats.seat import can_sit, take_seat
from worlds.actions.spec import UNDER_BODY, ActionSpec, HardNegativeRules, Phrases, Sampling, Successor, Tail
from worlds.checker.kinematics import Seen, starts
from worlds.checker.relations import Plan
from worlds.types import ActionName, Targets

RISE_PROBABILITY: Final = 0.15  # that a body stands up at once after sitting down


def sit_on(actor: Actor, things: Targets, last: bool) -> bool:
    """Walk to a seat of the object, turn round and sit down."""
    thing = things[0]
    seats = seats_of(actor.room, thing, sitting_seats(thing), body=actor.body, floor=actor.floor)
    seat = take_seat(actor, thing, seats)
    if seat is None or actor.line is None:
        return False
    actor.line.wait(actor.seconds(0.7, 1.4))
    return True


def stand_up_from(actor: Actor, things: Targets, last: bool) -> bool:
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


def sat_on(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """The body sits on the object."""
    return starts(seated_on(things[0], seen))


def stood_up_from(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """The body stands, after it sat on the object."""
    sat = seated_on(things[0], seen)
    return starts(lasted(sat) & seen.standing & ~sat, 0.0)


SIT_ON: Final = ActionSpec(
    name=ActionName("sit on"),
    perform=sit_on,
    find_targets=can_sit,
    seconds=4.6,
    detect=sat_on,
    reach=UNDER_BODY,
    phrases=Phrases(
        named=(
            "~sit on {o}",
            "~sit down on {o}",
            "~take a seat on {o}",
            "~go and ~sit on {o}",
            "~walk to {o} and ~sit down",
            "~walk over and ~sit on {o}",
            "~settle on {o}",
            "~have a seat on {o}",
        ),
        bare=(
            "~sit down",
            "~take a seat",
            "~go and ~sit down",
            "~settle on a seat",
        ),
        tail=Tail("on {o}", rank=0),
    ),
    sampling=Sampling(weight=1.6, successor=Successor(ActionName("stand up from"), RISE_PROBABILITY)),
    hard_negatives=HardNegativeRules(suits=lambda target: bool(target.seats)),
)


STAND_UP_FROM: Final = ActionSpec(
    name=ActionName("stand up from"),
    perform=stand_up_from,
    find_targets=can_sit,
    seconds=3.4,
    detect=stood_up_from,
    reach=UNDER_BODY,
    phrases=Phrases(
        named=(
            "~stand up from {o}",
            "~get up from {o}",
            "~rise from {o}",
            "~get off {o}",
            "~rise from {your} seat on {o}",
            "~stand up off {o}",
        ),
        bare=(
            "~stand up",
            "~get up from a seat",
            "~rise from sitting",
            "~rise from a seat",
        ),
        tail=Tail("rising from {o}", rank=2),
        tells_walk=False,
    ),
    sampling=Sampling(starts_at_target=True),
    hard_negatives=HardNegativeRules(suits=lambda target: bool(target.seats)),
)
