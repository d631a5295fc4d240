"""Turn to an object."""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from worlds.actions.detecting.facing import off_heading
from worlds.actions.facing.from_afar import seen_from_afar
from worlds.actions.performing.actor import Actor, get_up, shuffle_to
from worlds.actions.performing.spots import heading
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import FROM_AFAR, ActionSpec, HardNegativeRules, Phrases, Sampling, Sided, Tail
from worlds.geometry.kinematics import FPS, MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.people.body import SIDES
from worlds.people.curves import wrapped
from worlds.people.gait import Stand
from worlds.types import ActionName, PlacedObject, Targets

START_DISTANCE: Final = (0.5, 3.5)  # metres from the object
TURN: Final = (np.radians(75), np.radians(170))  # from the object, before the body turns to it
START_SECONDS: Final = (0.4, 0.8)
STEP_PERIOD: Final = 0.45  # seconds
FACED_SECONDS: Final = (0.7, 1.1)
TURNED_LEAST: Final = np.radians(30)  # of the hips, to that side
TURNED_FROM, TURNED_TO = np.radians(60), np.radians(20)  # between the heading and the object
TURN_REACH: Final = 5.0  # metres to the object
TURN_TIME: Final = 4.0  # seconds
ON_SPOT: Final = 0.5  # metres that the pelvis moves, at most
SETTLED_FRAMES: Final = 8


def turn_to(actor: Actor, targets: Targets, is_last: bool) -> bool:
    """On one spot, turn until the object is ahead."""
    target = targets[0]
    timeline = actor.timeline or _start_turned_away(actor, target)
    if timeline is None or timeline.lying:
        return False
    get_up(actor)
    here = timeline.stand
    goal = Stand(here.x, here.y, _yaw_to(np.array([here.x, here.y]), target))
    if abs(float(wrapped(goal.yaw - here.yaw))) < TURN[0]:
        return False
    shuffle_to(actor, timeline, goal, period=STEP_PERIOD * actor.tempo, gait=0.1)
    timeline.wait(actor.seconds(FACED_SECONDS))
    return True


def _start_turned_away(actor: Actor, target: PlacedObject) -> Timeline | None:
    """Begin anywhere near the object, with the object to the side or behind."""
    points = actor.floor.reachable_points()
    away = target.distance(points)
    points = points[(away > START_DISTANCE[0]) & (away < START_DISTANCE[1])]
    if not len(points):
        return None
    x, y = points[int(actor.rng.integers(len(points)))]
    turn = actor.draw(TURN) * (1 if actor.rng.random() < 0.5 else -1)
    actor.timeline = Timeline(actor.body, Stand(float(x), float(y), _yaw_to(np.array([x, y]), target) + turn))
    actor.timeline.wait(actor.seconds(START_SECONDS))
    return actor.timeline


def _yaw_to(point: DoubleArray, target: PlacedObject) -> float:
    return float(heading(np.array(target.position[:2]) - point))


def turned_to(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """On one spot the body has turned until the object is ahead."""
    return [frame for _, frame in _turns_to(motion, targets[0])]


def turned_to_from(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan, side: int) -> list[int]:
    """Frames at which the body has turned to the object over that side."""
    yaw = np.unwrap(np.arctan2(motion.heading[:, 1], motion.heading[:, 0]))
    turns = _turns_to(motion, targets[0])
    return [frame for since, frame in turns if -SIDES[side] * (yaw[frame] - yaw[since]) > TURNED_LEAST]


def _turns_to(motion: MotionKinematics, target: PlacedObject) -> list[tuple[int, int]]:
    """Frames at which the object is elsewhere for the last time before a turn, and at which it is ahead."""
    angle = off_heading(target, motion)
    ahead = starts((angle < TURNED_TO) & motion.standing & (target.distance(motion.pelvis) < TURN_REACH))
    turned = []
    for frame in ahead:
        first = max(0, frame - round(TURN_TIME * FPS))
        elsewhere = np.flatnonzero((angle[first:frame] > TURNED_FROM) & motion.standing[first:frame])
        if not len(elsewhere):
            continue
        since = first + int(elsewhere[-1])
        path = motion.pelvis[since : frame + SETTLED_FRAMES, :2]
        if np.linalg.norm(path - path[0], axis=1).max() < ON_SPOT:
            turned.append((since, frame))
    return turned


TURN_TO: Final = ActionSpec(
    name=ActionName("turn to"),
    perform=turn_to,
    find_targets=seen_from_afar,
    seconds=2.6,
    detect=turned_to,
    reach=FROM_AFAR,
    phrases=Phrases(
        general=("turn",),
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
    sided=Sided(
        turned_to_from,
        (
            "~turn {side} to {o}",
            "~turn {side} to face {o}",
            "~turn {side} towards {o}",
            "~turn {side}",
            "~rotate {side}",
            "~turn round {side}",
            "~turn {side} on the spot",
        ),
    ),
    sampling=Sampling(weight=0.8, hands="any"),
    hard_negatives=HardNegativeRules(incidental=True),
)
