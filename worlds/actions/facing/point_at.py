"""Point at an object from a distance."""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.arrays import BoolArray, DoubleArray
from worlds.actions.performing.actor import Actor, Setting, choose, go
from worlds.actions.performing.places import draw_ending, draw_side
from worlds.actions.performing.reaching import Reach, bent_pose, reach_and_hold
from worlds.actions.performing.spots import Spots, heading
from worlds.actions.spec import FROM_AFAR, ActionSpec, Phrases, Sampling, Sided
from worlds.geometry.kinematics import STOP_SPEED, MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.people.body import SHOULDERS, SIDES, Body, solve
from worlds.people.gait import Stand
from worlds.rooms.floor import WalkableMap
from worlds.types import ActionName, PlacedObject, Room, Targets

POINT_FROM: Final = (1.05, 3.2)  # metres to the object
SHOULDER_HEIGHT: Final = 0.818  # of stature
CLEAR: Final = np.radians(9)  # angle to any other object, at least
STRETCHED: Final = 0.99  # of an arm
TRIED_CELLS: Final = 30
FEWEST_SPOTS: Final = 4
ASIDE: Final = (0.0, np.radians(22))  # that the body turns away from the object
RAISE_SECONDS: Final = (0.7, 0.9)
HOLD_SECONDS, SHORTEST_HOLD = (1.0, 1.4), 0.9
END_SECONDS: Final = (0.2, 0.4)
AIMED_HEIGHTS: Final = (0.5, 0.75, 1.0)  # of the object's height
STRAIGHT: Final = np.radians(150)  # of an elbow
FARTHEST_LEAN: Final = np.radians(15)
OUT, DOWN = 0.5, -0.7  # of the length of an arm: how far out the pointing arm, how far down the other one
STILL: Final = 0.4  # metres a second of a wrist
POINTED_FROM: Final = (0.9, 5.0)  # metres to the object
AIM: Final = np.radians(12)
POINT_TIME: Final = 0.5  # seconds


def point_at(actor: Actor, targets: Targets, is_last: bool) -> bool:
    """Walk to where the object alone is in line, face it about, and point a straight arm at it."""
    target = targets[0]
    if actor.carrying:
        return False
    goal = choose(actor, _in_sight(actor.room, target, actor.floor, body=actor.body, rng=actor.rng))
    if goal is None:
        return False
    side = draw_side(actor)
    # The body turns towards the other arm, so that this one does not point across the chest.
    goal = Stand(goal.x, goal.y, goal.yaw + SIDES[side] * actor.draw(ASIDE))
    timeline = go(actor, goal, goal)
    if timeline is None:
        return False
    standing = bent_pose(actor.body, timeline.stand, np.zeros(1), np.zeros(1))
    shoulder = solve(actor.body, standing)[0, SHOULDERS[side]]
    line = aimed_points(target)[0] - shoulder
    x, y, z = shoulder + line / np.linalg.norm(line) * STRETCHED * actor.body.arm
    hold = actor.seconds(HOLD_SECONDS, least=SHORTEST_HOLD)
    seconds = actor.seconds(RAISE_SECONDS)
    reach = Reach({side: (float(x), float(y), float(z))}, 0.0, 0.0)
    reach_and_hold(timeline, reach, seconds=seconds, hold=hold, then=draw_ending(actor, is_last))
    if is_last:
        timeline.wait(actor.seconds(END_SECONDS))
    return True


def aimed_points(target: PlacedObject) -> DoubleArray:
    """Room points (3, 3) of which one is aimed at when the object is meant: its middle, and up from there."""
    return target.to_room(np.array([[0.0, 0.0, target.size[2] * share] for share in AIMED_HEIGHTS]))


def _in_sight(room: Room, target: PlacedObject, floor: WalkableMap, *, body: Body, rng: np.random.Generator) -> Spots:
    """Some spots from which the object and nothing else is in line with an arm that points at it."""
    points = floor.reachable_points()
    points = points[rng.permutation(len(points))[:TRIED_CELLS]]
    away = target.distance(points)
    points = points[(away > POINT_FROM[0]) & (away < POINT_FROM[1])]
    if not len(points):
        return Spots(points, np.zeros(0), np.zeros(0))
    shoulders = np.column_stack([points, np.full(len(points), SHOULDER_HEIGHT * body.stature)])
    middle = np.array(aimed_points(target)[0])
    line = _unit(middle - shoulders)
    others = np.array([aimed_points(other) for other in room.objects if other.id != target.id]).reshape(-1, 3)
    cosine = (_unit(others[None] - shoulders[:, None]) * line[:, None]).sum(axis=2).max(axis=1, initial=-1.0)
    points = points[cosine < np.cos(CLEAR)]
    return Spots(points, heading(middle[:2] - points), np.zeros(len(points)))


