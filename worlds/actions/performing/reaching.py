"""Hands at places: how far a standing body bends and crouches to get them there, and the keyframes of doing so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from monster.arrays import DoubleArray
from worlds.actions.performing.keyframes import (
    ARM_AT_REST,
    HANDS,
    SPINE_AT_REST,
    Keyframe,
    Posture,
    SpineAngles,
    one_hand,
)
from worlds.actions.performing.timeline import Timeline
from worlds.people.body import SHOULDERS, Body, Pose, solve
from worlds.people.gait import Stand
from worlds.types import Point

HAND: Final = 0.06  # metres from a wrist to what the fingers touch, at least
FARTHEST, NEAREST = 0.985, 0.3  # shares of an arm: how far a wrist goes from its shoulder
COMFORTABLE: Final = (0.5, 0.85)  # shares of an arm, within which reaching costs no effort
LEANS, DROPS = 13, 7  # values that are tried
DROP_EFFORT: Final = 2.5  # of a leg's length, against a radian of lean
STRETCH_EFFORT: Final = 0.6  # of an arm's length beyond the comfortable
PELVIS_SHARE, SPINE_SHARE = 0.6, 0.4  # of a lean
HIPS_BACK: Final = (0.1, 0.35)  # metres that the pelvis moves back, for the sine of the lean and a metre of drop
HANGING_SWING: Final = (0.5, 0.5)  # of a free arm: radians for a radian of lean, and at most
AIMED: Final = 0.1  # seconds before a hand moves in which its target is set
LEAVING: Final = 0.55  # share of the time that hands take to withdraw, after which a body that leaves is upright
Ending = Literal["stay", "lower", "leave"]  # keep the hands there, withdraw them, withdraw them while already leaving


@dataclass(frozen=True)
class ReachLimits:
    """How far a body may lean, in radians (``least`` to ``most``), and crouch, in shares of a leg (``lowest``)."""

    least: float = 0.0
    most: float = float(np.radians(60))
    lowest: float = 0.2


UPRIGHT: Final = ReachLimits()
DOWN: Final = ReachLimits(most=float(np.radians(92)), lowest=0.53)  # to the floor


@dataclass(frozen=True)
class Reach:
    """How a standing body gets its hands to places: wrists by side, lean in radians, drop of the pelvis in metres."""

    wrists: Mapping[int, Point]
    lean: float
    drop: float


def find_reach(body: Body, stand: Stand, handle: DoubleArray, *, side: int) -> Reach | None:
    """The least bending that brings the fingers of one hand to ``handle`` (3,); None if it is out of reach."""
    return find_hold(body, stand, {side: handle}, gap=HAND)


def find_hold(
    body: Body, stand: Stand, places: Mapping[int, DoubleArray], *, limits: ReachLimits = UPRIGHT, gap: float = 0.0
) -> Reach | None:
    """The posture with the least effort that brings the wrist of each side to its place.

    A place (k, 3) is the wrist's first place and others that it has to reach in the same posture. Wrists stay ``gap``
    metres in front of them. None if a place is out of reach, or too near for an arm.
    """
    leans = np.linspace(limits.least, limits.most, LEANS)
    drops = np.linspace(0, limits.lowest, DROPS) * body.leg
    lean, drop = (grid.ravel() for grid in np.meshgrid(leans, drops))
    joints = solve(body, bent_pose(body, stand, lean, drop))
    effort = lean**2 + (DROP_EFFORT * drop / body.leg) ** 2
    wrists = {}
    for side, place in places.items():
        to_shoulder = joints[:, SHOULDERS[side], None] - np.atleast_2d(place)
        away = np.linalg.norm(to_shoulder, axis=2)
        short = np.minimum(gap / np.maximum(away, 1e-9), 0.3)
        needed = away * (1 - short) / body.arm
        farthest, nearest = needed.max(axis=1), needed.min(axis=1)
        effort = (
            effort + STRETCH_EFFORT * np.maximum(farthest - COMFORTABLE[1], 0) + np.maximum(COMFORTABLE[0] - nearest, 0)
        )
        effort = np.where((farthest < FARTHEST) & (nearest > NEAREST), effort, np.inf)
        wrists[side] = np.atleast_2d(place)[0] + to_shoulder[:, 0] * short[:, :1]
    best = int(effort.argmin())
    if not np.isfinite(effort[best]):
        return None
    chosen = {side: (float(at[best, 0]), float(at[best, 1]), float(at[best, 2])) for side, at in wrists.items()}
    return Reach(chosen, float(lean[best]), float(drop[best]))


def bent_pose(body: Body, stand: Stand, lean: DoubleArray, drop: DoubleArray) -> Pose:
    """A standing body in n postures: leaning by ``lean`` (n,), the pelvis lower by ``drop`` (n,) and farther back."""
    n = len(lean)
    back = HIPS_BACK[0] * np.sin(lean) + HIPS_BACK[1] * drop
    pelvis = np.column_stack(
        [stand.x + back * np.sin(stand.yaw), stand.y - back * np.cos(stand.yaw), body.standing_height - drop]
    )
    turn = np.column_stack([np.full(n, stand.yaw), PELVIS_SHARE * lean, np.zeros(n)])
    spine = np.column_stack([np.zeros(n), SPINE_AT_REST.bend + SPINE_SHARE * lean, np.zeros(n)])
    feet, nothing = np.zeros((n, 2, 2)), np.zeros((n, 2, 3))
    return Pose(pelvis, turn, spine, np.zeros(n), nothing, feet, np.zeros((n, 2, 4)), np.zeros((n, 2)), nothing)


def bent(timeline: Timeline, lean: float, drop: float) -> Posture:
    """The same posture of the timeline's body as a keyframe sets it."""
    pose = bent_pose(timeline.body, timeline.stand, np.array([lean]), np.array([drop]))
    x, y, height = pose.pelvis[0].tolist()
    arms = None
    if timeline.last("carrying")[0] == 0:  # a free arm hangs down rather than along the trunk
        swing = ARM_AT_REST.swing + min(HANGING_SWING[0] * lean, HANGING_SWING[1])
        arms = ARM_AT_REST._replace(swing=swing)
    spine = SpineAngles(bend=SPINE_AT_REST.bend + SPINE_SHARE * lean)
    return Posture(place=(x, y), height=height, lean=PELVIS_SHARE * lean, spine=spine, arms=arms)


