"""March on the spot."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from worlds.actions.detecting.limbs import stays_on_spot
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.feet import READY, Feet, aside
from worlds.actions.performing.postures import ARMS
from worlds.actions.performing.timeline import ARM_AT_REST, Timeline
from worlds.checker.kinematics import FPS, Seen, starts
from worlds.checker.relations import Plan
from worlds.people.body import KNEES, SIDES
from worlds.types import Targets


def march(actor: Actor, line: Timeline) -> None:
    """Knees up in turn, arms swinging against the legs, without leaving the spot."""
    rng, body, feet = actor.rng, line.body, Feet(line)
    first, period, flexed = int(rng.integers(2)), max(actor.seconds(0.46, 0.58), 0.42), rng.uniform(0.95, 1.4)
    thigh = body.length(KNEES[0])
    line.move("place", line.now + 0.2, line.now + READY, *aside(line, -SIDES[first] * 0.04))
    line.now += READY
    swing = rng.uniform(0.4, 0.8)
    for index in range(int(rng.integers(5, 8))):
        side, t = (first + index) % 2, line.now
        feet.put(side, t)
        high = thigh * (1 - np.cos(flexed))
        feet.put(side, t + 0.5 * period, ahead=0.85 * thigh * np.sin(flexed), up=high, pitch=-0.35)
        feet.put(side, t + 0.96 * period)
        line.move("place", t, t + 0.5 * period, *aside(line, -SIDES[side] * 0.05))
        for index_of_arm, arm in enumerate(ARMS):
            opposite = index_of_arm != side
            forward = swing if opposite else -0.5 * swing
            line.move(arm, t, t + 0.5 * period, forward, 0.13, 0.2, 0.5 + 0.4 * opposite)
        line.now += period
    for arm in ARMS:
        line.move(arm, line.now, line.now + 0.35, *ARM_AT_REST)
    line.move("place", line.now, line.now + 0.35, line.stand.x, line.stand.y)
    line.now += 0.25
    feet.down()


def marched(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """Knees come up in turn, four times or more, on the spot."""
    thigh = (seen.pair("hip")[..., 2] - seen.pair("knee")[..., 2]) / seen.leg
    lifted = (thigh < 0.36) & (seen.soles > 0.07 * seen.leg) & (seen.soles[:, ::-1] < 0.1 * seen.leg)
    ups = sorted((start, side) for side in range(2) for start in starts(lifted[:, side] & seen.upright, 0.08))
    for group in zip(ups, ups[1:], ups[2:], ups[3:], strict=False):
        first, last = group[0][0], group[-1][0]
        in_turn = all(a[1] != b[1] for a, b in pairwise(group))
        if in_turn and last - first < 3.2 * FPS and stays_on_spot(seen, first, last):
            return [first]
    return []


MARCH: Final = free_action(
    "march",
    move=march,
    seconds=3.4,
    detect=marched,
    phrases=(
        "~march on the spot",
        "~march in place",
        "~step in place with high knees",
        "~march without going anywhere",
        "~lift {your} knees high, marching on the spot",
    ),
)
