"""Portable objects, and low ones that a body steps over; they stand on the floor or on furniture."""

from __future__ import annotations

from itertools import pairwise
from math import sqrt
from typing import Final

import numpy as np

from worlds.objects.parts import (
    BRIGHTS,
    FABRICS,
    METALS,
    WHITES,
    WOODS,
    Color,
    Parts,
    Span,
    chance,
    shade,
    shape,
    tint,
    uniform,
)

STRAW: Final[tuple[Color, ...]] = ((0.72, 0.56, 0.36), (0.55, 0.4, 0.24), (0.82, 0.72, 0.55), (0.4, 0.3, 0.2))


def _hollow(parts: Parts, width: float, depth: float, *, z: Span, color: Color, thick: float = 0.02) -> None:
    """A floor with four sides round it, open above."""
    parts.block(width, depth, (z[0], z[0] + thick), color)
    for side in (-1, 1):
        x, y = side * (width - thick) / 2, side * (depth - thick) / 2
        parts.box((x - thick / 2, x + thick / 2), (-depth / 2, depth / 2), z, color)
        parts.box((-width / 2, width / 2), (y - thick / 2, y + thick / 2), z, shade(color, 0.95))


@shape("basket")
def basket(rng: np.random.Generator) -> Parts:
    """Woven or of plastic, open, some with linen in it."""
    parts, color = Parts(portable=True), tint(rng, STRAW + WHITES)
    width, depth, height = uniform(rng, 0.3, 0.46), uniform(rng, 0.24, 0.36), uniform(rng, 0.18, 0.34)
    _hollow(parts, width, depth, z=(0.0, height), color=color)
    parts.block(width + 0.02, 0.03, (height - 0.03, height), shade(color, 0.85))
    if chance(rng, 0.5):
        fill = height * uniform(rng, 0.6, 0.95)
        parts.block(width - 0.05, depth - 0.05, (0.02, fill), tint(rng, FABRICS + WHITES))
    return parts


@shape("backpack")
def backpack(rng: np.random.Generator) -> Parts:
    """Standing, with a front pocket and a loop on top."""
    parts, color = Parts(portable=True), tint(rng, BRIGHTS + FABRICS)
    width, depth, height = uniform(rng, 0.28, 0.34), uniform(rng, 0.15, 0.22), uniform(rng, 0.36, 0.42)
    parts.block(width, depth, (0.0, height * 0.85), color)
    parts.block(width * 0.8, depth * 0.8, (height * 0.85, height * 0.94), color)
    parts.block(0.08, 0.025, (height * 0.94, height), shade(color, 0.6))
    parts.box((-width * 0.4, width * 0.4), (depth / 2, depth / 2 + 0.05), (0.02, height * 0.5), shade(color, 0.8))
    return parts


@shape("laptop")
def laptop(rng: np.random.Generator) -> Parts:
    """Open, its screen upright, or shut; the keys are towards the front."""
    parts, metal = Parts(portable=True), tint(rng, METALS)
    width, depth = uniform(rng, 0.3, 0.38), uniform(rng, 0.21, 0.26)
    parts.block(width, depth, (0.0, 0.02), metal)
    if chance(rng, 0.8):
        parts.box((-width * 0.44, width * 0.44), (-depth * 0.3, depth * 0.2), (0.02, 0.022), (0.1, 0.1, 0.11))
        tall = depth * uniform(rng, 0.9, 1.0)
        parts.box((-width / 2, width / 2), (-depth / 2 - 0.015, -depth / 2), (0.015, tall), metal)
        screen = shade(tint(rng, BRIGHTS), 0.7)
        parts.box((-width * 0.46, width * 0.46), (-depth / 2, -depth / 2 + 0.004), (0.03, tall - 0.015), screen)
    else:
        parts.block(width, depth, (0.02, 0.032), shade(metal, 0.9))
    return parts


@shape("pot")
def pot(rng: np.random.Generator) -> Parts:
    """A cooking pot with two ears, some with a lid."""
    parts, metal = Parts(portable=True), tint(rng, METALS + BRIGHTS[:2])
    width, height = uniform(rng, 0.2, 0.32), uniform(rng, 0.12, 0.24)
    parts.disc(width, (0.0, height), metal)
    for side in (-1, 1):
        x = side * (width / 2 + 0.02)
        parts.box((x - 0.025, x + 0.025), (-0.035, 0.035), (height * 0.7, height * 0.8), shade(metal, 0.5))
    if chance(rng, 0.5):
        parts.disc(width * 0.92, (height, height + 0.02), shade(metal, 0.85))
        parts.block(0.04, 0.04, (height + 0.02, height + 0.05), shade(metal, 0.4))
    return parts


