"""What hands have done on surfaces: leant, wiped, washed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from worlds.checker.kinematics import STOP_SPEED, Seen, reversals, starts
from worlds.checker.relations import Plan
from worlds.detectors.carrying import over_top
from worlds.types import Action, Array, PlacedObject

Things = tuple[PlacedObject, ...]
LEAN_HEIGHT: Final = (0.58, 1.17)
LEANING: Final = np.radians(15)
PROPPED: Final = 0.6  # seconds
AT_TOP: Final = 0.12  # metres
RIM: Final = 0.1
WIPED: Final = 0.6  # metres that a wiping hand travels
SWEEP: Final = 0.1  # metres that it goes before it turns back
ALONE: Final = 0.3  # metres to the other hand
WASHED: Final = 1.2  # seconds
BASIN: Final = 0.25
RUB: Final = 0.03  # metres that one hand goes along the other before it turns back


def leant_on(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """Both hands of the standing body rest on the object's top while the trunk leans."""
    thing = things[0]
    if thing.top is None or not LEAN_HEIGHT[0] <= thing.top[4] + thing.position[2] <= LEAN_HEIGHT[1]:
        return []
    state = (seen.leaning > LEANING) & seen.standing & (seen.wrist_speed.max(axis=1) < 0.15)
    if not starts(state, PROPPED):
        return []
    return starts(state & over_top(thing, seen, RIM, high=AT_TOP).all(axis=1), PROPPED)


def wiped(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """One hand, the other away from it, goes to and fro over the object's top."""
    thing = things[0]
    if thing.top is None:
        return []
    wrists = seen.pair("wrist")
    alone = (np.linalg.norm(wrists[:, 1] - wrists[:, 0], axis=1) > ALONE) & (seen.speed < STOP_SPEED)
    over = over_top(thing, seen, RIM, high=0.14) & alone[:, None]
    if not over.any():
        return []
    found = []
    for side in range(2):
        own = thing.to_own(wrists[:, side])
        for start in starts(over[:, side], 0.8):
            end = start + int(np.argmin(np.append(over[start:, side], False)))
            if _sweeps(own[start:end]):
                found.append(start)
    return sorted(found)


def _sweeps(path: Array) -> bool:
    travel = np.linalg.norm(np.diff(path, axis=0), axis=1).sum()
    return bool(travel >= WIPED and max(reversals(path[:, axis], SWEEP) for axis in range(2)) >= 2)


def washed_hands(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """Both hands are together above the basin and rub against each other."""
    thing = things[0]
    if thing.basin is None:
        return []
    wrists, basin = seen.pair("wrist"), thing.to_room(np.array(thing.basin))[0]
    near = np.linalg.norm(wrists - basin, axis=2).max(axis=1) < BASIN
    if not near.any():
        return []
    near &= np.linalg.norm(wrists[:, 1] - wrists[:, 0], axis=1) < 0.3
    against = wrists[:, 1] - wrists[:, 0]
    found = []
    for start in starts(near, WASHED):
        end = start + int(np.argmin(np.append(near[start:], False)))
        if max(reversals(against[start:end, axis], RUB) for axis in range(3)) >= 3:
            found.append(start)
    return found


SURFACES: Final[dict[Action, Callable[[Seen, Things, Plan], list[int]]]] = {
    "lean on": leant_on,
    "wipe": wiped,
    "wash hands at": washed_hands,
}
