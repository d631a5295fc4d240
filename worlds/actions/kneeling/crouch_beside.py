"""Crouch beside an object."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.contact import seated_on
from worlds.actions.kneeling.low import direction_ahead, go_before, is_before, low_beside, straighten
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.postures import ARMS
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import ActionSpec, Phrases, Sampling
from worlds.checker.kinematics import Seen, starts
from worlds.checker.relations import Plan
from worlds.types import ActionName, Targets

CROUCH_HEIGHT: Final = 0.42  # of a leg: height of the hips over the ankles
ON_KNEES: Final = (0.75, 0.1, 0.25, 0.55)  # arms of who crouches
KNEE_OFF: Final = 0.2  # metres above the floor
CROUCHED: Final = 0.62  # of a leg: the pelvis above the ankles
UNDER: Final = 0.35  # metres over the floor between the pelvis and the feet of who crouches


def crouch_beside(actor: Actor, things: Targets, last: bool) -> bool:
    """Walk to the object and crouch before it, feet flat."""
    line = go_before(actor, things[0])
    if line is None:
        return False
    body, t, d = line.body, line.now, actor.seconds(0.9, 1.2)
    ahead = direction_ahead(line)
    line.move("height", t, t + d, body.ankle_height + CROUCH_HEIGHT * body.leg + body.hip_drop)
    line.move("place", t, t + d, line.stand.x - 0.1 * ahead[0], line.stand.y - 0.1 * ahead[1])
    line.move("lean", t, t + d, 0.5)
    line.move("spine", t, t + d, 0.0, 0.35, 0.0)
    for arm in ARMS:
        line.move(arm, t, t + d, *ON_KNEES)
    line.now = t + d
    line.wait(actor.seconds(0.7, 1.2))
    if not last or actor.rng.random() < 0.5:
        _stand_up(line, actor.seconds(0.9, 1.1))
    return True


def _stand_up(line: Timeline, seconds: float) -> None:
    straighten(line, line.now, seconds)
    line.now += seconds


def crouched_beside(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """Low over both feet with the knees off the floor, before the object, and on nothing that one sits on."""
    ankles, knees = seen.pair("ankle"), seen.pair("knee")
    low = seen.pelvis[:, 2] - ankles[..., 2].min(axis=1) < CROUCHED * seen.leg
    feet = np.linalg.norm((ankles.mean(axis=1) - seen.pelvis)[:, :2], axis=1) < UNDER
    state = low & feet & (knees[..., 2].min(axis=1) > KNEE_OFF) & seen.upright & (ankles[..., 2].max(axis=1) < 0.25)
    if not state.any():
        return []
    state &= is_before(things[0], seen)
    for thing in plan.room.objects if state.any() else ():
        if thing.seats:
            state &= ~seated_on(thing, seen)
    return starts(state)


CROUCH_BESIDE: Final = ActionSpec(
    name=ActionName("crouch beside"),
    perform=crouch_beside,
    find_targets=low_beside,
    seconds=3.2,
    detect=crouched_beside,
    phrases=Phrases(
        named=(
            "~crouch beside {o}",
            "~crouch down next to {o}",
            "~crouch down by {o}",
            "~hunker down beside {o}",
            "~duck down beside {o}",
            "~go into a crouch next to {o}",
        ),
        bare=(
            "~crouch down",
            "~crouch",
            "~hunker down",
            "~duck down low",
        ),
    ),
    sampling=Sampling(weight=0.8),
)
