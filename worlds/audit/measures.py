"""Numbers of motions and rooms that can be set beside those of recorded people and scanned rooms.

All from arrays at 20 frames a second, z up, in metres; recorded motions keep their bone lengths. Foot slide and
stride follow the usual definitions of gait analysis: a foot is down while its ball stays at its lowest height.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monster.types import Motion, Scene
from worlds.geometry.kinematics import FPS, MotionKinematics

Array = NDArray[np.float64]
DOWN: Final = 0.025  # metres above a foot's lowest height within which it carries weight
WALKING: Final = 0.5  # metres a second
LEAST_STANCE: Final = 4  # frames
LEAST_WALK: Final = 1.2  # seconds
JOINTS: Final = ("pelvis", "head", "left_wrist", "left_ankle")


@dataclass(frozen=True)
class MotionNumbers:
    """What one motion contributes: each a list of observations."""

    speeds: Mapping[str, Array]  # metres a second, by joint, each frame
    accelerations: Mapping[str, Array]  # metres a second squared
    slides: Array  # metres that a foot moves while it is down, each stance
    steps: Array  # (n, 2): steps a second and metres a step of each stretch of walking


def motion_numbers(motion: Motion) -> MotionNumbers:
    """The numbers of a motion, brought to 20 frames a second."""
    seen = MotionKinematics.of(motion.resampled(FPS).joints)
    tracks = {name: seen.joint(name) for name in JOINTS}
    return MotionNumbers(
        {name: np.linalg.norm(np.diff(track, axis=0), axis=1) * FPS for name, track in tracks.items()},
        {name: np.linalg.norm(np.diff(track, 2, axis=0), axis=1) * FPS**2 for name, track in tracks.items()},
        np.array([slide for side in range(2) for slide in _slides(seen, side)]),
        np.array(list(_walks(seen))).reshape(-1, 2),
    )


def _stretches(state: NDArray[np.bool_], least: int) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], state, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= least]


def _down(seen: MotionKinematics, side: int) -> NDArray[np.bool_]:
    ball, ankle = seen.pair("foot")[:, side], seen.pair("ankle")[:, side]
    low = ball[:, 2] < np.percentile(ball[:, 2], 5) + DOWN
    return np.asarray(low & (ankle[:, 2] < np.percentile(ankle[:, 2], 5) + 3 * DOWN))


def _slides(seen: MotionKinematics, side: int) -> Iterable[float]:
    ball = seen.pair("foot")[:, side, :2]
    for start, end in _stretches(_down(seen, side) & seen.standing, LEAST_STANCE):
        inner = ball[start + 1 : end - 1]  # the first and the last frame belong to the landing and the lift
        yield float(np.linalg.norm(inner[-1] - inner[0]))


def _walks(seen: MotionKinematics) -> Iterable[tuple[float, float]]:
    """Cadence and step length of each stretch of walking, from the times at which the feet are farthest apart."""
    for start, end in _stretches(seen.speed > WALKING, round(LEAST_WALK * FPS)):
        ankles = seen.pair("ankle")[start:end]
        apart = ((ankles[:, 1] - ankles[:, 0])[:, :2] * seen.heading[start:end]).sum(axis=1)
        peaks = [k for k in range(1, len(apart) - 1) if abs(apart[k]) > 0.15 and _is_peak(np.abs(apart), k)]
        peaks = [k for i, k in enumerate(peaks) if i == 0 or k - peaks[i - 1] > 3]
        if len(peaks) >= 3:
            seconds = (peaks[-1] - peaks[0]) / FPS
            way = seen.pelvis[start + peaks[0] : start + peaks[-1] + 1, :2]
            length = float(np.linalg.norm(np.diff(way, axis=0), axis=1).sum())
            yield (len(peaks) - 1) / seconds, length / (len(peaks) - 1)


def _is_peak(values: Array, k: int) -> bool:
    return bool(values[k] >= values[k - 1] and values[k] > values[k + 1])


def summary(numbers: Sequence[MotionNumbers]) -> dict[str, float]:
    """Medians and 95th percentiles over all motions, by a readable name with its unit."""
    found: dict[str, float] = {}
    for name in JOINTS:
        for what, unit, values in (("speed", "m/s", "speeds"), ("acceleration", "m/s2", "accelerations")):
            every = np.concatenate([getattr(one, values)[name] for one in numbers])
            plain = name.removeprefix("left_")
            found[f"{plain} {what}, median ({unit})"] = float(np.median(every))
            found[f"{plain} {what}, 95 % ({unit})"] = float(np.percentile(every, 95))
    slides = np.concatenate([one.slides for one in numbers])
    steps = np.concatenate([one.steps for one in numbers])
    found["foot slide a step, median (cm)"] = 100 * float(np.median(slides)) if len(slides) else float("nan")
    for name, column in (("cadence, median (steps/s)", 0), ("step length, median (m)", 1)):
        found[name] = float(np.median(steps[:, column])) if len(steps) else float("nan")
    ratio = steps[:, 1] / steps[:, 0] if len(steps) else np.full(1, np.nan)
    found["walk ratio, median (m per step/s)"] = float(np.median(ratio))
    found["stretches of walking"] = float(len(steps))
    return found


@dataclass(frozen=True)
class RoomNumbers:
    """What a scene holds: objects, and for each its category, size (3,) with the longer side first, share of points."""

    objects: int
    points: int
    sizes: Sequence[tuple[str, Array]]
    shares: Sequence[tuple[str, float]]


_SHELL: Final = frozenset({"wall", "floor", "ceiling"})


def room_numbers(scene: Scene) -> RoomNumbers:
    """The numbers of a scene with instances and labels; walls, floor and ceiling are left out."""
    things = [(thing.label or "object", thing) for thing in scene.objects() if thing.label not in _SHELL]
    sizes = []
    for label, thing in things:
        wide, deep, high = np.percentile(thing.points, 98, axis=0) - np.percentile(thing.points, 2, axis=0)
        sizes.append((label, np.array([max(wide, deep), min(wide, deep), high], dtype=np.float64)))
    total = sum(len(thing.points) for _, thing in things)
    shares = [(label, len(thing.points) / max(total, 1)) for label, thing in things]
    return RoomNumbers(len(things), len(scene.points), sizes, shares)


def sizes_by_category(rooms: Iterable[RoomNumbers]) -> dict[str, tuple[int, Array]]:
    """Number of objects and median size (3,) of each category, by its name."""
    found: dict[str, list[Array]] = {}
    for room in rooms:
        for label, size in room.sizes:
            found.setdefault(label, []).append(size)
    return {label: (len(sizes), np.median(np.array(sizes), axis=0)) for label, sizes in sorted(found.items())}


def shares_by_category(rooms: Iterable[RoomNumbers]) -> dict[str, float]:
    """Median share of a room's object points that one object of each category has."""
    found: dict[str, list[float]] = {}
    for room in rooms:
        for label, share in room.shares:
            found.setdefault(label, []).append(share)
    return {label: float(np.median(shares)) for label, shares in sorted(found.items())}
