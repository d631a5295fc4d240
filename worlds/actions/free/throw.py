"""Throw."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.cycles import separate
from worlds.actions.detecting.limbs import FAST, wrists_from_shoulders
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.postures import ARMS, rest_arms
from worlds.actions.performing.timeline import Timeline
from worlds.checker.kinematics import FPS, Seen, starts
from worlds.checker.relations import Plan
from worlds.people.body import SIDES
from worlds.types import Targets


def throw(actor: Actor, line: Timeline) -> None:
    """The arm goes back beside the head, then whips forward and down across the body."""
    rng, side = actor.rng, int(actor.rng.random() < 0.75)
    arm, sign, wind, whip = ARMS[side], SIDES[side], actor.seconds(0.55, 0.7), max(actor.seconds(0.18, 0.22), 0.16)
    ahead = np.array([-np.sin(line.stand.yaw), np.cos(line.stand.yaw)])
    here, reach = np.array([line.stand.x, line.stand.y]), rng.uniform(0.04, 0.08)
    t = line.now
    line.move(arm, t, t + wind, -0.1, rng.uniform(1.45, 1.7), -1.9, rng.uniform(1.4, 1.7))
    line.move(ARMS[1 - side], t, t + wind, 0.9, 0.3, 0.2, 0.5)
    line.move("spine", t, t + wind, -sign * rng.uniform(0.5, 0.7), -0.1, 0.0)
    line.move("place", t, t + wind, *(here - reach * ahead))
    line.move("lean", t, t + wind, -0.08)
    t += wind + 0.08
    line.move("place", t - 0.1, t + 2 * whip, *(here + reach * ahead))
    line.move("lean", t, t + 2 * whip, 0.22)
    line.move("spine", t - 0.08, t + 1.6 * whip, sign * rng.uniform(0.35, 0.5), 0.3, 0.0)
    line.move(arm, t, t + whip, 1.9, 0.35, -0.6, 0.35)
    line.set(arm, t + 2.1 * whip, rng.uniform(0.7, 1.0), -0.25, 0.3, 0.25)
    line.move(ARMS[1 - side], t, t + 2 * whip, -0.3, 0.2, 0.3, 0.6)
    line.now = t + 2.1 * whip + actor.seconds(0.15, 0.3)
    line.move("place", line.now, line.now + wind, line.stand.x, line.stand.y)
    rest_arms(line, wind)


def threw(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """A hand behind the head or beside it whips forward over the shoulder and down."""
    hand, found = wrists_from_shoulders(seen), []
    speed = np.linalg.norm(np.gradient(hand, axis=0), axis=2) * FPS
    for side in range(2):
        back = (hand[:, side, 1] < 0.05) & (hand[:, side, 2] > 0.12) & (seen.elbows[:, side] < np.radians(140))
        for start in starts(back & seen.upright, 0.1):
            end = start + int((~back[start:]).argmax())
            after = slice(end, end + round(0.6 * FPS))
            ahead = (hand[after, side, 1] > 0.45) & (hand[after, side, 2] > -0.3)
            low = (hand[end : end + round(0.9 * FPS), side, 2] < 0.0).any()
            if ahead.any() and low and speed[after, side].max() > FAST and (hand[start:end, 1 - side, 2] < 0.3).all():
                found.append(end)
    return separate(found)


THROW: Final = free_action(
    "throw",
    move=throw,
    seconds=2.0,
    detect=threw,
    phrases=(
        "~throw something",
        "~throw overarm",
        "~make a throw",
        "~hurl something with one arm",
        "~throw a ball overarm",
        "~swing one arm over in a throw",
    ),
)
