"""Moves of arms and trunk over feet that stand: wave, clap, stretch, bow, punch, throw, circle the arms."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.actor import Actor
from worlds.actions.free.place import alternate
from worlds.actions.postures import ARMS
from worlds.actions.timeline import ARM_AT_REST, Timeline
from worlds.people.body import ELBOWS, SHOULDERS, SIDES, WRISTS

GUARD: Final = (0.3, 0.12, 0.3, 2.25)  # fists before the chin
PALMS: Final = 0.04  # metres from a wrist to the middle when the palms meet
STRAIGHT_SPINE: Final = (0.0, 0.06, 0.0)


def _rest(line: Timeline, seconds: float) -> None:
    for arm in ARMS:
        line.move(arm, line.now, line.now + seconds, *ARM_AT_REST)
    line.move("spine", line.now, line.now + seconds, *STRAIGHT_SPINE)
    line.move("lean", line.now, line.now + seconds, 0.0)
    line.now += seconds


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
    _rest(line, up)


def clap(actor: Actor, line: Timeline) -> None:
    """Both hands meet before the chest, several times."""
    rng, body = actor.rng, actor.body
    swing, bend, half = rng.uniform(0.45, 0.85), rng.uniform(1.45, 1.75), max(actor.seconds(0.16, 0.26), 0.16)
    shoulder = float(body.offsets[SHOULDERS[1], 0] + body.offsets[14, 0])
    inward = (shoulder - PALMS + body.length(ELBOWS[0]) * np.sin(0.1)) / (body.length(WRISTS[0]) * np.sin(bend))
    shut = (swing, 0.1, float(np.arcsin(min(inward, 0.98))), bend)
    wide = (swing, 0.22, float(rng.uniform(-0.1, 0.15)), bend - 0.1)
    up, claps = actor.seconds(0.4, 0.55), int(rng.integers(4, 8))
    for arm in ARMS:
        line.move(arm, line.now, line.now + up, *wide)
    line.now += up
    for arm in ARMS:
        alternate(line, arm, [shut, wide], half=half, times=2 * claps)
    line.now += 2 * claps * half
    _rest(line, up)


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
    _rest(line, up)


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
    _rest(line, down)


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
    _rest(line, up)


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
    _rest(line, wind)


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
    _rest(line, up)
