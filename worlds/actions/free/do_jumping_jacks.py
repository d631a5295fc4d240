"""Do jumping jacks."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.cycles import to_and_fro
from worlds.actions.detecting.limbs import ankle_spread, jack_frames
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.ballistics import GRAVITY, TICK
from worlds.actions.performing.feet import READY, Feet
from worlds.actions.performing.open_floor import alternate
from worlds.actions.performing.postures import ARMS
from worlds.actions.performing.timeline import ARM_AT_REST, Timeline
from worlds.checker.kinematics import FPS, Seen
from worlds.checker.relations import Plan
from worlds.people.curves import ease
from worlds.types import Targets


def jumping_jacks(actor: Actor, line: Timeline) -> None:
    """Small jumps that spread the legs with the arms overhead, and bring both back."""
    rng, feet = actor.rng, Feet(line)
    half, count = max(actor.seconds(0.44, 0.54), 0.4), int(rng.integers(3, 5))
    out, rise = float(rng.uniform(0.2, 0.28)), float(rng.uniform(0.03, 0.045))
    line.now += READY - 0.1
    for arm in ARMS:
        alternate(line, arm, [(0.1, rng.uniform(2.6, 2.85), 0.0, 0.2), (0.05, 0.2, 0.0, 0.15)],
                  half=half, times=2 * count)  # fmt: skip
    for index in range(2 * count):
        _spring(feet, (0.0, out) if index % 2 == 0 else (out, 0.0), rise=rise, seconds=half)
    line.move("hop", line.now, line.now + 0.2, 0.0)
    for arm in ARMS:
        line.move(arm, line.now, line.now + 0.3, *ARM_AT_REST)
    line.now += 0.15
    feet.down()


def _spring(feet: Feet, out: tuple[float, float], *, rise: float, seconds: float) -> None:
    """A small jump that takes the feet from so many metres to their sides to so many."""
    line, leg, air = feet.line, feet.line.body.leg, float(np.sqrt(8 * rise / GRAVITY))
    for u in np.arange(0, seconds - 0.5 * TICK, TICK):
        since = u - 0.5 * (seconds - air)
        share = float(np.clip(since / air, 0.0, 1.0))
        spread = out[0] + (out[1] - out[0]) * float(ease(np.array(share)))
        height = max(0.0, 0.5 * GRAVITY * since * (air - since))
        give = 0.02 * (np.sin(np.pi * share) - 1)
        line.set("hop", line.now + u, float(height + np.sqrt(leg**2 - spread**2) - leg + give))
        for side in range(2):
            feet.put(side, line.now + u, out=spread, up=height, pitch=-0.35 * min(1.0, height / rise))
    line.now += seconds


def did_jumping_jacks(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """Arms overhead with the feet apart, arms down with the feet together, twice or more."""
    spans = to_and_fro(ankle_spread(seen), seen.upright, 0.2, turns=4, within=3.5)
    frames = jack_frames(seen)
    return [start for start in spans if frames[start : start + round(1.5 * FPS)].any()]


DO_JUMPING_JACKS: Final = free_action(
    "do jumping jacks",
    move=jumping_jacks,
    seconds=3.6,
    detect=did_jumping_jacks,
    phrases=(
        "~do jumping jacks",
        "~do star jumps",
        "~perform jumping jacks",
        "~do some jumping jacks",
        "~jump with arms and legs swinging out and in",
    ),
)
