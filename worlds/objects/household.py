"""Objects of halls, children's rooms and laundries: racks, rugs, curtains, beds, boards."""

from __future__ import annotations

import numpy as np

from worlds.objects.parts import BRIGHTS, FABRICS, METALS, WHITES, WOODS, Parts, chance, shade, shape, tint, uniform


@shape("coat rack")
def coat_rack(rng: np.random.Generator) -> Parts:
    """A post on a foot with hooks, and coats on some of them."""
    parts, wood = Parts(), tint(rng, WOODS + METALS[:2])
    height, foot = uniform(rng, 1.65, 1.85), uniform(rng, 0.36, 0.46)
    parts.disc(foot, (0.0, 0.03), wood)
    parts.block(0.045, 0.045, (0.03, height), wood)
    for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        x, y = dx * 0.08, dy * 0.08
        half_x, half_y = abs(x) + 0.012, abs(y) + 0.012
        parts.box((x - half_x, x + half_x), (y - half_y, y + half_y), (height - 0.16, height - 0.13), wood)
        if chance(rng, 0.55):
            x, y, half = dx * 0.12, dy * 0.12, uniform(rng, 0.06, 0.1)
            low = height - uniform(rng, 0.75, 1.05)
            parts.box((x - half, x + half), (y - half, y + half), (low, height - 0.14), tint(rng, FABRICS + BRIGHTS))
    parts.handles.append((0.0, 0.16, height - 0.15))
    return parts


@shape("shoe rack")
def shoe_rack(rng: np.random.Generator) -> Parts:
    """Two or three open shelves with pairs of shoes, and a firm top."""
    parts, wood = Parts(), tint(rng, WOODS + METALS[:1])
    width, depth, levels = uniform(rng, 0.6, 1.0), uniform(rng, 0.28, 0.34), int(rng.integers(2, 4))
    height = levels * 0.22 + 0.05
    for side in (-1, 1):
        x = side * (width / 2 - 0.012)
        parts.box((x - 0.012, x + 0.012), (-depth / 2, depth / 2), (0.0, height), wood)
    for level in range(levels + 1):
        z = 0.05 + level * 0.22
        parts.block(width, depth, (z - 0.02, z), shade(wood, 0.95))
        for middle in np.arange(-width / 2 + 0.16, width / 2 - 0.1, 0.27) if level < levels else ():
            if chance(rng, 0.6):
                leather = tint(rng, FABRICS + BRIGHTS)
                for apart in (-0.055, 0.055):
                    at = float(middle) + apart
                    parts.box((at - 0.045, at + 0.045), (-0.13, 0.12), (z, z + uniform(rng, 0.07, 0.12)), leather)
    parts.surface(width, depth, height)
    return parts


@shape("rug")
def rug(rng: np.random.Generator) -> Parts:
    """A carpet on the floor with a border and a field; thin enough to be walked over."""
    parts, border = Parts(), tint(rng, BRIGHTS + FABRICS)
    width, depth = uniform(rng, 1.2, 2.3), uniform(rng, 0.8, 1.5)
    parts.block(width, depth, (0.0, 0.01), border)
    parts.block(width - 0.24, depth - 0.24, (0.01, 0.014), tint(rng, BRIGHTS + FABRICS))
    if chance(rng, 0.5):
        parts.block(width * 0.3, depth * 0.3, (0.014, 0.016), border)
    return parts


@shape("curtain")
def curtain(rng: np.random.Generator) -> Parts:
    """Folds of cloth that hang beside a window."""
    parts, cloth = Parts(), tint(rng, FABRICS + BRIGHTS + WHITES)
    width, height, folds = uniform(rng, 0.26, 0.42), uniform(rng, 1.15, 1.4), int(rng.integers(4, 7))
    each = width / folds
    for fold in range(folds):
        x, out = -width / 2 + fold * each, 0.012 if fold % 2 else -0.012
        parts.box((x, x + each), (out - 0.015, out + 0.015), (0.0, height), shade(cloth, 1.0 if fold % 2 else 0.85))
    return parts


