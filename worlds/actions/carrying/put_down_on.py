"""Put something down on an object."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from monster.arrays import BoolArray
from worlds.actions.carrying.arms import CARRY_TIME, GRASP_SECONDS, LIFT_TIME, carrying_arm
from worlds.actions.detecting.tops import over_top
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.keyframes import ARM_AT_REST, ARMS, Keyframe, Posture
from worlds.actions.performing.places import Edge, draw_ending, get_to, in_room, stands_at_top, top_edges
from worlds.actions.performing.reaching import DOWN, Reach, bring_hands, end_reach, find_hold
from worlds.actions.performing.timeline import Timeline
from worlds.actions.performing.tops import find_tops, has_top, has_top_at
from worlds.actions.spec import ActionSpec, HardNegativeRules, Phrases, Sampling
from worlds.geometry.kinematics import FPS, MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.people.body import SIDES, Body
from worlds.people.gait import Stand
from worlds.types import ActionName, PlacedObject, Targets

# Distances in metres.
IMAGINED_LOAD: Final = 0.34  # between the wrists that carry something from the start
SET_DOWN: Final = 0.11  # from the top to the wrists
INWARD: Final = (0.1, 0.2)  # from the edge of the top
TOP_HEIGHT: Final = (0.3, 1.3)
REACH_SECONDS: Final = (0.85, 1.05)
ARRIVED_SECONDS: Final = 0.05
HOLD_SECONDS: Final = (0.2, 0.28)  # longer would be leaning on the object
END_SECONDS: Final = 0.1
SET_DOWN_HEIGHT: Final = 0.15  # of the wrists over the top
RIM: Final = 0.05
STILL: Final = 0.5  # metres a second of the wrists
STILL_TIME: Final = 0.1  # seconds
EMPTY_TIME: Final = 0.3  # seconds
LOOK_AHEAD: Final = 2.0  # seconds in which nothing is carried


def put_down_on(actor: Actor, targets: Targets, is_last: bool) -> bool:
    """Carry something to the object's top, set it down there and take the hands away."""
    target = targets[0]
    if not has_top_at(target, TOP_HEIGHT) or not _may_carry(actor):
        return False
    apart = actor.load or IMAGINED_LOAD
    edges = top_edges(target, least=apart)
    inward = actor.draw(INWARD)
    options = []
    for index in actor.rng.permutation(len(edges)):
        posture = partial(_over_top, body=actor.body, target=target, edge=edges[index], at=(apart, inward))
        options.append((stands_at_top(target, edges[index], actor.floor), posture))
    reached = get_to(actor, options)
    if reached is None:
        return False
    timeline, reach = reached
    seconds = actor.seconds(REACH_SECONDS)
    if not actor.carrying:
        _carry_from_the_start(timeline, apart)
    timeline.wait(ARRIVED_SECONDS)
    bring_hands(timeline, reach, seconds=seconds)
    timeline.wait(actor.draw(HOLD_SECONDS))
    timeline.play([Keyframe(Posture(arms=ARM_AT_REST, carrying=0.0), start=-GRASP_SECONDS, at=0.0)])
    actor.load = 0.0
    end_reach(timeline, draw_ending(actor, is_last, stays=0.0), seconds=seconds)
    timeline.wait(END_SECONDS if is_last else 0.0)
    return True


def _carry_from_the_start(timeline: Timeline, apart: float) -> None:
    """Rewrite the arms since the start: they carry something."""
    for arm in ARMS:
        timeline.set(arm, 0.0, *carrying_arm(timeline.body, apart))
    timeline.set("carrying", 0.0, 1.0)


def _may_carry(actor: Actor) -> bool:
    """Whether the body carries something, or may have done so from the start: it has done nothing but walk."""
    timeline = actor.timeline
    return actor.carrying or timeline is None or (timeline.untouched(ARMS[0]) and timeline.untouched("reach"))


def _over_top(stand: Stand, *, body: Body, target: PlacedObject, edge: Edge, at: tuple[float, float]) -> Reach | None:
    """Both wrists over the object's top; ``at`` says how far apart they are, and how far from the edge."""
    if target.top is None:
        return None
    apart, inward = at
    places = in_room(target, edge, [(sign * apart / 2, inward, target.top[4] + SET_DOWN) for sign in SIDES])
    return find_hold(body, stand, dict(enumerate(places)), limits=DOWN)


def put_down(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """Both hands of a body that carried something are at the object's top, then leave it and carry nothing."""
    target = targets[0]
    if target.top is None or not motion.carrying.any():
        return []
    down = np.asarray(over_top(target, motion, RIM, high=SET_DOWN_HEIGHT).all(axis=1))
    if not down.any():
        return []
    carried = starts(motion.carrying & ~down, CARRY_TIME)
    set_down = []
    for start in starts(down & (motion.wrist_speed.max(axis=1) < STILL), STILL_TIME):
        recent = motion.carrying[max(start - round(LIFT_TIME * FPS), 0) : start]
        if recent.any() and carried and carried[0] < start and _leave_empty(motion, down, start):
            set_down.append(start)
    return set_down


def _leave_empty(motion: MotionKinematics, down: BoolArray, start: int) -> bool:
    """Whether the hands leave the top and then carry nothing."""
    after = np.flatnonzero(~down[start:])
    if not len(after):
        return False
    rest = motion.carrying[start + after[0] :]
    return len(rest) >= EMPTY_TIME * FPS and not starts(rest[: round(LOOK_AHEAD * FPS)], CARRY_TIME)


PUT_DOWN_ON: Final = ActionSpec(
    name=ActionName("put down on"),
    perform=put_down_on,
    find_targets=find_tops(TOP_HEIGHT, IMAGINED_LOAD),
    seconds=4.8,
    detect=put_down,
    touches=True,
    phrases=Phrases(
        named=(
            "~put something down on {o}",
            "~set something down on {o}",
            "~place what {they} carry on {o}",
            "~lay something on {o}",
            "~lower something onto {o}",
            "~put a load down on {o} with both hands",
        ),
        bare=(
            "~put something down",
            "~set something down",
            "~put a load down with both hands",
        ),
    ),
    sampling=Sampling(weight=0.8, hands="empty"),
    hard_negatives=HardNegativeRules(suits=has_top),
)
