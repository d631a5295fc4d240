"""Objects of classrooms, offices and waiting rooms: boards, lockers, machines."""

from __future__ import annotations

import numpy as np

from worlds.objects.parts import BRIGHTS, METALS, WHITES, WOODS, Parts, chance, shade, shape, tint, uniform


@shape("blackboard")
def blackboard(rng: np.random.Generator) -> Parts:
    """A wide board, green or black, with a chalk tray; hangs on a wall."""
    parts, frame = Parts(), tint(rng, WOODS + METALS[:1])
    width, height = uniform(rng, 1.9, 2.9), uniform(rng, 1.0, 1.25)
    slate = tint(rng, ((0.13, 0.27, 0.2), (0.1, 0.11, 0.12), (0.17, 0.3, 0.25)))
    parts.block(width, 0.03, (0.0, height), frame)
    parts.box((-width / 2 + 0.04, width / 2 - 0.04), (0.015, 0.02), (0.05, height - 0.04), slate)
    parts.box((-width * 0.45, width * 0.45), (0.015, 0.09), (0.0, 0.02), frame)
    if chance(rng, 0.4):
        parts.box((width * 0.2, width * 0.2 + 0.16), (0.03, 0.08), (0.02, 0.06), (0.85, 0.83, 0.75))
    parts.handles += [(x * width, 0.02, height * 0.35) for x in (-0.3, 0.0, 0.3)]
    return parts


@shape("projector screen")
def projector_screen(rng: np.random.Generator) -> Parts:
    """A white sheet below its case; hangs on a wall."""
    parts = Parts()
    width, height = uniform(rng, 1.5, 2.2), uniform(rng, 1.05, 1.3)
    parts.block(width, 0.09, (height - 0.09, height), tint(rng, WHITES + METALS[1:2]))
    parts.block(width - 0.1, 0.012, (0.03, height - 0.09), (0.96, 0.96, 0.96))
    parts.block(width - 0.08, 0.03, (0.0, 0.03), (0.1, 0.1, 0.1))
    return parts


@shape("clock")
def clock(rng: np.random.Generator) -> Parts:
    """Round or square with two hands; hangs on a wall."""
    parts, rim = Parts(), tint(rng, METALS + BRIGHTS + WOODS)
    size = uniform(rng, 0.26, 0.4)
    half, low = size / 2, size * 0.08
    if chance(rng, 0.7):
        for wide, tall in ((1.0, 0.42), (0.42, 1.0), (0.76, 0.76)):
            bottom = half - tall * half
            parts.block(wide * size, 0.03, (bottom, size - bottom), rim)
    else:
        parts.block(size, 0.03, (0.0, size), rim)
    parts.box((-size * 0.34, size * 0.34), (0.015, 0.02), (half - size * 0.34, half + size * 0.34), (0.95, 0.95, 0.93))
    parts.box((-0.006, 0.006), (0.02, 0.024), (half, size - low - size * 0.12), (0.05, 0.05, 0.05))
    parts.box((0.0, size * 0.22), (0.02, 0.024), (half - 0.006, half + 0.006), (0.05, 0.05, 0.05))
    return parts


@shape("lectern")
def lectern(rng: np.random.Generator) -> Parts:
    """A lectern on a shaft or a closed body, its top with a ledge; the speaker stands at +y."""
    parts, wood = Parts(), tint(rng, WOODS + METALS[:2])
    width, depth, height = uniform(rng, 0.5, 0.65), uniform(rng, 0.4, 0.5), uniform(rng, 1.02, 1.12)
    if chance(rng, 0.5):
        parts.block(width * 0.9, depth * 0.75, (0.0, height - 0.04), shade(wood, 0.85))
    else:
        parts.block(0.12, 0.12, (0.04, height - 0.04), shade(wood, 0.85))
        parts.block(width * 0.85, depth * 0.9, (0.0, 0.04), shade(wood, 0.85))
    parts.block(width, depth, (height - 0.04, height), wood)
    parts.box((-width / 2, width / 2), (-depth / 2, -depth / 2 + 0.02), (height, height + 0.08), wood)
    parts.top = (-width / 2, width / 2, -depth / 2 + 0.03, depth / 2, height)
    parts.handles += [(0.0, depth / 2, height), (-width * 0.3, depth / 2, height)]
    return parts


