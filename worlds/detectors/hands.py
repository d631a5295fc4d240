"""What one hand has done to things."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from worlds.checker.kinematics import FPS, STOP_SPEED, Mask, Seen, reversals, starts
from worlds.checker.relations import Plan
from worlds.types import Action, Array, PlacedObject

Things = tuple[PlacedObject, ...]
WRIST_REACH: Final = 0.17  # metres from wrist to handle: a hand's length
BENT: Final = np.radians(17)  # of a trunk: whose arms may hang and yet pull a drawer
REACH_SPEED: Final = 0.4  # metres a second: what wipes or knocks there is faster
TOUCH: Final = 0.2  # seconds
STRAIGHT: Final = np.radians(150)  # of an elbow
POINTED: Final = (0.9, 5.0)  # metres to what is pointed at
AIM: Final = np.radians(12)
POINTING: Final = 0.5  # seconds
PULL: Final = (0.2, 0.6)  # metres
PULL_TIME: Final = 2.0  # seconds
ASTRAY: Final = 0.1  # metres that a pulling hand leaves the straight line
DOORS: Final = ("door", "wardrobe", "cabinet")
KNOCK_HEIGHT: Final = (0.95, 1.6)
KNOCK_TIME: Final = 1.5  # seconds


def reached_for(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """One wrist of the standing body is at a handle of the object, nearer than to any other's of its kind."""
    near = _nearer(seen, things[0], plan, _handle_distance) < WRIST_REACH
    if not near.any():
        return []
    one = near & ~seen.hanging & seen.hanging[:, ::-1] & (seen.wrist_speed < REACH_SPEED)
    return starts(one.any(axis=1) & seen.standing)


def _nearer(seen: Seen, thing: PlacedObject, plan: Plan, distance: Callable[[PlacedObject, Array], Array]) -> Array:
    """Metres (frames, 2) from the wrists to the object; infinite where another of its kind is nearer."""
    wrists = seen.pair("wrist").reshape(-1, 3)
    near = distance(thing, wrists)
    if (near < WRIST_REACH).any():
        for other in plan.by_category[thing.category]:
            if other.id != thing.id:
                near = np.where(distance(other, wrists) < near, np.inf, near)
    return near.reshape(-1, 2)


def _handle_distance(thing: PlacedObject, points: Array) -> Array:
    return _distance(thing, thing.handles, points)


def _grip_distance(thing: PlacedObject, points: Array) -> Array:
    return _distance(thing, thing.grips, points)


def _distance(thing: PlacedObject, own: tuple[tuple[float, float, float], ...], points: Array) -> Array:
    if not own:
        return np.full(len(points), np.inf)
    places = thing.to_room(np.array(own))
    return np.asarray(np.linalg.norm(points[:, None] - places[None], axis=2).min(axis=1))


