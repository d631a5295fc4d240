"""Kick."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.cycles import separate
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.feet import READY, Feet, aside
from worlds.actions.performing.postures import ARMS
from worlds.actions.performing.timeline import ARM_AT_REST, Timeline
from worlds.checker.kinematics import FPS, Seen, starts
from worlds.checker.relations import Plan
from worlds.people.body import SIDES
from worlds.people.gait import STANCE_WIDTH
from worlds.types import Targets

SWIFT: Final = 2.2  # leg lengths a second


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


def kicked(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """A foot shoots forward and up on a straight leg while the other stands."""
    ankle = (seen.own_pair("ankle") - seen.own_pair("hip")) / seen.leg
    speed = np.linalg.norm(np.gradient(ankle, axis=0), axis=2) * FPS
    found = []
    for side in range(2):
        out = (
            (ankle[:, side, 1] > 0.5)
            & (seen.soles[:, side] > 0.22 * seen.leg)
            & (seen.knees[:, side] > np.radians(130))
        )
        standing = (seen.soles[:, 1 - side] < 0.1 * seen.leg) & (seen.speed < 1.2)
        there = starts(out & standing & seen.upright, 0.0)
        found += [start for start in there if speed[max(start - 6, 0) : start + 1, side].max() > SWIFT]
    return separate(found, 0.4)


KICK: Final = free_action(
    "kick",
    move=kick,
    seconds=2.4,
    detect=kicked,
    phrases=(
        "~kick",
        "~kick with one leg",
        "~give a kick",
        "~kick out into the air",
        "~throw a kick",
        "~do a kick",
    ),
)
