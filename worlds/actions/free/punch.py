"""Punch."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.cycles import separate
from worlds.actions.detecting.limbs import FAST, on_both_feet, wrists_from_shoulders
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.postures import ARMS, rest_arms
from worlds.actions.performing.timeline import Timeline
from worlds.checker.kinematics import FPS, Seen, starts
from worlds.checker.relations import Plan
from worlds.people.body import SIDES
from worlds.types import Targets

GUARD: Final = (0.3, 0.12, 0.3, 2.25)  # fists before the chin


def punch(actor: Actor, line: Timeline) -> None:
    """Fists before the chin; one shoots forward and comes back, once or several times."""
    rng, first, alternating = actor.rng, int(actor.rng.integers(2)), actor.rng.random() < 0.5
    out, up = max(actor.seconds(0.15, 0.2), 0.14), actor.seconds(0.4, 0.55)
    for arm in ARMS:
        line.move(arm, line.now, line.now + up, *GUARD)
    line.move("lean", line.now, line.now + up, 0.08)
    line.move("height", line.now, line.now + up, line.body.standing_height - rng.uniform(0.03, 0.07))
    line.now += up + 0.1
    for index in range(int(rng.integers(1, 5))):
        side = (first + index * alternating) % 2
        line.move(ARMS[side], line.now, line.now + out, rng.uniform(1.5, 1.65), 0.0, 0.2, 0.0)
        line.move("spine", line.now, line.now + out, SIDES[side] * rng.uniform(0.3, 0.5), 0.1, 0.0)
        line.now += out + 0.1
        line.move(ARMS[side], line.now, line.now + 1.3 * out, *GUARD)
        line.move("spine", line.now, line.now + 1.3 * out, 0.0, 0.1, 0.0)
        line.now += 1.3 * out + actor.seconds(0.1, 0.2)
    line.move("height", line.now, line.now + up, line.body.standing_height)
    rest_arms(line, up)


def punched(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """A fist at the shoulder shoots straight forward, level with it."""
    hand, found = wrists_from_shoulders(seen), []
    speed = np.gradient(hand[..., 1], axis=0) * FPS
    for side in range(2):
        out = (hand[:, side, 1] > 0.72) & (np.abs(hand[:, side, 2]) < 0.4) & (seen.elbows[:, side] > np.radians(140))
        for end in starts(out & on_both_feet(seen), 0.0):
            window = slice(max(end - round(0.45 * FPS), 0), end + 1)
            begin = (
                (seen.elbows[window, side] < np.radians(105))
                & (hand[window, side, 2] < 0.3)
                & (hand[window, side, 1] > 0.0)
            )
            if begin.any() and speed[window, side].max() > FAST:
                found.append(end)
    return separate(found, 0.2)


PUNCH: Final = free_action(
    "punch",
    move=punch,
    seconds=2.2,
    detect=punched,
    phrases=(
        "~punch",
        "~throw a punch",
        "~punch the air",
        "~strike out with a fist",
        "~throw {your} fist forward",
        "~box into the air",
    ),
)
