"""Turn to an object."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.facing import off_heading
from worlds.actions.facing.from_afar import seen_from_afar
from worlds.actions.performing.actor import Actor, get_up
from worlds.actions.performing.spots import heading
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import FROM_AFAR, ActionSpec, HardNegativeRules, Phrases, Sampling, Tail
from worlds.checker.kinematics import FPS, Seen, starts
from worlds.checker.relations import Plan
from worlds.people.curves import wrapped
from worlds.people.gait import Stand, shuffle
from worlds.types import ActionName, Array, PlacedObject, Targets

TURNED: Final = (np.radians(75), np.radians(170))  # from an object, before a body turns to it
TURNED_FROM: Final = np.radians(60)
TURNED_TO: Final = np.radians(20)
TURN_REACH: Final = 5.0  # metres to what a body turns to
ON_THE_SPOT: Final = 0.5  # metres, seconds
TURN_TIME: Final = 4.0  # metres, seconds


def turn_to(actor: Actor, things: Targets, last: bool) -> bool:
    """On one spot, turn until the object is ahead."""
    thing = things[0]
    if actor.line is None:
        points = actor.floor.reachable_points()
        points = points[(thing.distance(points) > 0.5) & (thing.distance(points) < 3.5)]
        if not len(points):
            return False
        x, y = points[int(actor.rng.integers(len(points)))]
        away = float(actor.rng.uniform(*TURNED)) * (1 if actor.rng.random() < 0.5 else -1)
        actor.line = Timeline(actor.body, Stand(float(x), float(y), _yaw_to(np.array([x, y]), thing) + away))
        actor.line.wait(actor.seconds(0.4, 0.8))
    line = actor.line
    if line.lying:
        return False
    get_up(actor)
    goal = Stand(line.stand.x, line.stand.y, _yaw_to(np.array([line.stand.x, line.stand.y]), thing))
    if abs(float(wrapped(goal.yaw - line.stand.yaw))) < TURNED[0]:
        return False
    line.take(shuffle(line.stand, goal, actor.body, start=line.now, period=0.45 * actor.tempo), goal, gait=0.1)
    line.move("gait", line.now - 0.1, line.now + 0.2, 0.0)
    line.wait(actor.seconds(0.7, 1.1))
    return True


def _yaw_to(point: Array, thing: PlacedObject) -> float:
    return float(heading(np.array(thing.position[:2]) - point))


def turned_to(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """On one spot the body has turned from elsewhere until the object is ahead."""
    angle = off_heading(things[0], seen)
    ahead = starts((angle < TURNED_TO) & seen.standing & (things[0].distance(seen.pelvis) < TURN_REACH))
    found, memory = [], round(TURN_TIME * FPS)
    for frame in ahead:
        before = np.flatnonzero(
            (angle[max(0, frame - memory) : frame] > TURNED_FROM) & seen.standing[max(0, frame - memory) : frame]
        )
        if len(before):
            since = max(0, frame - memory) + int(before[-1])
            away = np.linalg.norm(seen.pelvis[since : frame + 8, :2] - seen.pelvis[since, :2], axis=1).max()
            if away < ON_THE_SPOT:
                found.append(frame)
    return found


TURN_TO: Final = ActionSpec(
    name=ActionName("turn to"),
    perform=turn_to,
    find_targets=seen_from_afar,
    seconds=2.6,
    detect=turned_to,
    reach=FROM_AFAR,
    phrases=Phrases(
        named=(
            "~turn to {o}",
            "~turn towards {o}",
            "~turn to face {o}",
            "~turn on the spot to {o}",
            "~swing round to {o}",
            "~rotate towards {o}",
        ),
        bare=(
            "~turn to something",
            "~turn to face something",
            "~turn towards something",
        ),
        tail=Tail("turning to {o}", rank=11),
        tells_walk=False,
    ),
    sampling=Sampling(weight=0.8, hands="any"),
    hard_negatives=HardNegativeRules(incidental=True),
)
