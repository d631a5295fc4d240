"""Jump."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.cycles import separate
from worlds.actions.detecting.limbs import jack_frames
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.ballistics import TICK, flight
from worlds.actions.performing.feet import READY, Feet
from worlds.actions.performing.postures import ARMS
from worlds.actions.performing.timeline import ARM_AT_REST, Timeline
from worlds.checker.kinematics import Seen, starts
from worlds.checker.relations import Plan
from worlds.types import Targets

IN_THE_AIR: Final = 0.06  # of a leg's length, both feet


def jump(actor: Actor, line: Timeline) -> None:
    """Up into the air with both feet, once or up to three times."""
    rng = actor.rng
    feet, count = Feet(line), int(rng.integers(1, 4))
    rise = float(rng.uniform(0.12, 0.3))
    line.now += READY - 0.1
    for _ in range(count):
        _one_jump(actor, feet, rise)
    feet.down()


def _one_jump(actor: Actor, feet: Feet, rise: float) -> None:
    line, toes = feet.line, feet.highest_heel()
    heights = flight(rise, toes, dip := 0.16 + 0.4 * rise)
    tuck = float(actor.rng.uniform(0.0, 0.12))
    start = line.now
    for index, height in enumerate(heights):
        time = start + TICK * index
        line.set("hop", time, float(height))
        above = max(0.0, float(height) - toes)
        for side in range(2):
            feet.raise_heel(side, time, float(np.clip(height, 0.0, toes)), up=above * (1 + tuck / max(rise, 0.1)))
    line.now = start + TICK * (len(heights) - 1)
    lift = start + (0.12 + 1.3 * dip)
    top = start + TICK * int(heights.argmax())
    for arm in ARMS:
        line.move(arm, start, lift - 0.05, -0.7, 0.2, 0.2, 0.3)
        line.move(arm, lift, top, 1.3, 0.3, 0.1, 0.5)
        line.move(arm, top + 0.05, line.now, *ARM_AT_REST)
    line.move("lean", start, lift - 0.05, 0.35)
    line.move("lean", lift, top, 0.0)
    line.move("lean", top, 2 * top - lift, 0.22)
    line.move("lean", 2 * top - lift + 0.1, line.now, 0.0)


def jumped(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """Both feet are off the floor and the pelvis is higher than when standing."""
    ground = np.median(seen.pelvis[seen.standing, 2]) if seen.standing.any() else np.inf
    air = (seen.soles > IN_THE_AIR * seen.leg).all(axis=1) & (seen.pelvis[:, 2] > ground + 0.08 * seen.leg)
    ankles = seen.own_pair("ankle")
    beside = np.abs(ankles[:, 0, 1] - ankles[:, 1, 1]) < 0.35 * seen.leg  # who runs is in the air in a stride
    return separate(starts(air & beside & seen.upright & ~jack_frames(seen), 0.1), 0.3)


JUMP: Final = free_action(
    "jump",
    move=jump,
    seconds=2.2,
    detect=jumped,
    phrases=(
        "~jump",
        "~jump up",
        "~jump into the air",
        "~leap off the floor",
        "~do a jump",
        "~hop up",
    ),
)