def _unit(lines: DoubleArray) -> DoubleArray:
    return np.asarray(lines / np.maximum(np.linalg.norm(lines, axis=-1, keepdims=True), 1e-9))


def in_line_alone(setting: Setting) -> list[tuple[int, ...]]:
    """Objects that are alone in line from several spots."""
    room, floor, body = setting.room, setting.floor, setting.body
    targets: list[tuple[int, ...]] = []
    for object_ in room.objects:
        rng = np.random.default_rng(object_.id)
        if len(_in_sight(room, object_, floor, body=body, rng=rng)) >= FEWEST_SPOTS:
            targets.append((object_.id,))
    return targets


def pointed_at(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """A straight, still arm of the standing body is in line with the object, better than with any other."""
    sides = [_aiming(motion, targets[0], floor_plan, side) for side in range(2)]
    return starts(sides[0] | sides[1], POINT_TIME)


def pointed_with(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan, side: int) -> list[int]:
    """Frames at which the arm of that side points at the object."""
    return starts(_aiming(motion, targets[0], floor_plan, side), POINT_TIME)


def _aiming(motion: MotionKinematics, target: PlacedObject, floor_plan: FloorPlan, side: int) -> BoolArray:
    """Frames (frames,) in which the arm of that side points at the object."""
    state = np.zeros(len(motion), dtype=bool)
    frames = _stretched_out(motion)[:, side]
    if not starts(frames, POINT_TIME):
        return state
    at = np.flatnonzero(frames)
    shoulder = motion.pair("shoulder")[at, side]
    arm = motion.pair("wrist")[at, side] - shoulder
    angle = _off_line(target, shoulder, arm)
    if angle.min() > AIM:
        return state
    others = [_off_line(other, shoulder, arm) for other in floor_plan.room.objects if other.id != target.id]
    least = np.min(others, axis=0) if others else np.full(len(at), np.inf)
    near = target.distance(motion.pelvis[at])
    in_range = (near > POINTED_FROM[0]) & (near < POINTED_FROM[1])
    state[at] = (angle < AIM) & (angle <= least) & in_range
    return state


def _stretched_out(motion: MotionKinematics) -> BoolArray:
    """Whether each arm (frames, 2) is held out straight while the other one is not raised."""
    arm = motion.pair("wrist") - motion.pair("shoulder")
    length = np.maximum(np.linalg.norm(arm, axis=2), 1e-9)
    out = (motion.elbows > STRAIGHT) & (np.linalg.norm(arm[..., :2], axis=2) > OUT * length)
    down = arm[..., 2] < DOWN * length
    still = (motion.wrist_speed < STILL) & (motion.speed < STOP_SPEED)[:, None]
    upright = motion.standing & (motion.leaning < FARTHEST_LEAN)
    return np.asarray(out & down[:, ::-1] & still & upright[:, None])


def _off_line(target: PlacedObject, shoulder: DoubleArray, arm: DoubleArray) -> DoubleArray:
    """Radians (n,) between the arm (n, 3) and the line from the shoulder (n, 3) to the object's middle or above it."""
    lines = aimed_points(target)[None] - shoulder[:, None]
    length = np.linalg.norm(lines, axis=2) * np.linalg.norm(arm, axis=1)[:, None]
    cosine = (lines * arm[:, None]).sum(axis=2) / np.maximum(length, 1e-9)
    return np.asarray(np.arccos(np.clip(cosine, -1.0, 1.0)).min(axis=1))


POINT_AT: Final = ActionSpec(
    name=ActionName("point at"),
    perform=point_at,
    find_targets=in_line_alone,
    seconds=4.0,
    detect=pointed_at,
    reach=FROM_AFAR,
    phrases=Phrases(
        general=("move an arm", "raise a hand"),
        named=(
            "~point at {o}",
            "~point to {o}",
            "~point a finger at {o}",
            "~raise an arm and ~point at {o}",
            "~stretch an arm out towards {o} to point at it",
            "~point towards {o}",
        ),
        bare=(
            "~point at something",
            "~point with one arm",
            "~point a finger at something",
        ),
        tells_walk=False,
    ),
    sided=Sided(
        pointed_with,
        (
            "~point at {o} with {hand}",
            "~point to {o} with {arm}",
            "~raise {arm} and ~point at {o}",
            "~stretch {arm} out towards {o} to point at it",
            "~point with {hand}",
            "~point at something with {arm}",
            "~raise {arm} and ~point",
            "~hold {arm} out to point at something",
        ),
    ),
    sampling=Sampling(weight=0.8),
)
