"""Turn around."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from worlds.actions.detecting.limbs import stays_on_spot
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.timeline import Timeline
from worlds.checker.kinematics import FPS, Mask, Seen
from worlds.checker.relations import Plan
from worlds.people.gait import Stand, shuffle
from worlds.types import Array, Targets


def turn_around(actor: Actor, line: Timeline) -> None:
    """Half a turn or more on the spot in small steps, left or right."""
    rng, period = actor.rng, 0.45 * actor.tempo**0.5
    angle = float(rng.choice([-1.0, 1.0]) * rng.uniform(np.radians(165), np.radians(179)))
    line.wait(actor.seconds(0.25, 0.45))
    goal = Stand(line.stand.x, line.stand.y, line.stand.yaw + angle)
    line.take(shuffle(line.stand, goal, line.body, start=line.now, period=period), goal, gait=0.3)
    line.move("gait", line.now - 0.1, line.now + 0.25, 0.0)
    line.wait(max(actor.seconds(0.5, 0.8), 0.6))


def turned_around(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """At least 150 degrees on the spot, standing still before and after."""
    yaw = np.unwrap(np.arctan2(seen.heading[:, 1], seen.heading[:, 0]))
    rate = np.abs(np.gradient(yaw)) * FPS
    quiet = _quiet(seen, rate)
    turning = rate > np.radians(20)
    found = []
    for start, end in _gaps(quiet):
        turned = abs(yaw[end] - yaw[start])
        if turned > np.radians(150) and turning[start:end].mean() > 0.5 and stays_on_spot(seen, start, end, 0.3):
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


TURN_AROUND: Final = free_action(
    "turn around",
    move=turn_around,
    seconds=2.8,
    detect=turned_around,
    phrases=(
        "~turn around",
        "~turn around on the spot",
        "~turn right round",
        "~spin around",
        "~turn to face the other way",
        "~turn about",
    ),
)
