"""What two hands have lifted, carried and put down; the things themselves stay where they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from worlds.checker.kinematics import FPS, Mask, Seen, starts
from worlds.checker.relations import Plan
from worlds.types import Action, Array, PlacedObject

Things = tuple[PlacedObject, ...]
AT_SIDES: Final = 0.2  # metres
CONTACT: Final = 0.2  # seconds
CARRIED: Final = 0.5  # seconds
LIFTED, REMOVED = 0.12, 0.3  # metres up, or away
LIFT_TIME: Final = 3.0  # seconds from the contact until it is carried
SET_DOWN: Final = 0.15  # metres over a top
RIM: Final = 0.05


def picked_up(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """Both hands were at opposite sides of a portable thing, then carry something, higher up or away from it."""
    thing = things[0]
    if not thing.portable or not seen.carrying.any():
        return []
    near, between = _at_sides(thing, seen)
    held = near & between
    contacts = [start for start in starts(held, CONTACT) if not seen.carrying[start]]
    contacts = [start for start in contacts if _is_nearest(thing, seen, _middle_of(held, start), plan)]
    wrists, found = seen.pair("wrist"), []
    for start in contacts:
        higher = (wrists[..., 2] - wrists[start, :, 2]).min(axis=1) > LIFTED
        away = np.linalg.norm(wrists - wrists[start], axis=2).min(axis=1) > REMOVED
        carried = starts(seen.carrying & (higher | away), CARRIED)
        found += [frame for frame in carried if start < frame <= start + LIFT_TIME * FPS][:1]
    return sorted(set(found))


def _middle_of(state: Mask, start: int) -> int:
    return start + int(np.argmin(np.append(state[start:], False))) // 2


def _at_sides(thing: PlacedObject, seen: Seen) -> tuple[Mask, Mask]:
    """Frames in which both wrists are near the thing's box, and those in which it is between them: (frames,) each."""
    half = np.array(thing.size) / 2
    own = thing.to_own(seen.pair("wrist").reshape(-1, 3)).reshape(-1, 2, 3) - [0.0, 0.0, half[2]]
    near = np.linalg.norm(np.maximum(np.abs(own) - half, 0.0), axis=2).max(axis=1) < AT_SIDES
    opposite = (own[:, 0, :2] * own[:, 1, :2] < 0) & (np.abs(own[:, 1, :2] - own[:, 0, :2]) > 1.4 * half[:2])
    return np.asarray(near), np.asarray(opposite.any(axis=1))


def _is_nearest(thing: PlacedObject, seen: Seen, frame: int, plan: Plan) -> bool:
    middle = seen.pair("wrist")[frame].mean(axis=0)
    away = {other.id: float(np.linalg.norm(_middle(other) - middle)) for other in plan.room.objects if other.portable}
    return away[thing.id] <= min(away.values())


def _middle(thing: PlacedObject) -> Array:
    return np.asarray(np.array(thing.position) + np.array([0.0, 0.0, thing.size[2] / 2]), dtype=np.float64)


def put_down(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """What carried something has both hands at the object's top, then takes them away and carries nothing."""
    thing = things[0]
    if thing.top is None or not seen.carrying.any():
        return []
    down = np.asarray(over_top(thing, seen, RIM, high=SET_DOWN).all(axis=1))
    if not down.any():
        return []
    carried, found = starts(seen.carrying & ~down, CARRIED), []
    for start in starts(down & (seen.wrist_speed.max(axis=1) < 0.5), 0.1):
        recent = seen.carrying[max(start - round(LIFT_TIME * FPS), 0) : start]
        if recent.any() and carried and carried[0] < start and _left(seen, down, start):
            found.append(start)
    return found


def _left(seen: Seen, down: Mask, start: int) -> bool:
    """Whether the hands leave the top and carry nothing then."""
    after = np.flatnonzero(~down[start:])
    if not len(after):
        return False
    rest = seen.carrying[start + after[0] :]
    return len(rest) >= 0.3 * FPS and not starts(rest[: round(2.0 * FPS)], CARRIED)


def over_top(thing: PlacedObject, seen: Seen, grown: float, *, high: float) -> Mask:
    """Frames in which each wrist (frames, 2) is close above the object's top, its rectangle grown by so much."""
    left, right, back, front, height = thing.top or (0.0,) * 5
    own = thing.to_own(seen.pair("wrist").reshape(-1, 3)).reshape(-1, 2, 3)
    x, y, z = own[..., 0], own[..., 1], own[..., 2] - height
    within = (x > left - grown) & (x < right + grown) & (y > back - grown) & (y < front + grown)
    return np.asarray(within & (z > -0.06) & (z < high))


CARRYING: Final[dict[Action, Callable[[Seen, Things, Plan], list[int]]]] = {
    "pick up": picked_up,
    "put down on": put_down,
}
