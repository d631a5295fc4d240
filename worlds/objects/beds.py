"""Beds: people get in at the long side (+y); the head is at -x or +x."""

from __future__ import annotations

import numpy as np

from worlds.objects.parts import BRIGHTS, FABRICS, WHITES, WOODS, Parts, Span, chance, shade, shape, tint, uniform


@shape("bed")
def bed(rng: np.random.Generator) -> Parts:
    """Single or double, with a headboard, some with a footboard; mattress, blanket and pillows."""
    parts, wood = Parts(), tint(rng, WOODS) if chance(rng, 0.6) else tint(rng, FABRICS)
    double, head = chance(rng, 0.55), 1 if chance(rng, 0.5) else -1
    length = uniform(rng, 1.92, 2.05)
    width = uniform(rng, 1.35, 1.8) if double else uniform(rng, 0.88, 1.1)
    base, top = uniform(rng, 0.24, 0.34), uniform(rng, 0.44, 0.56)

    def along(low: float, high: float) -> Span:
        """Bounds on x for a span given in metres from the foot end."""
        a, b = head * (low - length / 2), head * (high - length / 2)
        return min(a, b), max(a, b)

    frame = uniform(rng, 0.02, 0.05)
    parts.block(length, width + 2 * frame, (base - uniform(rng, 0.1, 0.16), base), wood)
    parts.legs(length, width + 2 * frame, base - 0.1, color=shade(wood, 0.8), thick=0.07)
    parts.block(length - 0.02, width, (base, top), tint(rng, WHITES))
    across = (-width / 2 - frame * 0.8, width / 2 + frame * 0.8)
    cover = tint(rng, (*FABRICS, *BRIGHTS, *WHITES))
    reach = length * uniform(rng, 0.62, 0.74)
    parts.box(along(0.03, reach), across, (top - uniform(rng, 0.08, 0.18), top + 0.03), cover)
    for side in (-0.25, 0.25) if double else (0.0,):
        y, half = side * width, 0.28 if double else width * 0.36
        parts.box(along(length - 0.48, length - 0.06), (y - half, y + half), (top, top + 0.1), tint(rng, WHITES))
    thick = uniform(rng, 0.04, 0.1)
    whole = (-width / 2 - frame, width / 2 + frame)
    parts.box(along(length, length + thick), whole, (0.0, uniform(rng, 0.75, 1.2)), wood)
    if chance(rng, 0.35):
        parts.box(along(-0.05, 0.0), whole, (0.0, uniform(rng, 0.45, 0.68)), wood)
    lane = width * 0.25 if double else 0.0
    pelvis, skull = head * (length / 2 - 0.96), head * (length / 2 - 0.27)
    parts.lying = ((pelvis, lane, top + 0.03), (skull, lane, top + 0.1))
    for at in (0.32, 0.52):
        parts.seats.append((head * length * (at - 0.5), width / 2 - 0.2, top + 0.03))
    return parts
