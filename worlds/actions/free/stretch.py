"""Stretch."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.limbs import on_both_feet, wrists_from_shoulders
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.postures import ARMS, rest_arms
from worlds.actions.performing.timeline import Timeline
from worlds.checker.kinematics import FPS, Seen, starts
from worlds.checker.relations import Plan
from worlds.types import Targets


def stretch(actor: Actor, line: Timeline) -> None:
    """Both arms overhead, the trunk a little back, held for a moment."""
    rng, up = actor.rng, actor.seconds(0.8, 1.0)
    apart, over = rng.uniform(0.05, 0.3), rng.uniform(2.9, 3.05)
    sideways = rng.random() < 0.5
    top = (0.0, over, 0.0, 0.12) if sideways else (over, apart, 0.0, 0.12)
    for arm in ARMS:
        line.move(arm, line.now, line.now + up, *top)
    tilt = rng.choice([-0.28, 0.0, 0.0, 0.28])
    line.move("spine", line.now, line.now + up, 0.0, rng.uniform(-0.2, -0.05), tilt)
    line.now += up + max(actor.seconds(1.1, 1.6), 1.0)
    rest_arms(line, up)


def stretched(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """Both straight arms are overhead and stay there."""
    hand = wrists_from_shoulders(seen)
    up = (hand[..., 2] > 0.7).all(axis=1) & (seen.elbows > np.radians(135)).all(axis=1)
    still = np.linalg.norm(np.gradient(hand, axis=0), axis=2).max(axis=1) * FPS < 1.2
    return starts(up & still & seen.standing & on_both_feet(seen), 0.6)


STRETCH: Final = free_action(
    "stretch",
    move=stretch,
    seconds=3.0,
    detect=stretched,
    phrases=(
        "~stretch",
        "~stretch both arms overhead",
        "~stretch up with both arms",
        "~raise both arms high and ~stretch",
        "~have a stretch",
    ),
)
