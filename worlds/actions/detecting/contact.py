"""What a body rests on: frames in which it sits or lies on an object."""

from __future__ import annotations

import numpy as np

from monster.skeleton import INDEX
from worlds.checker.kinematics import FPS, SETTLED, Mask, Seen, starts
from worlds.types import PlacedObject


def seated_on(thing: PlacedObject, seen: Seen) -> Mask:
    """Frames in which the pelvis rests over one of the object's seats with the thighs level: (frames,)."""
    if not thing.seats:
        return np.zeros(len(seen), dtype=bool)
    seats = thing.to_room(np.array(thing.seats))
    level = (seen.pair("hip")[..., 2] - seen.pair("knee")[..., 2]).max(axis=1)
    flat = np.linalg.norm(seen.pelvis[:, None, :2] - seats[None, :, :2], axis=2)
    rise = seen.pelvis[:, None, 2] - seats[None, :, 2]
    return np.asarray(((flat < 0.3) & (rise > -0.03) & (rise < 0.25)).any(axis=1) & (level < 0.25) & seen.upright)


def lying_on(thing: PlacedObject, seen: Seen) -> Mask:
    """Frames in which pelvis and head rest on the object's lying surface: (frames,)."""
    if thing.lying is None:
        return np.zeros(len(seen), dtype=bool)
    surface = thing.to_room(np.array(thing.lying))[:, 2].min()
    body = seen.joints[:, [INDEX["pelvis"], INDEX["head"]]]
    over = np.stack([thing.distance(body[:, i]) < 0.1 for i in range(2)]).all(axis=0)
    low = ((body[..., 2] > surface - 0.1) & (body[..., 2] < surface + 0.4)).all(axis=1)
    return np.asarray(over & low & (np.abs(body[:, 0, 2] - body[:, 1, 2]) < 0.35))


def lasted(state: Mask) -> Mask:
    """Frames after which the state has lasted long enough, once: (frames,)."""
    after = np.zeros(len(state), dtype=bool)
    for start in starts(state):
        after[start + int(SETTLED * FPS) :] = True
    return after
