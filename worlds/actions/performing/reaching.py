"""Hands at places: how far a standing body bows and crouches to get them there, and the keys of doing so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from worlds.actions.performing.postures import ARMS
from worlds.actions.performing.timeline import ARM_AT_REST, Timeline
from worlds.people.body import SHOULDERS, Body, Pose, solve
from worlds.people.gait import Stand
from worlds.types import Array

HANDS: Final = ("left hand", "right hand")
HAND: Final = 0.06  # metres from a wrist to what the fingers touch, at least
FULL, FOLDED = 0.985, 0.3  # of an arm: the farthest and the nearest that a wrist goes from its shoulder
Point = tuple[float, float, float]
Ending = Literal["stay", "lower", "leave"]  # keep the hand there, take it back, take it back while already leaving


@dataclass(frozen=True)
class Limits:
    """How far a body may lean, in radians (``least`` to ``most``), and crouch, in shares of a leg."""

    least: float = 0.0
    most: float = float(np.radians(60))
    lowest: float = 0.2


UPRIGHT: Final = Limits()
DOWN: Final = Limits(most=float(np.radians(92)), lowest=0.53)  # to the floor


@dataclass(frozen=True)
class Reach:
    """How a standing body gets hands to places: wrists by side, lean in radians, the pelvis' drop in metres."""

    wrists: Mapping[int, Point]
    lean: float
    drop: float


def find_reach(body: Body, stand: Stand, handle: Array, *, side: int) -> Reach | None:
    """The least bowing and crouching that brings the fingers to ``handle`` (3,) from there; None: out of reach."""
    return find_hold(body, stand, {side: handle}, gap=HAND)


def find_hold(
    body: Body, stand: Stand, places: Mapping[int, Array], *, limits: Limits = UPRIGHT, gap: float = 0.0
) -> Reach | None:
    """The posture with the least effort that brings the wrist of each side to its place from there.

    A place (k, 3) is the wrist's first one and others that it has to reach from the same posture. Wrists stay ``gap``
    metres before them. None: out of reach, or too near for an arm.
    """
    leans, drops = np.linspace(limits.least, limits.most, 13), np.linspace(0, limits.lowest, 7) * body.leg
    lean, drop = (grid.ravel() for grid in np.meshgrid(leans, drops))
    joints = solve(body, bowing(body, stand, lean, drop))
    effort = lean**2 + (2.5 * drop / body.leg) ** 2
    wrists = {}
    for side, place in places.items():
        line = joints[:, SHOULDERS[side], None] - np.atleast_2d(place)
        away = np.linalg.norm(line, axis=2)
        short = np.minimum(gap / np.maximum(away, 1e-9), 0.3)
        needed = away * (1 - short) / body.arm
        effort = effort + 0.6 * np.maximum(needed.max(axis=1) - 0.85, 0) + np.maximum(0.5 - needed.min(axis=1), 0)
        effort = np.where((needed.max(axis=1) < FULL) & (needed.min(axis=1) > FOLDED), effort, np.inf)
        wrists[side] = np.atleast_2d(place)[0] + line[:, 0] * short[:, :1]
    best = int(effort.argmin())
    if not np.isfinite(effort[best]):
        return None
    found = {side: (float(at[best, 0]), float(at[best, 1]), float(at[best, 2])) for side, at in wrists.items()}
    return Reach(found, float(lean[best]), float(drop[best]))


def bowing(body: Body, stand: Stand, lean: Array, drop: Array) -> Pose:
    """A body in n postures: leaning by ``lean`` (n,), the pelvis lower by ``drop`` (n,) and so farther back."""
    n = len(lean)
    back = 0.1 * np.sin(lean) + 0.35 * drop
    pelvis = np.column_stack(
        [stand.x + back * np.sin(stand.yaw), stand.y - back * np.cos(stand.yaw), body.standing_height - drop]
    )
    turn = np.column_stack([np.full(n, stand.yaw), 0.6 * lean, np.zeros(n)])
    spine = np.column_stack([np.zeros(n), 0.06 + 0.4 * lean, np.zeros(n)])
    feet, nothing = np.zeros((n, 2, 2)), np.zeros((n, 2, 3))
    return Pose(pelvis, turn, spine, np.zeros(n), nothing, feet, np.zeros((n, 2, 4)), np.zeros((n, 2)), nothing)


def bow(line: Timeline, lean: float, drop: float, *, start: float, end: float) -> None:
    """Keys that bring the standing body from what it is at ``start`` to that bow at ``end``."""
    pose = bowing(line.body, line.stand, np.array([lean]), np.array([drop]))
    line.move("place", start, end, *pose.pelvis[0, :2])
    line.move("height", start, end, float(pose.pelvis[0, 2]))
    line.move("lean", start, end, 0.6 * lean)
    line.move("spine", start, end, 0.0, 0.06 + 0.4 * lean, 0.0)
    if line.last("carried")[0] == 0:
        swing, *rest = ARM_AT_REST
        for arm in ARMS:  # a free arm hangs down rather than along the trunk
            line.move(arm, start, end, swing + min(0.5 * lean, 0.5), *rest)


def bring(line: Timeline, reach: Reach, *, seconds: float) -> None:
    """Bring the hands there, the others staying free."""
    t = line.now
    for side, wrist in reach.wrists.items():
        line.move(HANDS[side], t - 0.1, t, *wrist)
    line.move("reach", t, t + seconds, *(float(side in reach.wrists) for side in range(2)))
    bow(line, reach.lean, reach.drop, start=t, end=t + seconds)
    line.now = t + seconds


def let_go(line: Timeline, *, seconds: float, back: float | None = None) -> None:
    """Take the hands back in so many seconds; the body is upright again ``back`` seconds from now and may go."""
    t, back = line.now, seconds if back is None else back
    line.move("reach", t, t + seconds, 0.0, 0.0)
    bow(line, 0.0, 0.0, start=t, end=t + back)
    line.now = t + back


def end(line: Timeline, then: Ending, *, seconds: float) -> None:
    """What hands do that have been somewhere: stay, or go back."""
    if then != "stay":
        let_go(line, seconds=seconds, back=seconds if then == "lower" else 0.55 * seconds)


def stretch(line: Timeline, reach: Reach, *, seconds: float, hold: float, then: Ending) -> None:
    """Bring the hands there and keep them there; then stay so, take them back, or take them back while leaving."""
    bring(line, reach, seconds=seconds)
    line.wait(hold)
    end(line, then, seconds=seconds)
