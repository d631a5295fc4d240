"""What stands in which kind of room, and how: one function a kind, built from small groups of furniture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import atan2, hypot, pi
from typing import Final

from monster.corpus.layout import Layout, Point
from monster.corpus.objects import make_object
from monster.corpus.world import PlacedObject

Recipe = Callable[[Layout], None]
QUARTER: Final = pi / 2
SMALL: Final = ("lamp", "plant", "trash can", "box")  # they need no free floor before them and like corners
SIDES: Final[tuple[Point, ...]] = ((0.0, 1.0), (0.0, -1.0), (1.0, 0.0), (-1.0, 0.0))


def _chance(layout: Layout, probability: float) -> bool:
    return bool(layout.rng.random() < probability)


def _among(layout: Layout, low: float, high: float) -> float:
    return float(layout.rng.uniform(low, high))


def _count(layout: Layout, low: int, high: int) -> int:
    return int(layout.rng.integers(low, high + 1))


def _sign(layout: Layout) -> int:
    return 1 if _chance(layout, 0.5) else -1


def at_walls(layout: Layout, wanted: Sequence[tuple[str, float]]) -> None:
    """Stand each category against a wall with its probability."""
    for category, probability in wanted:
        if _chance(layout, probability):
            small = category in SMALL
            thing = make_object(category, layout.rng)
            layout.against_wall(thing, corner=small and _chance(layout, 0.7), zone=0.0 if small else 0.5)


def on_walls(layout: Layout, wanted: Sequence[tuple[str, float]]) -> None:
    """Hang each category on a wall with its probability, its middle at about 1.5 m."""
    for category, probability in wanted:
        if _chance(layout, probability):
            thing = make_object(category, layout.rng)
            layout.hang(thing, _among(layout, 1.4, 1.6) - thing.size[2] / 2)


def chair_at(layout: Layout, anchor: PlacedObject, edge: Point, outward: Point, *, category: str) -> None:
    """A chair at a point of the anchor's edge (own frame): pushed in, turned aside, or pulled far out."""
    chair = make_object(category, layout.rng)
    kind, spin = layout.rng.random(), _among(layout, -0.08, 0.08)
    pushed = kind < 0.25 and category == "chair"
    if pushed:
        out = chair.size[1] / 2 - _among(layout, 0.08, 0.2)
    elif kind < 0.65:
        out = hypot(*chair.size[:2]) / 2 + _among(layout, 0.0, 0.15)
        spin = _sign(layout) * _among(layout, 0.9, 1.7)
    else:
        out = chair.size[1] / 2 + _among(layout, 0.55, 0.68)
    own = (edge[0] + outward[0] * out, edge[1] + outward[1] * out)
    turn = atan2(outward[0], -outward[1]) + spin
    layout.beside(
        chair, anchor, own, turn, under=(anchor,) if pushed else (), zone=0.0 if pushed else 0.3, with_=(anchor,)
    )


def chairs_round(layout: Layout, table: PlacedObject, most: int, *, category: str = "chair") -> None:
    """Chairs along the table's sides, the long sides first."""
    places: list[tuple[Point, Point]] = []
    for outward in SIDES:
        along, out = (table.size[0], table.size[1] / 2) if outward[1] else (table.size[1], table.size[0] / 2)
        count = max(1, int((along - 0.1) / 0.62)) if along > 0.6 else 0
        for place in range(count):
            at = along * ((place + 0.5) / count - 0.5)
            edge = (at, outward[1] * out) if outward[1] else (outward[0] * out, at)
            places.append((edge, outward))
    if table.size[0] > table.size[1] + 0.3 and most <= 4:
        places = [place for place in places if place[1][1]]
    for index in sorted(layout.rng.permutation(len(places))[:most].tolist()):
        chair_at(layout, table, *places[index], category=category)


