"""Lamps, plants, screens, and objects of walls: doors, windows, pictures."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.objects.parts import BRIGHTS, METALS, WHITES, WOODS, Color, Parts, Span, chance, shade, shape, tint, uniform

LEAVES: Final[tuple[Color, ...]] = ((0.2, 0.42, 0.18), (0.3, 0.5, 0.22), (0.16, 0.33, 0.2), (0.4, 0.52, 0.28))
SHADES: Final[tuple[Color, ...]] = ((0.93, 0.88, 0.75), (0.9, 0.9, 0.88), (0.75, 0.6, 0.4), (0.3, 0.3, 0.32))
BLACK: Final[Color] = (0.05, 0.05, 0.06)


@shape("lamp")
def lamp(rng: np.random.Generator) -> Parts:
    """A floor lamp: foot, pole and shade, some with the shade on an arm."""
    parts, metal = Parts(), tint(rng, METALS + WOODS[:2])
    height, wide, tall = uniform(rng, 1.4, 1.8), uniform(rng, 0.28, 0.45), uniform(rng, 0.2, 0.32)
    parts.disc(uniform(rng, 0.24, 0.32), (0.0, 0.03), metal)
    parts.block(0.03, 0.03, (0.03, height - tall / 2), metal)
    if chance(rng, 0.3):
        parts.box((-0.015, 0.015), (0.0, 0.3), (height - tall / 2 - 0.03, height - tall / 2), metal)
        half = wide / 3
        parts.box((-half, half), (0.3 - half, 0.3 + half), (height - tall, height - tall / 3), tint(rng, SHADES))
    else:
        parts.disc(wide, (height - tall, height), tint(rng, SHADES))
    parts.handles.append((0.0, 0.015, uniform(rng, 1.0, 1.2)))
    return parts


@shape("table lamp")
def table_lamp(rng: np.random.Generator) -> Parts:
    """A small lamp; stands on a surface."""
    parts, base = Parts(), tint(rng, METALS + BRIGHTS + WOODS)
    height, wide = uniform(rng, 0.36, 0.55), uniform(rng, 0.2, 0.32)
    parts.disc(uniform(rng, 0.12, 0.16), (0.0, 0.03), base)
    parts.block(0.05, 0.05, (0.03, height * 0.6), base)
    parts.disc(wide, (height * 0.55, height), tint(rng, SHADES))
    parts.handles.append((0.0, wide / 2, round(height * 0.75, 4)))
    return parts


@shape("plant")
def plant(rng: np.random.Generator) -> Parts:
    """A pot with a stem and leaves scattered round it, knee-high to man-high."""
    parts, leaf = Parts(), tint(rng, LEAVES)
    height, pot, rim = uniform(rng, 0.55, 1.5), uniform(rng, 0.22, 0.36), uniform(rng, 0.2, 0.34)
    spread = min(0.55 * height, uniform(rng, 0.36, 0.6))
    parts.disc(pot, (0.0, rim), tint(rng, ((0.7, 0.4, 0.28), *WHITES, *METALS[1:3])))
    parts.block(0.035, 0.035, (rim, height * 0.8), (0.35, 0.26, 0.16))
    for _ in range(int(rng.integers(14, 24))):
        turn, out = rng.uniform(0, 2 * np.pi), spread / 2 * np.sqrt(rng.random())
        x, y = out * np.cos(turn), out * np.sin(turn)
        z = float(rng.uniform(rim + 0.25 * (height - rim), height - 0.06))
        half, thick = rng.uniform(0.04, 0.1, 2), 0.012
        green = shade(leaf, uniform(rng, 0.75, 1.3))
        parts.box((x - half[0], x + half[0]), (y - half[1], y + half[1]), (z - thick, z + thick), green)
    return parts


@shape("television")
def television(rng: np.random.Generator) -> Parts:
    """A flat screen on a foot; stands on a surface."""
    parts = Parts()
    width = uniform(rng, 0.85, 1.3)
    height = width * 0.57
    parts.block(width, 0.05, (0.06, 0.06 + height), BLACK)
    parts.block(0.08, 0.05, (0.02, 0.06), BLACK)
    parts.block(width * 0.4, 0.2, (0.0, 0.02), shade(tint(rng, METALS), 0.6))
    return parts


@shape("monitor")
def monitor(rng: np.random.Generator) -> Parts:
    """A computer screen with a keyboard before it; stands on a desk."""
    parts, grey = Parts(), tint(rng, METALS)
    width = uniform(rng, 0.48, 0.68)
    parts.box((-width / 2, width / 2), (-0.12, -0.08), (0.12, 0.12 + width * 0.58), BLACK)
    parts.box((-0.03, 0.03), (-0.16, -0.12), (0.0, 0.3), grey)
    parts.box((-0.12, 0.12), (-0.2, -0.03), (0.0, 0.015), grey)
    parts.box((-0.22, 0.22), (0.06, 0.2), (0.0, 0.02), shade(grey, 0.7))
    return parts


@shape("trash can")
def trash_can(rng: np.random.Generator) -> Parts:
    """A bin, round or square, open or with a lid."""
    parts, color = Parts(), tint(rng, METALS + BRIGHTS[:2])
    width, height = uniform(rng, 0.24, 0.38), uniform(rng, 0.32, 0.62)
    if chance(rng, 0.5):
        parts.disc(width, (0.0, height), color)
    else:
        parts.block(width, width * 0.8, (0.0, height - 0.05), color)
        parts.block(width + 0.02, width * 0.8 + 0.02, (height - 0.05, height), shade(color, 0.7))
    return parts


@shape("piano")
def piano(rng: np.random.Generator) -> Parts:
    """An upright piano: case, keyboard, and legs under it."""
    parts, wood = Parts(), tint(rng, (WOODS[1], WOODS[2], BLACK, BLACK))
    width, height = uniform(rng, 1.4, 1.52), uniform(rng, 1.1, 1.28)
    parts.box((-width / 2, width / 2), (-0.3, 0.05), (0.0, height), wood)
    parts.box((-width / 2, width / 2), (0.05, 0.3), (0.6, 0.7), wood)
    parts.box((-width * 0.44, width * 0.44), (0.1, 0.27), (0.7, 0.725), (0.95, 0.94, 0.9))
    for side in (-1, 1):
        x = side * (width / 2 - 0.05)
        parts.box((x - 0.04, x + 0.04), (0.22, 0.3), (0.0, 0.6), wood)
        parts.box((x - 0.05, x + 0.05), (0.05, 0.3), (0.7, 0.76), wood)
    parts.handles += [(-0.25, 0.2, 0.74), (0.25, 0.2, 0.74)]
    return parts


def _framed(parts: Parts, width: float, *, z: Span, frame: Color, pane: Color, rail: float = 0.06) -> None:
    """A frame around a pane 0.03 m behind the front of the frame."""
    low, high = z
    for side in (-1, 1):
        x = side * (width - rail) / 2
        parts.box((x - rail / 2, x + rail / 2), (-0.05, 0.04), z, frame)
    for bottom in (low, high - rail):
        parts.block(width - 2 * rail, 0.08, (bottom, bottom + rail), frame)
    parts.box((-width / 2 + rail, width / 2 - rail), (-0.05, 0.01), (low + rail, high - rail), pane)


@shape("door")
def door(rng: np.random.Generator) -> Parts:
    """A leaf in its frame with a handle; front towards the room."""
    parts, leaf = Parts(), tint(rng, WOODS + WHITES)
    width, height = uniform(rng, 0.84, 1.0), uniform(rng, 2.0, 2.1)
    _framed(parts, width, z=(0.0, height), frame=shade(leaf, 0.85), pane=leaf)
    x = (width / 2 - 0.14) * (1 if chance(rng, 0.5) else -1)
    parts.box((x - 0.06, x + 0.06), (0.01, 0.06), (1.0, 1.03), tint(rng, METALS))
    parts.handles.append((x, 0.06, 1.015))
    parts.grips.append((x, 0.06, 1.015))
    return parts


@shape("window")
def window(rng: np.random.Generator) -> Parts:
    """One to three panes in a frame with a sill; hangs in a wall."""
    parts, frame = Parts(), tint(rng, WHITES + WOODS[:2])
    width, height, panes = uniform(rng, 0.8, 1.7), uniform(rng, 0.9, 1.35), int(rng.integers(1, 4))
    _framed(parts, width, z=(0.03, height), frame=frame, pane=tint(rng, ((0.72, 0.8, 0.88), (0.85, 0.88, 0.9))))
    for x in np.linspace(-width / 2, width / 2, panes + 1)[1:-1]:
        parts.box((float(x) - 0.025, float(x) + 0.025), (-0.05, 0.035), (0.09, height - 0.06), frame)
    parts.block(width + 0.06, 0.1, (0.0, 0.03), frame)
    return parts


@shape("picture")
def picture(rng: np.random.Generator) -> Parts:
    """A framed picture; hangs on a wall."""
    parts = Parts()
    width, height = uniform(rng, 0.4, 0.95), uniform(rng, 0.35, 0.75)
    parts.block(width, 0.03, (0.0, height), tint(rng, WOODS + METALS))
    parts.box((-width / 2 + 0.04, width / 2 - 0.04), (0.015, 0.02), (0.04, height - 0.04), tint(rng, BRIGHTS, 0.15))
    parts.box((-width * 0.2, width * 0.25), (0.02, 0.022), (height * 0.3, height * 0.7), tint(rng, BRIGHTS, 0.15))
    return parts


@shape("mirror")
def mirror(rng: np.random.Generator) -> Parts:
    """A flat mirror; hangs on a wall."""
    parts = Parts()
    width, height = uniform(rng, 0.45, 0.8), uniform(rng, 0.6, 0.95)
    parts.block(width, 0.03, (0.0, height), tint(rng, WOODS + METALS))
    parts.box((-width / 2 + 0.03, width / 2 - 0.03), (0.015, 0.02), (0.03, height - 0.03), (0.68, 0.72, 0.75))
    return parts


@shape("whiteboard")
def whiteboard(rng: np.random.Generator) -> Parts:
    """A writing board with a tray; hangs on a wall."""
    parts, metal = Parts(), tint(rng, METALS)
    width, height = uniform(rng, 1.1, 1.9), uniform(rng, 0.85, 1.15)
    parts.block(width, 0.03, (0.0, height), metal)
    parts.box((-width / 2 + 0.03, width / 2 - 0.03), (0.015, 0.02), (0.03, height - 0.03), (0.95, 0.95, 0.95))
    parts.box((-width * 0.4, width * 0.4), (0.015, 0.08), (0.0, 0.02), shade(metal, 0.8))
    parts.handles += [(-width * 0.2, 0.02, height * 0.35), (width * 0.2, 0.02, height * 0.35)]
    return parts
