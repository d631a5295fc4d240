"""Lie down on an object, and get up from it."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.contact import lasted, lying_on
from worlds.actions.performing.actor import Actor, get_up, leave
from worlds.actions.performing.postures import lie, lie_back, sit_up
from worlds.actions.performing.spots import lying_seat, seats_of
from worlds.actions.performing.timeline import Timeline
from worlds.actions.seats.seat import can_lie, take_seat
from worlds.actions.spec import UNDER_BODY, ActionSpec, HardNegativeRules, Phrases, Sampling, Successor, Tail
from worlds.checker.kinematics import Seen, starts
from worlds.checker.relations import Plan
from worlds.types import ActionName, PlacedObject, Targets


def lie_on(actor: Actor, things: Targets, last: bool) -> bool:
    """Walk to the open side of the object, sit down on it, swing the legs up and lie back."""
    thing = things[0]
    seats = seats_of(actor.room, thing, lying_seat(thing), body=actor.body, floor=actor.floor)
    seat = take_seat(actor, thing, seats)
    if seat is None or actor.line is None or thing.lying is None:
        return False
    actor.line.wait(0.15)
    actor.bed = seat
    lie_back(actor.line, seat, thing.to_room(np.array(thing.lying)), seconds=actor.seconds(1.9, 2.3))
    actor.line.wait(actor.seconds(0.7, 1.1))
    return True


def get_up_from(actor: Actor, things: Targets, last: bool) -> bool:
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


def lay_on(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """The body lies on the object."""
    return starts(lying_on(things[0], seen))


def got_up_from(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """The body stands, after it lay on the object."""
    lay = lying_on(things[0], seen)
    return starts(lasted(lay) & seen.standing & ~lay, 0.0)[:1] if lay.any() else []


LIE_ON: Final = ActionSpec(
    name=ActionName("lie on"),
    perform=lie_on,
    find_targets=can_lie,
    seconds=6.6,
    detect=lay_on,
    reach=UNDER_BODY,
    phrases=Phrases(
        named=(
            "~lie on {o}",
            "~lie down on {o}",
            "~go and ~lie down on {o}",
            "~walk to {o} and ~lie down",
            "~stretch out on {o}",
            "~walk over and ~lie on {o}",
        ),
        bare=(
            "~lie down",
            "~go and ~lie down",
            "~lie down flat",
            "~stretch out lying down",
        ),
        tail=Tail("on {o}", rank=1),
    ),
    sampling=Sampling(weight=3.0, successor=Successor(ActionName("get up from"), 1.0)),
    hard_negatives=HardNegativeRules(suits=lambda target: target.lying is not None),
)


GET_UP_FROM: Final = ActionSpec(
    name=ActionName("get up from"),
    perform=get_up_from,
    find_targets=can_lie,
    seconds=5.6,
    detect=got_up_from,
    reach=UNDER_BODY,
    phrases=Phrases(
        named=(
            "~get up from lying on {o}",
            "~get up from {o} after lying there",
            "~rise from {o} after lying on it",
            "~lie on {o} and ~get up",
            "~sit up on {o}, ~get off it and ~stand up",
            "~stand up after lying on {o}",
        ),
        bare=(
            "~get up from lying",
            "~rise after lying down",
            "~stand up after lying",
            "~lie and ~get up",
        ),
        tail=Tail("getting up from {o}", rank=3),
        tells_walk=False,
    ),
    sampling=Sampling(weight=3.0, starts_at_target=True),
    hard_negatives=HardNegativeRules(suits=lambda target: target.lying is not None),
)
