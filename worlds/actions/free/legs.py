"""Moves of the legs on one spot: kick, march, squat, turn around."""

from __future__ import annotations

import numpy as np

from worlds.actions.actor import Actor
from worlds.actions.free.feet import READY, Feet, aside
from worlds.actions.postures import ARMS
from worlds.actions.timeline import ARM_AT_REST, Timeline
from worlds.people.body import KNEES, SIDES
from worlds.people.gait import STANCE_WIDTH, Stand, shuffle


def kick(actor: Actor, line: Timeline) -> None:
    """One leg swings back, shoots forward and up, and comes down; the other foot stays."""
    rng, side = actor.rng, int(actor.rng.random() < 0.7)
    for index in range(int(rng.integers(1, 3))):
        _kick_once(actor, line, side, height=float(rng.uniform(0.3, 0.8)) * line.body.leg, first=index == 0)


def _kick_once(actor: Actor, line: Timeline, side: int, *, height: float, first: bool) -> None:
    feet, body, sign = Feet(line), line.body, SIDES[side]
    over = aside(line, -sign * 0.75 * STANCE_WIDTH * body.stature)
    t = line.now
    line.move("place", t, t + READY, *over)
    line.move("height", t, t + READY, body.standing_height - 0.03)
    line.move(ARMS[side], t, t + READY, 0.3, 0.3, 0.3, 0.9)
    line.move(ARMS[1 - side], t, t + READY, 0.1, 0.35, 0.3, 0.9)
    t += READY
    back, out = max(actor.seconds(0.25, 0.32), 0.24), max(actor.seconds(0.24, 0.3), 0.22)
    hip = body.leg - 0.03
    ahead = float(1.05 * np.sqrt(max((0.98 * body.leg) ** 2 - (hip - height) ** 2, 0.04)))
    feet.put(side, t)
    feet.put(side, t + back, ahead=-0.3 * body.leg, up=0.2 * body.leg, out=-0.02, pitch=-0.9)
    feet.put(side, t + back + 0.5 * out, ahead=0.35 * ahead, up=0.45 * height + 0.06, out=-0.02, pitch=-0.5)
    feet.put(side, t + back + out, ahead=ahead, up=height, out=-0.03, pitch=0.4)
    line.move("lean", t, t + back, 0.1)
    line.move("lean", t + back, t + back + out, -0.12 - 0.2 * height)
    line.move(ARMS[1 - side], t + back, t + back + out, 0.7, 0.3, 0.2, 0.8)
    line.move(ARMS[side], t + back, t + back + out, -0.4, 0.35, 0.2, 0.6)
    t += back + out + 0.05
    home = max(actor.seconds(0.5, 0.6), 0.45)
    feet.hold(side, t)
    feet.put(side, t + 0.5 * home, ahead=0.35 * ahead, up=0.4 * height, pitch=-0.1)
    feet.put(side, t + home)
    line.move("lean", t, t + home, 0.0)
    line.move("place", t + 0.5 * home, t + home + 0.2, line.stand.x, line.stand.y)
    line.move("height", t + 0.5 * home, t + home + 0.2, body.standing_height)
    for arm in ARMS:
        line.move(arm, t, t + home + 0.1, *ARM_AT_REST)
    line.now = t + home + 0.1
    feet.down()


def march(actor: Actor, line: Timeline) -> None:
    """Knees up in turn, arms swinging against the legs, without leaving the spot."""
    rng, body, feet = actor.rng, line.body, Feet(line)
    first, period, flexed = int(rng.integers(2)), max(actor.seconds(0.46, 0.58), 0.42), rng.uniform(0.95, 1.4)
    thigh = body.length(KNEES[0])
    line.move("place", line.now + 0.2, line.now + READY, *aside(line, -SIDES[first] * 0.04))
    line.now += READY
    swing = rng.uniform(0.4, 0.8)
    for index in range(int(rng.integers(5, 8))):
        side, t = (first + index) % 2, line.now
        feet.put(side, t)
        high = thigh * (1 - np.cos(flexed))
        feet.put(side, t + 0.5 * period, ahead=0.85 * thigh * np.sin(flexed), up=high, pitch=-0.35)
        feet.put(side, t + 0.96 * period)
        line.move("place", t, t + 0.5 * period, *aside(line, -SIDES[side] * 0.05))
        for index_of_arm, arm in enumerate(ARMS):
            opposite = index_of_arm != side
            forward = swing if opposite else -0.5 * swing
            line.move(arm, t, t + 0.5 * period, forward, 0.13, 0.2, 0.5 + 0.4 * opposite)
        line.now += period
    for arm in ARMS:
        line.move(arm, line.now, line.now + 0.35, *ARM_AT_REST)
    line.move("place", line.now, line.now + 0.35, line.stand.x, line.stand.y)
    line.now += 0.25
    feet.down()


def squat(actor: Actor, line: Timeline) -> None:
    """Down over flat feet and up again, two or three times, arms ahead or crossed before the chest."""
    rng, body = actor.rng, line.body
    count, deep = int(rng.integers(2, 4)), float(rng.uniform(0.4, 0.52)) * body.leg
    down, behind = max(actor.seconds(0.65, 0.8), 0.52), 0.13 * body.leg
    arms = (1.35, 0.05, 0.1, 0.2) if rng.random() < 0.7 else (0.75, 0.1, 0.7, 1.9)
    for _ in range(count):
        t, hold = line.now, actor.seconds(0.1, 0.2) + 0.2 * (count == 2)
        line.move("place", t, t + down, *aside(line, 0.0, -behind))
        line.move("height", t, t + down, body.standing_height - deep)
        line.move("lean", t, t + down, 0.55)
        line.move("spine", t, t + down, 0.0, 0.12, 0.0)
        for arm in ARMS:
            line.move(arm, t, t + down, arms[0] + 0.35, *arms[1:])
        t += down + hold
        line.move("place", t, t + down, line.stand.x, line.stand.y)
        line.move("height", t, t + down, body.standing_height)
        line.move("lean", t, t + down, 0.0)
        line.move("spine", t, t + down, 0.0, 0.06, 0.0)
        for arm in ARMS:
            line.move(arm, t, t + down, *ARM_AT_REST)
        line.now = t + down + actor.seconds(0.05, 0.2)


def turn_around(actor: Actor, line: Timeline) -> None:
    """Half a turn or more on the spot in small steps, left or right."""
    rng, period = actor.rng, 0.45 * actor.tempo**0.5
    angle = float(rng.choice([-1.0, 1.0]) * rng.uniform(np.radians(165), np.radians(179)))
    line.wait(actor.seconds(0.25, 0.45))
    goal = Stand(line.stand.x, line.stand.y, line.stand.yaw + angle)
    line.take(shuffle(line.stand, goal, line.body, start=line.now, period=period), goal, gait=0.3)
    line.move("gait", line.now - 0.1, line.now + 0.25, 0.0)
    line.wait(max(actor.seconds(0.5, 0.8), 0.6))
