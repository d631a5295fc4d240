"""Groups of furniture: chairs at a table, a desk with objects on it, units in a row."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, hypot, pi
from typing import Final

from worlds.objects import make_object
from worlds.rooms.layout import WINDOW_SILL, FloorPoint, Layout, to_room_point
from worlds.types import PlacedObject

QUARTER_TURN: Final = pi / 2
SIDES: Final[tuple[FloorPoint, ...]] = ((0.0, 1.0), (0.0, -1.0), (1.0, 0.0), (-1.0, 0.0))
CORNER_KINDS: Final = ("lamp", "plant", "trash can", "box", "coat rack", "water cooler")  # mostly placed in corners
NO_FRONT_ZONE_KINDS: Final = (
    *CORNER_KINDS,
    "basket",
    "bag",
    "ball",
    "backpack",
    "suitcase",
    "toolbox",
    "radiator",
)  # need no free floor in front
HANG_ABOVE: Final = 1.0  # metres: lower edge of hanging objects, above chairs and low cupboards
ChairShares = tuple[float, float]  # cumulative shares of chairs: pushed in; pushed in or turned aside
CHAIRS_PUSHED_IN: Final[ChairShares] = (0.25, 0.65)
CHAIRS_PULLED_OUT: Final[ChairShares] = (0.2, 0.4)  # more chairs pulled out and facing the table


def chance(layout: Layout, probability: float) -> bool:
    """True with that probability."""
    return bool(layout.rng.random() < probability)


def uniform(layout: Layout, low: float, high: float) -> float:
    """A uniform random number between the bounds."""
    return float(layout.rng.uniform(low, high))


def random_int(layout: Layout, low: int, high: int) -> int:
    """An integer from low to high."""
    return int(layout.rng.integers(low, high + 1))


def random_sign(layout: Layout) -> int:
    """1 or -1."""
    return 1 if chance(layout, 0.5) else -1


def choose(layout: Layout, kinds: Sequence[str]) -> str:
    """A random kind."""
    return kinds[int(layout.rng.integers(len(kinds)))]


def at_walls(layout: Layout, wanted: Sequence[tuple[str, float]]) -> None:
    """Place each kind against a wall with its probability."""
    for kind, probability in wanted:
        if chance(layout, probability):
            corner = kind in CORNER_KINDS and chance(layout, 0.7)
            layout.against_wall(
                make_object(kind, layout.rng), corner=corner, zone=0.0 if kind in NO_FRONT_ZONE_KINDS else 0.5
            )


def on_walls(layout: Layout, wanted: Sequence[tuple[str, float]]) -> None:
    """Hang each kind on a wall with its probability, centred at about 1.5 m; clocks higher."""
    for kind, probability in wanted:
        if chance(layout, probability):
            object_ = make_object(kind, layout.rng)
            middle = uniform(layout, 1.95, 2.1) if kind == "clock" else uniform(layout, 1.4, 1.6)
            layout.hang(object_, max(middle - object_.size[2] / 2, HANG_ABOVE))


def rug(layout: Layout, probability: float, *, under: Sequence[str] = (), kind: str = "rug") -> None:
    """Place a rug with that probability: under the first object of the ``under`` categories, or near the middle."""
    if not chance(layout, probability):
        return
    box, anchors = layout.bounds, [object_ for object_ in layout.objects if object_.category in under]
    for _ in range(8):
        at = box.x + uniform(layout, -0.3, 0.3) * box.half_width, box.y + uniform(layout, -0.3, 0.3) * box.half_depth
        yaw = QUARTER_TURN * random_int(layout, 0, 1)
        if anchors:
            at, yaw = to_room_point(anchors[0], (0.0, uniform(layout, 0.0, 0.4))), anchors[0].yaw
        if layout.spread(make_object(kind, layout.rng), at, yaw) is not None:
            return


def chair_at(
    layout: Layout,
    chair: PlacedObject,
    anchor: PlacedObject,
    edge: FloorPoint,
    *,
    outward: FloorPoint,
    chair_shares: ChairShares = CHAIRS_PUSHED_IN,
) -> None:
    """Place a chair at a local point of the anchor's edge: pushed in, turned aside, or pulled out."""
    kind, spin = layout.rng.random(), uniform(layout, -0.08, 0.08)
    pushed = kind < chair_shares[0] and chair.category == "chair"
    if pushed:
        out = chair.size[1] / 2 - uniform(layout, 0.08, 0.2)
    elif kind < chair_shares[1]:
        out = hypot(*chair.size[:2]) / 2 + uniform(layout, 0.0, 0.15)
        spin = random_sign(layout) * uniform(layout, 0.9, 1.7)
    else:
        out = chair.size[1] / 2 + uniform(layout, 0.55, 0.68)
    local = (edge[0] + outward[0] * out, edge[1] + outward[1] * out)
    turn = atan2(outward[0], -outward[1]) + spin
    under = (anchor,) if pushed else ()
    layout.beside(chair, anchor, local, turn, under=under, zone=0.0 if pushed else 0.3, with_=(anchor,))


