"""What a body rests on: frames in which it sits or lies on an object."""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.arrays import BoolArray
from monster.skeleton import INDEX
from worlds.actions.performing.feet import SETTLED
from worlds.geometry.kinematics import FPS, MotionKinematics, starts
from worlds.types import PlacedObject

# Distances in metres.
SEAT_RADIUS: Final = 0.3  # on the floor plan from a seat to the pelvis
SEAT_RISE: Final = (-0.03, 0.25)  # of the pelvis over a seat
LEVEL: Final = 0.25  # of a hip over its knee, at most
BESIDE_BED: Final = 0.1  # on the floor plan from a bed to the pelvis and the head
BED_RISE: Final = (-0.1, 0.4)  # of pelvis and head over the bed
FLAT: Final = 0.35  # between the heights of pelvis and head


def seated_on(target: PlacedObject, motion: MotionKinematics) -> BoolArray:
    """Frames (frames,) in which the pelvis rests on one of the object's seats with the thighs level."""
    if not target.seats:
        return np.zeros(len(motion), dtype=bool)
    seats = target.to_room(np.array(target.seats))
    level = (motion.pair("hip")[..., 2] - motion.pair("knee")[..., 2]).max(axis=1)
    away = np.linalg.norm(motion.pelvis[:, None, :2] - seats[None, :, :2], axis=2)
    rise = motion.pelvis[:, None, 2] - seats[None, :, 2]
    on_seat = (away < SEAT_RADIUS) & (rise > SEAT_RISE[0]) & (rise < SEAT_RISE[1])
    return np.asarray(on_seat.any(axis=1) & (level < LEVEL) & motion.upright)


def lying_on(target: PlacedObject, motion: MotionKinematics) -> BoolArray:
    """Frames (frames,) in which pelvis and head rest on the object's lying surface."""
    if target.lying is None:
        return np.zeros(len(motion), dtype=bool)
    surface = target.to_room(np.array(target.lying))[:, 2].min()
    body = motion.joints[:, [INDEX["pelvis"], INDEX["head"]]]
    over = np.stack([target.distance(body[:, i]) < BESIDE_BED for i in range(2)]).all(axis=0)
    low = ((body[..., 2] > surface + BED_RISE[0]) & (body[..., 2] < surface + BED_RISE[1])).all(axis=1)
    return np.asarray(over & low & (np.abs(body[:, 0, 2] - body[:, 1, 2]) < FLAT))


def has_lasted(state: BoolArray) -> BoolArray:
    """Frames (frames,) before which the state has lasted long enough, once."""
    after = np.zeros(len(state), dtype=bool)
    for start in starts(state):
        after[start + int(SETTLED * FPS) :] = True
    return after
