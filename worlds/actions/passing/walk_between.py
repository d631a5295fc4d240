"""Walk between two objects."""

from __future__ import annotations

from itertools import combinations
from typing import Final

import numpy as np

from monster.arrays import BoolArray, DoubleArray
from worlds.actions.detecting.paths import MOVING, toward_object, walked_path
from worlds.actions.passing.walk_by import walk_by
from worlds.actions.performing.actor import Actor, Setting
from worlds.actions.spec import ActionSpec, Extent, Phrases, Sampling, Tail
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.types import ActionName, PlacedObject, Targets

GAP: Final = (0.55, 2.4)  # metres between the objects
ON_FLOOR: Final = 0.05  # metres of their undersides, at most
FARTHEST_MIDDLES: Final = 4.5  # metres between the middles of the objects
MARKS: Final = (-0.9, -0.45, 0.0, 0.45, 0.9)  # metres through the gap that have to be free
BETWEEN_REACH: Final = 1.3  # metres to each object
NEAREST: Final = 0.02  # metres to each object
BETWEEN_ANGLE: Final = np.radians(40)  # of each object off the path, at least
OPPOSITE: Final = np.radians(120)  # between the directions to the objects, at least
FARTHEST_APART: Final = 6.0  # metres between the middles of the objects
HIGHEST: Final = 1.0  # metres of an underside
WALKED: Final = 0.6  # metres within the frames around
AROUND_FRAMES: Final = 12


def walk_between(actor: Actor, targets: Targets, is_last: bool) -> bool:
    """Walk through the gap between the two objects."""
    gap = gap_between(*targets)
    if gap is None:
        return False
    middle, through = gap
    sign = 1.0 if actor.rng.random() < 0.5 else -1.0
    return walk_by(actor, middle, sign * through) or walk_by(actor, middle, -sign * through)


def gap_between(one: PlacedObject, other: PlacedObject) -> tuple[DoubleArray, DoubleArray] | None:
    """The middle (2,) of the gap between two objects and the direction (2,) through it; None if there is none."""
    ends = [_nearest(other, _corners_and_sides(one)), _nearest(one, _corners_and_sides(other))]
    start, end = min(ends, key=lambda pair: float(np.linalg.norm(pair[1] - pair[0])))
    across = end - start
    width = float(np.linalg.norm(across))
    if not GAP[0] <= width <= GAP[1]:
        return None
    return (start + end) / 2, np.array([-across[1], across[0]]) / width


def _corners_and_sides(object_: PlacedObject) -> DoubleArray:
    """The corners of the rectangle and the middles of its sides (8, 2)."""
    corners = object_.footprint()
    return np.concatenate([corners, (corners + np.roll(corners, -1, axis=0)) / 2])


def _nearest(target: PlacedObject, points: DoubleArray) -> tuple[DoubleArray, DoubleArray]:
    """Of floor points (n, 2) the nearest to the object's rectangle, and the rectangle's point nearest to it."""
    local = target.to_local(np.column_stack([points, np.zeros(len(points))]))
    half = np.array(target.size[:2]) / 2
    inside = local.copy()
    inside[:, :2] = np.clip(local[:, :2], -half, half)
    best = int(np.linalg.norm(local[:, :2] - inside[:, :2], axis=1).argmin())
    return points[best], target.to_room(inside[best : best + 1])[0, :2]


def find_gaps(setting: Setting) -> list[tuple[int, ...]]:
    """Pairs of objects with free floor through the gap between them."""
    standing = [object_ for object_ in setting.room.objects if object_.position[2] < ON_FLOOR]
    pairs: list[tuple[int, ...]] = []
    for one, other in combinations(standing, 2):
        if _middle_distance(one, other) > FARTHEST_MIDDLES:
            continue
        gap = gap_between(one, other)
        if gap is None:
            continue
        middle, through = gap
        if setting.floor.is_walkable(middle + through * np.array(MARKS)[:, None]).all():
            pairs.append((one.id, other.id))
    return pairs


def _middle_distance(one: PlacedObject, other: PlacedObject) -> float:
    return float(np.hypot(one.position[0] - other.position[0], one.position[1] - other.position[1]))


def walked_between(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The walk goes through the gap between the two objects: one to its left, one to its right."""
    one, other = targets
    if _middle_distance(one, other) > FARTHEST_APART:
        return []
    first, second = one.distance(motion.pelvis), other.distance(motion.pelvis)
    farther, nearer = np.maximum(first, second), np.minimum(first, second)
    state = (farther < BETWEEN_REACH) & (nearer > NEAREST) & (motion.speed > MOVING)
    if not state.any() or min(one.position[2], other.position[2]) > HIGHEST:
        return []
    length, direction = walked_path(motion)
    state &= _at_both_sides(motion, targets, direction)
    if not state.any():
        return []
    frame = int(np.where(state, first + second, np.inf).argmin())
    walked = length[min(frame + AROUND_FRAMES, len(length) - 1)] - length[max(frame - AROUND_FRAMES, 0)]
    return [frame] if walked > WALKED else []


def _at_both_sides(motion: MotionKinematics, targets: Targets, direction: DoubleArray) -> BoolArray:
    """Frames (frames,) in which the two objects are on different sides of the walk."""
    toward = [toward_object(target, motion) for target in targets]
    one, other = (t / np.maximum(np.linalg.norm(t, axis=1, keepdims=True), 1e-9) for t in toward)
    left = direction[:, 0] * one[:, 1] - direction[:, 1] * one[:, 0]
    right = direction[:, 0] * other[:, 1] - direction[:, 1] * other[:, 0]
    least = np.sin(BETWEEN_ANGLE)
    apart = (np.minimum(left, right) < -least) & (np.maximum(left, right) > least)
    return np.asarray(apart & ((one * other).sum(axis=1) < np.cos(OPPOSITE)))


WALK_BETWEEN: Final = ActionSpec(
    name=ActionName("walk between"),
    arity=2,
    perform=walk_between,
    find_targets=find_gaps,
    seconds=1.0,
    detect=walked_between,
    reach=BETWEEN_REACH,
    extent=Extent(is_walk=True),
    phrases=Phrases(
        general=("walk",),
        named=(
            "~walk between {o} and {p}",
            "~pass between {o} and {p}",
            "~go between {o} and {p}",
            "~walk through the gap between {o} and {p}",
            "~move between {o} and {p}",
            "~cut through between {o} and {p}",
        ),
        bare=(
            "~walk between two things",
            "~pass between two things",
            "~walk through a gap",
        ),
        tail=Tail("between {o} and {p}", rank=8),
    ),
    sampling=Sampling(weight=0.8, hands="any"),
)
