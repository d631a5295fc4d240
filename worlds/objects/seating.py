"""Seats. A seat point is where the pelvis of a sitting person rests on the surface."""

from __future__ import annotations

import numpy as np

from worlds.objects.parts import FABRICS, METALS, WHITES, WOODS, Color, Parts, Span, chance, shade, shape, tint, uniform

BACK_ROOM = 0.17  # metres from a backrest to the pelvis of a person that leans on it


def _backrest(parts: Parts, rng: np.random.Generator, width: float, depth: float, *, z: Span, color: Color) -> None:
    """A back of one panel, of slats, or of two rails between posts; its front stands 0.04 m before the rear edge."""
    y, kind = (-depth / 2, -depth / 2 + 0.04), int(rng.integers(3))
    low, high = z
    if kind == 0:
        parts.box((-width / 2, width / 2), y, (low + 0.1, high), color)
    for side in (-1, 1) if kind else ():
        x = side * (width / 2 - 0.02)
        parts.box((x - 0.02, x + 0.02), y, (low, high), color)
    if kind == 1:
        parts.box((-width / 2, width / 2), y, (high - 0.08, high), color)
        for x in np.linspace(-width / 2 + 0.1, width / 2 - 0.1, 3):
            parts.box((float(x) - 0.015, float(x) + 0.015), y, (low, high - 0.08), color)
    if kind == 2:
        for top in (high, (low + high) / 2 + 0.05):
            parts.box((-width / 2, width / 2), y, (top - 0.1, top), color)


@shape("chair")
def chair(rng: np.random.Generator) -> Parts:
    """Four legs or a pedestal, with or without arms, back of slats, rails or a panel."""
    parts, wood = Parts(), tint(rng, WOODS + METALS[:2])
    cover = tint(rng, FABRICS) if chance(rng, 0.5) else wood
    width, depth = uniform(rng, 0.42, 0.52), uniform(rng, 0.44, 0.54)
    seat, top, thick = uniform(rng, 0.43, 0.48), uniform(rng, 0.8, 1.02), uniform(rng, 0.03, 0.07)
    parts.block(width, depth, (seat - thick, seat), cover)
    if chance(rng, 0.8):
        parts.legs(width, depth, seat - thick, color=wood, thick=uniform(rng, 0.03, 0.05))
    else:
        parts.block(0.06, 0.06, (0.03, seat - thick), wood)
        parts.block(width * 0.85, depth * 0.85, (0.0, 0.03), wood)
    _backrest(parts, rng, width, depth, z=(seat, top), color=wood if chance(rng, 0.6) else cover)
    if chance(rng, 0.3):
        for side in (-1, 1):
            x = side * (width / 2 + 0.02)
            parts.box((x - 0.02, x + 0.02), (-depth / 2, depth * 0.4), (seat + 0.18, seat + 0.22), wood)
            parts.box((x - 0.02, x + 0.02), (depth * 0.3, depth * 0.4), (seat - thick, seat + 0.18), wood)
    parts.seats.append((0.0, -depth / 2 + 0.04 + BACK_ROOM, seat))
    return parts