def bring_hands(timeline: Timeline, reach: Reach, *, seconds: float) -> None:
    """Bring the hands to their places; an arm without a place stays free."""
    aimed = [Keyframe(one_hand(side, wrist), start=-AIMED, at=0.0) for side, wrist in reach.wrists.items()]
    timeline.play(aimed)
    weights = (float(0 in reach.wrists), float(1 in reach.wrists))
    bending = Keyframe(bent(timeline, reach.lean, reach.drop), start=0.0, at=1.0)
    timeline.play([Keyframe(Posture(reach=weights), start=0.0, at=1.0), bending], seconds=seconds)
    timeline.wait(seconds)


def withdraw_hands(timeline: Timeline, *, seconds: float, upright: float | None = None) -> None:
    """Withdraw the hands in so many seconds; the body is upright, and may walk, ``upright`` seconds from now."""
    upright = seconds if upright is None else upright
    timeline.play([Keyframe(Posture(reach=(0.0, 0.0)), start=0.0, at=seconds)])
    timeline.play([Keyframe(bent(timeline, 0.0, 0.0), start=0.0, at=upright)])
    timeline.wait(upright)


def end_reach(timeline: Timeline, then: Ending, *, seconds: float) -> None:
    """Leave the hands where they are, or withdraw them."""
    if then != "stay":
        withdraw_hands(timeline, seconds=seconds, upright=seconds if then == "lower" else LEAVING * seconds)


def reach_and_hold(timeline: Timeline, reach: Reach, *, seconds: float, hold: float, then: Ending) -> None:
    """Bring the hands to their places in so many seconds, hold them there, then end the reach."""
    bring_hands(timeline, reach, seconds=seconds)
    timeline.wait(hold)
    end_reach(timeline, then, seconds=seconds)


def follow(timeline: Timeline, places: Mapping[int, DoubleArray], *, seconds: float) -> None:
    """Move the wrists, which are at the first of their places (n, 3), through all of them, evenly in time."""
    for side, path in places.items():
        for time, place in zip(timeline.now + np.linspace(0, seconds, len(path)), path, strict=True):
            timeline.set(HANDS[side], float(time), *place)
    timeline.wait(seconds)
