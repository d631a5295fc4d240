"""Kitchen, bathroom and laundry objects that stand against a wall and are used from their front."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.objects.parts import METALS, WHITES, WOODS, Color, Parts, chance, shade, shape, tint, uniform

STONE: Final[tuple[Color, ...]] = ((0.3, 0.3, 0.31), (0.6, 0.58, 0.55), (0.78, 0.75, 0.7), (0.18, 0.17, 0.17))


def _base_unit(parts: Parts, rng: np.random.Generator, width: float, *, top: float, color: Color) -> None:
    """A kitchen unit 0.6 m deep without its worktop: plinth, body, doors with bar grips."""
    parts.box((-width / 2, width / 2), (-0.3, 0.24), (0.0, 0.1), (0.15, 0.15, 0.15))
    parts.box((-width / 2, width / 2), (-0.3, 0.27), (0.1, top), color)
    count = max(1, round(width / 0.5))
    each = width / count
    for door in range(count):
        low = -width / 2 + door * each
        parts.box((low + 0.005, low + each - 0.005), (0.27, 0.29), (0.11, top - 0.01), shade(color, 1.05))
        parts.box((low + each * 0.25, low + each * 0.75), (0.29, 0.31), (top - 0.06, top - 0.045), (0.55, 0.55, 0.56))
        parts.grips.append((low + each / 2, 0.31, top - 0.05))


@shape("counter")
def counter(rng: np.random.Generator) -> Parts:
    """A worktop over doors, some with a splashback."""
    parts = Parts()
    width, height = uniform(rng, 0.8, 2.2), uniform(rng, 0.87, 0.93)
    _base_unit(parts, rng, width, top=height - 0.04, color=tint(rng, WOODS + WHITES))
    parts.box((-width / 2, width / 2), (-0.3, 0.31), (height - 0.04, height), tint(rng, STONE + WOODS[:1]))
    for x in np.linspace(-width / 2 + 0.25, width / 2 - 0.25, max(1, round(width / 0.5))):
        parts.handles.append((round(float(x), 3), 0.3, height))
    parts.surface(width, 0.6, height)
    return parts


@shape("sink")
def sink(rng: np.random.Generator) -> Parts:
    """A basin with a tap, in a cupboard or on a pedestal."""
    parts = Parts()
    width, depth, height = uniform(rng, 0.5, 0.85), uniform(rng, 0.46, 0.6), uniform(rng, 0.82, 0.9)
    steel = tint(rng, METALS[:1] + METALS[3:]) if chance(rng, 0.4) else tint(rng, WHITES, 0.02)
    if chance(rng, 0.65):
        color = tint(rng, WOODS + WHITES)
        parts.box((-width / 2, width / 2), (-depth / 2, depth / 2 - 0.03), (0.0, height - 0.16), color)
        for low, high in ((-width / 2, -0.005), (0.005, width / 2)):
            parts.box((low, high), (depth / 2 - 0.03, depth / 2 - 0.01), (0.06, height - 0.18), shade(color, 1.08))
    else:
        parts.box((-0.09, 0.09), (-depth / 2, 0.0), (0.0, height - 0.16), steel)
    parts.block(width, depth, (height - 0.16, height - 0.13), steel)
    for side in (-1, 1):
        x, y = side * (width / 2 - 0.03), side * (depth / 2 - 0.03)
        parts.box((x - 0.03, x + 0.03), (-depth / 2, depth / 2), (height - 0.13, height), steel)
        parts.box((-width / 2, width / 2), (y - 0.03, y + 0.03), (height - 0.13, height), steel)
    tap = (0.75, 0.76, 0.78)
    parts.box((-0.02, 0.02), (-depth / 2 + 0.02, -depth / 2 + 0.06), (height, height + 0.2), tap)
    parts.box((-0.015, 0.015), (-depth / 2 + 0.06, -depth / 2 + 0.2), (height + 0.17, height + 0.2), tap)
    parts.handles.append((0.0, -depth / 2 + 0.2, height + 0.18))
    parts.basin = (0.0, max(-depth / 2 + 0.22, depth / 2 - 0.32), height)
    return parts


@shape("refrigerator")
def refrigerator(rng: np.random.Generator) -> Parts:
    """One door over another, or two side by side, with bar grips."""
    parts, color = Parts(), tint(rng, (*WHITES, METALS[0], METALS[2], METALS[1]))
    width, depth, height = uniform(rng, 0.6, 0.92), uniform(rng, 0.6, 0.74), uniform(rng, 1.45, 1.95)
    front = depth / 2 - 0.08
    parts.box((-width / 2, width / 2), (-depth / 2, front), (0.0, height), shade(color, 0.9))
    grip = shade(color, 0.7)
    if width > 0.8:
        for side in (-1, 1):
            left, right = sorted((side * 0.004, side * width / 2))
            parts.box((left, right), (front, front + 0.05), (0.06, height), color)
            parts.box((side * 0.05 - 0.012, side * 0.05 + 0.012), (front + 0.05, front + 0.08), (0.75, 1.45), grip)
            parts.handles.append((side * 0.05, front + 0.08, 1.12))
            parts.grips.append((side * 0.05, front + 0.08, 1.12))
    else:
        split = height * (0.36 if chance(rng, 0.5) else 0.68)
        side = 1 if chance(rng, 0.5) else -1
        x = side * (width / 2 - 0.06)
        for low, high in ((0.06, split - 0.005), (split + 0.005, height)):
            parts.box((-width / 2, width / 2), (front, front + 0.05), (low, high), color)
        for low, high in ((split - 0.4, split - 0.05), (split + 0.05, split + 0.4)):
            parts.box((x - 0.012, x + 0.012), (front + 0.05, front + 0.08), (low, high), grip)
        parts.handles.append((x, front + 0.08, min(max(split + (0.25 if split < 1.0 else -0.2), 0.8), 1.5)))
        parts.grips += [(x, front + 0.08, split + out) for out in (-0.2, 0.2) if 0.45 <= split + out <= 1.6]
    return parts


@shape("stove")
def stove(rng: np.random.Generator) -> Parts:
    """A cooker: oven door with a bar, four plates, some with a panel at the back."""
    parts, color = Parts(), tint(rng, (*WHITES, METALS[0], METALS[1]))
    width, depth, height = uniform(rng, 0.58, 0.78), uniform(rng, 0.6, 0.66), uniform(rng, 0.87, 0.93)
    front = depth / 2 - 0.06
    parts.box((-width / 2, width / 2), (-depth / 2, front), (0.0, height), color)
    parts.box((-width * 0.46, width * 0.46), (front, front + 0.03), (0.2, 0.68), (0.1, 0.1, 0.11))
    parts.box((-width * 0.4, width * 0.4), (front + 0.03, front + 0.06), (0.63, 0.66), (0.6, 0.6, 0.62))
    parts.box((-width * 0.48, width * 0.48), (front, front + 0.02), (0.72, height - 0.02), shade(color, 0.85))
    for x in (-0.25, 0.25):
        for y in (-0.22, 0.2):
            cx, cy = x * width, y * depth
            parts.box((cx - 0.09, cx + 0.09), (cy - 0.09, cy + 0.09), (height, height + 0.015), (0.08, 0.08, 0.08))
    if chance(rng, 0.5):
        parts.box((-width / 2, width / 2), (-depth / 2, -depth / 2 + 0.05), (height, height + 0.15), color)
    parts.grips.append((0.0, front + 0.06, 0.645))
    parts.handles.append((0.0, front + 0.02, round((0.72 + height - 0.02) / 2, 4)))
    return parts


@shape("washing machine")
def washing_machine(rng: np.random.Generator) -> Parts:
    """A front loader: round door, panel with a drawer."""
    parts, color = Parts(), tint(rng, WHITES if chance(rng, 0.8) else METALS)
    width, depth, height = uniform(rng, 0.59, 0.66), uniform(rng, 0.56, 0.66), uniform(rng, 0.83, 0.92)
    front = depth / 2 - 0.04
    parts.box((-width / 2, width / 2), (-depth / 2, front), (0.0, height), color)
    for wide, tall in ((0.4, 0.18), (0.18, 0.4), (0.31, 0.31)):
        parts.box((-wide / 2, wide / 2), (front, front + 0.04), (0.42 - tall / 2, 0.42 + tall / 2), (0.25, 0.27, 0.3))
    parts.box((-width * 0.47, -width * 0.15), (front, front + 0.012), (height - 0.15, height - 0.04), shade(color, 0.9))
    parts.handles.append((-width * 0.3, front + 0.01, height - 0.08))
    parts.grips += [(0.18, front + 0.04, 0.48), (-width * 0.3, front + 0.01, height - 0.08)]
    parts.surface(width, depth - 0.1, height)
    return parts


@shape("bathtub")
def bathtub(rng: np.random.Generator) -> Parts:
    """Open above, with a rim; the long side (+y) is free."""
    parts, white = Parts(), tint(rng, WHITES, 0.02)
    width, depth, height = uniform(rng, 1.5, 1.75), uniform(rng, 0.7, 0.82), uniform(rng, 0.5, 0.6)
    rim, deep = uniform(rng, 0.05, 0.08), uniform(rng, 0.12, 0.18)
    parts.block(width, depth, (0.0, deep), white)
    for side in (-1, 1):
        x, y = side * (width - rim) / 2, side * (depth - rim) / 2
        parts.box((x - rim / 2, x + rim / 2), (-depth / 2, depth / 2), (deep, height), white)
        parts.box((-width / 2, width / 2), (y - rim / 2, y + rim / 2), (deep, height), shade(white, 0.97))
    parts.box((width / 2 - rim, width / 2 - rim + 0.04), (-0.03, 0.03), (height, height + 0.14), (0.7, 0.71, 0.73))
    return parts


@shape("microwave")
def microwave(rng: np.random.Generator) -> Parts:
    """A dark window beside a panel; stands on a surface."""
    parts, color = Parts(), tint(rng, (*WHITES, METALS[0], METALS[1]))
    width, depth, height = uniform(rng, 0.44, 0.55), uniform(rng, 0.32, 0.4), uniform(rng, 0.26, 0.32)
    parts.box((-width / 2, width / 2), (-depth / 2, depth / 2 - 0.02), (0.0, height), color)
    parts.box((-width * 0.48, width * 0.22), (depth / 2 - 0.02, depth / 2), (0.02, height - 0.02), (0.08, 0.08, 0.09))
    parts.box((width * 0.26, width * 0.48), (depth / 2 - 0.02, depth / 2), (0.02, height - 0.02), shade(color, 0.8))
    parts.handles.append((width * 0.24, depth / 2, height / 2))
    parts.grips.append((width * 0.24, depth / 2, height / 2))
    return parts


@shape("kitchen island")
def kitchen_island(rng: np.random.Generator) -> Parts:
    """A worktop on free floor over doors, used from all round."""
    parts = Parts()
    width, depth, height = uniform(rng, 1.1, 1.7), uniform(rng, 0.7, 0.95), uniform(rng, 0.88, 0.94)
    color = tint(rng, WOODS + WHITES)
    parts.block(width - 0.16, depth - 0.2, (0.0, 0.1), (0.15, 0.15, 0.15))
    parts.block(width - 0.1, depth - 0.14, (0.1, height - 0.04), color)
    front, count = depth / 2 - 0.07, round(width / 0.5)
    each = (width - 0.1) / count
    for door in range(count):
        low = -(width - 0.1) / 2 + door * each
        parts.box((low + 0.005, low + each - 0.005), (front, front + 0.02), (0.11, height - 0.05), shade(color, 1.06))
        parts.box((low + each * 0.3, low + each * 0.7), (front + 0.02, front + 0.04), (0.76, 0.775), (0.5, 0.5, 0.52))
        parts.grips.append((low + each / 2, front + 0.04, 0.77))
    parts.block(width, depth, (height - 0.04, height), tint(rng, STONE + WOODS[:2]))
    parts.surface(width, depth, height)
    for x, y in ((0.0, depth / 2), (0.0, -depth / 2), (width / 2, 0.0), (-width / 2, 0.0)):
        parts.handles.append((x, y, height))
    return parts


@shape("oven")
def oven(rng: np.random.Generator) -> Parts:
    """Built into a tall unit at chest height, with a bar across its door."""
    parts, color, steel = Parts(), tint(rng, WOODS + WHITES), tint(rng, METALS)
    width, depth, height = uniform(rng, 0.58, 0.66), uniform(rng, 0.58, 0.64), uniform(rng, 1.5, 2.05)
    front, low = depth / 2 - 0.06, uniform(rng, 0.68, 0.8)
    parts.box((-width / 2, width / 2), (-depth / 2, front), (0.0, height), color)
    for bottom, top in ((0.08, low - 0.01), (low + 0.61, height - 0.02)):
        parts.box((-width * 0.49, width * 0.49), (front, front + 0.02), (bottom, top), shade(color, 1.05))
    parts.box((-width * 0.48, width * 0.48), (front, front + 0.02), (low, low + 0.46), (0.07, 0.07, 0.08))
    parts.box((-width * 0.48, width * 0.48), (front, front + 0.02), (low + 0.47, low + 0.6), steel)
    parts.box((-width * 0.4, width * 0.4), (front + 0.03, front + 0.06), (low + 0.4, low + 0.425), shade(steel, 0.8))
    parts.grips.append((0.0, front + 0.06, low + 0.41))
    parts.handles += [(0.0, front + 0.06, low + 0.41), (width * 0.2, front + 0.02, low + 0.53)]
    return parts


@shape("dishwasher")
def dishwasher(rng: np.random.Generator) -> Parts:
    """A front that folds down, with a panel and a bar near its upper edge."""
    parts, color = Parts(), tint(rng, WHITES + METALS[:3])
    width, depth, height = uniform(rng, 0.45, 0.61), uniform(rng, 0.57, 0.63), uniform(rng, 0.83, 0.9)
    front = depth / 2 - 0.05
    parts.box((-width / 2, width / 2), (-depth / 2, front), (0.0, height), shade(color, 0.9))
    parts.box((-width * 0.49, width * 0.49), (front, front + 0.02), (0.1, height - 0.13), color)
    parts.box((-width * 0.49, width * 0.49), (front, front + 0.02), (height - 0.12, height - 0.01), shade(color, 0.7))
    parts.box(
        (-width * 0.35, width * 0.35), (front + 0.02, front + 0.05), (height - 0.18, height - 0.155), shade(color, 0.6)
    )
    parts.grips.append((0.0, front + 0.05, height - 0.165))
    parts.handles.append((0.0, front + 0.05, height - 0.165))
    parts.surface(width, depth - 0.1, height)
    return parts


@shape("clothes dryer")
def clothes_dryer(rng: np.random.Generator) -> Parts:
    """Like a washing machine, its door larger and higher, its panel across the whole width."""
    parts, color = Parts(), tint(rng, WHITES + METALS[2:])
    width, depth, height = uniform(rng, 0.59, 0.69), uniform(rng, 0.58, 0.7), uniform(rng, 0.84, 0.96)
    front = depth / 2 - 0.03
    parts.box((-width / 2, width / 2), (-depth / 2, front), (0.0, height), color)
    parts.box((-0.21, 0.21), (front, front + 0.03), (0.22, 0.64), shade(color, 0.85))
    parts.box((-0.14, 0.14), (front + 0.02, front + 0.03), (0.29, 0.57), (0.2, 0.22, 0.25))
    parts.box((-width / 2, width / 2), (front, front + 0.01), (height - 0.14, height - 0.02), shade(color, 0.8))
    parts.grips.append((0.19, front + 0.03, 0.5))
    parts.handles.append((width * 0.25, front + 0.01, height - 0.08))
    parts.surface(width, depth - 0.08, height)
    return parts


@shape("shower")
def shower(rng: np.random.Generator) -> Parts:
    """A tray with a wall panel, a mixer and a head; a glass pane at one side."""
    parts, white = Parts(), tint(rng, WHITES, 0.02)
    width, depth, rim = uniform(rng, 0.85, 1.1), uniform(rng, 0.8, 0.95), uniform(rng, 0.06, 0.14)
    parts.block(width, depth, (0.0, rim), white)
    parts.box((-width / 2, width / 2), (-depth / 2, -depth / 2 + 0.02), (rim, 2.0), shade(white, 0.95))
    side = 1 if chance(rng, 0.5) else -1
    x = side * (width / 2 - 0.01)
    parts.box((x - 0.01, x + 0.01), (-depth / 2, depth / 2), (rim, 1.95), (0.75, 0.82, 0.85))
    steel, y = (0.7, 0.71, 0.73), -depth / 2 + 0.04
    parts.box((-0.015, 0.015), (y - 0.015, y + 0.015), (1.0, 1.95), steel)
    parts.box((-0.09, 0.09), (y - 0.02, y + 0.04), (1.05, 1.11), steel)
    parts.box((-0.08, 0.08), (y, y + 0.2), (1.92, 1.95), steel)
    return parts
