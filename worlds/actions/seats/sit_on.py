"""Sit down on an object, and stand up from it."""

from __future__ import annotations

from typing import Final

from worlds.actions.detecting.contact import has_lasted, seated_on
from worlds.actions.performing.actor import Actor, get_up, leave
from worlds.actions.performing.postures import start_seated
from worlds.actions.performing.spots import Seat, seats_of, sitting_seats
from worlds.actions.performing.timeline import Timeline
from worlds.actions.seats.seat import draw_seat, find_seats, has_seats, start_on, take_seat
from worlds.actions.spec import UNDER_BODY, ActionSpec, Extent, HardNegativeRules, Phrases, Sampling, Successor, Tail
from worlds.geometry.kinematics import MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.types import ActionName, PlacedObject, Targets

RISE_PROBABILITY: Final = 0.15  # that a body stands up at once after sitting down
SEATED_SECONDS: Final = (0.7, 1.4)
START_SECONDS: Final = (0.7, 1.1)
STAND_SECONDS: Final = (0.45, 0.8)


def sit_on(actor: Actor, targets: Targets, is_last: bool) -> bool:
    """Walk to a seat of the object, turn round and sit down."""
    seated = take_seat(actor, targets[0], _seats(actor, targets[0]))
    if seated is None:
        return False
    timeline, _ = seated
    timeline.wait(actor.seconds(SEATED_SECONDS))
    return True


def _seats(actor: Actor, target: PlacedObject) -> list[Seat]:
    return seats_of(actor.room, target, sitting_seats(target), body=actor.body, floor=actor.floor)


def stand_up_from(actor: Actor, targets: Targets, is_last: bool) -> bool:
    """Rise from the object; if nothing follows, walk a little away from it."""
    target = targets[0]
    timeline = actor.timeline or _start_seated(actor, target)
    if timeline is None or timeline.seat != target.id or timeline.lying:
        return False
    get_up(actor)
    if is_last and not leave(actor):
        return False
    timeline.wait(actor.seconds(STAND_SECONDS))
    return True


def _start_seated(actor: Actor, target: PlacedObject) -> Timeline | None:
    """Begin sitting on the object."""
    seats = _seats(actor, target)
    if not seats:
        return None
    seat = draw_seat(actor, seats)
    timeline = start_on(actor, target, seat)
    start_seated(timeline, seat)
    timeline.wait(actor.seconds(START_SECONDS))
    return timeline


def sat_on(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The body sits on the object."""
    return starts(seated_on(targets[0], motion))


def stood_up_from(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The body stands, after it sat on the object."""
    seated = seated_on(targets[0], motion)
    return starts(has_lasted(seated) & motion.standing & ~seated, 0.0)


SIT_ON: Final = ActionSpec(
    name=ActionName("sit on"),
    perform=sit_on,
    find_targets=find_seats,
    seconds=4.6,
    detect=sat_on,
    reach=UNDER_BODY,
    extent=Extent(starts_rest=seated_on),
    phrases=Phrases(
        general=("get down",),
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
    hard_negatives=HardNegativeRules(suits=has_seats),
)


STAND_UP_FROM: Final = ActionSpec(
    name=ActionName("stand up from"),
    perform=stand_up_from,
    find_targets=find_seats,
    seconds=3.4,
    detect=stood_up_from,
    reach=UNDER_BODY,
    extent=Extent(ends_rest=seated_on),
    phrases=Phrases(
        general=("get up",),
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
    hard_negatives=HardNegativeRules(suits=has_seats),
)
