"""What legs do on one spot. Distances are fractions of the leg's length."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from worlds.checker.kinematics import FPS, Mask, Seen, starts
from worlds.checker.relations import Plan
from worlds.detectors.free.cycles import separate
from worlds.types import Array, PlacedObject

Things = tuple[PlacedObject, ...]
SPOT: Final = 0.4  # metres
SWIFT: Final = 2.2  # leg lengths a second


def kicked(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """A foot shoots forward and up on a straight leg while the other stands."""
    ankle = (seen.own_pair("ankle") - seen.own_pair("hip")) / seen.leg
    speed = np.linalg.norm(np.gradient(ankle, axis=0), axis=2) * FPS
    found = []
    for side in range(2):
        out = (
            (ankle[:, side, 1] > 0.5)
            & (seen.soles[:, side] > 0.22 * seen.leg)
            & (seen.knees[:, side] > np.radians(130))
        )
        standing = (seen.soles[:, 1 - side] < 0.1 * seen.leg) & (seen.speed < 1.2)
        there = starts(out & standing & seen.upright, 0.0)
        found += [start for start in there if speed[max(start - 6, 0) : start + 1, side].max() > SWIFT]
    return separate(found, 0.4)


def marched(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """Knees come up in turn, four times or more, on the spot."""
    thigh = (seen.pair("hip")[..., 2] - seen.pair("knee")[..., 2]) / seen.leg
    lifted = (thigh < 0.36) & (seen.soles > 0.07 * seen.leg) & (seen.soles[:, ::-1] < 0.1 * seen.leg)
    ups = sorted((start, side) for side in range(2) for start in starts(lifted[:, side] & seen.upright, 0.08))
    for group in zip(ups, ups[1:], ups[2:], ups[3:], strict=False):
        first, last = group[0][0], group[-1][0]
        in_turn = all(a[1] != b[1] for a, b in pairwise(group))
        if in_turn and last - first < 3.2 * FPS and _on_spot(seen, first, last):
            return [first]
    return []


def squatted(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """The pelvis goes down over flat feet and comes up again on the spot, twice or more: who crouches does so once."""
    feet = seen.pair("ankle")
    rise = (seen.pelvis[:, 2] - feet[..., 2].mean(axis=1)) / seen.leg
    behind = np.linalg.norm(seen.pelvis[:, :2] - feet[..., :2].mean(axis=1), axis=1) / seen.leg
    flat: Mask = np.asarray((seen.soles < 0.06 * seen.leg).all(axis=1))
    low = (rise < 0.78) & flat & seen.upright & (behind < 0.3) & (seen.knees < np.radians(115)).all(axis=1)
    found = []
    for start in starts(low, 0.2):
        before, after = slice(max(start - round(1.6 * FPS), 0), start), slice(start, start + round(3.5 * FPS))
        up = seen.standing[after] & (rise[after] > 0.95)
        if not up.any() or not (rise[before] > 0.95).any():
            continue
        until = slice(max(start - round(0.4 * FPS), 0), start + int(up.argmax()) + round(0.3 * FPS))
        if flat[until].all() and behind[until].max() < 0.33 and _on_spot(seen, until.start, until.stop):
            found.append(start)
    pairs = pairwise(found)
    return separate([a for a, b in pairs if b - a < 3.5 * FPS and rise[a:b].max() > 0.95 and _on_spot(seen, a, b)])


def turned_around(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """At least 150 degrees on the spot, standing still before and after."""
    yaw = np.unwrap(np.arctan2(seen.heading[:, 1], seen.heading[:, 0]))
    rate = np.abs(np.gradient(yaw)) * FPS
    quiet = _quiet(seen, rate)
    turning = rate > np.radians(20)
    found = []
    for start, end in _gaps(quiet):
        turned = abs(yaw[end] - yaw[start])
        if turned > np.radians(150) and turning[start:end].mean() > 0.5 and _on_spot(seen, start, end, 0.3):
            found.append(end)
    return found


def _quiet(seen: Seen, rate: Array) -> Mask:
    return np.asarray((rate < np.radians(25)) & (seen.speed < 0.25) & seen.standing)


def _gaps(quiet: Mask) -> list[tuple[int, int]]:
    """Pairs (end of one quiet stretch, start of the next); the next lasts at least half a second."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], quiet.astype(np.int8), [0]])))
    spells = [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= 3]
    pairs = pairwise(spells)
    return [(one[1], other[0]) for one, other in pairs if other[1] - other[0] >= 0.5 * FPS]


def _on_spot(seen: Seen, first: int, last: int, room: float = SPOT) -> bool:
    track = seen.pelvis[first : last + 1, :2]
    return bool(np.linalg.norm(np.ptp(track, axis=0)) < room)
