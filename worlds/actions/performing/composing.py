"""Poses from the tracks of a timeline and from steps: the swing of walking is added, and legs limit the pelvis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from worlds.actions.performing.keyframes import ARMS, FEET, HANDS
from worlds.people.body import HIPS, SIDES, Body, Pose, orientation
from worlds.people.curves import smoothed, under, wrapped
from worlds.people.gait import FootTrack

Tracks = Mapping[str, DoubleArray]  # by name: values (frames, d)
# From the CMU walks: radians of swing when the feet are ``APART`` metres apart.
APART: Final = 0.65
LARGEST_SWING: Final = 1.4  # of what APART gives
HIP_SWING: Final = np.radians(7)
CHEST_SWING: Final = np.radians(9)
HIP_ROLL: Final = np.radians(2.5)
ARM_SWING: Final = np.radians(15)
ELBOW_SWING: Final = np.radians(20)
ELBOW_FORWARD: Final = 0.4  # swing of the arm behind the trunk from which the elbow bends
ARM_BACK: Final = np.radians(-4)
WEIGHT_SHIFT: Final = 0.016  # metres that the pelvis moves over the foot that carries it
FURTHEST: Final = 0.992  # share of a leg's length: the farthest that a standing foot is from the hip
FREE: Final = 0.02  # weight of the feet's own tracks above which legs do not limit the pelvis
SWAY_RATE: Final = (0.15, 0.55)  # Hz
LEAN_SWAY, SPINE_SWAY, NOD_SWAY = 0.008, 0.01, 0.03  # radians
PELVIS_SWAY: Final = 0.003  # metres to the side


def sway(rng: np.random.Generator, times: DoubleArray) -> DoubleArray:
    """Small slow noise (n, 4) between about -1 and 1: no living body is quite still."""
    rate, phase = rng.uniform(*SWAY_RATE, (3, 4)), rng.uniform(0, 2 * np.pi, (3, 4))
    return np.asarray(np.sin(2 * np.pi * rate * times[:, None, None] + phase).sum(axis=1) / np.sqrt(3))


def compose_pose(body: Body, tracks: Tracks, feet: Sequence[FootTrack], noise: DoubleArray) -> Pose:
    """The pose of a body in n frames: tracks (n, d), the feet as steps move them, noise (n, 4)."""
    free = tracks["free_feet"]
    ankles, angles = _feet(tracks, feet)
    load = smoothed(np.stack([foot.load for foot in feet], axis=1), 2.0)
    over = (load[:, 1] - load[:, 0]) * (1 - free[:, 0])
    yaw = tracks["yaw"][:, 0]
    swing = tracks["gait"][:, 0] * _apart(ankles, yaw)
    lean = tracks["lean"][:, 0] + LEAN_SWAY * noise[:, 0]
    turn = np.stack([yaw + HIP_SWING * swing, lean, -HIP_ROLL * over], axis=1)
    spine = tracks["spine"] + SPINE_SWAY * noise[:, 1:4]
    spine[:, 0] -= CHEST_SWING * swing
    pelvis = np.column_stack([tracks["place"], tracks["height"]])
    across = np.stack([np.cos(yaw), np.sin(yaw)], axis=1)
    pelvis[:, :2] += across * (WEIGHT_SHIFT * over + PELVIS_SWAY * noise[:, 2] * (1 - free[:, 0]))[:, None]
    pelvis[:, 2] = _within_reach(body, pelvis, turn, ankles=ankles, free=free[:, 0]) + tracks["hop"][:, 0]
    hands = np.stack([tracks[name] for name in HANDS], axis=1)
    nod = tracks["nod"][:, 0] + NOD_SWAY * noise[:, 3]
    return Pose(pelvis, turn, spine, nod, ankles, angles, _arms(tracks, swing), np.clip(tracks["reach"], 0, 1), hands)


def _feet(tracks: Tracks, feet: Sequence[FootTrack]) -> tuple[DoubleArray, DoubleArray]:
    """Ankles (n, 2, 3) and angles (n, 2, 2): those of the steps, or of the feet's own tracks where they are free."""
    ankles = np.stack([foot.ankle for foot in feet], axis=1)
    angles = np.stack([foot.angles for foot in feet], axis=1)
    lifted = np.stack([tracks[name] for name in FEET], axis=1)
    mix = tracks["free_feet"][:, None, :]
    return ankles + (lifted[..., :3] - ankles) * mix, angles + wrapped(lifted[..., 3:] - angles) * mix


def _apart(ankles: DoubleArray, yaw: DoubleArray) -> DoubleArray:
    """How far the right foot is in front of the left (n,), 1 at a usual step."""
    ahead = np.stack([-np.sin(yaw), np.cos(yaw)], axis=1)
    apart = ((ankles[:, 1] - ankles[:, 0])[:, :2] * ahead).sum(axis=1) / APART
    return smoothed(np.clip(apart, -LARGEST_SWING, LARGEST_SWING)[:, None], 1.2)[:, 0]


def _arms(tracks: Tracks, swing: DoubleArray) -> DoubleArray:
    arms = np.stack([tracks[name] for name in ARMS], axis=1)
    loose = 1 - tracks["carrying"][:, 0]
    for side, sign in enumerate((1.0, -1.0)):
        forward = sign * swing
        arms[:, side, 0] += tracks["circling"][:, side]
        arms[:, side, 0] += loose * (ARM_SWING * forward + ARM_BACK * np.abs(tracks["gait"][:, 0]))
        arms[:, side, 3] += loose * ELBOW_SWING * np.maximum(forward + ELBOW_FORWARD, 0.0)
    return arms


def _within_reach(
    body: Body, pelvis: DoubleArray, turn: DoubleArray, *, ankles: DoubleArray, free: DoubleArray
) -> DoubleArray:
    """Heights (n,) of the pelvis: as written, but no higher than both legs reach the floor."""
    frame = orientation(*turn.T)
    highest = np.full(len(pelvis), np.inf)
    for side in range(len(SIDES)):
        offset = frame @ body.offsets[HIPS[side]]
        flat = np.linalg.norm((pelvis + offset - ankles[:, side])[:, :2], axis=1)
        rise = np.sqrt(np.maximum((FURTHEST * body.leg) ** 2 - flat**2, 0.0))
        highest = np.minimum(highest, ankles[:, side, 2] + rise - offset[:, 2])
    capped = np.minimum(pelvis[:, 2], under(np.minimum(highest, body.standing_height), 1.2, 2))
    return np.asarray(np.where(free > FREE, pelvis[:, 2], capped))
