"""Walk backwards away from an object."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.facing import off_heading
from worlds.actions.detecting.leaving import departure, forward_share
from worlds.actions.performing.actor import Actor, free_place
from worlds.actions.spec import ActionSpec, Phrases, Sampling, Tail
from worlds.actions.walking.beside import near_free_floor, start_beside
from worlds.checker.kinematics import Seen
from worlds.checker.relations import Plan
from worlds.people.gait import Stand, shuffle
from worlds.types import ActionName, Targets

BACKING: Final = (0.62, 0.95)  # metres gone backwards
BACKED: Final = 0.5  # metres farther, and away in all; metres farther backwards


def back_away_from(actor: Actor, things: Targets, last: bool) -> bool:
    """From standing before the object go backwards in small steps, still facing it."""
    thing = things[0]
    if actor.line is None and not start_beside(actor, thing, turn=0.0):
        return False
    line = actor.line
    if line is None or line.seat is not None or thing.distance(free_place(actor)[None])[0] > 0.7:
        return False
    here = np.array([line.stand.x, line.stand.y])
    ahead = np.array([-np.sin(line.stand.yaw), np.cos(line.stand.yaw)])
    far = float(actor.rng.uniform(*BACKING))
    behind = here - ahead * np.linspace(0.0, far, 12)[:, None]
    if (
        not actor.floor.is_walkable(behind).all()
        or thing.distance(behind[-1:])[0] - thing.distance(here[None])[0] < 0.55
    ):
        return False
    goal = Stand(float(behind[-1, 0]), float(behind[-1, 1]), line.stand.yaw)
    line.take(shuffle(line.stand, goal, actor.body, start=line.now, period=0.5 * actor.tempo), goal, gait=0.2)
    line.move("gait", line.now - 0.1, line.now + 0.2, 0.0)
    line.wait(actor.seconds(0.4, 0.7))
    return True


def backed_away(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """From standing near the object the body has gone backwards, facing it all the time."""
    left = departure(seen, things[0], BACKED)
    if left is None:
        return []
    start, end, _ = left
    facing = (off_heading(things[0], seen)[start : end + 1] < np.pi / 3).mean() > 0.9
    return [end] if facing and forward_share(seen, start, end) < -0.5 else []


BACK_AWAY_FROM: Final = ActionSpec(
    name=ActionName("back away from"),
    perform=back_away_from,
    find_targets=near_free_floor,
    seconds=3.0,
    detect=backed_away,
    phrases=Phrases(
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
