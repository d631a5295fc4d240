"""Moves of the whole body: jump, jumping jacks, dance."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.actor import Actor
from worlds.actions.free.feet import READY, Feet, aside
from worlds.actions.free.place import alternate
from worlds.actions.postures import ARMS
from worlds.actions.timeline import ARM_AT_REST, Timeline
from worlds.people.body import SIDES
from worlds.people.curves import ease
from worlds.types import Array

GRAVITY: Final = 9.81
TICK: Final = 0.025  # seconds between the keys of a jump


def flight(rise: float, toes: float, dip: float) -> Array:
    """Heights (n,) of the pelvis over standing, a tick apart, in one jump: dip, push, flight, landing, straightening.

    ``rise``: metres that the feet leave the floor; ``toes``: height at which they leave it; ``dip``: how far the knees
    give before and after. The push and the landing are constant accelerations, the flight is ballistic.
    """
    speed = np.sqrt(2 * GRAVITY * rise)
    push = speed**2 / (2 * (dip + toes))
    crouch, thrust, air = 0.12 + 1.3 * dip, speed / push, 2 * speed / GRAVITY
    down = -dip * ease(np.arange(0, crouch, TICK) / crouch)
    t = np.arange(0, 2 * thrust + air, TICK)
    late = 2 * thrust + air - t
    near = np.minimum(t, late)
    floor = -dip + 0.5 * push * near**2
    fly = toes + speed * (t - thrust) - 0.5 * GRAVITY * (t - thrust) ** 2
    up = -dip * (1 - ease(np.arange(0, 1.3 * crouch + TICK, TICK) / (1.3 * crouch)))
    return np.concatenate([down, np.where(near < thrust, floor, fly), up])


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


def dance(actor: Actor, line: Timeline) -> None:
    """Weight from side to side on the beat, knees springing, hips and arms swinging."""
    rng, body, feet = actor.rng, line.body, Feet(line)
    beat, beats = max(actor.seconds(0.42, 0.52), 0.38), int(rng.integers(6, 8))
    first, sway, turn = int(rng.integers(2)), rng.uniform(0.085, 0.12), rng.uniform(0.1, 0.3)
    line.now += READY - 0.1
    high = rng.random() < 0.4
    for index in range(beats):
        side = (first + index) % 2  # the foot that carries
        sign, t = SIDES[side], line.now
        other = 1 - side
        feet.put(other, t)
        feet.put(other, t + 0.5 * beat, up=0.07, out=-0.03, ahead=0.04, pitch=-0.3)
        feet.put(other, t + 0.95 * beat)
        line.move("place", t, t + 0.6 * beat, *aside(line, 1.3 * sign * sway))
        line.move("height", t, t + 0.45 * beat, body.standing_height - 0.1)
        line.move("height", t + 0.45 * beat, t + beat, body.standing_height - 0.035)
        line.move("yaw", t, t + 0.6 * beat, line.stand.yaw + sign * turn)
        line.move("spine", t, t + 0.6 * beat, -sign * turn, 0.08, -sign * 0.14)
        for index_of_arm, arm in enumerate(ARMS):
            toward = 1.0 if index_of_arm == side else -1.0
            low = (0.35 + 0.5 * toward, 0.35 + 0.15 * toward, 0.3, 1.5)
            up = (0.3, 1.5 + 0.4 * toward, -1.4, 1.3 - 0.3 * toward)
            line.move(arm, t, t + 0.6 * beat, *(up if high else low))
        line.now += beat
    line.move("place", line.now, line.now + 0.4, line.stand.x, line.stand.y)
    line.move("height", line.now, line.now + 0.4, body.standing_height)
    line.move("yaw", line.now, line.now + 0.4, line.stand.yaw)
    line.move("spine", line.now, line.now + 0.4, 0.0, 0.06, 0.0)
    for arm in ARMS:
        line.move(arm, line.now, line.now + 0.4, *ARM_AT_REST)
    line.now += 0.3
    feet.down()
