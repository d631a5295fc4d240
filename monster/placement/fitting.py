"""Changes a clip so that it fits: bends its path or cuts it, as little as needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from monster.arrays import BoolArray, DoubleArray, true_runs
from monster.placement.occupancy import OccupancyGrid
from monster.placement.requirements import AffordanceRequirements, requirements_of
from monster.placement.search import Place, find_places, turned
from monster.skeleton import INDEX
from monster.types import CANONICAL_FPS, Motion

BENDS: Final = np.radians([10.0, -10.0, 20.0, -20.0, 30.0, -30.0, 40.0, -40.0])
MIN_TRAVEL: Final = 1.0  # metres of a path that can be bent
MIN_SECONDS: Final = 2.0  # seconds that a cut clip has
MIN_SHARE: Final = 0.6  # of a clip that a cut leaves, so that its captions stay true
MAX_SLIDE: Final = 0.02  # metres per step that bending may make a planted foot slide
_CUTS: Final = 4
_STANCE: Final = 0.06  # metres over its own lowest height below which a foot carries weight
_SEAT_MARGIN: Final = round(0.8 * CANONICAL_FPS)  # frames next to sitting in which no cut is made
_SMOOTH: Final = 9  # frames over which the pace is averaged


@dataclass(frozen=True, eq=False)
class FittedMotion:
    """A clip at 20 fps that fits at a place: its path ``bent`` by radians, its frames cut to ``cut``.

    ``cut`` is (first frame, end) of the frames that are kept, None for a whole clip.
    """

    motion: Motion
    place: Place
    bent: float = 0.0
    cut: tuple[int, int] | None = None

    def put(self) -> Motion:
        """The clip in the room, rounded to a millimetre as a corpus stores it."""
        joints = np.round(self.place.put(self.motion.joints), 3)
        return replace(self.motion, joints=joints.astype(np.float32), placed=True)


def fit(
    motion: Motion,
    grid: OccupancyGrid,
    count: int = 1,
    rng: np.random.Generator | None = None,
    *,
    requirements: AffordanceRequirements | None = None,
    change: bool = True,
) -> list[FittedMotion]:
    """Up to ``count`` places of the clip: as it is; else, with ``change``, bent or cut as little as needed.

    The smallest change that fits is used: whole clips before cut ones, small bends before large ones.
    """
    motion = motion.resampled(CANONICAL_FPS)
    requirements = requirements_of(motion) if requirements is None else requirements
    if requirements.reason is not None or not _may_fit(motion, grid):
        return []
    found = [FittedMotion(motion, place) for place in find_places(motion, grid, count, rng, requirements=requirements)]
    if found or not change:
        return found
    for variant, bend, cut in _variants(motion, requirements):
        places = find_places(variant, grid, count, rng)
        if places:
            return [FittedMotion(variant, place, bend, cut) for place in places]
    return []


def bent(motion: Motion, angle: float) -> Motion:
    """The clip on a path with an additional turn of ``angle`` in total, evenly along the path.

    Each frame rotates about the foot that carries the weight, so that this foot does not move; bones keep their
    lengths.
    """
    joints = motion.joints.astype(np.float64)
    share = _pace(joints)
    pivots = _stance(joints)
    out, total, shift = np.empty_like(joints), 0.0, np.zeros(3)
    for frame, body in enumerate(joints):
        pivot = turned(pivots[frame], total) + shift
        step = angle * share[frame]
        shift = turned(shift - pivot, step) + pivot
        shift[2] = 0.0
        total += step
        out[frame] = turned(body, total) + shift
    return replace(motion, joints=out.astype(np.float32))


def slide(motion: Motion) -> float:
    """Metres that planted feet slide over the floor, for the worst of the steps."""
    worst = 0.0
    for planted, foot in _planted(motion.joints.astype(np.float64)):
        for start, end in true_runs(planted):
            track = foot[start:end, :2]
            worst = max(worst, float(np.linalg.norm(track - track.mean(axis=0), axis=1).max()))
    return worst


def _may_fit(motion: Motion, grid: OccupancyGrid) -> bool:
    """Whether the shortest allowed cut of the clip is not longer than the floor."""
    path = motion.joints[:, 0, :2].astype(np.float64)
    window = max(2, min(len(path), int(max(MIN_SECONDS * CANONICAL_FPS, MIN_SHARE * len(path)))))
    return float(np.linalg.norm(path[window - 1 :] - path[: len(path) - window + 1], axis=1).min()) <= grid.span


def _variants(
    motion: Motion, requirements: AffordanceRequirements
) -> Iterator[tuple[Motion, float, tuple[int, int] | None]]:
    """Changed clips, the least changed first."""
    allowed = slide(motion) + MAX_SLIDE
    steps = np.diff(motion.joints[:, 0, :2].astype(np.float64), axis=0)
    if np.linalg.norm(steps, axis=1).sum() >= MIN_TRAVEL:
        for angle in BENDS:
            variant = bent(motion, float(angle))
            if slide(variant) <= allowed:
                yield variant, float(angle), None
    for start, end in _cuts(motion, requirements):
        yield replace(motion, joints=motion.joints[start:end]), 0.0, (start, end)


def _cuts(motion: Motion, requirements: AffordanceRequirements) -> Iterator[tuple[int, int]]:
    """Parts (start, end) of the clip, the longest first; all sitting stays, with sitting down and standing up."""
    frames = len(motion)
    least = int(np.ceil(max(MIN_SECONDS * CANONICAL_FPS, MIN_SHARE * frames)))
    changing = _changing(motion.joints.astype(np.float64), requirements)
    for length in np.unique(np.linspace(least, frames, _CUTS + 1).astype(int))[-2::-1]:
        for start in sorted({0, int(frames - length), int((frames - length) // 2)}):
            end = start + int(length)
            loses_seat = requirements.sitting[:start].any() or requirements.sitting[end:].any()
            if not (changing[start] or changing[end - 1] or loses_seat):
                yield start, end


def _changing(joints: DoubleArray, requirements: AffordanceRequirements) -> BoolArray:
    """Frames in which the pelvis goes down or up, or that are next to sitting: (frames,)."""
    speed = np.abs(np.gradient(joints[:, 0, 2].astype(np.float64))) * CANONICAL_FPS
    near = np.convolve(requirements.sitting, np.ones(2 * _SEAT_MARGIN + 1), "same") > 0
    return np.asarray((near & ~requirements.sitting) | (near & (speed > 0.25)))


def _pace(joints: DoubleArray) -> DoubleArray:
    """Share (frames,) of the path that each frame covers, smoothed; the sum is 1."""
    steps = np.linalg.norm(np.diff(joints[:, 0, :2], axis=0, prepend=joints[:1, 0, :2]), axis=1)
    smooth = np.convolve(steps, np.ones(_SMOOTH) / _SMOOTH, "same")
    return np.asarray(smooth / max(float(smooth.sum()), 1e-9))


def _stance(joints: DoubleArray) -> DoubleArray:
    """The foot that carries the weight (frames, 3): the slower one, averaged over a few frames."""
    feet = joints[:, [INDEX["left_foot"], INDEX["right_foot"]]]
    speed = np.linalg.norm(np.gradient(feet, axis=0), axis=2)
    smooth = np.stack([np.convolve(speed[:, side], np.ones(3) / 3, "same") for side in range(2)], axis=1)
    return np.asarray(feet[np.arange(len(feet)), smooth.argmin(axis=1)])


def _planted(joints: DoubleArray) -> Iterator[tuple[BoolArray, DoubleArray]]:
    """For each foot: the frames (frames,) in which it is low and slow, and its track (frames, 3)."""
    for name in ("left_foot", "right_foot"):
        foot = joints[:, INDEX[name]]
        speed = np.linalg.norm(np.gradient(foot[:, :2], axis=0), axis=1) * CANONICAL_FPS
        yield np.asarray((foot[:, 2] < foot[:, 2].min() + _STANCE) & (speed < 0.25)), foot