def table_group(layout: Layout, most: int, *, tries: int = 20) -> PlacedObject | None:
    """A table on free floor with chairs round it."""
    table = make_object("table", layout.rng)
    box = layout.bounds
    for _ in range(tries):
        x = box.x + _among(layout, -1, 1) * max(box.half_width - table.size[0] / 2 - 0.5, 0.0)
        y = box.y + _among(layout, -1, 1) * max(box.half_depth - table.size[1] / 2 - 0.5, 0.0)
        yaw = QUARTER * _count(layout, 0, 1)
        placed = layout.put(table, (x, y), yaw, clear=0.75)
        if placed is not None:
            chairs_round(layout, placed, most)
            return placed
    return None


def desk_group(layout: Layout, *, chair: str, screen: float) -> PlacedObject | None:
    """A desk at a wall with its chair, and perhaps a monitor or a lamp on it."""
    desk = layout.against_wall(make_object("desk", layout.rng), zone=0.85)
    if desk is not None:
        dress_desk(layout, desk, chair=chair, screen=screen)
    return desk


def dress_desk(layout: Layout, desk: PlacedObject, *, chair: str, screen: float) -> None:
    """The chair before a desk and what stands on it."""
    width, depth = desk.size[0], desk.size[1]
    chair_at(layout, desk, (_among(layout, -0.1, 0.1) * width, depth / 2), (0.0, 1.0), category=chair)
    if _chance(layout, screen):
        layout.on_top(make_object("monitor", layout.rng), desk, (0.0, -depth / 2 + 0.24), 0.0)
    if _chance(layout, 0.3):
        layout.on_top(
            make_object("table lamp", layout.rng), desk, (_sign(layout) * (width / 2 - 0.18), -depth * 0.2), 0.0
        )


def bed_group(layout: Layout) -> PlacedObject | None:
    """A bed with its head or its long side at a wall, nightstands at its head, perhaps a bench at its foot."""
    bed = make_object("bed", layout.rng)
    length, width = bed.size[0], bed.size[1]
    head = 1 if bed.lying is not None and bed.lying[1][0] > 0 else -1
    along = width < 1.25 and _chance(layout, 0.6)
    placed = layout.against_wall(bed, side=0.0 if along else -head * QUARTER, zone=0.6, tries=30)
    if placed is None:
        return None
    for side in (1,) if along or width < 1.25 else (1, -1):
        stand = make_object("nightstand", layout.rng)
        own = (head * (length - stand.size[1]) / 2, side * (width / 2 + stand.size[0] / 2 + _among(layout, 0.03, 0.12)))
        if not _chance(layout, 0.85):
            continue
        standing = layout.beside(stand, placed, own, head * QUARTER)
        if standing is not None and _chance(layout, 0.5):
            layout.on_top(make_object("table lamp", layout.rng), standing)
    if not along and width > 1.25 and _chance(layout, 0.25):
        bench = make_object("bench" if _chance(layout, 0.5) else "ottoman", layout.rng)
        out = -head * (length / 2 + bench.size[1] / 2 + 0.08)
        layout.beside(bench, placed, (out, 0.0), head * QUARTER, zone=0.3)
    return placed


def bedroom(layout: Layout) -> None:
    """One bed, or two single ones; wardrobe, dresser, perhaps a desk."""
    bed_group(layout)
    if _chance(layout, 0.2):
        bed_group(layout)
    at_walls(layout, [("wardrobe", 0.9), ("dresser", 0.6)])
    if _chance(layout, 0.6):
        desk_group(layout, chair="chair" if _chance(layout, 0.6) else "office chair", screen=0.4)
    at_walls(layout, [("armchair", 0.4), ("bookshelf", 0.4), ("chair", 0.5), ("chair", 0.3), ("stool", 0.25)])
    at_walls(layout, [("lamp", 0.5), ("plant", 0.4), ("box", 0.3), ("box", 0.2), ("trash can", 0.25), ("cabinet", 0.2)])
    on_walls(layout, [("picture", 0.5), ("mirror", 0.4)])


