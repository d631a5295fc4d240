"""Down to the floor beside an object: crouching, kneeling on one knee; and up again."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.actor import Act, Actor, Setting, chosen, go
from worlds.actions.postures import ARMS, FEET
from worlds.actions.spots import beside
from worlds.actions.timeline import ARM_AT_REST, Timeline
from worlds.people.body import SIDES
from worlds.types import Action, PlacedObject

Things = tuple[PlacedObject, ...]
CROUCHED: Final = 0.42  # of a leg: height of the hips over the ankles
ON_KNEES: Final = (0.75, 0.1, 0.25, 0.55)  # arms of who crouches
KNEE_HEIGHT: Final = 0.06  # metres of a knee on the floor
KNEE_ROOM: Final = 0.5  # metres before the object that the knee which stays up needs
TOES: Final = (0.15, np.radians(-58))  # height of the ankle and pitch of a foot that stands on its toes, kneeling


def crouch_beside(actor: Actor, things: Things, last: bool) -> bool:
    """Walk to the object and crouch before it, feet flat."""
    line = _before(actor, things[0])
    if line is None:
        return False
    body, t, d = line.body, line.now, actor.seconds(0.9, 1.2)
    ahead = _ahead(line)
    line.move("height", t, t + d, body.ankle_height + CROUCHED * body.leg + body.hip_drop)
    line.move("place", t, t + d, line.stand.x - 0.1 * ahead[0], line.stand.y - 0.1 * ahead[1])
    line.move("lean", t, t + d, 0.5)
    line.move("spine", t, t + d, 0.0, 0.35, 0.0)
    for arm in ARMS:
        line.move(arm, t, t + d, *ON_KNEES)
    line.now = t + d
    line.wait(actor.seconds(0.7, 1.2))
    if not last or actor.rng.random() < 0.5:
        _stand_up(line, actor.seconds(0.9, 1.1))
    return True


def kneel_beside(actor: Actor, things: Things, last: bool) -> bool:
    """Walk to the object and go down on one knee before it."""
    line = _before(actor, things[0], least=KNEE_ROOM)
    if line is None:
        return False
    _kneel(line, int(actor.rng.random() < 0.6), seconds=actor.seconds(1.2, 1.5))
    line.wait(actor.seconds(0.7, 1.2))
    if not last or actor.rng.random() < 0.4:
        _rise_from_knee(line, seconds=actor.seconds(1.2, 1.4))
    return True


def _before(actor: Actor, thing: PlacedObject, *, least: float = 0.0) -> Timeline | None:
    spots = beside(actor.room, thing, actor.floor)
    goal = chosen(actor, spots.where(thing.distance(spots.points) > least) if len(spots) else spots)
    return actor.line if goal is not None and go(actor, goal, goal) else None


def _ahead(line: Timeline) -> tuple[float, float]:
    return -float(np.sin(line.stand.yaw)), float(np.cos(line.stand.yaw))


def _kneel(line: Timeline, side: int, *, seconds: float) -> None:
    """One foot steps back and its knee comes down below the hip; the other stays flat before."""
    t, d, body = line.now, seconds, line.body
    ahead = _ahead(line)
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
    _straighten(line, t, d)
    line.move("free", t + d, t + d + 0.1, 0.0)
    line.now = t + d + 0.1


def _stand_up(line: Timeline, seconds: float) -> None:
    _straighten(line, line.now, seconds)
    line.now += seconds


def _straighten(line: Timeline, t: float, d: float) -> None:
    line.move("height", t, t + d, line.body.standing_height)
    line.move("place", t, t + d, line.stand.x, line.stand.y)
    line.move("lean", t, t + 0.4 * d, 0.35)
    line.move("lean", t + 0.4 * d, t + d, 0.0)
    line.move("spine", t, t + d, 0.0, 0.06, 0.0)
    for arm in ARMS:
        line.move(arm, t, t + d, *ARM_AT_REST)


def _beside(setting: Setting) -> list[tuple[int, ...]]:
    room, floor = setting.room, setting.floor
    return [(thing.id,) for thing in room.objects if thing.position[2] < 1.0 and len(beside(room, thing, floor))]


LOW: Final[dict[Action, Act]] = {
    "kneel beside": Act(kneel_beside, _beside, seconds=3.6),
    "crouch beside": Act(crouch_beside, _beside, seconds=3.2),
}
