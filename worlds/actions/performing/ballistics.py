"""The height of the pelvis in a jump."""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from worlds.people.curves import ease

GRAVITY: Final = 9.81
TICK: Final = 0.025  # seconds between the keys of a jump


def flight(rise: float, toes: float, dip: float) -> DoubleArray:
    """Heights (n,) of the pelvis over standing, a tick apart, in one jump: dip, push, flight, landing, straightening.

    ``rise``: metres that the feet leave the floor; ``toes``: height at which they leave it; ``dip``: how far the knees
    give before and after. The push and the landing are constant accelerations, the flight is ballistic.
    """
    speed = np.sqrt(2 * GRAVITY * rise)
    push = speed**2 / (2 * (dip + toes))
    crouch, thrust, air = 0.12 + 1.3 * dip, speed / push, 2 * speed / GRAVITY
    down = -dip * ease(np.arange(0, crouch, TICK) / crouch)
    t = np.arange(0, 2 * thrust + air, TICK)
    late = 2 * thrust + air - t
    near = np.minimum(t, late)
    floor = -dip + 0.5 * push * near**2
    fly = toes + speed * (t - thrust) - 0.5 * GRAVITY * (t - thrust) ** 2
    up = -dip * (1 - ease(np.arange(0, 1.3 * crouch + TICK, TICK) / (1.3 * crouch)))
    return np.concatenate([down, np.where(near < thrust, floor, fly), up])