def sofa_group(layout: Layout) -> bool:
    """A television on its stand at a wall, a sofa opposite, a coffee table between, seats at the sides."""
    stand = layout.against_wall(make_object("tv stand", layout.rng), zone=1.2, tries=20)
    if stand is None:
        return False
    if _chance(layout, 0.85):
        layout.on_top(make_object("television", layout.rng), stand)
    sofa = make_object("sofa", layout.rng)
    placed = None
    for _ in range(12):
        out = stand.size[1] / 2 + _among(layout, 1.9, 3.2) + sofa.size[1] / 2
        placed = placed or layout.beside(sofa, stand, (_among(layout, -0.4, 0.4), out), pi, zone=0.5)
    if placed is None:
        return False
    table = make_object("coffee table", layout.rng)
    ahead = placed.size[1] / 2 + _among(layout, 0.52, 0.68) + table.size[1] / 2
    layout.beside(table, placed, (_among(layout, -0.1, 0.1), ahead), 0.0, with_=(stand,))
    _sofa_sides(layout, placed, ahead)
    return True


def _sofa_sides(layout: Layout, sofa: PlacedObject, ahead: float) -> None:
    for side in (-1, 1):
        if _chance(layout, 0.5):
            kind = "armchair" if _chance(layout, 0.75) else "ottoman"
            seat = make_object(kind, layout.rng)
            own = (side * (max(sofa.size[0] / 2, 1.0) + seat.size[1] / 2 + _among(layout, 0.15, 0.4)), ahead)
            layout.beside(seat, sofa, own, side * (QUARTER - _among(layout, -0.1, 0.35)), zone=0.3)
        if _chance(layout, 0.45):
            end = make_object("end table", layout.rng)
            own = (side * (sofa.size[0] / 2 + end.size[0] / 2 + 0.08), -sofa.size[1] / 2 + end.size[1] / 2 + 0.1)
            standing = layout.beside(end, sofa, own, 0.0)
            if standing is not None and _chance(layout, 0.6):
                layout.on_top(make_object("table lamp", layout.rng), standing)


def living_room(layout: Layout) -> None:
    """Sofa and television, shelves, plants; perhaps a second sofa, a dining corner, a piano."""
    sofa_group(layout)
    if _chance(layout, 0.3):
        layout.against_wall(make_object("sofa", layout.rng), zone=0.5)
    if _chance(layout, 0.4):
        table_group(layout, _count(layout, 2, 4), tries=50)
    at_walls(layout, [("bookshelf", 0.7), ("bookshelf", 0.3), ("cabinet", 0.5), ("piano", 0.2), ("armchair", 0.4)])
    at_walls(layout, [("chair", 0.4), ("stool", 0.25), ("bench", 0.2), ("dresser", 0.2), ("desk", 0.1)])
    at_walls(layout, [("lamp", 0.7), ("plant", 0.7), ("plant", 0.4), ("box", 0.3), ("trash can", 0.2)])
    on_walls(layout, [("picture", 0.7), ("picture", 0.4), ("mirror", 0.15)])


def counter_row(layout: Layout, wanted: Sequence[str]) -> list[PlacedObject]:
    """Units side by side along one wall, their backs in line; as many as the wall has room for."""
    units = [make_object(category, layout.rng) for category in wanted]
    order = layout.rng.permutation(len(layout.walls)).tolist()
    for index in sorted(order, key=lambda i: -round(layout.walls[i].length))[:3]:
        wall = layout.walls[index]
        row = list(units)
        while len(row) > 2 and sum(unit.size[0] + 0.02 for unit in row) > wall.length - 0.05:
            row.pop()
        spare = wall.length - 0.05 - sum(unit.size[0] + 0.02 for unit in row)
        t = 0.03 + (0.0 if _chance(layout, 0.6) else max(spare, 0.0) * layout.rng.random())
        placed: list[PlacedObject] = []
        for unit in row:
            at = wall.at(t + unit.size[0] / 2, unit.size[1] / 2 + 0.03)
            tall = unit.size[2] > 1.15 and layout.blocked(index, t, t + unit.size[0])
            found = None if tall else layout.put(unit, at, wall.yaw, zone=0.65, with_=placed, gap=0.0)
            placed += [found] if found is not None else []
            t += unit.size[0] + 0.02
        if len(placed) >= 2:
            return placed
    return []


