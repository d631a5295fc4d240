"""Arms that carry something."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.performing.keyframes import ArmAngles
from worlds.people.body import WRISTS, Body, Pose, solve

CARRYING_ARM: Final = ArmAngles(swing=0.24, raised=0.1, elbow=1.42)  # its twist depends on the load
TWISTS: Final = (-0.6, 1.2, 37)  # radians: least, most, and how many are tried
GRASP_SECONDS: Final = 0.2  # in which arms close around a load, or open
CARRY_TIME: Final = 0.5  # seconds
LIFT_TIME: Final = 3.0  # seconds from the contact until the load is carried


def carrying_arm(body: Body, apart: float) -> ArmAngles:
    """The arm that carries a load with the wrists so many metres apart."""
    twists = np.linspace(*TWISTS)
    arms = np.array([CARRYING_ARM._replace(twist=twist) for twist in twists])
    n, still = len(twists), np.zeros((len(twists), 2, 3))
    nothing = np.zeros((n, 3))
    both = np.repeat(arms[:, None], 2, axis=1)
    pose = Pose(nothing, nothing, nothing, np.zeros(n), still, np.zeros((n, 2, 2)), both, np.zeros((n, 2)), still)
    wrists = solve(body, pose)[:, list(WRISTS)]
    best = int(np.abs(wrists[:, 1, 0] - wrists[:, 0, 0] - apart).argmin())
    return CARRYING_ARM._replace(twist=float(twists[best]))
