"""Unplaced clips for tests of placement: motions of the plain room, moved elsewhere."""

from __future__ import annotations

from functools import cache

import numpy as np
from handmade import BED, CHAIR, TABLE, act, plain_room

from monster.placement.search import turned
from monster.types import Motion
from worlds.actions.perform import perform
from worlds.types import ActionInstance

ACTIONS: dict[str, ActionInstance] = {
    "sit": act("sit on", CHAIR),
    "lie": act("lie on", BED),
    "walk": act("walk to", TABLE),
}


@cache
def clip(name: str) -> Motion:
    """Sitting down, lying down or walking, rotated by a radian and moved by some metres."""
    performance = next(
        performed
        for seed in range(20)
        if (performed := perform(plain_room(), [ACTIONS[name]], np.random.default_rng(seed)))
    )
    joints = turned(performance.joints.astype(np.float64), 1.0) + np.array([3.0, -7.0, 0.0])
    return Motion(joints.astype(np.float32), 20.0)


def standing(seconds: float = 2.0) -> Motion:
    """The first frame of the walk, held."""
    first = clip("walk").joints[:1]
    return Motion(np.repeat(first, round(seconds * 20), axis=0), 20.0)


def raised(motion: Motion, height: float) -> Motion:
    """The second half of a motion higher up, as on a ladder."""
    joints = motion.joints.copy()
    joints[len(joints) // 2 :, :, 2] += height
    return Motion(joints, motion.fps)