@shape("ball")
def ball(rng: np.random.Generator) -> Parts:
    """For football, basketball or the gym, as slabs of a sphere."""
    parts, color = Parts(portable=True), tint(rng, BRIGHTS + WHITES)
    width = uniform(rng, 0.2, 0.26) if chance(rng, 0.7) else uniform(rng, 0.32, 0.42)
    levels = np.linspace(0.0, 1.0, 8)
    for low, high in pairwise(levels.tolist()):
        wide = 2 * width * sqrt(0.25 - ((low + high) / 2 - 0.5) ** 2)
        parts.disc(wide, (low * width, high * width), color)
    return parts


@shape("books")
def books(rng: np.random.Generator) -> Parts:
    """A pile of two to six books, not quite in line."""
    parts, z = Parts(portable=True), 0.0
    width, depth = uniform(rng, 0.22, 0.3), uniform(rng, 0.16, 0.22)
    for _ in range(int(rng.integers(3, 8))):
        x, y, thick = uniform(rng, -0.015, 0.015), uniform(rng, -0.015, 0.015), uniform(rng, 0.02, 0.05)
        w, d = width * uniform(rng, 0.8, 1.0), depth * uniform(rng, 0.8, 1.0)
        parts.box((x - w / 2, x + w / 2), (y - d / 2, y + d / 2), (z, z + thick), tint(rng, BRIGHTS))
        z += thick
    return parts


@shape("vase")
def vase(rng: np.random.Generator) -> Parts:
    """Foot, belly and neck, some with flowers."""
    parts, color = Parts(portable=True), tint(rng, BRIGHTS + WHITES)
    width, height = uniform(rng, 0.16, 0.22), uniform(rng, 0.2, 0.3)
    parts.disc(width * 0.7, (0.0, height * 0.2), color)
    parts.disc(width, (height * 0.2, height * 0.65), color)
    parts.disc(width * 0.5, (height * 0.65, height), color)
    for _ in range(int(rng.integers(3, 7)) if chance(rng, 0.6) else 0):
        x, y = rng.uniform(-0.05, 0.05, 2)
        top = height + float(rng.uniform(0.05, 0.13))
        parts.box((x - 0.006, x + 0.006), (y - 0.006, y + 0.006), (height, top), (0.25, 0.42, 0.2))
        parts.box((x - 0.025, x + 0.025), (y - 0.025, y + 0.025), (top - 0.03, top), tint(rng, BRIGHTS))
    return parts


@shape("toolbox")
def toolbox(rng: np.random.Generator) -> Parts:
    """A long case with a bar to carry it by."""
    parts, color = Parts(portable=True), tint(rng, BRIGHTS[:3] + METALS[:2])
    width, depth, height = uniform(rng, 0.36, 0.48), uniform(rng, 0.18, 0.24), uniform(rng, 0.16, 0.22)
    parts.block(width, depth, (0.0, height * 0.7), color)
    parts.block(width, depth + 0.01, (height * 0.7, height), shade(color, 0.6))
    parts.block(width * 0.45, 0.03, (height + 0.04, height + 0.06), (0.12, 0.12, 0.12))
    for side in (-1, 1):
        x = side * width * 0.21
        parts.box((x - 0.01, x + 0.01), (-0.015, 0.015), (height, height + 0.04), (0.12, 0.12, 0.12))
    return parts


@shape("suitcase")
def suitcase(rng: np.random.Generator) -> Parts:
    """Standing upright on its side, with a grip on top, or lying flat."""
    parts, color = Parts(portable=True), tint(rng, BRIGHTS + FABRICS)
    wide, tall, thick = uniform(rng, 0.42, 0.48), uniform(rng, 0.3, 0.38), uniform(rng, 0.17, 0.23)
    if chance(rng, 0.6):
        parts.block(wide, thick, (0.02, tall), color)
        parts.block(wide + 0.01, 0.02, (0.03, tall - 0.01), shade(color, 0.6))
        parts.block(0.14, 0.03, (tall, tall + 0.03), (0.1, 0.1, 0.1))
        parts.block(wide * 0.8, thick * 0.8, (0.0, 0.02), (0.1, 0.1, 0.1))
    else:
        parts.block(wide, tall, (0.0, thick), color)
        parts.block(wide + 0.01, tall + 0.01, (thick * 0.45, thick * 0.55), shade(color, 0.6))
    return parts


