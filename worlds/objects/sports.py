"""Gym equipment: the console of a machine is at -y, and people get on from +y."""

from __future__ import annotations

import numpy as np

from worlds.objects.parts import BRIGHTS, METALS, Parts, chance, shade, shape, tint, uniform

RUBBER = (0.09, 0.09, 0.1)


@shape("treadmill")
def treadmill(rng: np.random.Generator) -> Parts:
    """A belt between side rails, two posts, a console and handrails."""
    parts, metal = Parts(), tint(rng, METALS)
    width, length, height = uniform(rng, 0.72, 0.88), uniform(rng, 1.6, 1.9), uniform(rng, 1.25, 1.45)
    back, deck = -length / 2, uniform(rng, 0.13, 0.2)
    parts.block(width - 0.24, length, (deck - 0.05, deck), RUBBER)
    parts.box((-width / 2, width / 2), (back, back + 0.45), (0.0, deck + 0.08), shade(metal, 0.6))
    for side in (-1, 1):
        x, y = side * (width / 2 - 0.05), back + 0.3
        parts.box((x - 0.05, x + 0.05), (back, length / 2), (0.0, deck), metal)
        parts.box((x - 0.035, x + 0.035), (y - 0.05, y + 0.05), (deck, height - 0.1), metal)
        parts.box((x - 0.025, x + 0.025), (y, y + 0.5), (0.98, 1.03), shade(metal, 0.4))
        parts.handles.append((side * (width / 2 - 0.025), y + 0.4, 1.03))
    parts.box((-width / 2, width / 2), (back + 0.18, back + 0.34), (1.0, height), shade(metal, 0.5))
    parts.box((-width * 0.3, width * 0.3), (back + 0.34, back + 0.35), (1.08, height - 0.05), (0.05, 0.06, 0.08))
    return parts


@shape("exercise bike")
def exercise_bike(rng: np.random.Generator) -> Parts:
    """A flywheel, saddle and bars on a frame with two feet."""
    parts, color = Parts(), tint(rng, METALS + BRIGHTS[:2])
    length, width = uniform(rng, 1.0, 1.2), uniform(rng, 0.5, 0.58)
    saddle, bars = uniform(rng, 0.85, 1.0), uniform(rng, 1.05, 1.2)
    for y in (-length / 2 + 0.05, length / 2 - 0.05):
        parts.box((-width / 2, width / 2), (y - 0.04, y + 0.04), (0.0, 0.07), RUBBER)
    parts.box((-0.04, 0.04), (-length / 2, length / 2), (0.07, 0.14), color)
    parts.box((-0.06, 0.06), (-length / 2 + 0.02, -length / 2 + 0.46), (0.14, 0.58), shade(color, 0.8))
    parts.box((-0.035, 0.035), (-0.2, -0.13), (0.5, bars), color)
    parts.box((-0.035, 0.035), (0.14, 0.21), (0.14, saddle - 0.06), color)
    parts.box((-0.03, 0.03), (-0.18, 0.2), (0.42, 0.5), color)
    parts.box((-0.11, 0.11), (0.06, 0.34), (saddle - 0.06, saddle), RUBBER)
    parts.box((-width * 0.45, width * 0.45), (-0.22, -0.17), (bars - 0.04, bars), RUBBER)
    parts.box((-0.1, 0.1), (-0.28, -0.22), (bars, bars + 0.16), (0.06, 0.06, 0.07))
    for side in (-1, 1):
        parts.box((side * 0.12 - 0.05, side * 0.12 + 0.05), (-0.1, 0.02), (0.3 + side * 0.1, 0.33 + side * 0.1), RUBBER)
        parts.handles.append((side * width * 0.44, -0.2, bars - 0.01))
    return parts


@shape("weight bench")
def weight_bench(rng: np.random.Generator) -> Parts:
    """A padded bench, most with a barbell on a rack at one end; the long side (+y) is free."""
    parts, metal = Parts(), tint(rng, METALS[1:3])
    length, pad, seat = uniform(rng, 1.1, 1.3), uniform(rng, 0.28, 0.34), uniform(rng, 0.42, 0.48)
    parts.block(length, pad, (seat - 0.07, seat), RUBBER)
    parts.block(length * 0.9, 0.06, (seat - 0.13, seat - 0.07), metal)
    for x in (-length * 0.4, length * 0.4):
        parts.box((x - 0.03, x + 0.03), (-pad / 2, pad / 2), (0.0, 0.05), metal)
        parts.box((x - 0.03, x + 0.03), (-0.03, 0.03), (0.05, seat - 0.13), metal)
    if chance(rng, 0.7):
        _barbell(parts, rng, x=(length / 2 + 0.06) * (1 if chance(rng, 0.5) else -1), z=uniform(rng, 0.92, 1.05))
    parts.seats.append((0.0, 0.0, seat))
    return parts


def _barbell(parts: Parts, rng: np.random.Generator, *, x: float, z: float) -> None:
    """A bar across two posts with plates at its ends."""
    metal, plate, far = (0.55, 0.56, 0.58), uniform(rng, 0.12, 0.2), uniform(rng, 0.55, 0.65)
    parts.box((x - 0.015, x + 0.015), (-far - 0.1, far + 0.1), (z, z + 0.03), metal)
    for side in (-1, 1):
        post, disc = side * 0.42, side * far
        parts.box((x - 0.03, x + 0.03), (post - 0.03, post + 0.03), (0.0, z), shade(metal, 0.4))
        parts.box((x - plate, x + plate), (disc - 0.025, disc + 0.025), (z - plate, z + plate + 0.03), RUBBER)
    parts.handles.append((x, 0.0, z + 0.03))


@shape("dumbbell rack")
def dumbbell_rack(rng: np.random.Generator) -> Parts:
    """Two or three shelves of dumb-bells, the heaviest lowest."""
    parts, metal = Parts(), tint(rng, METALS[:3])
    width, depth, levels = uniform(rng, 1.1, 1.7), uniform(rng, 0.45, 0.55), int(rng.integers(2, 4))
    for side in (-1, 1):
        x = side * (width / 2 - 0.03)
        parts.box((x - 0.03, x + 0.03), (-depth / 2, depth / 2), (0.0, levels * 0.34 + 0.06), metal)
    for level in range(levels):
        z, size = 0.16 + level * 0.34, 0.19 - 0.03 * level
        parts.block(width - 0.06, depth * 0.8, (z, z + 0.03), shade(metal, 0.7))
        for x in np.linspace(-width / 2 + 0.18, width / 2 - 0.18, max(3, int(width / 0.26))):
            at = float(x)
            parts.box((at - 0.02, at + 0.02), (-0.15, 0.15), (z + size / 2, z + size / 2 + 0.03), metal)
            for y in (-0.13, 0.13):
                parts.box((at - size / 2, at + size / 2), (y - 0.05, y + 0.05), (z + 0.03, z + 0.03 + size), RUBBER)
    top = 0.16 + (levels - 1) * 0.34 + 0.06
    parts.handles += [(side * (width / 2 - 0.18), 0.15, max(top + 0.05, 0.6)) for side in (-1, 1)] if levels > 2 else []
    return parts


@shape("exercise mat")
def exercise_mat(rng: np.random.Generator) -> Parts:
    """A mat on the floor, thin enough to be walked over."""
    parts = Parts()
    width, depth, thick = uniform(rng, 1.7, 1.95), uniform(rng, 0.6, 0.9), uniform(rng, 0.01, 0.022)
    parts.block(width, depth, (0.0, thick), tint(rng, BRIGHTS))
    return parts
