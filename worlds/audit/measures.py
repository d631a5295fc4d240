"""Statistics of motions and rooms, to compare generated with recorded ones.

Inputs are 20 fps, z up, metres. Foot slide and stride follow gait analysis: a foot is in contact while its ball is
near its lowest height.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from monster.arrays import BoolArray, DoubleArray, true_runs
from monster.types import Motion, Scene
from worlds.geometry.kinematics import FPS, MotionKinematics

CONTACT_HEIGHT: Final = 0.025  # metres above a foot's lowest height within which it is in contact
WALKING_SPEED: Final = 0.5  # metres a second
MIN_STANCE_FRAMES: Final = 4
MIN_WALK_SECONDS: Final = 1.2
MIN_PEAKS: Final = 3  # of a walk whose cadence is measured
JOINTS: Final = ("pelvis", "head", "left_wrist", "left_ankle")


@dataclass(frozen=True)
class MotionStatistics:
    """Observations from one motion."""

    speeds: Mapping[str, DoubleArray]  # m/s, by joint, one per frame
    accelerations: Mapping[str, DoubleArray]  # m/s2, by joint, one per frame
    slides: DoubleArray  # metres that a foot moves during contact, one per stance
    steps: DoubleArray  # (n, 2): steps a second and metres a step, one row per walk


def motion_statistics(motion: Motion) -> MotionStatistics:
    """The statistics of a motion, resampled to 20 fps."""
    kinematics = MotionKinematics.of(motion.resampled(FPS).joints)
    tracks = {name: kinematics.joint(name) for name in JOINTS}
    return MotionStatistics(
        {name: np.linalg.norm(np.diff(track, axis=0), axis=1) * FPS for name, track in tracks.items()},
        {name: np.linalg.norm(np.diff(track, 2, axis=0), axis=1) * FPS**2 for name, track in tracks.items()},
        np.array([slide for side in range(2) for slide in _foot_slides(kinematics, side)]),
        np.array(list(_cadence_and_step_length(kinematics))).reshape(-1, 2),
    )


def _runs(state: BoolArray, least: int) -> list[tuple[int, int]]:
    """(first frame, frame after the last) of the runs of True that have at least ``least`` frames."""
    return [(start, end) for start, end in true_runs(state).tolist() if end - start >= least]


def _is_in_contact(kinematics: MotionKinematics, side: int) -> BoolArray:
    ball = kinematics.pair("foot")[:, side]
    ankle = kinematics.pair("ankle")[:, side]
    low = ball[:, 2] < np.percentile(ball[:, 2], 5) + CONTACT_HEIGHT
    return np.asarray(low & (ankle[:, 2] < np.percentile(ankle[:, 2], 5) + 3 * CONTACT_HEIGHT))


def _foot_slides(kinematics: MotionKinematics, side: int) -> Iterable[float]:
    ball = kinematics.pair("foot")[:, side, :2]
    for start, end in _runs(_is_in_contact(kinematics, side) & kinematics.standing, MIN_STANCE_FRAMES):
        inner = ball[start + 1 : end - 1]  # without the frames of landing and lift-off
        yield float(np.linalg.norm(inner[-1] - inner[0]))


def _cadence_and_step_length(kinematics: MotionKinematics) -> Iterable[tuple[float, float]]:
    """Cadence and step length of each walk, from the frames at which the feet are farthest apart."""
    for start, end in _runs(kinematics.speed > WALKING_SPEED, round(MIN_WALK_SECONDS * FPS)):
        ankles = kinematics.pair("ankle")[start:end]
        apart = ((ankles[:, 1] - ankles[:, 0])[:, :2] * kinematics.heading[start:end]).sum(axis=1)
        peaks = _step_frames(np.abs(apart))
        if len(peaks) >= MIN_PEAKS:
            seconds = (peaks[-1] - peaks[0]) / FPS
            path = kinematics.pelvis[start + peaks[0] : start + peaks[-1] + 1, :2]
            length = float(np.linalg.norm(np.diff(path, axis=0), axis=1).sum())
            yield (len(peaks) - 1) / seconds, length / (len(peaks) - 1)


def _step_frames(apart: DoubleArray) -> list[int]:
    """Frames of the peaks of the distance (n,) between the feet, without peaks right after another."""
    inner = apart[1:-1]
    is_peak = (inner > 0.15) & (inner >= apart[:-2]) & (inner > apart[2:])
    peaks = np.flatnonzero(is_peak) + 1
    is_first = np.diff(peaks, prepend=-np.inf) > 3
    return [int(frame) for frame in peaks[is_first]]


def summary(motions: Sequence[MotionStatistics]) -> dict[str, float]:
    """Medians and 95th percentiles over all motions, by name and unit."""
    table: dict[str, float] = {}
    for name in JOINTS:
        for quantity, unit, values in (("speed", "m/s", "speeds"), ("acceleration", "m/s2", "accelerations")):
            pooled = np.concatenate([getattr(motion, values)[name] for motion in motions])
            plain = name.removeprefix("left_")
            table[f"{plain} {quantity}, median ({unit})"] = float(np.median(pooled))
            table[f"{plain} {quantity}, 95 % ({unit})"] = float(np.percentile(pooled, 95))
    slides = np.concatenate([motion.slides for motion in motions])
    steps = np.concatenate([motion.steps for motion in motions])
    table["foot slide a step, median (cm)"] = 100 * float(np.median(slides)) if len(slides) else float("nan")
    for name, column in (("cadence, median (steps/s)", 0), ("step length, median (m)", 1)):
        table[name] = float(np.median(steps[:, column])) if len(steps) else float("nan")
    ratio = steps[:, 1] / steps[:, 0] if len(steps) else np.full(1, np.nan)
    table["walk ratio, median (m per step/s)"] = float(np.median(ratio))
    table["stretches of walking"] = float(len(steps))
    return table


@dataclass(frozen=True)
class RoomStatistics:
    """Object count of a scene; (category, size (3,) with the longer side first) and (category, share of points)."""

    objects: int
    points: int
    sizes: Sequence[tuple[str, DoubleArray]]
    shares: Sequence[tuple[str, float]]


_STRUCTURE: Final = frozenset({"wall", "floor", "ceiling"})


def room_statistics(scene: Scene) -> RoomStatistics:
    """The statistics of a scene with instances and labels, without walls, floor and ceiling."""
    objects = [(object_.label or "object", object_) for object_ in scene.objects() if object_.label not in _STRUCTURE]
    sizes = []
    for label, object_ in objects:
        wide, deep, high = np.percentile(object_.points, 98, axis=0) - np.percentile(object_.points, 2, axis=0)
        sizes.append((label, np.array([max(wide, deep), min(wide, deep), high], dtype=np.float64)))
    total = sum(len(object_.points) for _, object_ in objects)
    shares = [(label, len(object_.points) / max(total, 1)) for label, object_ in objects]
    return RoomStatistics(len(objects), len(scene.points), sizes, shares)


def sizes_by_category(rooms: Iterable[RoomStatistics]) -> dict[str, tuple[int, DoubleArray]]:
    """Number of objects and median size (3,) by category."""
    table: dict[str, list[DoubleArray]] = {}
    for room in rooms:
        for label, size in room.sizes:
            table.setdefault(label, []).append(size)
    return {label: (len(sizes), np.median(np.array(sizes), axis=0)) for label, sizes in sorted(table.items())}


def shares_by_category(rooms: Iterable[RoomStatistics]) -> dict[str, float]:
    """Median share of a room's object points per object, by category."""
    table: dict[str, list[float]] = {}
    for room in rooms:
        for label, share in room.shares:
            table.setdefault(label, []).append(share)
    return {label: float(np.median(shares)) for label, shares in sorted(table.items())}
