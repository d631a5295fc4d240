"""Measures states of a body and relations of objects from arrays: joints, points and their instance numbers.

Part of `prove_captions.py`. It shares no code with the generator or its checker, and uses no plans, seats or handles:
an object is its points. Its limits are wider than the generator's, because points have noise and holes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from monster.arrays import BoolArray, DoubleArray, true_runs

FPS = 20
PELVIS, HEAD, NECK = 0, 15, 12
HIPS, KNEES, ANKLES, WRISTS = (1, 2), (4, 5), (7, 8), (20, 21)
NEXT_TO, CLEARLY, BESIDE_LINE = 0.66, 0.15, 0.66  # metres
AT_WALL, IN_CORNER = 0.3, 0.6


@dataclass(frozen=True, eq=False)
class PointObject:
    """One instance of a scene: its label and points (n, 3)."""

    instance: int
    label: str
    points: DoubleArray

    @cached_property
    def middle(self) -> DoubleArray:
        """Centre (2,) of its box on the floor."""
        low, high = np.percentile(self.points[:, :2], [1, 99], axis=0)
        return np.asarray((low + high) / 2)

    @cached_property
    def top(self) -> float:
        """Height of the 98th percentile of its points."""
        return float(np.percentile(self.points[:, 2], 98))

    @cached_property
    def flat(self) -> DoubleArray:
        """At most 400 of its points on the floor (n, 2)."""
        return np.asarray(self.points[:: -(-len(self.points) // 400), :2])

    def away(self, places: DoubleArray) -> DoubleArray:
        """Metres over the floor from places (n, 2 or 3) to its nearest point."""
        return np.asarray(np.linalg.norm(places[:, None, :2] - self.flat[None], axis=2).min(axis=1))

    def gap(self, other: PointObject) -> float:
        """Metres over the floor between its points and another's."""
        return float(self.away(other.flat).min())


def named(objects: Sequence[PointObject], label: str) -> list[PointObject]:
    """The objects with that label."""
    return [object_ for object_ in objects if object_.label == label]


def fitting(
    objects: Sequence[PointObject], label: str, relation: str, anchors: Sequence[str], *, body: Body
) -> list[PointObject]:
    """The objects of a label in the relation to anchors; empty unless each anchor's label is unique."""
    found = named(objects, label)
    known = [named(objects, anchor) for anchor in anchors]
    if any(len(one) != 1 for one in known):
        return []
    to = [one[0] for one in known]
    if relation in ("closest", "farthest"):
        sign = 1 if relation == "closest" else -1
        order = sorted(found, key=lambda object_: sign * object_.gap(to[0]))
        clear = len(order) > 1 and sign * (order[1].gap(to[0]) - order[0].gap(to[0])) >= CLEARLY
        return order[:1] if clear else []
    walls = named(objects, "wall")
    rules = {
        "only": lambda object_: True,
        "next to": lambda object_: object_.gap(to[0]) <= NEXT_TO,
        "between": lambda object_: len(to) == 2 and _is_between(object_, *to),
        "on": lambda object_: _stands_on(object_, to[0]),
        "at the wall": lambda object_: any(object_.gap(wall) < AT_WALL for wall in walls),
        "in the corner": lambda object_: sum(object_.gap(wall) < IN_CORNER for wall in walls) >= 2,
        "left": lambda object_: np.radians(12) < body.side_of(object_) < np.radians(150),
        "right": lambda object_: -np.radians(150) < body.side_of(object_) < -np.radians(12),
    }
    return [object_ for object_ in found if rules[relation](object_)]


def _stands_on(object_: PointObject, other: PointObject) -> bool:
    low = float(np.percentile(object_.points[:, 2], 2))
    near = np.linalg.norm(other.points[:, :2] - object_.middle, axis=1) < 0.45
    return bool(near.any() and -0.12 < low - float(np.percentile(other.points[near, 2], 90)) < 0.3)


def _is_between(object_: PointObject, one: PointObject, two: PointObject) -> bool:
    line = two.middle - one.middle
    along = float((object_.middle - one.middle) @ line) / max(float(line @ line), 1e-9)
    offset = object_.middle - one.middle
    aside = abs(float(line[0] * offset[1] - line[1] * offset[0])) / max(float(np.linalg.norm(line)), 1e-9)
    return 0.22 <= along <= 0.78 and aside <= BESIDE_LINE


