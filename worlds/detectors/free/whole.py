"""What the whole body does: jump, jumping jacks, dance."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.checker.kinematics import FPS, Mask, Seen, starts
from worlds.checker.relations import Plan
from worlds.detectors.free.cycles import near, separate, to_and_fro
from worlds.people.curves import smoothed
from worlds.types import Array, PlacedObject

Things = tuple[PlacedObject, ...]
IN_THE_AIR: Final = 0.06  # of a leg's length, both feet


def _spread(seen: Seen) -> Array:
    """How far apart the ankles are sideways (frames,), in leg's lengths."""
    ankles = seen.own_pair("ankle")
    return np.asarray((ankles[:, 1, 0] - ankles[:, 0, 0]) / seen.leg)


def jumped(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """Both feet are off the floor and the pelvis is higher than when standing."""
    ground = np.median(seen.pelvis[seen.standing, 2]) if seen.standing.any() else np.inf
    air = (seen.soles > IN_THE_AIR * seen.leg).all(axis=1) & (seen.pelvis[:, 2] > ground + 0.08 * seen.leg)
    ankles = seen.own_pair("ankle")
    beside = np.abs(ankles[:, 0, 1] - ankles[:, 1, 1]) < 0.35 * seen.leg  # who runs is in the air in a stride
    return separate(starts(air & beside & seen.upright & ~_jack_frames(seen), 0.1), 0.3)


def did_jumping_jacks(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """Arms overhead with the feet apart, arms down with the feet together, twice or more."""
    spans = to_and_fro(_spread(seen), seen.upright, 0.2, turns=4, within=3.5)
    frames = _jack_frames(seen)
    return [start for start in spans if frames[start : start + round(1.5 * FPS)].any()]


def _jack_frames(seen: Seen) -> Mask:
    """Frames within a second of a moment with both hands overhead and the feet apart: (frames,)."""
    hands = ((seen.pair("wrist") - seen.pair("shoulder"))[..., 2] > 0.5 * seen.arm).all(axis=1)
    both = hands & (_spread(seen) > 0.4)
    return near(both, 1.0)


def danced(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """The pelvis sways from side to side over the feet while the arms swing, in a rhythm, on the spot."""
    sway = _sway(seen)
    hands = (seen.own_pair("wrist") - seen.own_pair("shoulder")) / seen.arm
    moving = np.linalg.norm(np.gradient(hands, axis=0), axis=2).mean(axis=1) * FPS
    busy = smoothed(moving[:, None], 4.0)[:, 0] > 0.5
    bent = seen.elbows.mean(axis=1) < np.radians(140)
    where = busy & seen.upright & (seen.speed < 1.2) & bent
    found = to_and_fro(sway, where & ~_high_knees(seen), 0.12, turns=4, within=3.2)
    return [start for start in found if np.ptp(seen.pelvis[start : start + 40, :2], axis=0).max() < 0.9]


def _high_knees(seen: Seen) -> Mask:
    """Frames near which a foot is lifted as high as in marching: (frames,)."""
    high = (seen.soles > 0.16 * seen.leg).any(axis=1) & (seen.knees.min(axis=1) < np.radians(120))
    return near(high, 0.5)


def _sway(seen: Seen) -> Array:
    """How far the pelvis is to the right (frames,) along the way it mostly faces, in leg's lengths."""
    ahead = seen.heading.mean(axis=0)
    ahead = ahead / max(float(np.linalg.norm(ahead)), 1e-9)
    return np.asarray((seen.pelvis[:, 0] * ahead[1] - seen.pelvis[:, 1] * ahead[0]) / seen.leg)
