"""Walk past an object."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.paths import MOVING, toward_object, walked_path
from worlds.actions.passing.walk_by import walk_by
from worlds.actions.performing.actor import Actor, Setting
from worlds.actions.performing.spots import beside
from worlds.actions.spec import ActionSpec, HardNegativeRules, Phrases, Sampling, Tail
from worlds.checker.kinematics import Seen
from worlds.checker.relations import Plan
from worlds.types import ActionName, Array, Targets

TRIES: Final = 10
COME_FROM: Final = 0.6  # metres at the closest; metres walked before and after
PASSED: Final = 1.2  # metres at the closest; metres walked before and after
FARTHER: Final = 0.25  # metres that the object is farther before and after
BESIDE: Final = np.radians(50)  # least angle between the way and the object that it passes


def walk_past(actor: Actor, things: Targets, last: bool) -> bool:
    """Walk by the object without stopping: from well before it to well after it."""
    spots = beside(actor.room, things[0], actor.floor)
    if not len(spots):
        return False
    for index in actor.rng.permutation(len(spots))[:TRIES]:
        yaw = spots.yaws[index] + (np.pi / 2 if actor.rng.random() < 0.5 else -np.pi / 2)
        if walk_by(actor, spots.points[index], np.array([-np.sin(yaw), np.cos(yaw)]), things[0]):
            return True
    return False


def _passable(setting: Setting) -> list[tuple[int, ...]]:
    return [(thing.id,) for thing in setting.room.objects if len(beside(setting.room, thing, setting.floor)) > 6]


def walked_past(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """The body goes by the object without stopping, from farther off to farther off, the object at its side."""
    near = things[0].distance(seen.pelvis)
    if near.min() > PASSED:
        return []
    length, direction = walked_path(seen)
    toward = toward_object(things[0], seen)
    aside = np.abs((toward * direction).sum(axis=1)) < np.cos(BESIDE) * np.maximum(near, 1e-9)
    lowest = (near <= np.roll(near, 1)) & (near <= np.roll(near, -1))
    by = lowest & aside & (near < PASSED) & (near > 0.05) & (seen.speed > MOVING) & seen.standing
    return [int(frame) for frame in np.flatnonzero(by) if _goes_by(seen, near, length, int(frame))][:1]


def _goes_by(seen: Seen, near: Array, length: Array, frame: int) -> bool:
    """Whether the walk goes on without a stop from well before the frame to well after it, farther off at both ends."""
    stops = np.flatnonzero(seen.speed < MOVING / 2)
    first = int(stops[stops < frame].max(initial=-1)) + 1
    last = int(stops[stops > frame].min(initial=len(seen)))
    walked = min(length[frame] - length[first], length[last - 1] - length[frame])
    return bool(walked > COME_FROM and min(near[first:frame].max(), near[frame:last].max()) > near[frame] + FARTHER)


WALK_PAST: Final = ActionSpec(
    name=ActionName("walk past"),
    perform=walk_past,
    find_targets=_passable,
    seconds=1.0,
    detect=walked_past,
    phrases=Phrases(
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