@shape("radiator")
def radiator(rng: np.random.Generator) -> Parts:
    """Ribs between two pipes, low at a wall."""
    parts, white = Parts(), tint(rng, WHITES)
    width, height = uniform(rng, 0.6, 1.3), uniform(rng, 0.55, 0.68)
    parts.block(width, 0.04, (0.12, 0.17), white)
    parts.block(width, 0.04, (height - 0.05, height), white)
    for x in np.linspace(-width / 2 + 0.03, width / 2 - 0.03, int(width / 0.09)):
        parts.box((float(x) - 0.025, float(x) + 0.025), (-0.05, 0.05), (0.12, height), white)
    for side in (-1, 1):
        x = side * (width / 2 - 0.05)
        parts.box((x - 0.015, x + 0.015), (-0.03, 0.0), (0.0, 0.12), shade(white, 0.8))
    return parts


@shape("bunk bed")
def bunk_bed(rng: np.random.Generator) -> Parts:
    """Two beds over one another on four posts, with a rail and a ladder at +y."""
    parts, wood = Parts(), tint(rng, WOODS + METALS[:2])
    length, width, height = uniform(rng, 1.95, 2.08), uniform(rng, 0.9, 1.05), uniform(rng, 1.6, 1.75)
    parts.legs(length, width, height, color=wood, thick=0.07)
    for base in (0.3, uniform(rng, 1.25, 1.32)):
        parts.block(length, width, (base - 0.06, base), shade(wood, 0.9))
        parts.block(length - 0.1, width - 0.08, (base, base + 0.13), tint(rng, WHITES))
        cover = tint(rng, BRIGHTS + FABRICS)
        parts.box(
            (-length / 2 + 0.1, length * 0.15), (-width / 2 + 0.04, width / 2 - 0.04), (base + 0.1, base + 0.17), cover
        )
        parts.box(
            (length / 2 - 0.5, length / 2 - 0.12),
            (-width * 0.32, width * 0.32),
            (base + 0.13, base + 0.21),
            tint(rng, WHITES),
        )
    side = 1 if chance(rng, 0.5) else -1
    for y in (-width / 2 + 0.02, width / 2 - 0.02):
        parts.box((-length / 2, length / 2), (y - 0.015, y + 0.015), (height - 0.12, height - 0.04), wood)
    at = side * (length / 2 - 0.3)
    for x in (at - 0.18, at + 0.18):
        parts.box((x - 0.02, x + 0.02), (width / 2, width / 2 + 0.04), (0.0, height - 0.04), wood)
    for rung in range(5):
        z = 0.25 + 0.26 * rung
        parts.box((at - 0.18, at + 0.18), (width / 2 + 0.005, width / 2 + 0.035), (z, z + 0.03), wood)
    parts.handles += [(at, width / 2 + 0.035, 1.04), (-at * 0.5, width / 2, height - 0.08)]
    return parts


@shape("crib")
def crib(rng: np.random.Generator) -> Parts:
    """A small bed with bars all round."""
    parts, wood = Parts(), tint(rng, WOODS + WHITES)
    length, width, height = uniform(rng, 1.2, 1.38), uniform(rng, 0.66, 0.78), uniform(rng, 0.88, 1.0)
    parts.legs(length, width, height, color=wood, thick=0.05)
    parts.block(length - 0.04, width - 0.04, (0.32, 0.36), wood)
    parts.block(length - 0.1, width - 0.1, (0.36, 0.46), tint(rng, WHITES))
    parts.box((-length * 0.4, length * 0.1), (-width * 0.4, width * 0.4), (0.44, 0.5), tint(rng, BRIGHTS))
    for y in (-width / 2 + 0.015, width / 2 - 0.015):
        for low, high in ((0.3, 0.34), (height - 0.05, height)):
            parts.box((-length / 2, length / 2), (y - 0.015, y + 0.015), (low, high), wood)
        for x in np.linspace(-length / 2 + 0.1, length / 2 - 0.1, 11):
            parts.box((float(x) - 0.01, float(x) + 0.01), (y - 0.01, y + 0.01), (0.34, height - 0.05), wood)
    for side in (-1, 1):
        x = side * (length / 2 - 0.015)
        parts.box((x - 0.015, x + 0.015), (-width / 2, width / 2), (0.3, height), wood)
    parts.handles += [(0.0, width / 2, height), (length * 0.3, width / 2, height)]
    return parts


