"""Walk away from an object."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.facing import off_heading
from worlds.actions.detecting.leaving import departure, forward_share
from worlds.actions.performing.actor import Actor, free_place, walk_along
from worlds.actions.spec import ActionSpec, Phrases, Sampling, Tail
from worlds.actions.walking.beside import near_free_floor, start_beside
from worlds.checker.kinematics import Seen
from worlds.checker.relations import Plan
from worlds.people.paths import distances, route
from worlds.types import ActionName, Targets

LEAVING: Final = (1.45, 3.0)  # metres gone away from an object
GONE: Final = 1.2  # metres farther, and away in all; metres farther backwards
GONE_TO: Final = 1.5  # metres farther, and away in all; metres farther backwards


def walk_away_from(actor: Actor, things: Targets, last: bool) -> bool:
    """From standing beside the object walk off, and stop with the back to it."""
    thing = things[0]
    if actor.line is None and not start_beside(actor, thing, turn=float(actor.rng.uniform(-np.pi, np.pi))):
        return False
    if actor.line is None or actor.line.lying or thing.distance(free_place(actor)[None])[0] > 0.7:
        return False
    here = free_place(actor)
    field = distances(actor.floor, here)
    cells = np.argwhere(field < 1.4 * LEAVING[1])
    points = actor.floor.to_points(cells)
    gone = thing.distance(points) - thing.distance(here[None])[0]
    points = points[(gone > LEAVING[0]) & (gone < LEAVING[1])]
    if not len(points):
        return False
    goal = points[int(actor.rng.integers(len(points)))]
    path = route(actor.floor, distances(actor.floor, goal), here, goal)
    if path is None:
        return False
    walk_along(actor, path)
    actor.line.wait(actor.seconds(0.3, 0.6))
    return True


def walked_away(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """From standing near the object the body has walked forwards to well away from it, and stays there."""
    left = departure(seen, things[0], GONE)
    if left is None:
        return []
    start, end, away = left
    stays = (away[end:] > GONE_TO).all() and off_heading(things[0], seen)[end] > np.pi / 2
    return [end] if stays and forward_share(seen, start, end) > 0.5 else []


WALK_AWAY_FROM: Final = ActionSpec(
    name=ActionName("walk away from"),
    perform=walk_away_from,
    find_targets=near_free_floor,
    seconds=1.2,
    detect=walked_away,
    phrases=Phrases(
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
