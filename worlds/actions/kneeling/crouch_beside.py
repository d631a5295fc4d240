"""Crouch beside an object."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.contact import seated_on
from worlds.actions.kneeling.low import find_low_enough, go_before, is_before, straighten
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.feet import aside
from worlds.actions.performing.keyframes import ArmAngles, Posture, SpineAngles
from worlds.actions.spec import ActionSpec, Phrases, Sampling
from worlds.geometry.kinematics import MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.types import ActionName, Targets

CROUCH_HEIGHT: Final = 0.42  # of the hips over the ankles, of a leg
CROUCH_BACK: Final = 0.1  # metres of the pelvis behind the stand
CROUCH_LEAN: Final = 0.5  # radians
CROUCH_SPINE: Final = SpineAngles(bend=0.35)
HANDS_ON_KNEES: Final = ArmAngles(swing=0.75, raised=0.1, twist=0.25, elbow=0.55)
DOWN_SECONDS: Final = (0.9, 1.2)
HOLD_SECONDS: Final = (0.7, 1.2)
RISE_SECONDS: Final = (0.9, 1.1)
RISES: Final = 0.5  # probability of rising at the end
CROUCHED: Final = 0.62  # of the pelvis above the ankles, of a leg
KNEES_OFF: Final = 0.2  # metres of the knees over the floor
UNDER: Final = 0.35  # metres on the floor plan between the pelvis and the feet
ANKLES_DOWN: Final = 0.25  # metres of the ankles over the floor


def crouch_beside(actor: Actor, targets: Targets, is_last: bool) -> bool:
    """Walk to the object and crouch in front of it, feet flat."""
    timeline = go_before(actor, targets[0])
    if timeline is None:
        return False
    body = timeline.body
    crouching = Posture(
        height=body.ankle_height + CROUCH_HEIGHT * body.leg + body.hip_drop,
        place=aside(timeline, 0.0, -CROUCH_BACK),
        lean=CROUCH_LEAN,
        spine=CROUCH_SPINE,
        arms=HANDS_ON_KNEES,
    )
    timeline.reach(crouching, seconds=actor.seconds(DOWN_SECONDS))
    timeline.wait(actor.seconds(HOLD_SECONDS))
    if not is_last or actor.rng.random() < RISES:
        seconds = actor.seconds(RISE_SECONDS)
        straighten(timeline, seconds)
        timeline.wait(seconds)
    return True


def crouched_beside(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """Low over both feet, knees off the floor, in front of the object, and not on a seat."""
    ankles, knees = motion.pair("ankle"), motion.pair("knee")
    low = motion.pelvis[:, 2] - ankles[..., 2].min(axis=1) < CROUCHED * motion.leg
    over_feet = np.linalg.norm((ankles.mean(axis=1) - motion.pelvis)[:, :2], axis=1) < UNDER
    knees_off = knees[..., 2].min(axis=1) > KNEES_OFF
    state = low & over_feet & knees_off & motion.upright & (ankles[..., 2].max(axis=1) < ANKLES_DOWN)
    if not state.any():
        return []
    state &= is_before(targets[0], motion)
    for object_ in floor_plan.room.objects if state.any() else ():
        if object_.seats:
            state &= ~seated_on(object_, motion)
    return starts(state)


CROUCH_BESIDE: Final = ActionSpec(
    name=ActionName("crouch beside"),
    perform=crouch_beside,
    find_targets=find_low_enough,
    seconds=3.2,
    detect=crouched_beside,
    phrases=Phrases(
        general=("get down",),
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
