"""Climb onto a low object: a stool, a bench, a box, a step."""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from worlds.actions.performing.actor import Actor, Setting, choose, go
from worlds.actions.performing.keyframes import FEET, FootPose, Keyframe, Posture, one_foot
from worlds.actions.performing.spots import Spots, beside
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import ActionSpec, HardNegativeRules, Phrases, Sampling
from worlds.geometry.kinematics import MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.people.body import SIDES
from worlds.rooms.floor import WalkableMap
from worlds.types import ActionName, PlacedObject, Room, Targets

# Metres, radians, seconds.
TOPS: Final = (0.1, 0.5)  # height of the surface
ON_FLOOR: Final = 0.02
HOLLOW: Final = ("trash can", "suitcase", "basket")  # they break under a person
LEAST_SIZE: Final = (0.28, 0.34)  # of the surface: its shorter and its longer side
NEAREST: Final = 0.5  # to the spot from which the body climbs, at most
FOOT_APART: Final = 0.09  # from the middle of the surface to each foot
FOOT_BACK: Final = 0.05
LIFT: Final = 0.1  # of the foot over the surface
UP_SECONDS, PUSH_SECONDS, STAND_SECONDS = (0.7, 0.95), (0.7, 0.95), (0.8, 1.6)
TAKE_OVER: Final = 0.3
LEAN: Final = 0.35
ON_TOP, STANDS = 0.07, 0.4  # metres of the balls over the surface; seconds


def climb_onto(actor: Actor, targets: Targets, is_last: bool) -> bool:
    """Walk up to the object, step up with one foot, push, and stand on it."""
    target = targets[0]
    goal = choose(actor, _spots(actor.room, target, actor.floor))
    timeline = None if goal is None else go(actor, goal, goal)
    if goal is None or timeline is None:
        return False
    middle, top = _surface(target)
    across = np.array([np.cos(goal.yaw), np.sin(goal.yaw)])
    ahead = np.array([-np.sin(goal.yaw), np.cos(goal.yaw)])
    timeline.play([Keyframe(Posture(free_feet=1.0), start=0.05, at=TAKE_OVER)])
    for side, foot in enumerate(FEET):
        x, y, yaw = timeline.stand.foot(actor.body, side)
        timeline.set(foot, timeline.now, x, y, actor.body.ankle_height, yaw, 0.0)
        timeline.set(foot, timeline.now + TAKE_OVER, x, y, actor.body.ankle_height, yaw, 0.0)
    timeline.wait(TAKE_OVER)
    first = int(actor.rng.integers(2))
    up, push = actor.seconds(UP_SECONDS, least=0.6), actor.seconds(PUSH_SECONDS, least=0.6)
    place = middle - FOOT_BACK * ahead
    for side, seconds in ((first, up), (1 - first, push)):
        there = place + SIDES[side] * FOOT_APART * across
        _step_up(timeline, side, (float(there[0]), float(there[1]), top), seconds=seconds)
        body_over = timeline.stand if side == first else None
        _raise_body(timeline, body_over is not None, middle=middle, top=top, seconds=seconds)
        timeline.wait(seconds)
    timeline.wait(actor.seconds(STAND_SECONDS, least=STANDS + 0.3))
    timeline.lying = True  # it stays up there: nothing can follow
    return True


def _step_up(timeline: Timeline, side: int, there: tuple[float, float, float], *, seconds: float) -> None:
    """The foot goes straight up, over the edge, and down onto the surface."""
    body, yaw = timeline.body, timeline.stand.yaw
    x, y, _, turned, _ = timeline.last(FEET[side])
    high = there[2] + body.ankle_height + LIFT
    timeline.play([Keyframe(one_foot(side, FootPose(x, y, body.ankle_height, turned, 0.0)), at=0.02)])
    quarter = FootPose(x + 0.12 * (there[0] - x), y + 0.12 * (there[1] - y), 0.75 * high, turned, -0.5)
    over = FootPose(x + 0.65 * (there[0] - x), y + 0.65 * (there[1] - y), high, yaw, -0.1)
    on_top = FootPose(there[0], there[1], there[2] + body.ankle_height, yaw - SIDES[side] * 0.1, 0.0)
    for pose, at in ((quarter, 0.35), (over, 0.65), (on_top, 0.95)):
        timeline.play([Keyframe(one_foot(side, pose), at=at)], seconds=seconds)


