"""Remarks on a scene, from its geometry alone: they apply to files and to generated points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from monster.arrays import DoubleArray, IntArray
from monster.geometry.room import SURE_UP, detect_up, floor_height, floor_tilt
from monster.provenance import Remark
from monster.types import MAX_OBJECTS, Scene

FEWEST_POINTS: Final = 1000
SMALLEST, LARGEST = 1.0, 60.0  # metres across: a corner of a room to a hall
HIGHEST: Final = 15.0
OFF_FLOOR: Final = 0.15
LEAST_TILT: Final = 3.0  # degrees
DUPLICATES: Final = 0.05
BELOW_FLOOR: Final = 0.02  # share of the points
FEW: Final = 50  # points of an object
MOSTLY: Final = 0.8
STRAY: Final = 3.0  # how many times longer the scene is than what holds 98 % of its points
ONE_VIEW: Final = 120.0  # degrees that contain all points, seen from the origin
_MOST: Final = 200_000  # points that are looked at: a room's shape needs no more


@dataclass(frozen=True, eq=False)
class _Room:
    """A scene, and the quantities that several checks share."""

    scene: Scene

    @cached_property
    def points(self) -> DoubleArray:
        """At most 200,000 of the points, evenly taken: (n, 3)."""
        return self.scene.points[:: -(-len(self.scene.points) // _MOST)].astype(np.float64)

    @cached_property
    def size(self) -> DoubleArray:
        return np.asarray(np.ptp(self.scene.points.astype(np.float64), axis=0))

    @cached_property
    def floor(self) -> float | None:
        return floor_height(self.points)

    @cached_property
    def counts(self) -> IntArray:
        """Points of each object, the largest first; none without instances."""
        instances = self.scene.instances
        if instances is None:
            return np.zeros(0, np.int64)
        return np.sort(np.unique(instances[instances >= 0], return_counts=True)[1])[::-1].astype(np.int64)


def check_scene(scene: Scene) -> tuple[Remark, ...]:
    """The remarks on a scene, in a fixed order; the scene is not changed."""
    room = _Room(scene)
    found = (check(room) for check in _CHECKS)
    return tuple(remark for remark in found if remark is not None)


def _few_points(room: _Room) -> Remark | None:
    count = len(room.scene.points)
    if count >= FEWEST_POINTS:
        return None
    return Remark("few-points", "warning", f"only {count} points; too few to tell objects apart")


def _size(room: _Room) -> Remark | None:
    across, height = float(room.size.max()), float(room.size[2])
    if across < SMALLEST:
        return Remark("tiny", "warning", f"only {across:.2f} m across; is the unit metres, or is this one object?")
    if across > LARGEST or height > HIGHEST:
        text = f"{across:.0f} m across and {height:.0f} m high is large for a room"
        return Remark("huge", "warning", f"{text}; are these centimetres, or several rooms?")
    return None


def _stray(room: _Room) -> Remark | None:
    low, high = np.percentile(room.points, [1, 99], axis=0)
    main = float((high - low).max())
    if float(room.size.max()) < STRAY * max(main, 1e-9):
        return None
    return Remark(
        "stray", "warning", f"a few stray points stretch the scene from {main:.1f} to {room.size.max():.1f} m"
    )


def _up(room: _Room) -> Remark | None:
    up, lead = detect_up(room.points)
    if up == "z" or lead < SURE_UP:
        return None
    return Remark("axes", "warning", f"{up} points up, as the floor shows, not z; axes= (--axes) settles it")


def _floor(room: _Room) -> Remark | None:
    if room.floor is None:
        return Remark("no-floor", "warning", "no floor was found: nothing flat and wide is at the bottom")
    if abs(room.floor) > OFF_FLOOR:
        return Remark("floor-off", "warning", f"the floor is at {room.floor:.2f} m, not at 0")
    return None


def _tilted(room: _Room) -> Remark | None:
    tilt = floor_tilt(room.points)
    return None if tilt < LEAST_TILT else Remark("tilted", "warning", f"the floor leans by {tilt:.0f} degrees")


def _below_floor(room: _Room) -> Remark | None:
    share = 0.0 if room.floor is None else float((room.points[:, 2] < room.floor - 0.2).mean())
    if share < BELOW_FLOOR:
        return None
    return Remark("below-floor", "note", f"{share:.0%} of the points are below the floor (reflections, or stairs)")


def _duplicates(room: _Room) -> Remark | None:
    share = 1 - len(np.unique(room.points, axis=0)) / len(room.points)
    if share < DUPLICATES:
        return None
    return Remark("duplicates", "warning", f"{share:.0%} of the points repeat others")


def _colors(room: _Room) -> Remark | None:
    if room.scene.colors is None:
        return Remark("no-colors", "note", "no colours: the model sees grey")
    if float(np.ptp(room.scene.colors, axis=0).max()) < 0.01:
        return Remark("no-colors", "note", "all points have one colour")
    return None


def _one_view(room: _Room) -> Remark | None:
    """A cloud from one camera at the origin has no points around the origin, and none behind objects."""
    flat = room.points[:, :2]
    angles = np.sort(np.degrees(np.arctan2(flat[:, 1], flat[:, 0])))
    gap = float(np.diff(np.append(angles, angles[0] + 360)).max())
    nearest = float(np.linalg.norm(flat, axis=1).min())
    if 360 - gap > ONE_VIEW or nearest < 0.5 or nearest > 5:
        return None
    return Remark(
        "one-view", "note", "seen from one place, a camera at the origin: surfaces behind objects are missing"
    )


def _objects(room: _Room) -> Remark | None:
    counts = room.counts
    if len(counts) == 0:
        return Remark("no-objects", "note", "not split into objects")
    share = int(counts[0]) / len(room.scene.points)
    if share > MOSTLY:
        return Remark("one-object", "warning", f"one object holds {share:.0%} of the points")
    if (counts < FEW).mean() > 0.5:
        text = f"{int((counts < FEW).sum())} of {len(counts)} objects have fewer than {FEW} points"
        return Remark("few-points-an-object", "warning", text)
    if len(counts) > MAX_OBJECTS:
        return Remark("many-objects", "note", f"{len(counts)} objects, of which the {MAX_OBJECTS} largest count")
    return None


def _without_object(room: _Room) -> Remark | None:
    share = 1 - int(room.counts.sum()) / len(room.scene.points)
    if share < 0.5 or len(room.counts) == 0:
        return None
    return Remark("unassigned", "warning", f"{share:.0%} of the points belong to no object")


_CHECKS: Final[tuple[Callable[[_Room], Remark | None], ...]] = (
    _few_points, _size, _stray, _up, _floor, _tilted, _below_floor, _duplicates, _colors, _one_view, _objects,
    _without_object,
)  # fmt: skip
