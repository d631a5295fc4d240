"""Reach for an object."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from monster.arrays import BoolArray, DoubleArray
from worlds.actions.detecting.wrists import WRIST_REACH, handle_distance, wrist_distance
from worlds.actions.performing.actor import Actor, Setting
from worlds.actions.performing.places import draw_ending, draw_side, get_to
from worlds.actions.performing.reaching import find_reach, reach_and_hold
from worlds.actions.performing.spots import within_reach
from worlds.actions.spec import ActionSpec, HardNegativeRules, Phrases, Sided
from worlds.geometry.kinematics import MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.rooms.floor import WalkableMap
from worlds.types import ActionName, PlacedObject, Targets

REACH_SECONDS: Final = (0.75, 0.95)
HOLD_SECONDS: Final = (0.6, 0.8)
END_SECONDS: Final = (0.2, 0.4)
REACH_SPEED: Final = 0.4  # metres a second of the wrist: a wiping or knocking hand is faster


def reach_for(actor: Actor, targets: Targets, is_last: bool) -> bool:
    """Walk to one of the object's handles and put a hand to it."""
    target, side = targets[0], draw_side(actor)
    if actor.carrying:
        return False
    options = []
    for handle in actor.rng.permutation(_handles(target)):
        posture = partial(find_reach, actor.body, handle=handle, side=side)
        options.append((within_reach(target, handle, actor.floor), posture))
    reached = get_to(actor, options)
    if reached is None:
        return False
    timeline, reach = reached
    ending = draw_ending(actor, is_last)
    seconds = actor.seconds(REACH_SECONDS)
    reach_and_hold(timeline, reach, seconds=seconds, hold=actor.seconds(HOLD_SECONDS), then=ending)
    if is_last:
        timeline.wait(actor.seconds(END_SECONDS))
    return True


def _handles(target: PlacedObject) -> DoubleArray:
    """The handles (n, 3) in the room."""
    return target.to_room(np.array(target.handles).reshape(-1, 3))


def find_handles(setting: Setting) -> list[tuple[int, ...]]:
    """Objects with a handle and free floor before it."""
    return [(object_.id,) for object_ in setting.room.objects if _is_reachable(object_, setting.floor)]


def _is_reachable(target: PlacedObject, floor: WalkableMap) -> bool:
    return any(len(within_reach(target, handle, floor)) for handle in _handles(target))


def reached_for(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """One wrist of the standing body is at a handle of the object, nearer than to any other of its category."""
    one = _reaching(motion, targets[0], floor_plan)
    return starts(one.any(axis=1) & motion.standing)


def reached_with(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan, side: int) -> list[int]:
    """Frames at which the hand of that side is at a handle."""
    return starts(_reaching(motion, targets[0], floor_plan)[:, side] & motion.standing)


def _reaching(motion: MotionKinematics, target: PlacedObject, floor_plan: FloorPlan) -> BoolArray:
    """Frames (frames, 2) in which one hand alone is at a handle of the object."""
    near = wrist_distance(motion, target, floor_plan, handle_distance) < WRIST_REACH
    if not near.any():
        return near
    one = near & ~motion.hanging & motion.hanging[:, ::-1] & (motion.wrist_speed < REACH_SPEED)
    return np.asarray(one)


def has_handles(target: PlacedObject) -> bool:
    """Whether a standing person can reach for the object."""
    return bool(target.handles)


REACH_FOR: Final = ActionSpec(
    name=ActionName("reach for"),
    perform=reach_for,
    find_targets=find_handles,
    seconds=4.2,
    detect=reached_for,
    touches=True,
    phrases=Phrases(
        general=("move an arm",),
        named=(
            "~reach for {o}",
            "~reach out to {o}",
            "~touch {o}",
            "~put a hand on {o}",
            "~walk to {o} and ~reach for it",
            "~stretch an arm out to {o}",
            "~go and ~touch {o}",
        ),
        bare=(
            "~reach out with one hand",
            "~reach for something",
            "~touch something",
            "~stretch an arm out",
        ),
    ),
    sided=Sided(
        reached_with,
        (
            "~reach for {o} with {hand}",
            "~touch {o} with {hand}",
            "~put {hand} on {o}",
            "~stretch {arm} out to {o}",
            "~reach out to {o} with {arm}",
            "~reach out with {hand}",
            "~touch something with {hand}",
            "~stretch {arm} out",
            "~reach for something with {hand}",
        ),
    ),
    hard_negatives=HardNegativeRules(suits=has_handles, incidental=True),
)
