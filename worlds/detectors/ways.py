"""Where a walk has led: to an object or away from it; which way a body has turned, and what it looks at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from worlds.checker.kinematics import FPS, STOP_SPEED, Mask, Seen, starts
from worlds.checker.relations import Plan
from worlds.types import Action, Array, PlacedObject

Things = tuple[PlacedObject, ...]
STOP_DISTANCE: Final = 0.75  # metres from the body to what it has walked to
LEAST_WALK: Final = 0.8  # metres walked within the last seconds before an arrival
START_DISTANCE: Final = 0.9  # metres from the body to what it walks away from
GONE, GONE_TO, BACKED = 1.2, 1.5, 0.5  # metres farther, and away in all; metres farther backwards
TURNED_FROM, TURNED_TO = np.radians(60), np.radians(20)
TURN_REACH: Final = 5.0  # metres to what a body turns to
ON_THE_SPOT, TURN_TIME = 0.5, 4.0  # metres, seconds
LOOK_TIME, LOOK_ANGLE, LOOK_SPEED = 1.0, np.radians(15), 0.15
LOOK_DISTANCE: Final = (0.9, 3.5)


def walked_to(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """The body stops near the object, nearer than to any other of its kind, facing it, after a walk."""
    thing = things[0]
    near = thing.distance(seen.pelvis)
    close = (near < STOP_DISTANCE) & (seen.speed < STOP_SPEED) & (seen.walked > LEAST_WALK) & seen.standing
    if not close.any():
        return []
    for other in plan.by_category[thing.category]:
        if other.id != thing.id:
            close &= near < other.distance(seen.pelvis)
    return starts(close & faces(thing, seen))


def faces(thing: PlacedObject, seen: Seen) -> Mask:
    """Frames in which the hips face the object, roughly: (frames,)."""
    half = np.array(thing.size[:2]) / 2
    own = thing.to_own(seen.pelvis)
    own[:, :2] = np.clip(own[:, :2], -half * 0.5, half * 0.5)
    toward = (thing.to_room(own) - seen.pelvis)[:, :2]
    return np.asarray((toward * seen.heading).sum(axis=1) > 0.2 * np.linalg.norm(toward, axis=1))


def off_heading(thing: PlacedObject, seen: Seen) -> Array:
    """The angle (frames,) between where the hips face and the object's middle, 0 to pi."""
    toward = np.array(thing.position[:2]) - seen.pelvis[:, :2]
    cosine = (toward * seen.heading).sum(axis=1) / np.maximum(np.linalg.norm(toward, axis=1), 1e-9)
    return np.asarray(np.arccos(np.clip(cosine, -1.0, 1.0)))


def walked_away(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """From standing near the object the body has walked forwards to well away from it, and stays there."""
    left = _left(seen, things[0], GONE)
    if left is None:
        return []
    start, end, away = left
    stays = (away[end:] > GONE_TO).all() and off_heading(things[0], seen)[end] > np.pi / 2
    return [end] if stays and _forward(seen, start, end) > 0.5 else []


def backed_away(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """From standing near the object the body has gone backwards, facing it all the time."""
    left = _left(seen, things[0], BACKED)
    if left is None:
        return []
    start, end, _ = left
    facing = (off_heading(things[0], seen)[start : end + 1] < np.pi / 3).mean() > 0.9
    return [end] if facing and _forward(seen, start, end) < -0.5 else []


def _left(seen: Seen, thing: PlacedObject, metres: float) -> tuple[int, int, Array] | None:
    """When the body stood near the object last, when it is so much farther, and how far it is at each frame."""
    away = thing.distance(seen.pelvis)
    near = np.flatnonzero((away < START_DISTANCE) & (seen.speed < STOP_SPEED) & seen.standing)
    if not len(near):
        return None
    start = int(near[-1])
    farther = np.flatnonzero((away[start:] > away[start] + metres) & seen.standing[start:])
    return (start, start + int(farther[0]), away) if len(farther) else None


def _forward(seen: Seen, start: int, end: int) -> float:
    """How much of the way between two frames went where the body faced: 1 all, -1 all of it backwards."""
    steps = np.diff(seen.pelvis[start : end + 1, :2], axis=0)
    along = (steps * seen.heading[start:end]).sum()
    return float(along / max(np.linalg.norm(steps, axis=1).sum(), 1e-9))


def turned_to(seen: Seen, things: Things, plan: Plan) -> list[int]:
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


def looked_at(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """The body stands still for a while with the object ahead of it, at some distance."""
    thing = things[0]
    away = thing.distance(seen.pelvis)
    angle = off_heading(thing, seen)
    looking = (angle < LOOK_ANGLE) & (seen.speed < LOOK_SPEED) & seen.standing
    looking &= (away > LOOK_DISTANCE[0]) & (away < LOOK_DISTANCE[1])
    if not looking.any():
        return []
    for other in plan.by_category[thing.category]:
        if other.id != thing.id:
            looking &= angle < off_heading(other, seen)
    return starts(looking, LOOK_TIME)


WAYS: Final[dict[Action, Callable[[Seen, Things, Plan], list[int]]]] = {
    "walk to": walked_to,
    "walk away from": walked_away,
    "back away from": backed_away,
    "turn to": turned_to,
    "look at": looked_at,
}