def kitchen(layout: Layout) -> None:
    """Units in a row or two, a table with chairs, or stools."""
    first = ["counter", "sink", "counter", "stove", "refrigerator"]
    layout.rng.shuffle(first)
    row = counter_row(layout, first)
    have = {unit.category for unit in row}
    rest = [category for category in ("sink", "stove", "refrigerator") if category not in have]
    if rest or _chance(layout, 0.4):
        row += counter_row(layout, [*rest, "counter"])
    for unit in row:
        if unit.category == "counter" and _chance(layout, 0.5):
            layout.on_top(make_object("microwave", layout.rng), unit, (_among(layout, -0.1, 0.1), -0.08))
            break
    table_group(layout, _count(layout, 2, 5), tries=40)
    at_walls(
        layout,
        [("cabinet", 0.7), ("stool", 0.5), ("stool", 0.4), ("chair", 0.5), ("chair", 0.3), ("washing machine", 0.3)],
    )
    at_walls(
        layout, [("trash can", 0.7), ("plant", 0.4), ("box", 0.4), ("lamp", 0.1), ("bench", 0.2), ("bookshelf", 0.2)]
    )
    on_walls(layout, [("picture", 0.4)])


def office(layout: Layout) -> None:
    """Desks with swivel chairs, filing, shelves; perhaps a table to meet at and a sofa for guests."""
    for _ in range(_count(layout, 2, 3)):
        desk_group(layout, chair="office chair" if _chance(layout, 0.85) else "chair", screen=0.8)
    if _chance(layout, 0.5):
        table_group(layout, _count(layout, 2, 4), tries=50)
    elif _chance(layout, 0.6):
        desk_group(layout, chair="office chair", screen=0.8)
    at_walls(
        layout,
        [("filing cabinet", 0.7), ("filing cabinet", 0.4), ("bookshelf", 0.7), ("bookshelf", 0.4), ("cabinet", 0.5)],
    )
    at_walls(layout, [("sofa", 0.25), ("armchair", 0.3), ("chair", 0.5), ("chair", 0.4), ("stool", 0.15)])
    at_walls(layout, [("trash can", 0.5), ("plant", 0.5), ("plant", 0.2), ("box", 0.4), ("box", 0.3), ("lamp", 0.35)])
    on_walls(layout, [("whiteboard", 0.6), ("picture", 0.4)])


def dining_room(layout: Layout) -> None:
    """A table with chairs round it, sideboards and cabinets along the walls."""
    table_group(layout, _count(layout, 4, 6), tries=40)
    at_walls(layout, [("cabinet", 0.8), ("dresser", 0.5), ("bookshelf", 0.3), ("piano", 0.25), ("armchair", 0.4)])
    at_walls(layout, [("bench", 0.4), ("chair", 0.5), ("chair", 0.3), ("stool", 0.3), ("sofa", 0.2), ("cabinet", 0.3)])
    at_walls(layout, [("plant", 0.7), ("plant", 0.3), ("lamp", 0.6), ("box", 0.2)])
    on_walls(layout, [("picture", 0.7), ("picture", 0.4), ("mirror", 0.3)])


def bathroom(layout: Layout) -> None:
    """Bathtub, toilet, one or two basins, perhaps a washing machine."""
    at_walls(layout, [("bathtub", 0.9), ("toilet", 1.0), ("sink", 1.0), ("sink", 0.4), ("washing machine", 0.5)])
    at_walls(layout, [("cabinet", 0.8), ("stool", 0.6), ("bench", 0.2), ("chair", 0.3), ("bookshelf", 0.2)])
    at_walls(layout, [("trash can", 0.6), ("plant", 0.5), ("box", 0.5)])
    on_walls(layout, [("mirror", 0.8), ("picture", 0.2)])


RECIPES: Final[dict[str, Recipe]] = {
    "bedroom": bedroom,
    "living room": living_room,
    "kitchen": kitchen,
    "office": office,
    "dining room": dining_room,
    "bathroom": bathroom,
}