@dataclass(frozen=True, eq=False)
class Body:
    """Joints (frames, 22, 3) and states derived from them."""

    joints: DoubleArray

    @cached_property
    def speed(self) -> DoubleArray:
        """Metres a second (frames,) of the pelvis over the floor, over a third of a second."""
        track = self.joints[:, PELVIS, :2]
        after = np.minimum(np.arange(len(track)) + 3, len(track) - 1)
        before = np.maximum(np.arange(len(track)) - 3, 0)
        return np.asarray(np.linalg.norm(track[after] - track[before], axis=1) * FPS / np.maximum(after - before, 1))

    def side_of(self, object_: PointObject) -> float:
        """Angle from the facing direction to an object in the first frame; positive to the left."""
        across = self.joints[0, 1, :2] - self.joints[0, 2, :2]
        toward = object_.middle - self.joints[0, PELVIS, :2]
        ahead = np.array([across[1], -across[0]])
        return float(np.arctan2(ahead[0] * toward[1] - ahead[1] * toward[0], ahead @ toward))

    @cached_property
    def upright(self) -> BoolArray:
        """Legs nearly straight and the trunk above them."""
        hips, ankles = self.joints[:, HIPS, 2].mean(axis=1), self.joints[:, ANKLES, 2].min(axis=1)
        leg = np.linalg.norm(self.joints[0, 1] - self.joints[0, 4]) + np.linalg.norm(
            self.joints[0, 4] - self.joints[0, 7]
        )
        return np.asarray((hips - ankles > 0.8 * leg) & (self.joints[:, NECK, 2] > self.joints[:, PELVIS, 2] + 0.2))

    @cached_property
    def seated(self) -> BoolArray:
        """Thighs level, trunk upright; independent of the support."""
        drop = self.joints[:, HIPS, 2].mean(axis=1) - self.joints[:, KNEES, 2].mean(axis=1)
        trunk = self.joints[:, NECK, 2] - self.joints[:, PELVIS, 2]
        return np.asarray((drop < 0.28) & (trunk > 0.2) & (self.joints[:, PELVIS, 2] > 0.3))

    @cached_property
    def lying(self) -> BoolArray:
        """Head and pelvis at nearly one height."""
        return np.asarray(np.abs(self.joints[:, HEAD, 2] - self.joints[:, PELVIS, 2]) < 0.35)


def first_times(state: str, body: Body, object_: PointObject | None) -> list[int]:
    """Frames at which the body enters the state, at the object if there is one; [] if never."""
    masks = {
        "seated": _seated,
        "lying": _lying,
        "arrived": _arrived,
        "reached": _reached,
        "risen": _risen,
        "kneeling": _kneeling,
    }
    mask = masks[state](body, object_)
    least = 1 if state == "risen" else 6
    return [start for start, end in true_runs(mask).tolist() if end - start >= least]


def _seated(body: Body, object_: PointObject | None) -> BoolArray:
    if object_ is None:
        return body.seated
    pelvis = body.joints[:, PELVIS]
    return np.asarray(body.seated & (object_.away(pelvis) < 0.3) & _just_below(pelvis, object_))


def _just_below(places: DoubleArray, object_: PointObject) -> BoolArray:
    """Mask (n,): points of the object are within 0.35 m below a place and horizontally near it."""
    found = np.zeros(len(places), dtype=bool)
    for index in range(0, len(places), 2):
        near = np.linalg.norm(object_.points[:, :2] - places[index, :2], axis=1) < 0.35
        below = places[index, 2] - object_.points[near, 2]
        found[index : index + 2] = bool(((below > -0.1) & (below < 0.35)).any())
    return found


def _lying(body: Body, object_: PointObject | None) -> BoolArray:
    if object_ is None:
        return body.lying
    pelvis, head = body.joints[:, PELVIS], body.joints[:, HEAD]
    return np.asarray(
        body.lying & (object_.away(pelvis) < 0.3) & (object_.away(head) < 0.4) & _just_below(pelvis, object_)
    )


def _arrived(body: Body, object_: PointObject | None) -> BoolArray:
    """The body stands still, upright, near the object, after walking there."""
    walked = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(body.joints[:, PELVIS, :2], axis=0), axis=1))])
    came = walked - walked[np.maximum(np.arange(len(walked)) - 4 * FPS, 0)] > 0.6
    still = (body.speed < 0.4) & body.upright & came
    return still if object_ is None else np.asarray(still & (object_.away(body.joints[:, PELVIS]) < 0.95))


def _reached(body: Body, object_: PointObject | None) -> BoolArray:
    """A wrist of an upright body is within a hand's length of the points of the object."""
    if object_ is None:
        shoulders = body.joints[:, (16, 17)]
        return np.asarray((np.linalg.norm(body.joints[:, WRISTS] - shoulders, axis=2).max(axis=1) > 0.3) & body.upright)
    some = object_.points[:: -(-len(object_.points) // 600)]
    near = np.full(len(body.joints), np.inf)
    for wrist in WRISTS:
        away = np.linalg.norm(body.joints[:, None, wrist] - some[None], axis=2).min(axis=1)
        near = np.minimum(near, away)
    return np.asarray((near < 0.27) & body.upright)


def _kneeling(body: Body, object_: PointObject | None) -> BoolArray:
    """A knee on the floor, the trunk upright."""
    trunk = body.joints[:, NECK, 2] - body.joints[:, PELVIS, 2] > 0.2
    down = (body.joints[:, KNEES, 2].min(axis=1) < 0.17) & trunk
    return down if object_ is None else np.asarray(down & (object_.away(body.joints[:, PELVIS]) < 1.0))


def _risen(body: Body, object_: PointObject | None) -> BoolArray:
    """The body stands after sitting or lying (on the object)."""
    rested = _seated(body, object_) | _lying(body, object_)
    before = np.concatenate([[False], np.cumsum(rested)[:-1] >= 5])
    return np.asarray(before & body.upright & ~rested)