@shape("school desk", category="desk")
def school_desk(rng: np.random.Generator) -> Parts:
    """A small desk for one or two pupils, with a shelf below the top."""
    parts, wood, metal = Parts(), tint(rng, WOODS), tint(rng, METALS)
    width = uniform(rng, 0.65, 0.8) if chance(rng, 0.7) else uniform(rng, 1.1, 1.3)
    depth, height = uniform(rng, 0.46, 0.56), uniform(rng, 0.7, 0.76)
    parts.block(width, depth, (height - 0.03, height), wood)
    parts.legs(width - 0.06, depth - 0.06, height - 0.03, color=metal, thick=0.03)
    parts.box(
        (-width / 2 + 0.08, width / 2 - 0.08), (-depth / 2 + 0.05, depth / 4), (height - 0.15, height - 0.13), metal
    )
    parts.surface(width, depth, height)
    for point in ((0.0, depth / 2), (width / 2, 0.0), (-width / 2, 0.0)):
        parts.handles.append((*point, height))
    return parts


@shape("meeting table", category="table")
def meeting_table(rng: np.random.Generator) -> Parts:
    """A long table for six to ten, on panels or on two feet."""
    parts, wood = Parts(), tint(rng, WOODS)
    width, depth, height = uniform(rng, 1.8, 2.9), uniform(rng, 0.95, 1.25), uniform(rng, 0.72, 0.76)
    parts.block(width, depth, (height - 0.04, height), wood)
    under = tint(rng, METALS) if chance(rng, 0.5) else shade(wood, 0.8)
    for side in (-1, 1):
        x = side * width * 0.32
        if chance(rng, 0.5):
            parts.box((x - 0.03, x + 0.03), (-depth * 0.36, depth * 0.36), (0.0, height - 0.04), under)
        else:
            parts.box((x - 0.06, x + 0.06), (-0.06, 0.06), (0.03, height - 0.04), under)
            parts.box((x - 0.3, x + 0.3), (-depth * 0.3, depth * 0.3), (0.0, 0.03), under)
    parts.block(width * 0.64, 0.03, (height * 0.5, height - 0.04), under)
    parts.surface(width, depth, height)
    for point in ((0.0, depth / 2), (0.0, -depth / 2), (width / 2, 0.0), (-width / 2, 0.0)):
        parts.handles.append((*point, height))
    return parts


@shape("locker")
def locker(rng: np.random.Generator) -> Parts:
    """Metal, tall, two to four doors side by side with slots and a pull each."""
    parts, metal = Parts(), tint(rng, METALS + BRIGHTS[1:2])
    count, each = int(rng.integers(2, 5)), uniform(rng, 0.3, 0.38)
    width, depth, height = count * each, uniform(rng, 0.45, 0.52), uniform(rng, 1.7, 1.95)
    parts.box((-width / 2, width / 2), (-depth / 2, depth / 2 - 0.02), (0.0, height), shade(metal, 0.85))
    for door in range(count):
        low = -width / 2 + door * each
        parts.box((low + 0.008, low + each - 0.008), (depth / 2 - 0.02, depth / 2), (0.1, height - 0.02), metal)
        for slot in range(3):
            z = height - 0.2 - 0.05 * slot
            parts.box((low + 0.08, low + each - 0.08), (depth / 2, depth / 2 + 0.004), (z, z + 0.015), (0.1, 0.1, 0.1))
        parts.knob(low + each - 0.06, depth / 2, 1.1, color=shade(metal, 0.4), tall=0.1)
        parts.handles.append((low + each - 0.06, depth / 2 + 0.025, 1.1))
        parts.grips.append((low + each - 0.06, depth / 2 + 0.025, 1.1))
    return parts