def _raise_body(timeline: Timeline, leans: bool, *, middle: DoubleArray, top: float, seconds: float) -> None:
    """First the weight goes towards the foot that is up, then the body rises over it."""
    body, stand = timeline.body, timeline.stand
    here = np.array([stand.x, stand.y])
    if leans:
        near = here + 0.35 * (middle - here)
        posture = Posture(place=(float(near[0]), float(near[1])), lean=LEAN, height=body.standing_height - 0.02)
        timeline.play([Keyframe(posture, start=0.3, at=1.0)], seconds=seconds)
        return
    standing = Posture(place=(float(middle[0]), float(middle[1])), height=body.standing_height + top - 0.01)
    timeline.play(
        [Keyframe(standing, start=0.0, at=0.85), Keyframe(Posture(lean=0.0), start=0.3, at=1.0)], seconds=seconds
    )


def _surface(target: PlacedObject) -> tuple[DoubleArray, float]:
    """The middle (2,) of the highest solid in the room, and the height of its top."""
    solid = max(target.solids, key=lambda one: one.center[2] + one.size[2] / 2)
    return target.to_room(np.array([solid.center]))[0, :2], solid.center[2] + solid.size[2] / 2 + target.position[2]


def can_carry(target: PlacedObject) -> bool:
    """Whether a person might climb onto the object: low, on the floor, with a flat top of some size."""
    if not target.solids or target.position[2] > ON_FLOOR or target.category in HOLLOW:
        return False
    solid = max(target.solids, key=lambda one: one.center[2] + one.size[2] / 2)
    short, long = sorted(solid.size[:2])
    is_wide = short >= LEAST_SIZE[0] and long >= LEAST_SIZE[1]
    return is_wide and TOPS[0] <= solid.center[2] + solid.size[2] / 2 <= TOPS[1] and max(target.size[:2]) < 1.4


def _spots(room: Room, target: PlacedObject, floor: WalkableMap) -> Spots:
    """Spots beside the object, near the middle of its top."""
    spots = beside(room, target, floor)
    if not len(spots):
        return spots
    middle, _ = _surface(target)
    away = np.linalg.norm(spots.points - middle, axis=1)
    spots = spots.where((target.distance(spots.points) < NEAREST) & (away < 0.72))
    aims = middle - spots.points
    return Spots(spots.points, np.asarray(np.arctan2(-aims[:, 0], aims[:, 1])), spots.costs)


def find_low_tops(setting: Setting) -> list[tuple[int, ...]]:
    """Objects that a person can climb onto, with a spot before them."""
    low = [object_ for object_ in setting.room.objects if can_carry(object_) and _is_free(setting.room, object_)]
    return [(object_.id,) for object_ in low if len(_spots(setting.room, object_, setting.floor))]


def _is_free(room: Room, target: PlacedObject) -> bool:
    """Whether nothing is on the object."""
    others = [other for other in room.objects if other.id != target.id and other.position[2] > ON_FLOOR]
    return not any(target.distance(np.array([other.position]))[0] <= 0 for other in others)


def climbed_onto(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The body stands with both feet on the top of the object, after it was beside it."""
    target = targets[0]
    if not can_carry(target):
        return []
    _, top = _surface(target)
    balls = motion.pair("foot")
    inside = np.ones(len(motion), dtype=bool)
    for side in range(2):
        inside &= target.distance(balls[:, side]) < 0.08
    on_top = inside & (np.abs(balls[..., 2] - top) < ON_TOP).all(axis=1) & motion.standing
    beside_it = np.abs(balls[..., 2]).max(axis=1) < ON_TOP
    return [frame for frame in starts(np.asarray(on_top), STANDS) if beside_it[:frame].any()]


CLIMB_ONTO: Final = ActionSpec(
    name=ActionName("climb onto"),
    perform=climb_onto,
    find_targets=find_low_tops,
    seconds=3.4,
    detect=climbed_onto,
    touches=True,
    phrases=Phrases(
        named=(
            "~climb onto {o}", "~climb up on {o}", "~step up onto {o}", "~get up on {o}", "~climb on top of {o}",
            "~step onto {o} and ~stand on it",
        ),
        bare=("~climb up", "~climb onto something", "~step up onto something", "~climb", "~climb up a step"),
    ),
    sampling=Sampling(weight=3.0, needs_new_target=True),
    hard_negatives=HardNegativeRules(suits=can_carry),
)  # fmt: skip
