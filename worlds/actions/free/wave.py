"""Wave."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.cycles import separate, to_and_fro
from worlds.actions.detecting.limbs import wrists_from_shoulders
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.open_floor import alternate
from worlds.actions.performing.postures import ARMS, rest_arms
from worlds.actions.performing.timeline import Timeline
from worlds.checker.kinematics import Seen
from worlds.checker.relations import Plan
from worlds.types import Targets


def wave(actor: Actor, line: Timeline) -> None:
    """One forearm up beside the head swings from side to side."""
    rng, arm = actor.rng, ARMS[int(actor.rng.random() < 0.7)]
    swing, raised, width = rng.uniform(0.0, 0.4), rng.uniform(1.15, 2.0), rng.uniform(0.38, 0.6)
    upright = np.pi - raised
    up, half = actor.seconds(0.5, 0.7), max(actor.seconds(0.2, 0.3), 0.17)
    line.move(arm, line.now, line.now + up, swing, raised, -1.5, upright)
    line.now += up
    times = 2 * int(rng.integers(2, 5)) + int(rng.integers(2))
    alternate(
        line, arm, [(swing, raised, -1.5, upright - width), (swing, raised, -1.5, upright + width)],
        half=half, times=times,
    )  # fmt: skip
    line.now += times * half
    rest_arms(line, up)


def waved(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """One forearm stands up at the side and swings from left to right and back; the other hand is down."""
    found: list[int] = []
    hand = wrists_from_shoulders(seen)
    fore = (seen.own_pair("wrist") - seen.own_pair("elbow")) / seen.arm
    for side in range(2):
        up = (hand[:, side, 2] > 0.0) & (fore[:, side, 2] > 0.12) & (hand[:, 1 - side, 2] < -0.2)
        calm = seen.speed < 1.6
        found += to_and_fro(fore[:, side, 0], up & calm & seen.upright, 0.13, turns=3, within=2.4)
    return separate(found)


WAVE: Final = free_action(
    "wave",
    move=wave,
    seconds=2.6,
    detect=waved,
    phrases=(
        "~wave",
        "~wave with one hand",
        "~wave a hand",
        "~wave hello",
        "~raise a hand and ~wave",
        "~wave at someone",
    ),
)