def pointed_at(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """A straight, still arm of the standing body is in line with the object, better than with any other."""
    state = np.zeros(len(seen), dtype=bool)
    for side, frames in enumerate(_stretched_out(seen).T):
        if not starts(frames, POINTING):
            continue
        at = np.flatnonzero(frames)
        shoulder = seen.pair("shoulder")[at, side]
        arm = seen.pair("wrist")[at, side] - shoulder
        mine = _off_line(things[0], shoulder, arm)
        if mine.min() > AIM:
            continue
        others = [_off_line(other, shoulder, arm) for other in plan.room.objects if other.id != things[0].id]
        least = np.min(others, axis=0) if others else np.full(len(at), np.inf)
        near = things[0].distance(seen.pelvis[at])
        state[at] |= (mine < AIM) & (mine <= least) & (near > POINTED[0]) & (near < POINTED[1])
    return starts(state, POINTING)


def _stretched_out(seen: Seen) -> Mask:
    """Frames in which one arm (frames, 2) is held out straight and the other one is not raised."""
    arm = seen.pair("wrist") - seen.pair("shoulder")
    length = np.maximum(np.linalg.norm(arm, axis=2), 1e-9)
    out = (seen.elbows > STRAIGHT) & (np.linalg.norm(arm[..., :2], axis=2) > 0.5 * length)
    down = arm[..., 2] < -0.7 * length
    still = (seen.wrist_speed < 0.4) & (seen.speed < STOP_SPEED)[:, None]
    upright = seen.standing & (seen.leaning < np.radians(15))
    return np.asarray(out & down[:, ::-1] & still & upright[:, None])


def _off_line(thing: PlacedObject, shoulder: Array, arm: Array) -> Array:
    """Radians (n,) between the arm and the line from the shoulder to the object's middle or what is above it."""
    aims = thing.to_room(np.array([[0.0, 0.0, thing.size[2] * share] for share in (0.5, 0.75, 1.0)]))
    lines = aims[None] - shoulder[:, None]
    length = np.linalg.norm(lines, axis=2) * np.linalg.norm(arm, axis=1)[:, None]
    cosine = (lines * arm[:, None]).sum(axis=2) / np.maximum(length, 1e-9)
    return np.asarray(np.arccos(np.clip(cosine, -1.0, 1.0)).min(axis=1))


def opened(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """A wrist was at one of the object's grips, then went straight along the object's front, and was held there."""
    thing = things[0]
    if not thing.grips:
        return []
    near = _nearer(seen, thing, plan, _grip_distance) < WRIST_REACH
    return sorted(
        start for side in range(2) for start in starts(near[:, side], TOUCH) if _pulled(seen, thing, side, start=start)
    )


def _pulled(seen: Seen, thing: PlacedObject, side: int, *, start: int) -> bool:
    """Whether the wrist, from where it rested at the grip, is pulled straight along the front and held."""
    own = thing.to_own(seen.pair("wrist")[start:, side])
    still = seen.wrist_speed[start:, side] < 0.25
    rests = np.flatnonzero(still[: round(1.5 * FPS)])
    if not len(rests):
        return False
    path = own[rests[0] :][: round((PULL_TIME + 1.5) * FPS)] - own[rests[0]]
    straight = np.maximum.accumulate(np.linalg.norm(path[:, [0, 2]], axis=1)) < ASTRAY
    idle = seen.hanging[start:, side] & (seen.leaning[start:] < BENT)
    one = ~idle & seen.hanging[start:, 1 - side]  # two hands carry rather than pull
    taken = one[rests[0] :][: len(path)]
    held = taken & still[rests[0] :][: len(path)] & (path[:, 1] > PULL[0]) & (path[:, 1] < PULL[1]) & straight
    return bool(starts(held, TOUCH))


def knocked_on(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """A wrist goes to and fro before the front face of a door, at the height of the chest."""
    thing = things[0]
    if thing.category not in DOORS:
        return []
    wrists = seen.pair("wrist")
    own = thing.to_own(wrists.reshape(-1, 3)).reshape(-1, 2, 3)
    gap = own[..., 1] - thing.size[1] / 2
    level = (wrists[..., 2] > KNOCK_HEIGHT[0]) & (wrists[..., 2] < KNOCK_HEIGHT[1])
    at = (np.abs(own[..., 0]) < thing.size[0] / 2 + 0.05) & (gap > -0.05) & (gap < 0.15) & level
    window = round(KNOCK_TIME * FPS)
    return sorted(
        start
        for side in range(2)
        for start in starts(at[:, side] & (seen.speed < STOP_SPEED))
        if any(
            reversals(gap[first : first + window, side][at[first : first + window, side]], 0.04) >= 3
            for first in range(start, min(start + window, len(seen) - 4), 5)
            if at[first, side]
        )
    )


HANDS: Final[dict[Action, Callable[[Seen, Things, Plan], list[int]]]] = {
    "reach for": reached_for,
    "point at": pointed_at,
    "open": opened,
    "knock on": knocked_on,
}
