"""Outlines of rooms: rectangles, and rectangles with cuts: L, T and U shapes, and bevelled corners.

An outline is counter-clockwise. A notch is a part that a cut removes from the bounding rectangle: a floor rectangle
(rotated for a bevelled corner) on which nothing may stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import Final, Literal

import numpy as np

from worlds.rooms.layout import FloorPoint, Layout, Rect

Form = Literal["rectangle", "L", "T", "U", "bevel"]
SHARES: Final[dict[Form, float]] = {"L": 0.45, "T": 0.15, "U": 0.12, "bevel": 0.28}  # of the rooms with a cut
LEAST_LEG: Final = 1.3  # metres: least width of the parts beside a cut


@dataclass(frozen=True)
class Extent:
    """Ranges of width and depth in metres, share of rooms with a cut, and the range of a passage's width."""

    width: tuple[float, float]
    depth: tuple[float, float]
    cut: float = 0.25
    lane: tuple[float, float] | None = None


Cut = tuple[list[FloorPoint], Rect]  # points that replace a corner, and the notch


def draw_shell(extent: Extent, rng: np.random.Generator) -> tuple[Layout, list[FloorPoint]]:
    """An empty room: its layout and its outline."""
    width, depth = _sides(extent, rng)
    x, y = (round(float(rng.uniform(-0.5, 0.5)), 2) for _ in range(2))
    left, right, back, front = x - width / 2, x + width / 2, y - depth / 2, y + depth / 2
    corners: list[FloorPoint] = [(left, back), (right, back), (right, front), (left, front)]
    outline, notches = _cut(corners, _form(extent, rng), rng, lane=_random_in(extent.lane, rng))
    outline = [(round(px, 4), round(py, 4)) for px, py in outline]
    return Layout(rng, Rect(x, y, width / 2, depth / 2), notches, outline), outline


def _random_in(span: tuple[float, float] | None, rng: np.random.Generator) -> float | None:
    return None if span is None else round(float(rng.uniform(*span)), 2)


def _sides(extent: Extent, rng: np.random.Generator) -> tuple[float, float]:
    """Width and depth, in either order."""
    sides = [round(float(rng.uniform(*span)), 2) for span in (extent.width, extent.depth)]
    first = int(rng.integers(2))
    return sides[first], sides[1 - first]


def _form(extent: Extent, rng: np.random.Generator) -> Form:
    if rng.random() >= extent.cut:
        return "rectangle"
    forms = list(SHARES)
    return forms[int(rng.choice(len(forms), p=list(SHARES.values())))]


def _cut(
    corners: list[FloorPoint], form: Form, rng: np.random.Generator, *, lane: float | None
) -> tuple[list[FloorPoint], list[Rect]]:
    """The outline with that cut, and its notches; a room that is too small stays a rectangle."""
    first = int(rng.integers(4))
    turned = [*corners[first:], *corners[:first]]
    along, across = (hypot(b[0] - a[0], b[1] - a[1]) for a, b in (turned[:2], turned[1:3]))
    if lane is not None:
        return _passage(turned, along, across, lane=lane)
    if form == "U" and along >= 2 * LEAST_LEG + 1.0 and across > 3.6:
        return _bay(turned, along * _random_share(rng, 0.28, 0.38), across * _random_share(rng, 0.22, 0.36))
    if form == "T" and along >= 2.2 + LEAST_LEG and across > 3.6:
        deep = across * _random_share(rng, 0.25, 0.4)
        cuts = [_corner(turned, i, along * _random_share(rng, 0.17, 0.28), deep) for i in (0, 1)]
        return [*cuts[0][0], *cuts[1][0], *turned[2:]], [cuts[0][1], cuts[1][1]]
    if form == "L" and min(along, across) > 3.4:
        points, notch = _corner(
            turned, 0, along * _random_share(rng, 0.25, 0.42), across * _random_share(rng, 0.25, 0.42)
        )
        return [*points, *turned[1:]], [notch]
    if form == "bevel" and min(along, across) > 3.0:
        points, notch = _bevel(turned, round(float(rng.uniform(0.7, min(1.4, 0.35 * min(along, across)))), 2))
        return [*points, *turned[1:]], [notch]
    return corners, []


def _random_share(rng: np.random.Generator, low: float, high: float) -> float:
    return round(float(rng.uniform(low, high)), 2)


def _passage(
    corners: list[FloorPoint], along: float, across: float, *, lane: float
) -> tuple[list[FloorPoint], list[Rect]]:
    """An L-shaped passage of width ``lane``; unchanged if the sides are too short for it."""
    if min(along, across) < 2 * lane:
        return corners, []
    points, notch = _corner(corners, 0, along - lane, across - lane)
    return [*points, *corners[1:]], [notch]


def _side_directions(corners: list[FloorPoint], index: int) -> tuple[FloorPoint, FloorPoint]:
    """Unit directions of the sides before and after a corner."""
    a, b, c = corners[index - 1], corners[index], corners[(index + 1) % 4]
    first, second = hypot(b[0] - a[0], b[1] - a[1]), hypot(c[0] - b[0], c[1] - b[1])
    return ((b[0] - a[0]) / first, (b[1] - a[1]) / first), ((c[0] - b[0]) / second, (c[1] - b[1]) / second)


def _offset(point: FloorPoint, *steps: tuple[FloorPoint, float]) -> FloorPoint:
    x, y = point
    for (dx, dy), length in steps:
        x, y = x + dx * length, y + dy * length
    return x, y


def _box(one: FloorPoint, other: FloorPoint) -> Rect:
    """The rectangle with these opposite corners."""
    (ax, ay), (bx, by) = one, other
    return Rect((ax + bx) / 2, (ay + by) / 2, abs(bx - ax) / 2, abs(by - ay) / 2)


def _corner(corners: list[FloorPoint], index: int, along: float, across: float) -> Cut:
    """A rectangle cut from a corner; ``along`` is measured on the side that starts or ends at the first corner."""
    to, away = _side_directions(corners, index)
    back, ahead = (across, along) if index == 0 else (along, across)
    corner = corners[index]
    inner = _offset(corner, (to, -back), (away, ahead))
    return [_offset(corner, (to, -back)), inner, _offset(corner, (away, ahead))], _box(corner, inner)


def _bevel(corners: list[FloorPoint], length: float) -> Cut:
    """A corner cut off at 45 degrees, ``length`` metres from it on both sides."""
    (to, away), corner = _side_directions(corners, 0), corners[0]
    start, end = _offset(corner, (to, -length)), _offset(corner, (away, length))
    middle = ((start[0] + end[0] + 2 * corner[0]) / 4, (start[1] + end[1] + 2 * corner[1]) / 4)
    yaw = float(np.arctan2(end[1] - start[1], end[0] - start[0]))
    half = length / 2**0.5
    return [start, end], Rect(middle[0], middle[1], half, half / 2, yaw)


def _bay(corners: list[FloorPoint], wide: float, deep: float) -> tuple[list[FloorPoint], list[Rect]]:
    """A rectangle cut from the middle of the side between the first two corners, which leaves a U."""
    along, inward = _side_directions(corners, 1)
    length = hypot(corners[1][0] - corners[0][0], corners[1][1] - corners[0][1])
    start, end = (_offset(corners[0], (along, (length + sign * wide) / 2)) for sign in (-1, 1))
    far = _offset(end, (inward, deep))
    return [corners[0], start, _offset(start, (inward, deep)), far, end, *corners[1:]], [_box(start, far)]