@shape("copier")
def copier(rng: np.random.Generator) -> Parts:
    """A copying machine with trays, an output slot and a lid."""
    parts, grey = Parts(), tint(rng, WHITES + METALS[3:])
    width, depth, height = uniform(rng, 0.58, 0.72), uniform(rng, 0.58, 0.68), uniform(rng, 0.98, 1.12)
    front = depth / 2 - 0.03
    parts.box((-width / 2, width / 2), (-depth / 2, front), (0.0, height - 0.3), grey)
    for level in range(3):
        low = 0.06 + level * 0.19
        parts.box((-width * 0.46, width * 0.46), (front, front + 0.02), (low, low + 0.17), shade(grey, 0.9))
        parts.box((-0.08, 0.08), (front + 0.02, front + 0.03), (low + 0.12, low + 0.14), (0.2, 0.2, 0.2))
    parts.grips.append((0.0, front + 0.03, 0.57))
    parts.box((-width / 2, width / 2), (-depth / 2, -0.1), (height - 0.3, height - 0.12), shade(grey, 0.7))
    parts.block(width, depth - 0.06, (height - 0.12, height), grey)
    parts.box(
        (width * 0.1, width * 0.48), (depth / 2 - 0.03, depth / 2), (height - 0.1, height - 0.02), (0.1, 0.12, 0.2)
    )
    parts.surface(width, depth - 0.08, height)
    parts.handles.append((width * 0.3, depth / 2, height - 0.05))
    return parts


@shape("water cooler")
def water_cooler(rng: np.random.Generator) -> Parts:
    """A cabinet with taps below a bottle."""
    parts, white = Parts(), tint(rng, WHITES)
    width, height = uniform(rng, 0.3, 0.36), uniform(rng, 0.92, 1.02)
    parts.block(width, width, (0.0, height), white)
    parts.disc(width * 0.8, (height, height + uniform(rng, 0.3, 0.38)), (0.55, 0.7, 0.82))
    for side, color in ((-1, (0.2, 0.35, 0.7)), (1, (0.75, 0.2, 0.18))):
        x = side * 0.06
        parts.box((x - 0.015, x + 0.015), (width / 2, width / 2 + 0.04), (height - 0.14, height - 0.1), color)
        parts.handles.append((x, width / 2 + 0.03, height - 0.12))
    return parts


@shape("vending machine")
def vending_machine(rng: np.random.Generator) -> Parts:
    """Tall, with a pane before rows of goods and a panel with a slot."""
    parts, color = Parts(), tint(rng, BRIGHTS + METALS)
    width, depth, height = uniform(rng, 0.8, 1.0), uniform(rng, 0.7, 0.82), uniform(rng, 1.75, 1.9)
    front = depth / 2 - 0.02
    parts.box((-width / 2, width / 2), (-depth / 2, front), (0.0, height), color)
    parts.box((-width * 0.46, width * 0.22), (front, front + 0.005), (0.45, height - 0.08), (0.12, 0.13, 0.15))
    for level in range(5):
        for place in range(4):
            x, z = -width * 0.42 + place * width * 0.155, 0.5 + level * (height - 0.62) / 5
            parts.box((x, x + width * 0.1), (front + 0.005, front + 0.01), (z, z + 0.13), tint(rng, BRIGHTS))
    parts.box((width * 0.28, width * 0.44), (front, front + 0.02), (1.0, 1.35), (0.2, 0.2, 0.22))
    parts.box((-width * 0.4, width * 0.2), (front, front + 0.02), (0.18, 0.36), (0.08, 0.08, 0.08))
    parts.handles.append((width * 0.36, depth / 2, 1.15))
    return parts
