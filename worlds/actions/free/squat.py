"""Squat."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from worlds.actions.detecting.cycles import separate
from worlds.actions.detecting.limbs import stays_on_spot
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.feet import aside
from worlds.actions.performing.postures import ARMS
from worlds.actions.performing.timeline import ARM_AT_REST, Timeline
from worlds.checker.kinematics import FPS, Mask, Seen, starts
from worlds.checker.relations import Plan
from worlds.types import Targets


def squat(actor: Actor, line: Timeline) -> None:
    """Down over flat feet and up again, two or three times, arms ahead or crossed before the chest."""
    rng, body = actor.rng, line.body
    count, deep = int(rng.integers(2, 4)), float(rng.uniform(0.4, 0.52)) * body.leg
    down, behind = max(actor.seconds(0.65, 0.8), 0.52), 0.13 * body.leg
    arms = (1.35, 0.05, 0.1, 0.2) if rng.random() < 0.7 else (0.75, 0.1, 0.7, 1.9)
    for _ in range(count):
        t, hold = line.now, actor.seconds(0.1, 0.2) + 0.2 * (count == 2)
        line.move("place", t, t + down, *aside(line, 0.0, -behind))
        line.move("height", t, t + down, body.standing_height - deep)
        line.move("lean", t, t + down, 0.55)
        line.move("spine", t, t + down, 0.0, 0.12, 0.0)
        for arm in ARMS:
            line.move(arm, t, t + down, arms[0] + 0.35, *arms[1:])
        t += down + hold
        line.move("place", t, t + down, line.stand.x, line.stand.y)
        line.move("height", t, t + down, body.standing_height)
        line.move("lean", t, t + down, 0.0)
        line.move("spine", t, t + down, 0.0, 0.06, 0.0)
        for arm in ARMS:
            line.move(arm, t, t + down, *ARM_AT_REST)
        line.now = t + down + actor.seconds(0.05, 0.2)


def squatted(seen: Seen, things: Targets, plan: Plan) -> list[int]:
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
        if flat[until].all() and behind[until].max() < 0.33 and stays_on_spot(seen, until.start, until.stop):
            found.append(start)
    pairs = pairwise(found)
    return separate([a for a, b in pairs if b - a < 3.5 * FPS and rise[a:b].max() > 0.95 and stays_on_spot(seen, a, b)])


SQUAT: Final = free_action(
    "squat",
    move=squat,
    seconds=4.0,
    detect=squatted,
    phrases=(
        "~squat",
        "~do a squat",
        "~squat down and ~come up",
        "~bend {your} knees into a squat",
        "~squat low",
    ),
)
