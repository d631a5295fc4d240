"""Knock on a door."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from monster.arrays import BoolArray, DoubleArray
from worlds.actions.performing.actor import Actor, Setting
from worlds.actions.performing.keyframes import HANDS
from worlds.actions.performing.places import FRONT, Edge, draw_ending, draw_side, get_to, in_room, stands_before
from worlds.actions.performing.reaching import Reach, bring_hands, end_reach, find_hold
from worlds.actions.spec import ActionSpec, HardNegativeRules, Phrases, Sided
from worlds.geometry.kinematics import FPS, STOP_SPEED, MotionKinematics, reversals, starts
from worlds.geometry.relations import FloorPlan
from worlds.people.body import Body
from worlds.people.gait import Stand
from worlds.types import ActionName, PlacedObject, Targets

# Distances in metres.
DOORS: Final = ("door", "wardrobe", "cabinet")
KNOCK_HEIGHT: Final = (1.15, 1.45)  # for a body of 1.7 m
SAME_FOR_ALL: Final = 0.6  # share of the height that does not depend on the body
ORDINARY_STATURE: Final = 1.7
TALL: Final = 1.5  # height of a door, at least
RAP, BACK = 0.05, 0.13  # from the face to the wrist that raps, and between raps
RAPS: Final = (1, 0, 1, 0, 1, 0)  # where the wrist is in turn: 1 at the face, 0 back
KNOCK_AT: Final = (-0.25, 0.0, 0.25)  # from the middle of the door, of its width
KNOCK_FROM: Final = (0.4, 0.46, 0.52, 0.58)  # from the face
REACH_SECONDS: Final = (0.75, 0.95)
RAP_SECONDS: Final = (0.16, 0.2)
HOLD_SECONDS: Final = (0.15, 0.3)
END_SECONDS: Final = (0.3, 0.5)
KNOCKED_HEIGHT: Final = (0.95, 1.6)
KNOCKED_ASIDE: Final = 0.05  # of the wrist beyond the sides of the door
KNOCKED_GAP: Final = (-0.05, 0.15)  # from the face to the wrist
KNOCK_TIME: Final = 1.5  # seconds
STROKE: Final = 0.04  # of the wrist before it turns back
FEWEST_STROKES: Final = 3
CHECKED_EVERY: Final = 5  # frames


def knock_on(actor: Actor, targets: Targets, is_last: bool) -> bool:
    """Walk to the face of a door and knock on it three times."""
    target, side = targets[0], draw_side(actor)
    if actor.carrying or not _is_door(target):
        return False
    own_share = (1 - SAME_FOR_ALL) * actor.body.stature / ORDINARY_STATURE
    height = actor.draw(KNOCK_HEIGHT) * (SAME_FOR_ALL + own_share) - target.position[2]
    options = []
    for share in actor.rng.permutation(KNOCK_AT):
        edge = Edge((share * target.size[0], target.size[1] / 2), FRONT)
        path = in_room(target, edge, [(0.0, -BACK, height), (0.0, -RAP, height)])
        posture = partial(_rapping, actor.body, side=side, path=path)
        options.append((stands_before(target, edge, actor.floor, away=KNOCK_FROM, side=side), posture))
    reached = get_to(actor, options)
    if reached is None:
        return False
    timeline, (reach, path) = reached
    seconds = actor.seconds(REACH_SECONDS)
    bring_hands(timeline, reach, seconds=seconds)
    for place in path[list(RAPS)]:
        timeline.set(HANDS[side], timeline.now, *timeline.last(HANDS[side]))
        timeline.wait(actor.seconds(RAP_SECONDS))
        timeline.set(HANDS[side], timeline.now, *place)
    timeline.wait(actor.seconds(HOLD_SECONDS))
    end_reach(timeline, draw_ending(actor, is_last, stays=0.0), seconds=seconds)
    if is_last:
        timeline.wait(actor.seconds(END_SECONDS))
    return True


def _rapping(body: Body, stand: Stand, *, side: int, path: DoubleArray) -> tuple[Reach, DoubleArray] | None:
    reach = find_hold(body, stand, {side: path})
    return None if reach is None else (reach, path)


def _is_door(target: PlacedObject) -> bool:
    return target.category in DOORS and target.position[2] + target.size[2] >= TALL


def find_doors(setting: Setting) -> list[tuple[int, ...]]:
    """Tall doors with a stand before their face."""
    targets: list[tuple[int, ...]] = []
    for object_ in setting.room.objects:
        face = Edge((0.0, object_.size[1] / 2), FRONT)
        if _is_door(object_) and len(stands_before(object_, face, setting.floor, away=KNOCK_FROM)):
            targets.append((object_.id,))
    return targets


def knocked_on(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """A wrist moves to and fro in front of the face of a door, at the height of the chest."""
    return sorted(frame for side in range(2) for frame in knocked_with(motion, targets, floor_plan, side))


def knocked_with(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan, side: int) -> list[int]:
    """Frames at which the hand of that side knocks."""
    target = targets[0]
    if target.category not in DOORS:
        return []
    wrists = motion.pair("wrist")
    local = target.to_local(wrists.reshape(-1, 3)).reshape(-1, 2, 3)
    gap = local[..., 1] - target.size[1] / 2
    level = (wrists[..., 2] > KNOCKED_HEIGHT[0]) & (wrists[..., 2] < KNOCKED_HEIGHT[1])
    aside = np.abs(local[..., 0]) < target.size[0] / 2 + KNOCKED_ASIDE
    at_face = aside & (gap > KNOCKED_GAP[0]) & (gap < KNOCKED_GAP[1]) & level
    times = starts(at_face[:, side] & (motion.speed < STOP_SPEED))
    return [start for start in times if _strokes(gap[:, side], at_face[:, side], start)]


def _strokes(gap: DoubleArray, at_face: BoolArray, start: int) -> bool:
    """Whether the distance to the face (frames,) turns often enough within a while from the start."""
    window = round(KNOCK_TIME * FPS)
    for first in range(start, min(start + window, len(gap) - 4), CHECKED_EVERY):
        near = at_face[first : first + window]
        if at_face[first] and reversals(gap[first : first + window][near], STROKE) >= FEWEST_STROKES:
            return True
    return False


def is_door_like(target: PlacedObject) -> bool:
    """Whether a person might knock on the object."""
    return target.category in DOORS


KNOCK_ON: Final = ActionSpec(
    name=ActionName("knock on"),
    perform=knock_on,
    find_targets=find_doors,
    seconds=4.6,
    detect=knocked_on,
    touches=True,
    phrases=Phrases(
        general=("move an arm",),
        named=(
            "~knock on {o}",
            "~give a knock on {o}",
            "~rap on {o}",
            "~tap on {o} with {your} knuckles",
            "~knock at {o}",
            "~walk up to {o} and ~knock",
        ),
        bare=(
            "~knock",
            "~knock on something",
            "~rap with {your} knuckles",
        ),
    ),
    sided=Sided(
        knocked_with,
        (
            "~knock on {o} with {hand}",
            "~rap on {o} with {hand}",
            "~knock at {o} with {fist}",
            "~knock with {hand}",
            "~knock on something with {hand}",
        ),
    ),
    hard_negatives=HardNegativeRules(suits=is_door_like),
)
