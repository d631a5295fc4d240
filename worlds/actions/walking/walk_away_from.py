"""Walk away from an object."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.facing import off_heading
from worlds.actions.detecting.leaving import departure, forward_share
from worlds.actions.performing.actor import Actor, free_place, walk_along
from worlds.actions.spec import ActionSpec, Extent, Phrases, Sampling, Tail
from worlds.actions.walking.beside import is_beside, near_free_floor, start_beside
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.people.paths import distances, route
from worlds.types import ActionName, Targets

LEAVING: Final = (1.45, 3.0)  # metres farther from the object at the end
FARTHEST_CELL: Final = 1.4  # longest path, of the largest distance
ARRIVED_SECONDS: Final = (0.3, 0.6)  # of standing at the end
GONE, GONE_TO = 1.2, 1.5  # metres farther than before, and from the object
FORWARD: Final = 0.5  # share of the path that was walked forwards


def walk_away_from(actor: Actor, targets: Targets, is_last: bool) -> bool:
    """From standing beside the object walk off, and stop with the back to it."""
    target = targets[0]
    if actor.timeline is None and not start_beside(actor, target, turn=actor.draw((-np.pi, np.pi))):
        return False
    if actor.timeline is None or actor.timeline.lying or not is_beside(actor, target):
        return False
    here = free_place(actor)
    cells = np.argwhere(distances(actor.floor, here) < FARTHEST_CELL * LEAVING[1])
    points = actor.floor.to_points(cells)
    farther = target.distance(points) - target.distance(here[None])[0]
    points = points[(farther > LEAVING[0]) & (farther < LEAVING[1])]
    if not len(points):
        return False
    goal = points[int(actor.rng.integers(len(points)))]
    path = route(actor.floor, distances(actor.floor, goal), here, goal)
    if path is None:
        return False
    walk_along(actor, path).wait(actor.seconds(ARRIVED_SECONDS))
    return True


def walked_away(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """From standing near the object the body has walked forwards until it is far away, and stays there."""
    left = departure(motion, targets[0], GONE)
    if left is None:
        return []
    start, end, away = left
    stays = (away[end:] > GONE_TO).all() and off_heading(targets[0], motion)[end] > np.pi / 2
    return [end] if stays and forward_share(motion, start, end) > FORWARD else []


WALK_AWAY_FROM: Final = ActionSpec(
    name=ActionName("walk away from"),
    perform=walk_away_from,
    find_targets=near_free_floor,
    seconds=1.2,
    detect=walked_away,
    extent=Extent(is_walk=True),
    phrases=Phrases(
        general=("walk",),
        named=(
            "~walk away from {o}",
            "~move away from {o}",
            "~go away from {o}",
            "~turn {your} back on {o} and ~walk off",
            "~walk off from {o}",
            "~head away from {o}",
            "~depart from {o}",
        ),
        bare=(
            "~walk away from something",
            "~walk off",
            "~move away from something",
            "~turn and ~walk off",
        ),
        tail=Tail("away from {o}", rank=9),
    ),
    sampling=Sampling(weight=0.9, starts_at_target=True),
)