def chairs_round(
    layout: Layout, table: PlacedObject, most: int, *, kind: str = "chair", chair_shares: ChairShares = CHAIRS_PUSHED_IN
) -> None:
    """Place up to ``most`` equal chairs along the table's sides, long sides first."""
    places: list[tuple[FloorPoint, FloorPoint]] = []
    for outward in SIDES:
        along, out = (table.size[0], table.size[1] / 2) if outward[1] else (table.size[1], table.size[0] / 2)
        fitting = max(1, int((along - 0.1) / 0.62)) if along > 0.6 else 0
        for place in range(fitting):
            at = along * ((place + 0.5) / fitting - 0.5)
            places.append(((at, outward[1] * out) if outward[1] else (outward[0] * out, at), outward))
    if table.size[0] > table.size[1] + 0.3 and most <= 4:
        places = [place for place in places if place[1][1]]
    make = make_object(kind, layout.rng)
    for index in sorted(layout.rng.permutation(len(places))[:most].tolist()):
        edge, outward = places[index]
        chair_at(layout, make, table, edge, outward=outward, chair_shares=chair_shares)


def table_group(
    layout: Layout, most: int, *, table: str = "table", chair: str = "chair", tries: int = 20, clear: float = 0.75,
    chair_shares: ChairShares = CHAIRS_PUSHED_IN,
) -> PlacedObject | None:  # fmt: skip
    """Place a table on free floor with chairs around it."""
    made = make_object(table, layout.rng)
    box = layout.bounds
    for _ in range(tries):
        x = box.x + uniform(layout, -1, 1) * max(box.half_width - made.size[0] / 2 - 0.5, 0.0)
        y = box.y + uniform(layout, -1, 1) * max(box.half_depth - made.size[1] / 2 - 0.5, 0.0)
        placed = layout.put(made, (x, y), QUARTER_TURN * random_int(layout, 0, 1), clear=clear)
        if placed is not None:
            chairs_round(layout, placed, most, kind=chair, chair_shares=chair_shares)
            return placed
    return None


def desk_group(layout: Layout, *, chair: str, screen: float) -> PlacedObject | None:
    """Place a desk at a wall with its chair, and perhaps a monitor or a lamp."""
    desk = layout.against_wall(make_object("desk", layout.rng), zone=0.85)
    if desk is not None:
        furnish_desk(layout, desk, chair=chair, screen=screen)
    return desk


def furnish_desk(layout: Layout, desk: PlacedObject, *, chair: str, screen: float) -> None:
    """Place the chair of a desk and the objects on it."""
    width, depth = desk.size[0], desk.size[1]
    edge = (uniform(layout, -0.1, 0.1) * width, depth / 2)
    chair_at(layout, make_object(chair, layout.rng), desk, edge, outward=(0.0, 1.0))
    aside = chance(layout, 0.4)
    if chance(layout, screen):
        x = random_sign(layout) * max(width / 2 - 0.4, 0.0) if aside else 0.0
        layout.on_top(make_object("monitor", layout.rng), desk, (x, -depth / 2 + 0.24), 0.0)
    elif chance(layout, 0.3):
        x = random_sign(layout) * (width / 2 - 0.18)
        layout.on_top(make_object("table lamp", layout.rng), desk, (x, -depth * 0.2), 0.0)


def bed_group(layout: Layout) -> PlacedObject | None:
    """Place a bed with its head or long side at a wall, nightstands at its head, perhaps a bench at its foot."""
    bed = make_object("bed", layout.rng)
    length, width = bed.size[0], bed.size[1]
    head = 1 if bed.lying is not None and bed.lying[1][0] > 0 else -1
    along = width < 1.25 and chance(layout, 0.6)
    placed = layout.against_wall(bed, side=0.0 if along else -head * QUARTER_TURN, zone=0.6, tries=30)
    if placed is None:
        return None
    stand = make_object("nightstand", layout.rng)
    for side in (1,) if along or width < 1.25 else (1, -1):
        local = (
            head * (length - stand.size[1]) / 2,
            side * (width / 2 + stand.size[0] / 2 + uniform(layout, 0.03, 0.12)),
        )
        if not chance(layout, 0.85):
            continue
        standing = layout.beside(stand, placed, local, head * QUARTER_TURN)
        if standing is not None and chance(layout, 0.5):
            lamp = make_object("table lamp", layout.rng)
            x = random_sign(layout) * max((stand.size[0] - lamp.size[0]) / 2, 0.0)
            layout.on_top(lamp, standing, (x, 0.0))
    if not along and width > 1.25 and chance(layout, 0.25):
        bench = make_object("bench" if chance(layout, 0.5) else "ottoman", layout.rng)
        out = -head * (length / 2 + bench.size[1] / 2 + 0.08)
        layout.beside(bench, placed, (out, 0.0), head * QUARTER_TURN, zone=0.3)
    return placed


