"""Cupboards, drawers and shelves; the handles are on the front (+y)."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from worlds.objects.parts import BRIGHTS, METALS, WHITES, WOODS, Color, Parts, Span, chance, shade, shape, tint, uniform

REACH: Span = (0.72, 1.65)  # heights that a standing person reaches for without bending
PULL: Span = (0.45, 1.6)  # heights at which one pulls a door or a drawer open
LOW: Final = 1.15  # metres up to which the top of a cupboard serves as a surface


def _body(parts: Parts, width: float, depth: float, *, z: Span, color: Color) -> None:
    """A closed body whose front panel stands 0.02 m proud."""
    parts.box((-width / 2, width / 2), (-depth / 2, depth / 2 - 0.02), z, color)


def _doors(parts: Parts, width: float, depth: float, *, count: int, z: Span, color: Color) -> None:
    """Doors side by side with a grip each, at the reaching height nearest to the door's middle."""
    front, each = depth / 2 - 0.02, width / count
    grip = float(np.clip((z[0] + z[1]) / 2, max(z[0] + 0.08, 0.9), 1.15)) if z[1] > 1.0 else z[1] - 0.1
    for door in range(count):
        low = -width / 2 + door * each
        parts.box((low + 0.006, low + each - 0.006), (front, front + 0.02), (z[0] + 0.006, z[1] - 0.006), color)
        x = low + each - 0.06 if door % 2 == 0 and count > 1 else low + 0.06
        parts.knob(x, front + 0.02, grip, color=shade(color, 0.5), tall=0.12)
        if REACH[0] <= grip <= REACH[1]:
            parts.handles.append((x, front + 0.045, grip))
        if PULL[0] <= grip <= PULL[1]:
            parts.grips.append((x, front + 0.045, grip))


def _drawers(parts: Parts, width: float, depth: float, *, grid: tuple[int, int], z: Span, color: Color) -> None:
    """Drawers in (columns, rows), each with a grip at its middle, that of a tall drawer nearer to its upper edge."""
    columns, rows = grid
    front, each, high = depth / 2 - 0.02, width / columns, (z[1] - z[0]) / rows
    for column in range(columns):
        for row in range(rows):
            x, low = -width / 2 + column * each, z[0] + row * high
            parts.box((x + 0.008, x + each - 0.008), (front, front + 0.02), (low + 0.008, low + high - 0.008), color)
            grip = low + high - min(high / 2, 0.07)
            parts.knob(x + each / 2, front + 0.02, grip, color=shade(color, 0.5))
            if REACH[0] <= grip <= REACH[1]:
                parts.handles.append((x + each / 2, front + 0.045, grip))
            if PULL[0] <= grip <= PULL[1]:
                parts.grips.append((x + each / 2, front + 0.045, grip))


@shape("nightstand")
def nightstand(rng: np.random.Generator) -> Parts:
    """One to three drawers on a plinth or on legs, or an open one."""
    parts, wood = Parts(), tint(rng, WOODS)
    width, depth, height = uniform(rng, 0.4, 0.55), uniform(rng, 0.36, 0.46), uniform(rng, 0.54, 0.68)
    foot = uniform(rng, 0.1, 0.2) if chance(rng, 0.5) else 0.03
    parts.legs(width, depth - 0.02, foot, color=shade(wood, 0.8))
    _body(parts, width, depth, z=(foot, height), color=wood)
    _drawers(parts, width, depth, grid=(1, int(rng.integers(1, 4))), z=(foot, height - 0.03), color=shade(wood, 1.08))
    parts.surface(width, depth - 0.02, height)
    return parts


@shape("dresser")
def dresser(rng: np.random.Generator) -> Parts:
    """A chest of drawers in one to three columns."""
    parts, wood = Parts(), tint(rng, WOODS)
    columns = int(rng.integers(1, 4))
    width = uniform(rng, 0.42, 0.52) * columns + (0.3 if columns == 1 else 0.0)
    depth, height = uniform(rng, 0.42, 0.54), uniform(rng, 0.78, 1.2)
    _body(parts, width, depth, z=(0.0, height), color=wood)
    rows = int(rng.integers(3, 6))
    _drawers(parts, width, depth, grid=(columns, rows), z=(0.08, height - 0.03), color=shade(wood, 1.1))
    parts.handles.append((0.0, depth / 2, height))
    if height < LOW:
        parts.surface(width, depth - 0.02, height)
    return parts


@shape("cabinet")
def cabinet(rng: np.random.Generator) -> Parts:
    """One to three doors, low or tall, some with a drawer row above."""
    parts, wood = Parts(), tint(rng, WOODS + WHITES)
    count = int(rng.integers(1, 4))
    width, depth = uniform(rng, 0.38, 0.48) * count + 0.1, uniform(rng, 0.36, 0.5)
    height = uniform(rng, 0.82, 1.1) if chance(rng, 0.5) else uniform(rng, 1.4, 1.9)
    _body(parts, width, depth, z=(0.0, height), color=wood)
    top = height - 0.03
    if chance(rng, 0.4):
        _drawers(parts, width, depth, grid=(count, 1), z=(top - 0.18, top), color=shade(wood, 1.1))
        top -= 0.18
    _doors(parts, width, depth, count=count, z=(0.08, top), color=shade(wood, 1.06))
    if height < LOW:
        parts.handles.append((0.0, depth / 2 - 0.02, height))
        parts.surface(width, depth - 0.02, height)
    return parts


