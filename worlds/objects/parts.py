"""Building blocks of furniture: boxes in local coordinates, colours, and the register of shapes.

A shape function takes a random generator and returns `Parts`. `@shape("chair")` registers it for its category;
`@shape("school desk", category="desk")` registers a variant of one. Ranges of sizes were compared with the asset boxes
of ProcTHOR (Deitke et al. 2022, Apache-2.0) and with labelled ScanNet objects (Dai et al. 2017).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from worlds.types import PlacedObject, Point, Solid, Top

Color = tuple[float, float, float]
Span = tuple[float, float]
Shape = Callable[[np.random.Generator], "Parts"]

WOODS: Final[tuple[Color, ...]] = (
    (0.72, 0.53, 0.34), (0.55, 0.36, 0.21), (0.36, 0.23, 0.14), (0.82, 0.68, 0.49),
    (0.88, 0.86, 0.82), (0.25, 0.2, 0.18),
)  # fmt: skip
FABRICS: Final[tuple[Color, ...]] = (
    (0.52, 0.5, 0.48), (0.3, 0.32, 0.36), (0.62, 0.54, 0.43), (0.22, 0.3, 0.45), (0.45, 0.2, 0.18), (0.33, 0.4, 0.3),
    (0.75, 0.7, 0.62), (0.16, 0.15, 0.15), (0.6, 0.35, 0.2),
)  # fmt: skip
METALS: Final[tuple[Color, ...]] = ((0.65, 0.66, 0.68), (0.2, 0.2, 0.21), (0.45, 0.46, 0.48), (0.82, 0.82, 0.83))
WHITES: Final[tuple[Color, ...]] = ((0.93, 0.92, 0.9), (0.88, 0.89, 0.9), (0.96, 0.95, 0.93))
BRIGHTS: Final[tuple[Color, ...]] = (
    (0.7, 0.18, 0.16), (0.15, 0.33, 0.58), (0.85, 0.7, 0.25), (0.2, 0.45, 0.3), (0.9, 0.88, 0.82), (0.35, 0.22, 0.4),
    (0.1, 0.12, 0.16), (0.8, 0.45, 0.2),
)  # fmt: skip


def uniform(rng: np.random.Generator, low: float, high: float) -> float:
    """A random length in metres between the bounds, rounded to the millimetre."""
    return round(float(rng.uniform(low, high)), 3)


def chance(rng: np.random.Generator, probability: float) -> bool:
    """True with that probability."""
    return bool(rng.random() < probability)


def tint(rng: np.random.Generator, palette: tuple[Color, ...], spread: float = 0.05) -> Color:
    """A random colour of the palette with a random change of lightness and hue; each channel in 0..1."""
    base = np.array(palette[int(rng.integers(len(palette)))])
    shifted = base * (1 + rng.normal(0, spread)) + rng.normal(0, spread / 3, 3)
    red, green, blue = (round(float(value), 3) for value in np.clip(shifted, 0.02, 0.98))
    return red, green, blue


def shade(color: Color, factor: float) -> Color:
    """The colour made darker (factor below 1) or lighter."""
    red, green, blue = (min(max(value * factor, 0.0), 1.0) for value in color)
    return red, green, blue


@dataclass
class Parts:
    """An object under construction, in local coordinates: x right, y front, z up, floor at z = 0."""

    solids: list[Solid] = field(default_factory=list)
    seats: list[Point] = field(default_factory=list)
    handles: list[Point] = field(default_factory=list)
    lying: tuple[Point, Point] | None = None
    grips: list[Point] = field(default_factory=list)
    basin: Point | None = None
    top: Top | None = None
    portable: bool = False

    def box(self, x: Span, y: Span, z: Span, color: Color) -> None:
        """Add the box between the given bounds along each axis."""
        spans = (x, y, z)
        cx, cy, cz = (round((low + high) / 2, 4) for low, high in spans)
        sx, sy, sz = (round(high - low, 4) for low, high in spans)
        self.solids.append(Solid((cx, cy, cz), (sx, sy, sz), color))

    def block(self, width: float, depth: float, z: Span, color: Color) -> None:
        """Add a box centred in x and y."""
        self.box((-width / 2, width / 2), (-depth / 2, depth / 2), z, color)

    def legs(self, width: float, depth: float, height: float, *, color: Color, thick: float = 0.04) -> None:
        """Add four legs at the corners of a centred rectangle."""
        for side in (-1, 1):
            for end in (-1, 1):
                x, y = side * (width - thick) / 2, end * (depth - thick) / 2
                self.box((x - thick / 2, x + thick / 2), (y - thick / 2, y + thick / 2), (0.0, height), color)

    def disc(self, diameter: float, z: Span, color: Color) -> None:
        """Add a round slab, approximated by three crossed boxes."""
        narrow, middle = 0.42 * diameter, 0.76 * diameter
        self.block(diameter * 0.98, narrow, z, color)
        self.block(narrow, diameter * 0.98, z, color)
        self.block(middle, middle, z, color)

    def surface(self, width: float, depth: float, height: float) -> None:
        """Set the top surface, on which objects can stand, to a centred rectangle at that height."""
        self.top = (-width / 2, width / 2, -depth / 2, depth / 2, height)

    def knob(self, x: float, y: float, z: float, *, color: Color, tall: float = 0.03) -> None:
        """Add a small grip in front of a panel at ``y``."""
        self.box((x - 0.015, x + 0.015), (y, y + 0.025), (z - tall / 2, z + tall / 2), color)

    def finish(self, category: str) -> PlacedObject:
        """The finished object, its bounding rectangle centred on the origin."""
        centers = np.array([solid.center for solid in self.solids])
        halves = np.array([solid.size for solid in self.solids]) / 2
        low, high = (centers - halves).min(axis=0), (centers + halves).max(axis=0)
        dx, dy = float(low[0] + high[0]) / 2, float(low[1] + high[1]) / 2
        width, depth = float(high[0] - low[0]), float(high[1] - low[1])

        def moved(point: Point) -> Point:
            return round(point[0] - dx, 4), round(point[1] - dy, 4), round(point[2], 4)

        def shifted(top: Top) -> Top:
            left, right, back, front, height = top
            (left, back, height), (right, front, _) = moved((left, back, height)), moved((right, front, height))
            return left, right, back, front, height

        return PlacedObject(
            id=0,
            category=category,
            position=(0.0, 0.0, 0.0),
            yaw=0.0,
            size=(round(width, 4), round(depth, 4), round(float(high[2]), 4)),
            solids=tuple(Solid(moved(solid.center), solid.size, solid.color) for solid in self.solids),
            seats=tuple(moved(point) for point in self.seats),
            lying=None if self.lying is None else (moved(self.lying[0]), moved(self.lying[1])),
            handles=tuple(moved(point) for point in self.handles),
            grips=tuple(moved(point) for point in self.grips),
            basin=None if self.basin is None else moved(self.basin),
            top=None if self.top is None else shifted(self.top),
            portable=self.portable,
        )


SHAPES: Final[dict[str, Shape]] = {}
CATEGORY_OF: Final[dict[str, str]] = {}  # by the name of a shape


def shape(name: str, *, category: str | None = None) -> Callable[[Shape], Shape]:
    """Register a shape function under a category, or as a variant ``name`` of an existing category."""

    def register(make: Shape) -> Shape:
        SHAPES[name] = make
        CATEGORY_OF[name] = category or name
        return make

    return register
