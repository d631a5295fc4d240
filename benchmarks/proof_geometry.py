"""What a body does and where things stand, measured from arrays alone: joints, points and their instance numbers.

Part of `prove_captions.py`. It shares no code with the generator or its checker, and knows no plan, seat or handle:
a thing is its points. Its limits are wider than the generator's, since points have noise and holes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from monster.arrays import BoolArray, DoubleArray

FPS = 20
PELVIS, HEAD, NECK = 0, 15, 12
HIPS, KNEES, ANKLES, WRISTS = (1, 2), (4, 5), (7, 8), (20, 21)
NEXT_TO, CLEARLY, BESIDE_LINE = 0.66, 0.15, 0.66  # metres
AT_WALL, IN_CORNER = 0.3, 0.6


@dataclass(frozen=True, eq=False)
class Thing:
    """One instance of a scene: its label and points (n, 3)."""

    instance: int
    label: str
    points: DoubleArray

    @cached_property
    def middle(self) -> DoubleArray:
        """Middle (2,) of its box on the floor."""
        low, high = np.percentile(self.points[:, :2], [1, 99], axis=0)
        return np.asarray((low + high) / 2)

    @cached_property
    def top(self) -> float:
        """Height below which nearly all of it is."""
        return float(np.percentile(self.points[:, 2], 98))

    @cached_property
    def flat(self) -> DoubleArray:
        """At most 400 of its points on the floor (n, 2)."""
        return np.asarray(self.points[:: -(-len(self.points) // 400), :2])

    def away(self, places: DoubleArray) -> DoubleArray:
        """Metres over the floor from places (n, 2 or 3) to its nearest point."""
        return np.asarray(np.linalg.norm(places[:, None, :2] - self.flat[None], axis=2).min(axis=1))

    def gap(self, other: Thing) -> float:
        """Metres over the floor between its points and another's."""
        return float(self.away(other.flat).min())


def named(things: Sequence[Thing], label: str) -> list[Thing]:
    """Those with that label."""
    return [thing for thing in things if thing.label == label]


def fitting(things: Sequence[Thing], label: str, relation: str, anchors: Sequence[str], *, body: Body) -> list[Thing]:
    """The things of a label that stand in the relation to anchors that are the only ones of their label."""
    found = named(things, label)
    known = [named(things, anchor) for anchor in anchors]
    if any(len(one) != 1 for one in known):
        return []
    to = [one[0] for one in known]
    if relation in ("closest", "farthest"):
        sign = 1 if relation == "closest" else -1
        order = sorted(found, key=lambda thing: sign * thing.gap(to[0]))
        clear = len(order) > 1 and sign * (order[1].gap(to[0]) - order[0].gap(to[0])) >= CLEARLY
        return order[:1] if clear else []
    walls = named(things, "wall")
    rules = {
        "only": lambda thing: True,
        "next to": lambda thing: thing.gap(to[0]) <= NEXT_TO,
        "between": lambda thing: len(to) == 2 and _lies_between(thing, *to),
        "on": lambda thing: _stands_on(thing, to[0]),
        "at the wall": lambda thing: any(thing.gap(wall) < AT_WALL for wall in walls),
        "in the corner": lambda thing: sum(thing.gap(wall) < IN_CORNER for wall in walls) >= 2,
        "left": lambda thing: np.radians(12) < body.side_of(thing) < np.radians(150),
        "right": lambda thing: -np.radians(150) < body.side_of(thing) < -np.radians(12),
    }
    return [thing for thing in found if rules[relation](thing)]


def _stands_on(thing: Thing, other: Thing) -> bool:
    low = float(np.percentile(thing.points[:, 2], 2))
    near = np.linalg.norm(other.points[:, :2] - thing.middle, axis=1) < 0.45
    return bool(near.any() and -0.12 < low - float(np.percentile(other.points[near, 2], 90)) < 0.3)


def _lies_between(thing: Thing, one: Thing, two: Thing) -> bool:
    line = two.middle - one.middle
    along = float((thing.middle - one.middle) @ line) / max(float(line @ line), 1e-9)
    offset = thing.middle - one.middle
    aside = abs(float(line[0] * offset[1] - line[1] * offset[0])) / max(float(np.linalg.norm(line)), 1e-9)
    return 0.22 <= along <= 0.78 and aside <= BESIDE_LINE