@shape("wardrobe")
def wardrobe(rng: np.random.Generator) -> Parts:
    """Tall, two to four doors."""
    parts, wood = Parts(), tint(rng, WOODS + WHITES)
    count = int(rng.integers(2, 5))
    width, depth, height = uniform(rng, 0.44, 0.55) * count, uniform(rng, 0.54, 0.66), uniform(rng, 1.85, 2.2)
    _body(parts, width, depth, z=(0.0, height), color=wood)
    _doors(parts, width, depth, count=count, z=(0.08, height - 0.04), color=shade(wood, 1.08))
    return parts


@shape("bookshelf")
def bookshelf(rng: np.random.Generator) -> Parts:
    """Boards between sides, with or without a back, filled with books and boxes here and there."""
    parts, wood = Parts(), tint(rng, WOODS)
    width, depth, height = uniform(rng, 0.6, 1.25), uniform(rng, 0.26, 0.38), uniform(rng, 1.3, 2.15)
    for side in (-1, 1):
        x = side * (width / 2 - 0.012)
        parts.box((x - 0.012, x + 0.012), (-depth / 2, depth / 2), (0.0, height), wood)
    if chance(rng, 0.7):
        parts.box((-width / 2, width / 2), (-depth / 2, -depth / 2 + 0.015), (0.05, height), shade(wood, 0.85))
    levels = np.linspace(0.06, height - 0.025, round(height / 0.36) + 1)
    for low, high in pairwise(levels.tolist()):
        parts.block(width - 0.02, depth, (low, low + 0.025), wood)
        _books(parts, rng, width - 0.06, depth, z=(low + 0.025, high))
        if REACH[0] <= low <= REACH[1]:
            parts.handles.append((uniform(rng, -0.2, 0.2), depth / 2, round(low + 0.0125, 4)))
    parts.block(width, depth, (height - 0.025, height), wood)
    return parts


def _books(parts: Parts, rng: np.random.Generator, width: float, depth: float, *, z: Span) -> None:
    """Runs of books of one colour and height each, with gaps between them."""
    x, most = -width / 2, z[1] - z[0] - 0.03
    while x < width / 2 - 0.08:
        run = min(uniform(rng, 0.08, 0.35), width / 2 - x)
        if chance(rng, 0.7):
            tall = most * uniform(rng, 0.6, 1.0)
            front = depth / 2 - uniform(rng, 0.03, 0.1)
            parts.box((x, x + run), (-depth / 2 + 0.02, front), (z[0], z[0] + tall), tint(rng, BRIGHTS))
        x += run + 0.01


@shape("tv stand")
def tv_stand(rng: np.random.Generator) -> Parts:
    """Low and wide, with doors and open bays."""
    parts, wood = Parts(), tint(rng, WOODS)
    width, depth, height = uniform(rng, 1.05, 1.75), uniform(rng, 0.36, 0.48), uniform(rng, 0.4, 0.58)
    foot = uniform(rng, 0.06, 0.14) if chance(rng, 0.5) else 0.0
    if foot:
        parts.legs(width - 0.1, depth - 0.06, foot, color=shade(wood, 0.7))
    third = width / 3
    parts.block(width, depth, (height - 0.03, height), wood)
    parts.block(width, depth, (foot, foot + 0.03), wood)
    parts.box((-width / 2, width / 2), (-depth / 2, -depth / 2 + 0.02), (foot, height), shade(wood, 0.8))
    for side in (-1, 1):
        x = sorted((side * width / 2, side * (width / 2 - third)))
        parts.box((x[0], x[1]), (-depth / 2, depth / 2 - 0.01), (foot + 0.03, height - 0.03), shade(wood, 1.08))
    parts.surface(width, depth, height)
    return parts


@shape("filing cabinet")
def filing_cabinet(rng: np.random.Generator) -> Parts:
    """Metal, two to four drawers in one column."""
    parts, metal = Parts(), tint(rng, METALS)
    rows = int(rng.integers(2, 5))
    width, depth, height = uniform(rng, 0.4, 0.48), uniform(rng, 0.5, 0.62), rows * 0.32 + 0.06
    _body(parts, width, depth, z=(0.0, height), color=metal)
    _drawers(parts, width, depth, grid=(1, rows), z=(0.04, height - 0.02), color=shade(metal, 1.1))
    if height < LOW:
        parts.surface(width, depth - 0.02, height)
    return parts


@shape("box")
def box(rng: np.random.Generator) -> Parts:
    """A carton, closed or open, or a plastic crate; two hands can lift it."""
    parts = Parts(portable=True)
    color = tint(rng, ((0.68, 0.52, 0.35), (0.62, 0.46, 0.3), *BRIGHTS[:4]))
    width, depth, height = uniform(rng, 0.26, 0.48), uniform(rng, 0.22, 0.42), uniform(rng, 0.18, 0.42)
    if chance(rng, 0.5):
        parts.block(width, depth, (0.0, height), color)
        return parts
    parts.block(width, depth, (0.0, 0.02), color)
    for side in (-1, 1):
        x, y = side * (width / 2 - 0.01), side * (depth / 2 - 0.01)
        parts.box((x - 0.01, x + 0.01), (-depth / 2, depth / 2), (0.0, height), color)
        parts.box((-width / 2, width / 2), (y - 0.01, y + 0.01), (0.0, height), shade(color, 0.95))
    return parts