@shape("office chair")
def office_chair(rng: np.random.Generator) -> Parts:
    """A swivel chair on a star base, with or without arms, with a low or a high back."""
    parts, cover, metal = Parts(), tint(rng, (*FABRICS[:2], *FABRICS[3:5], FABRICS[7], FABRICS[7])), tint(rng, METALS)
    width, depth, seat = uniform(rng, 0.46, 0.54), uniform(rng, 0.46, 0.52), uniform(rng, 0.44, 0.52)
    span, thick = uniform(rng, 0.56, 0.66), uniform(rng, 0.06, 0.09)
    parts.block(span, 0.05, (0.05, 0.1), metal)
    parts.block(0.05, span, (0.05, 0.1), metal)
    for right, front in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        cx, cy = right * (span / 2 - 0.03), front * (span / 2 - 0.03)
        parts.box((cx - 0.03, cx + 0.03), (cy - 0.03, cy + 0.03), (0.0, 0.06), (0.12, 0.12, 0.12))
    parts.block(0.06, 0.06, (0.08, seat - thick), metal)
    parts.block(width, depth, (seat - thick, seat), cover)
    back = uniform(rng, 0.42, 0.48) if chance(rng, 0.6) else uniform(rng, 0.55, 0.68)
    parts.box((-0.03, 0.03), (-depth / 2 - 0.03, -depth / 2), (seat - thick, seat + 0.2), metal)
    parts.box((-width * 0.46, width * 0.46), (-depth / 2, -depth / 2 + 0.06), (seat + 0.1, seat + back), cover)
    if chance(rng, 0.6):
        for side in (-1, 1):
            x = side * (width / 2 + 0.03)
            parts.box((x - 0.03, x + 0.03), (-depth * 0.3, depth * 0.25), (seat + 0.19, seat + 0.23), shade(metal, 0.6))
            parts.box((x - 0.02, x + 0.02), (-0.04, 0.04), (seat - thick, seat + 0.19), metal)
    parts.seats.append((0.0, -depth / 2 + 0.06 + BACK_ROOM, seat))
    return parts


def _upholstered(parts: Parts, rng: np.random.Generator, width: float, depth: float, *, places: int) -> None:
    """Base, back, arms and seat cushions of an armchair or sofa, with a seat point for each place."""
    cover = tint(rng, FABRICS)
    cushion = shade(cover, uniform(rng, 0.9, 1.15))
    seat, top, arm_top = uniform(rng, 0.4, 0.46), uniform(rng, 0.76, 0.96), uniform(rng, 0.56, 0.68)
    arm, back, foot = uniform(rng, 0.1, 0.22), uniform(rng, 0.18, 0.26), uniform(rng, 0.03, 0.12)
    inner, front = width - 2 * arm, depth / 2
    parts.box((-inner / 2, inner / 2), (-front, front - 0.02), (foot, seat - 0.14), cover)
    parts.box((-inner / 2, inner / 2), (-front, -front + back * 0.6), (foot, top - 0.06), cover)
    for side in (-1, 1):
        x = side * (width - arm) / 2
        parts.box((x - arm / 2, x + arm / 2), (-front, front), (foot, arm_top), cover)
    parts.legs(width - 0.1, depth - 0.1, foot, color=tint(rng, WOODS), thick=0.05)
    for place in range(places):
        low = -inner / 2 + inner * place / places
        high = low + inner / places
        parts.box((low + 0.008, high - 0.008), (-front + back, front), (seat - 0.14, seat), cushion)
        parts.box((low + 0.015, high - 0.015), (-front + back * 0.6, -front + back), (seat, top), cushion)
        parts.seats.append(((low + high) / 2, -front + back + BACK_ROOM + 0.03, seat))


@shape("armchair")
def armchair(rng: np.random.Generator) -> Parts:
    """A padded chair with thick arms."""
    parts = Parts()
    _upholstered(parts, rng, uniform(rng, 0.78, 1.02), uniform(rng, 0.74, 0.92), places=1)
    return parts


@shape("sofa")
def sofa(rng: np.random.Generator) -> Parts:
    """Two or three places, some with loose pillows; long ones can be lain on."""
    parts, places = Parts(), 2 if chance(rng, 0.3) else 3
    width = uniform(rng, 1.45, 1.85) if places == 2 else uniform(rng, 1.95, 2.45)
    depth = uniform(rng, 0.82, 0.98)
    _upholstered(parts, rng, width, depth, places=places)
    seat_y, seat = parts.seats[0][1], parts.seats[0][2]
    head = 1 if chance(rng, 0.5) else -1
    room = abs(parts.seats[0][0]) + (parts.seats[1][0] - parts.seats[0][0]) / 2  # half of the width between the arms
    if room >= 0.85:
        parts.lying = ((head * (room - 0.82), seat_y, seat), (head * (room - 0.15), seat_y, seat))
    return parts


