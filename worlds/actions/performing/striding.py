"""Writes a gait onto a timeline: the pelvis and the feet of `worlds.people.strides`, with trunk and arms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from worlds.actions.performing.keyframes import ARM_AT_REST, ARMS, FEET, SPINE_AT_REST, ArmAngles, Keyframe, Posture
from worlds.actions.performing.timeline import FPS, Timeline
from worlds.people.body import SIDES
from worlds.people.curves import through_keys, wrapped
from worlds.people.paths import Path
from worlds.people.strides import Contact, Gait, Strides, in_turn, steps_of, stride

TAKE_OVER: Final = 0.15  # seconds in which the feet's own tracks begin to count
HAND_BACK: Final = 0.3  # and in which they cease to
ARM_LEAD: Final = 0.25  # phases by which an arm is ahead before the opposite foot carries
LEANS_EARLY: Final = 1.6  # how much sooner than its steps the trunk has its lean
DAMPED: Final = 0.85  # of an arm's swing that is left after the smoothing of tracks


@dataclass(frozen=True, kw_only=True)
class UpperBody:
    """How trunk and arms are held in a gait. Radians."""

    lean: float = 0.03
    bend: float = 0.06  # of the spine
    nod: float = 0.0
    arms: tuple[ArmAngles, ArmAngles] = (ARM_AT_REST, ARM_AT_REST)  # in the middle of their swing
    arm_swing: float = 0.3
    elbow_swing: float = 0.1
    arm_phases: float = 1.0  # contacts in which an arm swings from back to front
    flap: float = 0.0  # both arms up and down with each contact
    hips: float = 0.09  # yaw of the pelvis with the steps
    chest: float = 0.1  # and of the chest against it
    tilt: float = 0.0  # of the spine over the foot that carries, or over the weak one
    weak: int | None = None  # the side on which the body dips
    dip: float = 0.0  # metres
    sway: tuple[DoubleArray, DoubleArray] | None = None  # phases (k,), and twist, bend and tilt there (k, 3)


def go_in_turn(
    timeline: Timeline, path: Path, gait: Gait, upper: UpperBody, *, first: int, count: int | None = None
) -> None:
    """Steps of both feet in turn along the path, from standing to standing; ``count`` of them, or as many as fit."""
    count = steps_of(path.length, gait) if count is None else count
    write_strides(timeline, path, gait, upper, contacts=in_turn(gait, count, first), count=count)


def write_strides(
    timeline: Timeline, path: Path, gait: Gait, upper: UpperBody, *, contacts: Sequence[Contact], count: int
) -> Strides:
    """These contacts along the path; the timeline ends standing, with the feet side by side."""
    before = timeline.now
    _free_feet(timeline, 1.0, TAKE_OVER)
    timeline.wait(TAKE_OVER + 2 / FPS)
    path = replace(path, yaws=path.yaws + _whole_turns(timeline, path, gait))
    strides = stride(timeline.body, path, gait, contacts=contacts, count=count, start=timeline.now)
    _write_pelvis(timeline, strides, upper, contacts)
    _write_feet(timeline, strides)
    _write_arms(timeline, strides, upper, contacts)
    timeline.now = float(strides.times[-1])
    timeline.settle(strides.end, since=before)
    _free_feet(timeline, 0.0, HAND_BACK)
    timeline.wait(HAND_BACK)
    return strides


def _whole_turns(timeline: Timeline, path: Path, gait: Gait) -> float:
    off = float(path.yaws[0]) - gait.travel - timeline.stand.yaw
    return float(wrapped(off)) - off


def _free_feet(timeline: Timeline, weight: float, seconds: float) -> None:
    if weight:
        for side, foot in enumerate(FEET):
            x, y, yaw = timeline.stand.foot(timeline.body, side)
            timeline.set(foot, timeline.now, x, y, timeline.body.ankle_height, yaw, 0.0)
    timeline.play([Keyframe(Posture(free_feet=weight), start=0.0, at=seconds)])


def _swing(strides: Strides, contacts: Sequence[Contact], phases: float = 1.0) -> DoubleArray:
    """How far the right leg is ahead (n,), from 1 to -1, with the contacts of both feet in turn."""
    right = next((one.phase for one in contacts if one.side == 1), contacts[0].phase + 1)
    return np.asarray(np.cos(np.pi * (strides.phases - right + ARM_LEAD) / phases) * strides.share)


def _write_pelvis(timeline: Timeline, strides: Strides, upper: UpperBody, contacts: Sequence[Contact]) -> None:
    ahead, share = _swing(strides, contacts), strides.share
    over = np.cos(np.pi * (strides.phases - contacts[0].phase)) * (1 if contacts[0].side else -1)
    dip = np.zeros(len(share))
    if upper.weak is not None:
        over = np.maximum(over * SIDES[upper.weak], 0.0) * SIDES[upper.weak]
        dip = upper.dip * np.abs(over)
    sway = np.zeros((len(share), 3))
    if upper.sway is not None:
        sway = through_keys(*upper.sway, strides.phases)
    base = timeline.body.standing_height
    timeline.move("height", timeline.now, timeline.now + 2 / FPS, base)
    lean, spine = timeline.last("lean")[0], timeline.last("spine")
    for index, time in enumerate(strides.times):
        full = float(share[index])
        x, y, z = strides.pelvis[index]
        timeline.set("place", time, x, y)
        timeline.set("hop", time, z - base - dip[index] * full)
        timeline.set("yaw", time, float(strides.yaw[index] + upper.hips * ahead[index]))
        leant = min(LEANS_EARLY * full, 1.0)
        timeline.set("lean", time, lean * (1 - leant) + upper.lean * leant)
        twist = -(upper.hips + upper.chest) * float(ahead[index])
        bend = spine[1] * (1 - leant) + upper.bend * leant
        tilt = upper.tilt * float(over[index])
        timeline.set("spine", time, twist + sway[index, 0], bend + sway[index, 1], tilt * full + sway[index, 2])
        timeline.set("nod", time, upper.nod * full)
    standing = Posture(lean=0.0, spine=SPINE_AT_REST, nod=0.0)
    timeline.now, now = float(strides.times[-1]), timeline.now
    timeline.play([Keyframe(standing, start=0.0, at=0.3)])
    timeline.now = now


def _write_feet(timeline: Timeline, strides: Strides) -> None:
    for side, foot in enumerate(FEET):
        for index, time in enumerate(strides.times):
            timeline.set(foot, time, *strides.ankles[side, index], *strides.angles[side, index])


def _write_arms(timeline: Timeline, strides: Strides, upper: UpperBody, contacts: Sequence[Contact]) -> None:
    ahead = _swing(strides, contacts, upper.arm_phases)
    flap = upper.flap * np.cos(2 * np.pi * strides.phases) * strides.share
    for side, arm in enumerate(ARMS):
        rest, held = np.array(timeline.last(arm)), np.array(upper.arms[side])
        forward = ahead * (-1 if side else 1)
        for index, time in enumerate(strides.times):
            full = float(np.clip(strides.share[index] * 1.5, 0.0, 1.0))
            angles = rest + (held - rest) * full
            angles[0] += upper.arm_swing / DAMPED * forward[index]
            angles[1] += flap[index]
            angles[3] += upper.elbow_swing * forward[index]
            timeline.set(arm, time, *angles)
        end = float(strides.times[-1])
        timeline.move(arm, end, end + 0.4, *ARM_AT_REST)
