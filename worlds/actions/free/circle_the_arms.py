"""Circle the arms."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.limbs import wrists_from_shoulders
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.postures import ARMS, rest_arms
from worlds.actions.performing.timeline import Timeline
from worlds.checker.kinematics import Mask, Seen, starts
from worlds.checker.relations import Plan
from worlds.types import Targets


def circle_arms(actor: Actor, line: Timeline) -> None:
    """Both straight arms go round and round, forwards or backwards."""
    rng, turns = actor.rng, int(actor.rng.integers(2, 4))
    once, way, up = max(actor.seconds(0.95, 1.15), 0.72), float(rng.choice([-1.0, 1.0])), actor.seconds(0.3, 0.4)
    for arm in ARMS:
        line.move(arm, line.now, line.now + up, 0.0, rng.uniform(0.25, 0.45), 0.0, 0.08)
    line.now += 0.5 * up
    before, duration = line.last("circling")[0], turns * once + 0.3
    line.move("circling", line.now, line.now, before, before)
    for share in np.linspace(0, 1, 6 * turns + 1)[1:]:
        angle = before + way * 2 * np.pi * turns * (share - np.sin(2 * np.pi * share) / (4 * np.pi * turns))
        line.set("circling", line.now + duration * share, angle, angle)
    line.now += duration
    rest_arms(line, up)


def circled_arms(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """Both straight arms go round their shoulders, a turn and a half or more, seen from the side."""
    hand = wrists_from_shoulders(seen)
    angle = np.unwrap(np.arctan2(hand[..., 1], -hand[..., 2]), axis=0)
    straight: Mask = np.asarray((seen.elbows > np.radians(130)).all(axis=1))
    for start in starts(straight, 1.2):
        end = start + int(np.append(~straight[start:], True).argmax())
        turned = np.abs(angle[start:end] - angle[start]) >= np.radians(500)
        if turned.any(axis=0).all():
            return [start + int(turned.all(axis=1).argmax())]
    return []


CIRCLE_THE_ARMS: Final = free_action(
    "circle the arms",
    move=circle_arms,
    seconds=3.4,
    detect=circled_arms,
    phrases=(
        "~circle the arms",
        "~swing both arms in circles",
        "~make big circles with both arms",
        "~circle {your} arms",
        "~do arm circles",
        "~rotate both arms",
    ),
)
