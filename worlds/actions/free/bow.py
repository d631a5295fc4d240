"""Bow."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.postures import ARMS, rest_arms
from worlds.actions.performing.timeline import Timeline
from worlds.checker.kinematics import FPS, Mask, Seen, starts
from worlds.checker.relations import Plan
from worlds.types import Array, Targets


def bow(actor: Actor, line: Timeline) -> None:
    """The trunk bends forward over straight legs and comes up again, arms along the thighs."""
    rng, down = actor.rng, max(actor.seconds(0.75, 1.0), 0.6)
    lean, bend = rng.uniform(0.5, 0.9), rng.uniform(0.25, 0.45)
    ahead, back = np.array([-np.sin(line.stand.yaw), np.cos(line.stand.yaw)]), 0.13 * np.sin(lean)
    place = np.array([line.stand.x, line.stand.y]) - ahead * back
    line.move("place", line.now, line.now + down, *place)
    line.move("height", line.now, line.now + down, line.body.standing_height - 0.02)
    line.move("lean", line.now, line.now + down, lean)
    line.move("spine", line.now, line.now + down, 0.0, bend, 0.0)
    for arm in ARMS:
        line.move(arm, line.now, line.now + down, 0.22, 0.08, 0.2, 0.2)
    line.now += down + actor.seconds(0.2, 0.6)
    line.move("place", line.now, line.now + down, line.stand.x, line.stand.y)
    line.move("height", line.now, line.now + down, line.body.standing_height)
    rest_arms(line, down)


def bowed(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """The trunk bends forward over straight legs with the hands at the thighs, and rises again, on one spot."""
    lean = np.degrees(seen.leaning)
    legs = (seen.knees > np.radians(140)).all(axis=1) & (seen.speed < 0.45)
    thigh = 0.5 * (seen.pair("hip") + seen.pair("knee"))
    down = (np.linalg.norm(seen.pair("wrist") - thigh, axis=2) < 0.62 * seen.arm).all(axis=1)
    found = []
    for start in starts((lean > 32) & legs & down, 0.25):
        before, after = slice(max(start - round(1.6 * FPS), 0), start), slice(start, start + round(3.5 * FPS))
        if _straight(lean[before]) and _straight(lean[after]) and legs[start : _next(lean < 18, start) + 1].all():
            found.append(start)
    return found


def _straight(lean: Array) -> bool:
    return bool((lean < 18).any())


def _next(state: Mask, start: int) -> int:
    return start + int(state[start:].argmax())


BOW: Final = free_action(
    "bow",
    move=bow,
    seconds=2.4,
    detect=bowed,
    phrases=(
        "~bow",
        "~take a bow",
        "~bow from the waist",
        "~make a bow",
        "~bend forward in a bow",
    ),
)
