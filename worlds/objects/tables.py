"""Tables and desks. Handles are points on the top's edges."""

from __future__ import annotations

import numpy as np

from worlds.objects.parts import METALS, WOODS, Color, Parts, chance, shade, shape, tint, uniform


def _edges(parts: Parts, width: float, depth: float, height: float) -> None:
    for x, y in ((0.0, depth / 2), (0.0, -depth / 2), (width / 2, 0.0), (-width / 2, 0.0)):
        parts.handles.append((x, y, height))


def _trestles(parts: Parts, width: float, depth: float, height: float, *, color: Color) -> None:
    for side in (-1, 1):
        x = side * width * 0.36
        parts.box((x - 0.04, x + 0.04), (-0.05, 0.05), (0.05, height), color)
        parts.box((x - 0.04, x + 0.04), (-depth * 0.4, depth * 0.4), (0.0, 0.05), color)
    parts.block(width * 0.72, 0.04, (height * 0.4, height * 0.4 + 0.08), color)


@shape("table")
def table(rng: np.random.Generator) -> Parts:
    """A dining table: long, square or round; on legs, trestles or a pedestal."""
    parts, wood = Parts(), tint(rng, WOODS)
    under = tint(rng, METALS) if chance(rng, 0.3) else shade(wood, 0.85)
    height, kind, thick = uniform(rng, 0.71, 0.77), int(rng.integers(3)), uniform(rng, 0.025, 0.05)
    width = uniform(rng, 1.25, 1.9) if kind == 0 else uniform(rng, 0.85, 1.2)
    depth = uniform(rng, 0.75, 0.98) if kind == 0 else width
    if kind == 2:
        parts.disc(width, (height - thick, height), wood)
        parts.block(0.1, 0.1, (0.04, height - thick), under)
        parts.disc(width * 0.5, (0.0, 0.04), under)
    else:
        parts.block(width, depth, (height - thick, height), wood)
        if kind == 0 and chance(rng, 0.3):
            _trestles(parts, width, depth, height - thick, color=under)
        else:
            parts.legs(width - 0.06, depth - 0.06, height - thick, color=under, thick=uniform(rng, 0.05, 0.08))
            parts.block(width - 0.16, depth - 0.16, (height - thick - 0.08, height - thick), under)
    inner = 0.74 if kind == 2 else 1.0  # the side of a square inside a round top
    parts.surface(width * inner, depth * inner, height)
    _edges(parts, width, depth, height)
    return parts


@shape("desk")
def desk(rng: np.random.Generator) -> Parts:
    """A writing desk on legs, or with a drawer pedestal and a back panel; the free side (+y) is the user's."""
    parts, wood = Parts(), tint(rng, WOODS)
    under = tint(rng, METALS) if chance(rng, 0.4) else shade(wood, 0.9)
    width, depth, height = uniform(rng, 1.05, 1.75), uniform(rng, 0.55, 0.8), uniform(rng, 0.7, 0.77)
    parts.block(width, depth, (height - 0.035, height), wood)
    kind = int(rng.integers(3))
    if kind == 0:
        parts.legs(width - 0.04, depth - 0.04, height - 0.035, color=under)
    else:
        for side in (-1, 1):
            x = side * (width / 2 - 0.015)
            parts.box((x - 0.015, x + 0.015), (-depth / 2, depth / 2), (0.0, height - 0.035), under)
        parts.block(width - 0.06, 0.02, (0.25, height - 0.035), under)
    if kind == 2:
        side = 1 if chance(rng, 0.5) else -1
        left, right = sorted((side * (width / 2 - 0.03), side * (width / 2 - 0.43)))
        parts.box((left, right), (-depth / 2 + 0.02, depth / 2 - 0.05), (0.04, height - 0.05), under)
        for level in range(3):
            low = 0.06 + level * 0.2
            parts.box((left + 0.01, right - 0.01), (depth / 2 - 0.05, depth / 2 - 0.03), (low, low + 0.18), wood)
    parts.surface(width, depth, height)
    parts.handles += [(0.0, depth / 2, height), (-width * 0.3, depth / 2, height), (width * 0.3, depth / 2, height)]
    return parts


@shape("coffee table")
def coffee_table(rng: np.random.Generator) -> Parts:
    """Low; on legs, a block, or round; some with a lower shelf."""
    parts, wood = Parts(), tint(rng, WOODS)
    width, depth, height = uniform(rng, 0.8, 1.25), uniform(rng, 0.48, 0.72), uniform(rng, 0.36, 0.48)
    kind = int(rng.integers(3))
    if kind == 0:
        parts.block(width, depth, (height - 0.04, height), wood)
        parts.legs(width, depth, height - 0.04, color=shade(wood, 0.8), thick=0.05)
        parts.surface(width, depth, height)
        if chance(rng, 0.5):
            parts.block(width - 0.1, depth - 0.1, (0.12, 0.14), wood)
    elif kind == 1:
        parts.block(width, depth, (height - 0.06, height), wood)
        parts.block(width * 0.9, depth * 0.9, (0.0, height - 0.06), shade(wood, 0.85))
        parts.surface(width, depth, height)
    else:
        size = min(width, 0.95)
        parts.disc(size, (height - 0.03, height), wood)
        parts.legs(size * 0.68, size * 0.68, height - 0.03, color=tint(rng, METALS), thick=0.03)
        parts.surface(size * 0.74, size * 0.74, height)
    return parts


@shape("end table")
def end_table(rng: np.random.Generator) -> Parts:
    """A small square or round table that stands beside a sofa or armchair."""
    parts, wood = Parts(), tint(rng, WOODS + METALS)
    width, height = uniform(rng, 0.4, 0.55), uniform(rng, 0.48, 0.62)
    if chance(rng, 0.5):
        parts.disc(width, (height - 0.03, height), wood)
        parts.block(0.06, 0.06, (0.03, height - 0.03), wood)
        parts.disc(width * 0.7, (0.0, 0.03), wood)
        parts.surface(width * 0.74, width * 0.74, height)
    else:
        parts.block(width, width, (height - 0.03, height), wood)
        parts.legs(width, width, height - 0.03, color=shade(wood, 0.85))
        parts.block(width - 0.04, width - 0.04, (0.16, 0.18), wood)
        parts.surface(width, width, height)
    return parts