@dataclass(frozen=True, eq=False)
class Body:
    """Joints (frames, 22, 3) and what they show."""

    joints: DoubleArray

    @cached_property
    def speed(self) -> DoubleArray:
        """Metres a second (frames,) of the pelvis over the floor, over a third of a second."""
        track = self.joints[:, PELVIS, :2]
        after = np.minimum(np.arange(len(track)) + 3, len(track) - 1)
        before = np.maximum(np.arange(len(track)) - 3, 0)
        return np.asarray(np.linalg.norm(track[after] - track[before], axis=1) * FPS / np.maximum(after - before, 1))

    def side_of(self, thing: Thing) -> float:
        """Angle at which the body faces past a thing in its first frame: positive where it is to the left."""
        across = self.joints[0, 1, :2] - self.joints[0, 2, :2]
        toward = thing.middle - self.joints[0, PELVIS, :2]
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
        """Thighs level, trunk upright: whatever is below."""
        drop = self.joints[:, HIPS, 2].mean(axis=1) - self.joints[:, KNEES, 2].mean(axis=1)
        trunk = self.joints[:, NECK, 2] - self.joints[:, PELVIS, 2]
        return np.asarray((drop < 0.28) & (trunk > 0.2) & (self.joints[:, PELVIS, 2] > 0.3))

    @cached_property
    def lying(self) -> BoolArray:
        """Head and pelvis at nearly one height."""
        return np.asarray(np.abs(self.joints[:, HEAD, 2] - self.joints[:, PELVIS, 2]) < 0.35)


def first_times(state: str, body: Body, thing: Thing | None) -> list[int]:
    """Frames at which the body comes into that state, at the thing when one is given; [] when it never does."""
    masks = {
        "seated": _seated,
        "lying": _lying,
        "arrived": _arrived,
        "reached": _reached,
        "risen": _risen,
        "kneeling": _kneeling,
    }
    mask = masks[state](body, thing)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    least = 1 if state == "risen" else 6
    return [int(a) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= least]


def _seated(body: Body, thing: Thing | None) -> BoolArray:
    if thing is None:
        return body.seated
    pelvis = body.joints[:, PELVIS]
    return np.asarray(body.seated & (thing.away(pelvis) < 0.3) & _just_below(pelvis, thing))


def _just_below(places: DoubleArray, thing: Thing) -> BoolArray:
    """Whether some of the thing lies within 0.35 m below each place, near it on the floor."""
    found = np.zeros(len(places), dtype=bool)
    for index in range(0, len(places), 2):
        near = np.linalg.norm(thing.points[:, :2] - places[index, :2], axis=1) < 0.35
        below = places[index, 2] - thing.points[near, 2]
        found[index : index + 2] = bool(((below > -0.1) & (below < 0.35)).any())
    return found


def _lying(body: Body, thing: Thing | None) -> BoolArray:
    if thing is None:
        return body.lying
    pelvis, head = body.joints[:, PELVIS], body.joints[:, HEAD]
    return np.asarray(body.lying & (thing.away(pelvis) < 0.3) & (thing.away(head) < 0.4) & _just_below(pelvis, thing))


def _arrived(body: Body, thing: Thing | None) -> BoolArray:
    """It stands still, upright, near the thing, and has gone there."""
    walked = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(body.joints[:, PELVIS, :2], axis=0), axis=1))])
    came = walked - walked[np.maximum(np.arange(len(walked)) - 4 * FPS, 0)] > 0.6
    still = (body.speed < 0.4) & body.upright & came
    return still if thing is None else np.asarray(still & (thing.away(body.joints[:, PELVIS]) < 0.95))


def _reached(body: Body, thing: Thing | None) -> BoolArray:
    """A wrist of an upright body is a hand's length from the thing's points."""
    if thing is None:
        shoulders = body.joints[:, (16, 17)]
        return np.asarray((np.linalg.norm(body.joints[:, WRISTS] - shoulders, axis=2).max(axis=1) > 0.3) & body.upright)
    some = thing.points[:: -(-len(thing.points) // 600)]
    near = np.full(len(body.joints), np.inf)
    for wrist in WRISTS:
        away = np.linalg.norm(body.joints[:, None, wrist] - some[None], axis=2).min(axis=1)
        near = np.minimum(near, away)
    return np.asarray((near < 0.27) & body.upright)


def _kneeling(body: Body, thing: Thing | None) -> BoolArray:
    """A knee on the floor, the trunk upright."""
    trunk = body.joints[:, NECK, 2] - body.joints[:, PELVIS, 2] > 0.2
    down = (body.joints[:, KNEES, 2].min(axis=1) < 0.17) & trunk
    return down if thing is None else np.asarray(down & (thing.away(body.joints[:, PELVIS]) < 1.0))


def _risen(body: Body, thing: Thing | None) -> BoolArray:
    """It stands, having sat or lain (on the thing)."""
    rested = _seated(body, thing) | _lying(body, thing)
    before = np.concatenate([[False], np.cumsum(rested)[:-1] >= 5])
    return np.asarray(before & body.upright & ~rested)