def television_at(layout: Layout, kind: str, *, zone: float) -> PlacedObject | None:
    """Place a low cupboard of that kind at a wall, mostly with a television that is not wider."""
    stand = layout.against_wall(make_object(kind, layout.rng), zone=zone, tries=20, tall=True)
    screen = make_object("television", layout.rng)
    if stand is not None and chance(layout, 0.85) and screen.size[0] < stand.size[0]:
        layout.on_top(screen, stand, (0.0, -stand.size[1] * 0.15))
    return stand


def sofa_group(layout: Layout) -> bool:
    """Place a television at a wall, a sofa opposite, a coffee table between, seats at the sides; False if it fails."""
    stand = television_at(layout, "tv stand", zone=1.2)
    if stand is None:
        return False
    sofa = make_object("sofa", layout.rng)
    placed = None
    for _ in range(12):
        out = stand.size[1] / 2 + uniform(layout, 1.9, 3.2) + sofa.size[1] / 2
        placed = placed or layout.beside(sofa, stand, (uniform(layout, -0.4, 0.4), out), pi, zone=0.5)
    if placed is None:
        return False
    table = make_object("coffee table", layout.rng)
    ahead = placed.size[1] / 2 + uniform(layout, 0.52, 0.68) + table.size[1] / 2
    layout.beside(table, placed, (uniform(layout, -0.1, 0.1), ahead), 0.0, with_=(stand,))
    _sofa_sides(layout, placed, ahead)
    return True


def _sofa_sides(layout: Layout, sofa: PlacedObject, ahead: float) -> None:
    for side in (-1, 1):
        if chance(layout, 0.5):
            seat = make_object("armchair" if chance(layout, 0.75) else "ottoman", layout.rng)
            local = (side * (max(sofa.size[0] / 2, 1.0) + seat.size[1] / 2 + uniform(layout, 0.15, 0.4)), ahead)
            layout.beside(seat, sofa, local, side * (QUARTER_TURN - uniform(layout, -0.1, 0.35)), zone=0.3)
        if chance(layout, 0.45):
            end = make_object("end table", layout.rng)
            local = (side * (sofa.size[0] / 2 + end.size[0] / 2 + 0.08), -sofa.size[1] / 2 + end.size[1] / 2 + 0.1)
            standing = layout.beside(end, sofa, local, 0.0)
            if standing is not None and chance(layout, 0.6):
                layout.on_top(make_object("table lamp", layout.rng), standing)


def row(
    layout: Layout, units: Sequence[PlacedObject], *, space: float = 0.02, zone: float = 0.65
) -> list[PlacedObject]:
    """Place units side by side along one wall: all of them, else as many as fit, at least two."""
    order = layout.rng.permutation(len(layout.walls)).tolist()
    longest = sorted(order, key=lambda i: -round(layout.walls[i].length))[:4]
    for least in (len(units), 2):
        for index in longest:
            before = len(layout.objects), len(layout.zones)
            placed = _row_at(layout, list(units), index, space=space, zone=zone)
            if len(placed) >= least:
                return placed
            del layout.objects[before[0] :], layout.zones[before[1] :]
    return []


def _row_at(layout: Layout, units: list[PlacedObject], index: int, *, space: float, zone: float) -> list[PlacedObject]:
    wall = layout.walls[index]
    while len(units) > 2 and sum(unit.size[0] + space for unit in units) > wall.length - 0.05:
        units.pop()
    spare = wall.length - 0.05 - sum(unit.size[0] + space for unit in units)
    t = 0.03 + (0.0 if chance(layout, 0.6) else max(spare, 0.0) * layout.rng.random())
    placed: list[PlacedObject] = []
    for unit in units:
        at = wall.at(t + unit.size[0] / 2, unit.size[1] / 2 + 0.03)
        tall = unit.size[2] > WINDOW_SILL and layout.blocked(index, t, t + unit.size[0])
        found = None if tall else layout.put(unit, at, wall.yaw, zone=zone, with_=placed, gap=0.0)
        placed += [found] if found is not None else []
        t += unit.size[0] + space
    return placed