@shape("bag")
def bag(rng: np.random.Generator) -> Parts:
    """A sports or shopping bag, full, with two loops."""
    parts, color = Parts(portable=True), tint(rng, FABRICS + BRIGHTS)
    width, depth, height = uniform(rng, 0.34, 0.48), uniform(rng, 0.2, 0.28), uniform(rng, 0.19, 0.27)
    parts.block(width, depth, (0.0, height * 0.75), color)
    parts.block(width * 0.85, depth * 0.7, (height * 0.75, height), shade(color, 0.9))
    for side in (-1, 1):
        y = side * depth * 0.3
        for x in (-width * 0.18, width * 0.18):
            parts.box((x - 0.012, x + 0.012), (y - 0.01, y + 0.01), (height * 0.75, height + 0.05), shade(color, 0.5))
        parts.box(
            (-width * 0.18, width * 0.18), (y - 0.01, y + 0.01), (height + 0.03, height + 0.055), shade(color, 0.5)
        )
    return parts


@shape("toy")
def toy(rng: np.random.Generator) -> Parts:
    """A toy lorry, or a tower of bricks."""
    parts, color = Parts(portable=True), tint(rng, BRIGHTS)
    if chance(rng, 0.5):
        width, depth = uniform(rng, 0.32, 0.42), uniform(rng, 0.16, 0.2)
        parts.block(width, depth * 0.9, (0.04, 0.1), tint(rng, BRIGHTS))
        parts.box((-width / 2, width * 0.15), (-depth / 2, depth / 2), (0.1, uniform(rng, 0.16, 0.2)), color)
        parts.box((width * 0.2, width / 2), (-depth / 2, depth / 2), (0.1, uniform(rng, 0.18, 0.24)), shade(color, 0.7))
        for x in (-width * 0.3, width * 0.3):
            parts.box((x - 0.04, x + 0.04), (-depth / 2, depth / 2), (0.0, 0.08), (0.08, 0.08, 0.08))
        return parts
    side, z = uniform(rng, 0.24, 0.32), 0.0
    for level in range(int(rng.integers(2, 4))):
        each = side * (1 - 0.25 * level)
        parts.block(each, each, (z, z + 0.1), tint(rng, BRIGHTS))
        z += 0.1
    return parts


@shape("step")
def step(rng: np.random.Generator) -> Parts:
    """One tread to stand on, of wood or plastic, closed or on two cheeks."""
    parts, color = Parts(), tint(rng, WOODS + BRIGHTS[:4] + METALS[:1])
    width, depth, height = uniform(rng, 0.38, 0.6), uniform(rng, 0.24, 0.36), uniform(rng, 0.15, 0.26)
    parts.block(width, depth, (height - 0.03, height), color)
    if chance(rng, 0.5):
        parts.block(width - 0.04, depth - 0.04, (0.0, height - 0.03), shade(color, 0.85))
        return parts
    for side in (-1, 1):
        x = side * (width / 2 - 0.03)
        parts.box((x - 0.02, x + 0.02), (-depth / 2, depth / 2), (0.0, height - 0.03), shade(color, 0.85))
    return parts


@shape("low box", category="box")
def low_box(rng: np.random.Generator) -> Parts:
    """A flat carton or a wooden tray, low enough to step over."""
    parts = Parts(portable=True)
    color = tint(rng, ((0.68, 0.52, 0.35), (0.62, 0.46, 0.3), *WOODS[:2]))
    width, depth, height = uniform(rng, 0.3, 0.48), uniform(rng, 0.24, 0.4), uniform(rng, 0.13, 0.26)
    if chance(rng, 0.5):
        parts.block(width, depth, (0.0, height), color)
    else:
        _hollow(parts, width, depth, z=(0.0, height), color=color)
    return parts
