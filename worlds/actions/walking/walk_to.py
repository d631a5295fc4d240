"""Walk to an object."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.facing import faces
from worlds.actions.performing.actor import SHORTEST_WALK, Actor, choose, go
from worlds.actions.performing.spots import beside
from worlds.actions.spec import ActionSpec, Extent, HardNegativeRules, Phrases, Sampling, Tail
from worlds.actions.walking.beside import near_free_floor
from worlds.geometry.kinematics import STOP_SPEED, MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.types import ActionName, Targets

ARRIVED_SECONDS: Final = (0.5, 0.9)  # of standing at the end
STOP_DISTANCE: Final = 0.75  # metres to the object, at most
LEAST_WALK: Final = 0.8  # metres within the last seconds before the arrival


def walk_to(actor: Actor, targets: Targets, is_last: bool) -> bool:
    """Walk to the object and stop in front of it, facing it. False if there is no path, or none long enough."""
    before = actor.timeline.stand if actor.timeline else None
    goal = choose(actor, beside(actor.room, targets[0], actor.floor))
    timeline = None if goal is None else go(actor, goal, goal)
    if goal is None or timeline is None:
        return False
    timeline.wait(actor.seconds(ARRIVED_SECONDS))
    return before is None or np.hypot(goal.x - before.x, goal.y - before.y) >= SHORTEST_WALK


def walked_to(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The body stops near the object after a walk, facing it, nearer to it than to any other of its category."""
    target = targets[0]
    near = target.distance(motion.pelvis)
    close = (near < STOP_DISTANCE) & (motion.speed < STOP_SPEED) & motion.standing
    close &= motion.recent_path_length > LEAST_WALK
    if not close.any():
        return []
    for other in floor_plan.by_category[target.category]:
        if other.id != target.id:
            close &= near < other.distance(motion.pelvis)
    return starts(close & faces(target, motion))


WALK_TO: Final = ActionSpec(
    name=ActionName("walk to"),
    perform=walk_to,
    find_targets=near_free_floor,
    seconds=1.8,
    detect=walked_to,
    extent=Extent(is_walk=True),
    phrases=Phrases(
        general=("walk",),
        named=(
            "~walk to {o}",
            "~walk over to {o}",
            "~go to {o}",
            "~go over to {o}",
            "~head to {o}",
            "~walk up to {o}",
            "~move to {o}",
            "~step over to {o}",
            "~approach {o}",
            "~make for {o}",
        ),
        bare=(
            "~walk across the room",
            "~walk through the room",
            "~walk somewhere and ~stop",
            "~walk a few steps",
        ),
        tail=Tail("up to {o}", rank=6),
    ),
    sampling=Sampling(weight=1.6, needs_new_target=True, hands="any"),
    hard_negatives=HardNegativeRules(incidental=True),
)