@shape("stool")
def stool(rng: np.random.Generator) -> Parts:
    """Square or round, on legs or a pedestal, without a back."""
    parts, wood = Parts(), tint(rng, WOODS + METALS)
    cover = tint(rng, FABRICS) if chance(rng, 0.4) else wood
    width, seat = uniform(rng, 0.3, 0.4), uniform(rng, 0.42, 0.56)
    if chance(rng, 0.5):
        parts.disc(width, (seat - 0.05, seat), cover)
    else:
        parts.block(width, width, (seat - 0.05, seat), cover)
    if chance(rng, 0.7):
        parts.legs(width * 0.9, width * 0.9, seat - 0.05, color=wood, thick=0.035)
        parts.block(width * 0.85, 0.025, (0.18, 0.21), wood)
        parts.block(0.025, width * 0.85, (0.18, 0.21), wood)
    else:
        parts.block(0.07, 0.07, (0.03, seat - 0.05), wood)
        parts.disc(width * 0.95, (0.0, 0.03), wood)
    parts.seats.append((0.0, 0.0, seat))
    return parts


@shape("bench")
def bench(rng: np.random.Generator) -> Parts:
    """For two or three, with or without a back."""
    parts, wood = Parts(), tint(rng, WOODS)
    width, depth, seat = uniform(rng, 1.0, 1.6), uniform(rng, 0.36, 0.45), uniform(rng, 0.42, 0.48)
    parts.block(width, depth, (seat - 0.05, seat), wood)
    if chance(rng, 0.5):
        parts.legs(width * 0.96, depth, seat - 0.05, color=shade(wood, 0.8), thick=0.06)
    else:
        for side in (-1, 1):
            x = side * (width * 0.42)
            parts.box((x - 0.03, x + 0.03), (-depth / 2, depth / 2), (0.0, seat - 0.05), shade(wood, 0.8))
    back = 0.0
    if chance(rng, 0.4):
        back = 0.05
        _backrest(parts, rng, width, depth, z=(seat, uniform(rng, 0.78, 0.9)), color=wood)
    count = 2 if width < 1.4 else 3
    for place in range(count):
        parts.seats.append((width * ((place + 0.5) / count - 0.5), back / 2, seat))
    return parts


@shape("ottoman")
def ottoman(rng: np.random.Generator) -> Parts:
    """A padded block, on short feet or on the floor."""
    parts, cover = Parts(), tint(rng, FABRICS)
    width, depth, seat = uniform(rng, 0.5, 0.85), uniform(rng, 0.45, 0.6), uniform(rng, 0.38, 0.46)
    foot = uniform(rng, 0.05, 0.12) if chance(rng, 0.6) else 0.0
    parts.block(width, depth, (foot, seat - 0.06), cover)
    parts.block(width - 0.02, depth - 0.02, (seat - 0.06, seat), shade(cover, 1.1))
    if foot:
        parts.legs(width - 0.08, depth - 0.08, foot, color=tint(rng, WOODS))
    parts.seats.append((0.0, 0.0, seat))
    return parts


@shape("toilet")
def toilet(rng: np.random.Generator) -> Parts:
    """Bowl, seat and cistern, standing on a foot or hung on the wall."""
    parts, white = Parts(), tint(rng, WHITES, 0.02)
    width, depth, seat = uniform(rng, 0.36, 0.42), uniform(rng, 0.64, 0.72), uniform(rng, 0.4, 0.44)
    tank, back = uniform(rng, 0.16, 0.2), -depth / 2
    parts.box((-width / 2, width / 2), (back + tank, depth / 2 - 0.06), (seat - 0.16, seat), white)
    parts.box((-width * 0.35, width * 0.35), (depth / 2 - 0.06, depth / 2), (seat - 0.14, seat), white)
    foot = 0.0 if chance(rng, 0.7) else 0.12
    parts.box((-width * 0.3, width * 0.3), (back + tank, depth * 0.25), (foot, seat - 0.16), white)
    parts.box((-width * 0.53, width * 0.53), (back, back + tank), (seat - 0.02, uniform(rng, 0.74, 0.84)), white)
    parts.seats.append((0.0, back + tank + 0.2, seat))
    return parts
