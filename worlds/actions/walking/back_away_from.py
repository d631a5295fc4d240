"""Walk backwards away from an object."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.facing import off_heading
from worlds.actions.detecting.leaving import departure, forward_share
from worlds.actions.performing.actor import Actor, shuffle_to
from worlds.actions.spec import ActionSpec, Extent, Phrases, Sampling, Tail
from worlds.actions.walking.beside import is_beside, near_free_floor, start_beside
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.people.gait import Stand
from worlds.types import ActionName, Targets

BACKING: Final = (0.62, 0.95)  # metres
LEAST_FARTHER: Final = 0.55  # metres from the object
STEP_PERIOD: Final = 0.5  # seconds
ARRIVED_SECONDS: Final = (0.4, 0.7)  # of standing at the end
BACKED: Final = 0.5  # metres farther than before
FACING_ANGLE: Final = np.pi / 3
FACING_SHARE: Final = 0.9  # of the frames
BACKWARD: Final = -0.5  # share of the path that was walked forwards, at most


def back_away_from(actor: Actor, targets: Targets, is_last: bool) -> bool:
    """From standing in front of the object walk backwards in small steps, still facing it."""
    target = targets[0]
    if actor.timeline is None and not start_beside(actor, target, turn=0.0):
        return False
    timeline = actor.timeline
    if timeline is None or timeline.seat is not None or not is_beside(actor, target):
        return False
    here = np.array([timeline.stand.x, timeline.stand.y])
    ahead = np.array([-np.sin(timeline.stand.yaw), np.cos(timeline.stand.yaw)])
    behind = here - ahead * np.linspace(0.0, actor.draw(BACKING), 12)[:, None]
    farther = target.distance(behind[-1:])[0] - target.distance(here[None])[0]
    if not actor.floor.is_walkable(behind).all() or farther < LEAST_FARTHER:
        return False
    goal = Stand(float(behind[-1, 0]), float(behind[-1, 1]), timeline.stand.yaw)
    shuffle_to(actor, timeline, goal, period=STEP_PERIOD * actor.tempo, gait=0.2)
    timeline.wait(actor.seconds(ARRIVED_SECONDS))
    return True


def backed_away(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """From standing near the object the body has walked backwards, facing it all the time."""
    left = departure(motion, targets[0], BACKED)
    if left is None:
        return []
    start, end, _ = left
    facing = (off_heading(targets[0], motion)[start : end + 1] < FACING_ANGLE).mean() > FACING_SHARE
    return [end] if facing and forward_share(motion, start, end) < BACKWARD else []


BACK_AWAY_FROM: Final = ActionSpec(
    name=ActionName("back away from"),
    perform=back_away_from,
    find_targets=near_free_floor,
    seconds=3.0,
    detect=backed_away,
    extent=Extent(is_walk=True),
    phrases=Phrases(
        general=("walk",),
        named=(
            "~back away from {o}",
            "~step backwards from {o}",
            "~walk backwards away from {o}",
            "~back off from {o}",
            "~retreat backwards from {o}",
            "~take a few steps back from {o}",
        ),
        bare=(
            "~back away",
            "~walk backwards",
            "~take a few steps back",
            "~back off from something",
        ),
        tail=Tail("backing away from {o}", rank=10),
    ),
    sampling=Sampling(weight=0.8, starts_at_target=True),
)