@shape("high chair")
def high_chair(rng: np.random.Generator) -> Parts:
    """A child's chair on long legs with a tray."""
    parts, color = Parts(), tint(rng, WOODS + BRIGHTS + WHITES)
    width, seat, top = uniform(rng, 0.44, 0.54), uniform(rng, 0.5, 0.58), uniform(rng, 0.88, 1.02)
    parts.legs(width, width, seat, color=shade(color, 0.8), thick=0.04)
    parts.block(width * 0.8, width * 0.8, (seat - 0.04, seat), color)
    parts.box((-width * 0.4, width * 0.4), (-width / 2, -width / 2 + 0.05), (seat, top), color)
    for side in (-1, 1):
        x = side * width * 0.42
        parts.box((x - 0.02, x + 0.02), (-width * 0.4, width * 0.4), (seat + 0.14, seat + 0.2), shade(color, 0.9))
    tray = seat + 0.22
    parts.box((-width / 2, width / 2), (width * 0.18, width * 0.6), (tray - 0.02, tray), tint(rng, WHITES))
    parts.handles.append((0.0, width * 0.6, tray))
    return parts


@shape("ironing board")
def ironing_board(rng: np.random.Generator) -> Parts:
    """A long padded board on crossed legs."""
    parts, metal = Parts(), tint(rng, METALS)
    width, depth, height = uniform(rng, 1.15, 1.35), uniform(rng, 0.34, 0.42), uniform(rng, 0.84, 0.95)
    parts.block(width, depth, (height - 0.04, height), tint(rng, FABRICS + BRIGHTS))
    for x in (-width * 0.3, width * 0.3):
        parts.box((x - 0.02, x + 0.02), (-depth * 0.5, depth * 0.5), (0.0, 0.03), metal)
        parts.box((x - 0.015, x + 0.015), (-0.015, 0.015), (0.03, height - 0.04), metal)
    parts.block(width * 0.6, 0.025, (height * 0.5, height * 0.5 + 0.03), metal)
    parts.surface(width, depth, height)
    parts.handles += [(x * width, depth / 2, height) for x in (-0.25, 0.25)]
    return parts


@shape("drying rack")
def drying_rack(rng: np.random.Generator) -> Parts:
    """Rods on a folding frame, with washing on some of them."""
    parts, metal = Parts(), tint(rng, WHITES + METALS[:1])
    width, depth, height = uniform(rng, 0.9, 1.3), uniform(rng, 0.5, 0.6), uniform(rng, 0.9, 1.05)
    for side in (-1, 1):
        x = side * (width / 2 - 0.012)
        for y in (-depth / 2 + 0.012, depth / 2 - 0.012):
            parts.box((x - 0.012, x + 0.012), (y - 0.012, y + 0.012), (0.0, height), metal)
        parts.box((x - 0.012, x + 0.012), (-depth / 2, depth / 2), (height - 0.024, height), metal)
    for y in np.linspace(-depth / 2 + 0.03, depth / 2 - 0.03, 6):
        at = float(y)
        parts.box((-width / 2, width / 2), (at - 0.006, at + 0.006), (height - 0.02, height - 0.008), metal)
        if chance(rng, 0.6):
            x, half = uniform(rng, -0.25, 0.25) * width, uniform(rng, 0.12, 0.22)
            low = height - uniform(rng, 0.3, 0.6)
            parts.box((x - half, x + half), (at - 0.012, at + 0.012), (low, height), tint(rng, BRIGHTS + WHITES))
    parts.handles.append((0.0, depth / 2 - 0.03, height - 0.01))
    return parts
