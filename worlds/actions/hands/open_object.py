"""Open a door or drawer."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from worlds.actions.detecting.wrists import TOUCH_TIME, WRIST_REACH, grip_distance, wrist_distance
from worlds.actions.performing.actor import Actor, Setting
from worlds.actions.performing.keyframes import Keyframe, one_hand
from worlds.actions.performing.places import draw_ending, draw_side, front_edge, get_to, in_room, stands_before
from worlds.actions.performing.reaching import DOWN, Reach, bent, bring_hands, end_reach, find_hold
from worlds.actions.spec import ActionSpec, HardNegativeRules, Phrases, Sided
from worlds.geometry.kinematics import FPS, MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.people.body import Body
from worlds.people.gait import Stand
from worlds.types import ActionName, PlacedObject, Targets

# Distances in metres.
PULL: Final = (0.27, 0.4)
GRASP: Final = 0.05  # from a grip to the wrist of the hand that holds it
PULLED_TO: Final = (0.2, 0.26, 0.32, 0.38, 0.44)  # left between hand and body
STAYS_BENT: Final = 0.75  # of the lean to a grip, while it is pulled
REACH_SECONDS: Final = (0.75, 0.95)
GRASP_SECONDS, SHORTEST_GRASP = (0.3, 0.45), 0.25
PULL_SECONDS: Final = (0.8, 1.0)
HOLD_SECONDS, SHORTEST_HOLD = (0.4, 0.6), 0.35
END_SECONDS: Final = (0.2, 0.4)
BENT: Final = np.radians(17)  # of the trunk, above which a hanging arm may pull a drawer
STILL: Final = 0.25  # metres a second of the wrist
REST_TIME: Final = 1.5  # seconds after the touch in which the wrist comes to rest
PULLED: Final = (0.2, 0.6)
PULL_TIME: Final = 2.0  # seconds
ASTRAY: Final = 0.1  # of a pulling hand from the straight line


def open_object(actor: Actor, targets: Targets, is_last: bool) -> bool:
    """Walk to one of the object's grips, take it and pull it away from the object's front."""
    target, side = targets[0], draw_side(actor)
    if actor.carrying:
        return False
    pull = actor.draw(PULL)
    away = [pull + left for left in PULLED_TO]
    options = []
    for grip in actor.rng.permutation(np.array(target.grips).reshape(-1, 3)):
        posture = partial(_pulling, actor.body, target, grip, pull=pull, side=side)
        options.append((stands_before(target, front_edge(grip), actor.floor, away=away, side=side), posture))
    reached = get_to(actor, options)
    if reached is None:
        return False
    timeline, (grasp, pulled) = reached
    seconds = actor.seconds(REACH_SECONDS)
    bring_hands(timeline, grasp, seconds=seconds)
    timeline.wait(actor.seconds(GRASP_SECONDS, least=SHORTEST_GRASP))
    pull_seconds = actor.seconds(PULL_SECONDS)
    timeline.play([Keyframe(one_hand(side, pulled.wrists[side]), start=0.0, at=pull_seconds)])
    timeline.reach(bent(timeline, pulled.lean, pulled.drop), seconds=pull_seconds)
    timeline.wait(actor.seconds(HOLD_SECONDS, least=SHORTEST_HOLD))
    end_reach(timeline, draw_ending(actor, is_last), seconds=seconds)
    if is_last:
        timeline.wait(actor.seconds(END_SECONDS))
    return True


def _pulling(
    body: Body, target: PlacedObject, grip: DoubleArray, stand: Stand, *, pull: float, side: int
) -> tuple[Reach, Reach] | None:
    """The posture in which the hand takes the grip, and the one after it has pulled the grip to the body."""
    path = in_room(target, front_edge(grip), [(0.0, -GRASP, grip[2]), (0.0, -GRASP - pull, grip[2])])
    grasp = find_hold(body, stand, {side: path[0]}, limits=DOWN)
    if grasp is None:
        return None
    # A body that bends to a low grip stays bent: upright, the hand would end beside the hip as if it did nothing.
    limits = replace(DOWN, least=STAYS_BENT * grasp.lean)
    pulled = find_hold(body, stand, {side: path[1]}, limits=limits)
    return None if pulled is None else (grasp, pulled)


def find_grips(setting: Setting) -> list[tuple[int, ...]]:
    """Objects with a grip and a stand before it."""
    away = [PULL[0] + left for left in PULLED_TO]
    targets: list[tuple[int, ...]] = []
    for object_ in setting.room.objects:
        edges = [front_edge(np.array(grip)) for grip in object_.grips]
        if any(len(stands_before(object_, edge, setting.floor, away=away)) for edge in edges):
            targets.append((object_.id,))
    return targets


def opened(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """A wrist was at one of the object's grips, then went straight away from the object's front and rested there."""
    return sorted(frame for side in range(2) for frame in opened_with(motion, targets, floor_plan, side))


def opened_with(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan, side: int) -> list[int]:
    """Frames at which the hand of that side takes the grip that it pulls."""
    target = targets[0]
    if not target.grips:
        return []
    near = wrist_distance(motion, target, floor_plan, grip_distance) < WRIST_REACH
    return [start for start in starts(near[:, side], TOUCH_TIME) if _pulled(motion, target, side, start=start)]


def _pulled(motion: MotionKinematics, target: PlacedObject, side: int, *, start: int) -> bool:
    """Whether the wrist, from where it rested at the grip, is pulled straight along the front and held."""
    local = target.to_local(motion.pair("wrist")[start:, side])
    still = motion.wrist_speed[start:, side] < STILL
    rests = np.flatnonzero(still[: round(REST_TIME * FPS)])
    if not len(rests):
        return False
    path = local[rests[0] :][: round((PULL_TIME + REST_TIME) * FPS)] - local[rests[0]]
    straight = np.maximum.accumulate(np.linalg.norm(path[:, [0, 2]], axis=1)) < ASTRAY
    idle = motion.hanging[start:, side] & (motion.leaning[start:] < BENT)
    one = ~idle & motion.hanging[start:, 1 - side]  # two hands carry rather than pull
    taken = one[rests[0] :][: len(path)]
    rested = still[rests[0] :][: len(path)]
    held = taken & rested & (path[:, 1] > PULLED[0]) & (path[:, 1] < PULLED[1]) & straight
    return bool(starts(held, TOUCH_TIME))


def has_grips(target: PlacedObject) -> bool:
    """Whether the object has a door or drawer to open."""
    return bool(target.grips)


OPEN: Final = ActionSpec(
    name=ActionName("open"),
    perform=open_object,
    find_targets=find_grips,
    seconds=5.0,
    detect=opened,
    touches=True,
    phrases=Phrases(
        general=("move an arm",),
        named=(
            "~open {o}",
            "~pull at the handle of {o} to open it",
            "~take the handle of {o} and ~pull",
            "~go and ~open {o}",
            "~go to {o} and ~open it",
            "~grip the handle of {o} and ~open it",
        ),
        bare=(
            "~open something",
            "~pull something open",
            "~take a handle and ~pull",
        ),
    ),
    sided=Sided(
        opened_with,
        (
            "~open {o} with {hand}",
            "~pull {o} open with {hand}",
            "~take the handle of {o} with {hand} and ~pull",
            "~open something with {hand}",
            "~pull something open with {hand}",
            "~pull at something with {arm}",
        ),
    ),
    hard_negatives=HardNegativeRules(suits=has_grips),
)
