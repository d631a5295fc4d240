"""Lie down on an object, and get up from it."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.contact import has_lasted, lying_on
from worlds.actions.performing.actor import Actor, get_up, leave
from worlds.actions.performing.postures import lie_back, sit_up, start_lying
from worlds.actions.performing.spots import Seat, lying_seat, seats_of
from worlds.actions.performing.timeline import Timeline
from worlds.actions.seats.seat import draw_seat, find_beds, is_bed, start_on, take_seat
from worlds.actions.spec import UNDER_BODY, ActionSpec, Extent, HardNegativeRules, Phrases, Sampling, Successor, Tail
from worlds.geometry.kinematics import MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.types import ActionName, PlacedObject, Targets

SEATED_SECONDS: Final = 0.15
LIE_SECONDS: Final = (1.9, 2.3)
LYING_SECONDS: Final = (0.7, 1.1)
STAND_SECONDS: Final = (0.45, 0.8)


def lie_on(actor: Actor, targets: Targets, is_last: bool) -> bool:
    """Walk to the open side of the object, sit down on it, swing the legs up and lie back."""
    target = targets[0]
    seated = take_seat(actor, target, _seats(actor, target))
    if seated is None or target.lying is None:
        return False
    timeline, seat = seated
    timeline.wait(SEATED_SECONDS)
    actor.bed = seat
    lie_back(timeline, seat, target.to_room(np.array(target.lying)), seconds=actor.seconds(LIE_SECONDS))
    timeline.wait(actor.seconds(LYING_SECONDS))
    return True


def _seats(actor: Actor, target: PlacedObject) -> list[Seat]:
    return seats_of(actor.room, target, lying_seat(target), body=actor.body, floor=actor.floor)


def get_up_from(actor: Actor, targets: Targets, is_last: bool) -> bool:
    """From lying on the object sit up at its open side and rise; if nothing follows, walk a little away from it."""
    target = targets[0]
    timeline = actor.timeline or _start_lying(actor, target)
    if timeline is None or timeline.seat != target.id or not timeline.lying or actor.bed is None:
        return False
    sit_up(timeline, actor.bed, target.to_room(np.array(target.lying)), seconds=actor.seconds(LIE_SECONDS))
    get_up(actor)
    if is_last and not leave(actor):
        return False
    timeline.wait(actor.seconds(STAND_SECONDS))
    return True


def _start_lying(actor: Actor, target: PlacedObject) -> Timeline | None:
    """Begin lying on the object."""
    seats = _seats(actor, target)
    if not seats or target.lying is None:
        return None
    seat = draw_seat(actor, seats)
    timeline = start_on(actor, target, seat)
    actor.bed = seat
    start_lying(timeline, target.to_room(np.array(target.lying)))
    timeline.wait(actor.seconds(LYING_SECONDS))
    return timeline


def lay_on(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The body lies on the object."""
    return starts(lying_on(targets[0], motion))


def got_up_from(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The body stands, after it lay on the object."""
    lying = lying_on(targets[0], motion)
    return starts(has_lasted(lying) & motion.standing & ~lying, 0.0)[:1] if lying.any() else []


LIE_ON: Final = ActionSpec(
    name=ActionName("lie on"),
    perform=lie_on,
    find_targets=find_beds,
    seconds=6.6,
    detect=lay_on,
    reach=UNDER_BODY,
    extent=Extent(starts_rest=lying_on),
    phrases=Phrases(
        general=("get down",),
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
    hard_negatives=HardNegativeRules(suits=is_bed),
)


GET_UP_FROM: Final = ActionSpec(
    name=ActionName("get up from"),
    perform=get_up_from,
    find_targets=find_beds,
    seconds=5.6,
    detect=got_up_from,
    reach=UNDER_BODY,
    extent=Extent(ends_rest=lying_on),
    phrases=Phrases(
        general=("get up",),
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
    hard_negatives=HardNegativeRules(suits=is_bed),
)
