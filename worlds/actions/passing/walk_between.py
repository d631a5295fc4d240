"""Walk between two objects."""

from __future__ import annotations

from itertools import combinations
from typing import Final

import numpy as np

from worlds.actions.detecting.paths import MOVING, toward_object, walked_path
from worlds.actions.passing.walk_by import walk_by
from worlds.actions.performing.actor import Actor, Setting
from worlds.actions.spec import ActionSpec, Phrases, Sampling, Tail
from worlds.checker.kinematics import Mask, Seen
from worlds.checker.relations import Plan
from worlds.types import ActionName, Array, PlacedObject, Targets

GAP: Final = (0.55, 2.4)  # metres between two objects that one walks between
BETWEEN_REACH: Final = 1.3
BETWEEN_ANGLE: Final = np.radians(40)
OPPOSITE: Final = np.radians(120)  # least angle between the two, as the walker sees them


def walk_between(actor: Actor, things: Targets, last: bool) -> bool:
    """Walk through the gap between the two objects."""
    found = gap_between(*things)
    if found is None:
        return False
    middle, through = found
    sign = 1.0 if actor.rng.random() < 0.5 else -1.0
    return walk_by(actor, middle, sign * through) or walk_by(actor, middle, -sign * through)


def gap_between(one: PlacedObject, other: PlacedObject) -> tuple[Array, Array] | None:
    """The middle (2,) of the gap between two objects and the direction through it; None when there is no such gap."""
    corners = [np.concatenate([thing.footprint(), (thing.footprint() + np.roll(thing.footprint(), -1, axis=0)) / 2])
               for thing in (one, other)]  # fmt: skip
    ends = [_nearest(thing, points) for thing, points in ((other, corners[0]), (one, corners[1]))]
    start, end = min(ends, key=lambda pair: float(np.linalg.norm(pair[1] - pair[0])))
    line = end - start
    width = float(np.linalg.norm(line))
    if not GAP[0] <= width <= GAP[1]:
        return None
    return (start + end) / 2, np.array([-line[1], line[0]]) / width


def _nearest(thing: PlacedObject, points: Array) -> tuple[Array, Array]:
    """Of floor points (n, 2) the one nearest to the object's rectangle, and the rectangle's point nearest to it."""
    own = thing.to_own(np.column_stack([points, np.zeros(len(points))]))
    half = np.array(thing.size[:2]) / 2
    inside = own.copy()
    inside[:, :2] = np.clip(own[:, :2], -half, half)
    best = int(np.linalg.norm(own[:, :2] - inside[:, :2], axis=1).argmin())
    return points[best], thing.to_room(inside[best : best + 1])[0, :2]


def _gaps(setting: Setting) -> list[tuple[int, ...]]:
    things = [thing for thing in setting.room.objects if thing.position[2] < 0.05]
    found: list[tuple[int, ...]] = []
    for one, other in combinations(things, 2):
        if np.hypot(one.position[0] - other.position[0], one.position[1] - other.position[1]) > 4.5:
            continue
        gap = gap_between(one, other)
        if gap is None:
            continue
        middle, through = gap
        marks = middle + through * np.array([[-0.9], [-0.45], [0.0], [0.45], [0.9]])
        if setting.floor.is_walkable(marks).all():
            found.append((one.id, other.id))
    return found


def walked_between(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """The walk goes through the gap between the two objects: one at its left, one at its right."""
    one, other = things
    if np.hypot(one.position[0] - other.position[0], one.position[1] - other.position[1]) > 6.0:
        return []
    near, far = one.distance(seen.pelvis), other.distance(seen.pelvis)
    state = (near < BETWEEN_REACH) & (far < BETWEEN_REACH) & (seen.speed > MOVING) & (near > 0.02) & (far > 0.02)
    if not state.any() or min(one.position[2], other.position[2]) > 1.0:
        return []
    _, direction = walked_path(seen)
    state &= _at_both_sides(seen, things, direction)
    if not state.any():
        return []
    total = np.where(state, near + far, np.inf)
    frame = int(total.argmin())
    length, _ = walked_path(seen)
    walked = length[min(frame + 12, len(length) - 1)] - length[max(frame - 12, 0)]
    return [frame] if walked > 0.6 else []


def _at_both_sides(seen: Seen, things: Targets, direction: Array) -> Mask:
    toward = [toward_object(thing, seen) for thing in things]
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
    find_targets=_gaps,
    seconds=1.0,
    detect=walked_between,
    reach=BETWEEN_REACH,
    phrases=Phrases(
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
