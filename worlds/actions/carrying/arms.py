"""Arms that carry something."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.people.body import WRISTS, Body, Pose, solve

CARRY: Final = (0.24, 0.1, 1.42)  # swing, raise and elbow bend of arms that carry
CARRIED: Final = 0.5  # seconds
LIFT_TIME: Final = 3.0  # seconds from the contact until it is carried


def carrying_arm(body: Body, apart: float) -> tuple[float, float, float, float]:
    """The arm that carries something, with the wrists so many metres apart: angles of a `Pose`."""
    swing, raised, bend = CARRY
    twists = np.linspace(-0.6, 1.2, 37)
    arms = np.column_stack(
        [np.full_like(twists, swing), np.full_like(twists, raised), twists, np.full_like(twists, bend)]
    )
    n, still = len(twists), np.zeros((len(twists), 2, 3))
    pose = Pose(np.zeros((n, 3)), np.zeros((n, 3)), np.zeros((n, 3)), np.zeros(n), still, np.zeros((n, 2, 2)),
                np.repeat(arms[:, None], 2, axis=1), np.zeros((n, 2)), still)  # fmt: skip
    wrists = solve(body, pose)[:, list(WRISTS)]
    best = int(np.abs(wrists[:, 1, 0] - wrists[:, 0, 0] - apart).argmin())
    return swing, raised, float(twists[best]), bend
