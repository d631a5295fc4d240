"""Walk past an object."""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from worlds.actions.detecting.paths import MOVING, toward_object, walked_path
from worlds.actions.passing.walk_by import walk_by
from worlds.actions.performing.actor import Actor, Setting
from worlds.actions.performing.spots import beside
from worlds.actions.spec import ActionSpec, Extent, HardNegativeRules, Phrases, Sampling, Tail
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.types import ActionName, Targets

TRIES: Final = 10
FEWEST_SPOTS: Final = 6
COME_FROM: Final = 0.6  # metres walked before and after the object
PASSED: Final = (0.05, 1.2)  # metres to the object where it is nearest
FARTHER: Final = 0.25  # metres that it is farther before and after
BESIDE: Final = np.radians(50)  # angle between the path and the object, at least


def walk_past(actor: Actor, targets: Targets, is_last: bool) -> bool:
    """Walk past the object without stopping, from well before it to well after it."""
    spots = beside(actor.room, targets[0], actor.floor)
    if not len(spots):
        return False
    for index in actor.rng.permutation(len(spots))[:TRIES]:
        yaw = spots.yaws[index] + (np.pi / 2 if actor.rng.random() < 0.5 else -np.pi / 2)
        if walk_by(actor, spots.points[index], np.array([-np.sin(yaw), np.cos(yaw)]), targets[0]):
            return True
    return False


def find_passable(setting: Setting) -> list[tuple[int, ...]]:
    """Objects with several spots beside them."""
    room, floor = setting.room, setting.floor
    return [(object_.id,) for object_ in room.objects if len(beside(room, object_, floor)) > FEWEST_SPOTS]


def walked_past(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The body walks past the object without stopping, the object at its side and farther before and after."""
    near = targets[0].distance(motion.pelvis)
    if near.min() > PASSED[1]:
        return []
    length, direction = walked_path(motion)
    toward = toward_object(targets[0], motion)
    aside = np.abs((toward * direction).sum(axis=1)) < np.cos(BESIDE) * np.maximum(near, 1e-9)
    lowest = (near <= np.roll(near, 1)) & (near <= np.roll(near, -1))
    in_range = (near < PASSED[1]) & (near > PASSED[0])
    passing = lowest & aside & in_range & (motion.speed > MOVING) & motion.standing
    return [int(frame) for frame in np.flatnonzero(passing) if _walks_on(motion, near, length, int(frame))][:1]


def _walks_on(motion: MotionKinematics, near: DoubleArray, length: DoubleArray, frame: int) -> bool:
    """Whether the walk goes on without a stop from well before the frame to well after it, farther at both ends."""
    stops = np.flatnonzero(motion.speed < MOVING / 2)
    first = int(stops[stops < frame].max(initial=-1)) + 1
    last = int(stops[stops > frame].min(initial=len(motion)))
    walked = min(length[frame] - length[first], length[last - 1] - length[frame])
    return bool(walked > COME_FROM and min(near[first:frame].max(), near[frame:last].max()) > near[frame] + FARTHER)


WALK_PAST: Final = ActionSpec(
    name=ActionName("walk past"),
    perform=walk_past,
    find_targets=find_passable,
    seconds=1.0,
    detect=walked_past,
    extent=Extent(is_walk=True),
    phrases=Phrases(
        general=("walk",),
        named=(
            "~walk past {o}",
            "~go past {o}",
            "~pass {o}",
            "~walk by {o} without stopping",
            "~pass by {o}",
            "~move past {o}",
            "~stride past {o}",
        ),
        bare=(
            "~walk past something",
            "~pass something",
            "~go past something without stopping",
        ),
        tail=Tail("past {o}", rank=7),
    ),
    sampling=Sampling(hands="any"),
    hard_negatives=HardNegativeRules(incidental=True),
)
