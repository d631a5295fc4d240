"""What a walk was to the things on its way: past one, round one, between two, over one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from worlds.checker.kinematics import STOP_SPEED, Mask, Seen
from worlds.checker.relations import Plan
from worlds.types import Action, Array, PlacedObject

Things = tuple[PlacedObject, ...]
MOVING: Final = 0.4  # metres a second of who does not stop
PASSED, COME_FROM = 1.2, 0.6  # metres at the closest; metres walked before and after
FARTHER: Final = 0.25  # metres that the object is farther before and after
BESIDE: Final = np.radians(50)  # least angle between the way and the object that it passes
CIRCLED, CIRCLE_REACH = np.radians(200), 1.6
BETWEEN_REACH: Final = 1.3
BETWEEN_ANGLE: Final = np.radians(40)
OPPOSITE: Final = np.radians(120)  # least angle between the two, as the walker sees them
LOW: Final = (0.05, 0.36)


def _way(seen: Seen) -> tuple[Array, Array]:
    """Metres walked up to each frame (frames,), and the unit direction (frames, 2) of the walk."""
    track = seen.pelvis[:, :2]
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(track, axis=0), axis=1))])
    ahead, behind = np.minimum(np.arange(len(track)) + 3, len(track) - 1), np.maximum(np.arange(len(track)) - 3, 0)
    step = track[ahead] - track[behind]
    return length, step / np.maximum(np.linalg.norm(step, axis=1, keepdims=True), 1e-9)


def _toward(thing: PlacedObject, seen: Seen) -> Array:
    """From the pelvis to the nearest point of the object's rectangle, over the floor: (frames, 2)."""
    own = thing.to_own(seen.pelvis)
    half = np.array(thing.size[:2]) / 2
    own[:, :2] = np.clip(own[:, :2], -half, half)
    return np.asarray((thing.to_room(own) - seen.pelvis)[:, :2])


def walked_past(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """The body goes by the object without stopping, from farther off to farther off, the object at its side."""
    near = things[0].distance(seen.pelvis)
    if near.min() > PASSED:
        return []
    length, direction = _way(seen)
    toward = _toward(things[0], seen)
    aside = np.abs((toward * direction).sum(axis=1)) < np.cos(BESIDE) * np.maximum(near, 1e-9)
    lowest = (near <= np.roll(near, 1)) & (near <= np.roll(near, -1))
    by = lowest & aside & (near < PASSED) & (near > 0.05) & (seen.speed > MOVING) & seen.standing
    return [int(frame) for frame in np.flatnonzero(by) if _goes_by(seen, near, length, int(frame))][:1]


def _goes_by(seen: Seen, near: Array, length: Array, frame: int) -> bool:
    """Whether the walk goes on without a stop from well before the frame to well after it, farther off at both ends."""
    stops = np.flatnonzero(seen.speed < MOVING / 2)
    first = int(stops[stops < frame].max(initial=-1)) + 1
    last = int(stops[stops > frame].min(initial=len(seen)))
    walked = min(length[frame] - length[first], length[last - 1] - length[frame])
    return bool(walked > COME_FROM and min(near[first:frame].max(), near[frame:last].max()) > near[frame] + FARTHER)


def walked_around(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """The walk winds round the object's middle by more than half a circle, near it all the way."""
    thing = things[0]
    near = thing.distance(seen.pelvis)
    close = (near < CIRCLE_REACH) & (near > 0.05)
    if close.sum() < 30:
        return []
    offset = seen.pelvis[:, :2] - np.array(thing.position[:2])
    turned = np.unwrap(np.arctan2(offset[:, 1], offset[:, 0]))
    step = np.diff(turned, prepend=turned[:1])
    step[~(close & (seen.speed > STOP_SPEED))] = 0.0
    angle = np.cumsum(step)
    wound = np.maximum(angle - np.minimum.accumulate(angle), np.maximum.accumulate(angle) - angle)
    full = np.flatnonzero(wound >= CIRCLED)
    return [int(full[0])] if len(full) else []


def walked_between(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """The walk goes through the gap between the two objects: one at its left, one at its right."""
    one, other = things
    if np.hypot(one.position[0] - other.position[0], one.position[1] - other.position[1]) > 6.0:
        return []
    near, far = one.distance(seen.pelvis), other.distance(seen.pelvis)
    state = (near < BETWEEN_REACH) & (far < BETWEEN_REACH) & (seen.speed > MOVING) & (near > 0.02) & (far > 0.02)
    if not state.any() or min(one.position[2], other.position[2]) > 1.0:
        return []
    _, direction = _way(seen)
    state &= _at_both_sides(seen, things, direction)
    if not state.any():
        return []
    total = np.where(state, near + far, np.inf)
    frame = int(total.argmin())
    length, _ = _way(seen)
    walked = length[min(frame + 12, len(length) - 1)] - length[max(frame - 12, 0)]
    return [frame] if walked > 0.6 else []


def _at_both_sides(seen: Seen, things: Things, direction: Array) -> Mask:
    toward = [_toward(thing, seen) for thing in things]
    one, other = (t / np.maximum(np.linalg.norm(t, axis=1, keepdims=True), 1e-9) for t in toward)
    left = direction[:, 0] * one[:, 1] - direction[:, 1] * one[:, 0]
    right = direction[:, 0] * other[:, 1] - direction[:, 1] * other[:, 0]
    least = np.sin(BETWEEN_ANGLE)
    apart = (np.minimum(left, right) < -least) & (np.maximum(left, right) > least)
    return np.asarray(apart & ((one * other).sum(axis=1) < np.cos(OPPOSITE)))


def stepped_over(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """The pelvis passes over a low object, and a foot above it."""
    thing = things[0]
    top = thing.position[2] + thing.size[2]
    if thing.position[2] > 0.05 or not LOW[0] <= top <= LOW[1]:
        return []
    over = (thing.distance(seen.pelvis) <= 0.0) & (seen.speed > STOP_SPEED) & seen.standing
    frames = np.flatnonzero(over)
    if not len(frames):
        return []
    middle = int(frames[len(frames) // 2])
    around = slice(max(middle - 15, 0), middle + 16)
    for side in range(2):
        ankle = seen.pair("ankle")[around, side]
        if ((thing.distance(ankle) <= 0.0) & (ankle[:, 2] > top)).any():
            return [middle]
    return []


PASSING: Final[dict[Action, Callable[[Seen, Things, Plan], list[int]]]] = {
    "walk past": walked_past,
    "walk around": walked_around,
    "walk between": walked_between,
    "step over": stepped_over,
}
