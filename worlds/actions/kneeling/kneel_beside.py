"""Kneel beside an object."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.kneeling.low import direction_ahead, go_before, is_before, low_beside, straighten
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.postures import ARMS, FEET
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import ActionSpec, Phrases, Sampling
from worlds.checker.kinematics import Seen, starts
from worlds.checker.relations import Plan
from worlds.people.body import SIDES
from worlds.types import ActionName, Targets

KNEE_HEIGHT: Final = 0.06  # metres of a knee on the floor
KNEE_ROOM: Final = 0.5  # metres before the object that the knee which stays up needs
TOES: Final = (0.15, np.radians(-58))  # height of the ankle and pitch of a foot that stands on its toes, kneeling
KNEE_ON_FLOOR: Final = 0.16  # metres above the floor


def kneel_beside(actor: Actor, things: Targets, last: bool) -> bool:
    """Walk to the object and go down on one knee before it."""
    line = go_before(actor, things[0], least=KNEE_ROOM)
    if line is None:
        return False
    _kneel(line, int(actor.rng.random() < 0.6), seconds=actor.seconds(1.2, 1.5))
    line.wait(actor.seconds(0.7, 1.2))
    if not last or actor.rng.random() < 0.4:
        _rise_from_knee(line, seconds=actor.seconds(1.2, 1.4))
    return True


def _kneel(line: Timeline, side: int, *, seconds: float) -> None:
    """One foot steps back and its knee comes down below the hip; the other stays flat before."""
    t, d, body = line.now, seconds, line.body
    ahead = direction_ahead(line)
    thigh, shank = body.length(4), body.length(7)
    line.move("free", t, t + 0.05, 1.0)
    for which, foot in enumerate(FEET):
        x, y, yaw = line.stand.foot(body, which)
        line.set(foot, t - 0.05, x, y, body.ankle_height, yaw, 0.0)
    x, y, yaw = line.stand.foot(body, side)
    back = np.sqrt(shank**2 - (TOES[0] - KNEE_HEIGHT) ** 2) - 0.02
    foot = FEET[side]
    straight = yaw + SIDES[side] * 0.1
    line.move(
        foot,
        t,
        t + 0.3 * d,
        x - 0.55 * back * ahead[0],
        y - 0.55 * back * ahead[1],
        body.ankle_height + 0.07,
        straight,
        -0.5,
    )
    line.move(
        foot, t + 0.3 * d, t + 0.55 * d, x - back * ahead[0], y - back * ahead[1], TOES[0] + 0.02, straight, TOES[1]
    )
    line.set(foot, t + d, x - back * ahead[0], y - back * ahead[1], TOES[0], straight, TOES[1])
    line.move("height", t + 0.3 * d, t + d, KNEE_HEIGHT + 0.985 * thigh + body.hip_drop)
    line.move("place", t, t + d, line.stand.x - 0.05 * ahead[0], line.stand.y - 0.05 * ahead[1])
    line.move("lean", t, t + 0.6 * d, 0.3)
    line.move("lean", t + 0.6 * d, t + d, 0.08)
    line.move("spine", t, t + d, 0.0, 0.18, 0.0)
    other = ARMS[1 - side]
    line.move(other, t, t + d, 0.75, 0.12, 0.3, 0.7)  # a hand on the knee that is up
    line.now = t + d


def _rise_from_knee(line: Timeline, *, seconds: float) -> None:
    t, d, body = line.now, seconds, line.body
    for which, foot in enumerate(FEET):
        x, y, yaw = line.stand.foot(body, which)
        here = line.last(foot)
        if abs(here[0] - x) + abs(here[1] - y) > 0.05:
            middle = [(a + b) / 2 for a, b in zip(here[:2], (x, y), strict=True)]
            line.move(foot, t + 0.35 * d, t + 0.65 * d, *middle, body.ankle_height + 0.08, yaw, -0.4)
        line.move(foot, t + 0.65 * d, t + d, x, y, body.ankle_height, yaw, 0.0)
    straighten(line, t, d)
    line.move("free", t + d, t + d + 0.1, 0.0)
    line.now = t + d + 0.1


def knelt_beside(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """A knee on the floor, the trunk upright, before the object."""
    down = (seen.pair("knee")[..., 2].min(axis=1) < KNEE_ON_FLOOR) & seen.upright
    return starts(down & is_before(things[0], seen)) if down.any() else []


KNEEL_BESIDE: Final = ActionSpec(
    name=ActionName("kneel beside"),
    perform=kneel_beside,
    find_targets=low_beside,
    seconds=3.6,
    detect=knelt_beside,
    phrases=Phrases(
        named=(
            "~kneel beside {o}",
            "~kneel down beside {o}",
            "~kneel next to {o}",
            "~go down on {your} knees beside {o}",
            "~kneel down by {o}",
            "~drop to {your} knees next to {o}",
        ),
        bare=(
            "~kneel down",
            "~kneel",
            "~go down on {your} knees",
            "~drop to {your} knees",
        ),
    ),
    sampling=Sampling(weight=0.8),
)
