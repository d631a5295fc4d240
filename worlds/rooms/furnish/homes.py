"""Furnishes homes, one function per kind of room."""

from __future__ import annotations

from collections.abc import Sequence

from worlds.objects import make_object
from worlds.rooms.furnish.groups import (
    at_walls,
    bed_group,
    chance,
    desk_group,
    on_walls,
    random_int,
    row,
    rug,
    sofa_group,
    table_group,
    uniform,
)
from worlds.rooms.furnish.small import place_small_objects
from worlds.rooms.layout import Layout
from worlds.types import PlacedObject


def bedroom(layout: Layout) -> None:
    """One bed, or two single ones; wardrobe, dresser, perhaps a desk."""
    bed_group(layout)
    if chance(layout, 0.2):
        bed_group(layout)
    at_walls(layout, [("wardrobe", 0.9), ("dresser", 0.6)])
    if chance(layout, 0.6):
        desk_group(layout, chair="chair" if chance(layout, 0.6) else "office chair", screen=0.4)
    at_walls(layout, [("armchair", 0.4), ("bookshelf", 0.4), ("chair", 0.5), ("chair", 0.3), ("stool", 0.25)])
    at_walls(layout, [("lamp", 0.5), ("plant", 0.4), ("box", 0.3), ("trash can", 0.25), ("cabinet", 0.2)])
    at_walls(layout, [("radiator", 0.3), ("crib", 0.1)])
    place_small_objects(layout, ("books", "laptop", "backpack", "basket", "suitcase", "vase", "box"))
    on_walls(layout, [("picture", 0.5), ("mirror", 0.4), ("clock", 0.1)])
    rug(layout, 0.4, under=("bed",))


def childrens_room(layout: Layout) -> None:
    """A bunk bed, a crib or a single bed; a small desk, shelves, and toys on the floor."""
    kind = layout.rng.random()
    if kind < 0.55:
        at_walls(layout, [("bunk bed", 1.0)])
    elif kind < 0.8:
        at_walls(layout, [("crib", 1.0), ("armchair", 0.7)])
    if kind > 0.45:
        bed_group(layout)
    at_walls(layout, [("bookshelf", 0.9)])
    desk_group(layout, chair="chair", screen=0.1)
    at_walls(layout, [("wardrobe", 0.6), ("dresser", 0.5)])
    at_walls(layout, [("chair", 0.4), ("stool", 0.4), ("box", 0.6), ("basket", 0.5), ("ball", 0.5), ("cabinet", 0.3)])
    at_walls(layout, [("lamp", 0.3), ("plant", 0.2), ("radiator", 0.3), ("trash can", 0.2), ("bench", 0.3)])
    place_small_objects(layout, ("toy", "toy", "ball", "books", "backpack", "basket"), low=0.6)
    on_walls(layout, [("picture", 0.8), ("picture", 0.5), ("clock", 0.3), ("blackboard", 0.1)])
    rug(layout, 0.6)


def living_room(layout: Layout) -> None:
    """Sofa and television, shelves, plants; perhaps a second sofa, a dining corner, a piano."""
    sofa_group(layout)
    if chance(layout, 0.3):
        layout.against_wall(make_object("sofa", layout.rng), zone=0.5)
    if chance(layout, 0.4):
        table_group(layout, random_int(layout, 2, 4), tries=50)
    at_walls(layout, [("bookshelf", 0.7), ("bookshelf", 0.3), ("cabinet", 0.5), ("piano", 0.2), ("armchair", 0.4)])
    at_walls(layout, [("chair", 0.4), ("stool", 0.25), ("bench", 0.2), ("dresser", 0.2), ("desk", 0.1)])
    at_walls(layout, [("lamp", 0.7), ("plant", 0.7), ("plant", 0.4), ("box", 0.2), ("radiator", 0.3), ("basket", 0.2)])
    place_small_objects(layout, ("vase", "vase", "books", "books", "laptop", "basket", "ball", "bag"))
    on_walls(layout, [("picture", 0.7), ("picture", 0.4), ("mirror", 0.15), ("clock", 0.3)])
    rug(layout, 0.6, under=("coffee table",))


def _units(layout: Layout, kinds: Sequence[str]) -> list[PlacedObject]:
    return row(layout, [make_object(kind, layout.rng) for kind in kinds])


def kitchen(layout: Layout) -> None:
    """Units in a row or two, a table with chairs or an island, or stools."""
    first = ["counter", "sink", "counter", "stove", "refrigerator"]
    layout.rng.shuffle(first)
    units = _units(layout, first)
    have = {unit.category for unit in units}
    rest = [category for category in ("sink", "stove", "refrigerator") if category not in have]
    if rest or chance(layout, 0.4):
        more = [kind for kind in ("dishwasher", "oven") if chance(layout, 0.4)]
        units += _units(layout, [*rest, "counter", *more])
    for unit in units:
        if unit.category == "counter" and chance(layout, 0.5):
            x = (unit.size[0] / 2 - 0.3) * (1 if chance(layout, 0.5) else -1)
            layout.on_top(make_object("microwave", layout.rng), unit, (x, -0.08))
            break
    if not (chance(layout, 0.3) and _island(layout)):
        group = table_group(layout, random_int(layout, 2, 5), tries=40)
        if group is not None and chance(layout, 0.15):
            at_walls(layout, [("high chair", 1.0)])
    at_walls(layout, [("cabinet", 0.7), ("stool", 0.4), ("chair", 0.4), ("chair", 0.3), ("washing machine", 0.2)])
    at_walls(layout, [("dishwasher", 0.25), ("trash can", 0.7), ("plant", 0.4), ("box", 0.3), ("bench", 0.2)])
    place_small_objects(layout, ("pot", "pot", "basket", "vase", "box", "bag"))
    on_walls(layout, [("picture", 0.4), ("clock", 0.5)])


def _island(layout: Layout) -> bool:
    """A worktop in the middle, with two or three stools at its back."""
    island, box = make_object("kitchen island", layout.rng), layout.bounds
    stool = make_object("stool", layout.rng)
    for _ in range(30):
        x, y = (middle + uniform(layout, -0.4, 0.4) * half for middle, half in (
            (box.x, box.half_width), (box.y, box.half_depth),
        ))  # fmt: skip
        placed = layout.put(island, (x, y), random_int(layout, 0, 3) * 1.5708, zone=0.6, clear=0.7)
        if placed is None:
            continue
        for place in range(random_int(layout, 1, 3)):
            local = ((place - 1) * 0.5, -island.size[1] / 2 - stool.size[1] / 2 - uniform(layout, 0.02, 0.12))
            layout.beside(stool, placed, local, 3.1416 + uniform(layout, -0.2, 0.2))
        return True
    return False


def dining_room(layout: Layout) -> None:
    """A table with chairs round it, sideboards and cabinets along the walls."""
    table_group(layout, random_int(layout, 4, 6), tries=40)
    at_walls(layout, [("cabinet", 0.8), ("dresser", 0.5), ("bookshelf", 0.3), ("piano", 0.25), ("armchair", 0.4)])
    at_walls(layout, [("bench", 0.4), ("chair", 0.5), ("chair", 0.3), ("stool", 0.3), ("sofa", 0.2), ("cabinet", 0.3)])
    at_walls(layout, [("plant", 0.7), ("plant", 0.3), ("lamp", 0.6), ("radiator", 0.3), ("high chair", 0.2)])
    place_small_objects(layout, ("vase", "vase", "basket", "pot", "books", "box"))
    on_walls(layout, [("picture", 0.7), ("picture", 0.4), ("mirror", 0.3), ("clock", 0.3)])
    rug(layout, 0.35, under=("table",))


def bathroom(layout: Layout) -> None:
    """Bathtub or shower, toilet, one or two basins, perhaps a washing machine."""
    bath = "bathtub" if chance(layout, 0.6) else "shower"
    at_walls(layout, [(bath, 0.95), ("toilet", 1.0), ("sink", 1.0), ("sink", 0.4), ("washing machine", 0.5)])
    at_walls(layout, [("shower", 0.25 if bath == "bathtub" else 0.0), ("cabinet", 0.8), ("stool", 0.6), ("bench", 0.2)])
    at_walls(layout, [("trash can", 0.6), ("plant", 0.4), ("radiator", 0.3), ("chair", 0.2), ("basket", 0.3)])
    place_small_objects(layout, ("basket", "basket", "box", "vase", "toolbox"))
    on_walls(layout, [("mirror", 0.8), ("picture", 0.2)])


def laundry_room(layout: Layout) -> None:
    """Washing machine and dryer side by side, a basin, an ironing board, racks and baskets."""
    machines = ["washing machine", "clothes dryer"]
    machines += [kind for kind in ("washing machine", "counter", "sink") if chance(layout, 0.5)]
    units = _units(layout, machines)
    at_walls(layout, [("sink", 0.0 if any(unit.category == "sink" for unit in units) else 0.9)])
    at_walls(layout, [("cabinet", 0.9), ("ironing board", 0.9), ("drying rack", 0.8), ("bookshelf", 0.3)])
    at_walls(layout, [("table", 0.4), ("stool", 0.7), ("chair", 0.5), ("bench", 0.3), ("cabinet", 0.3)])
    at_walls(layout, [("basket", 0.8), ("basket", 0.4), ("trash can", 0.6), ("box", 0.4), ("radiator", 0.3)])
    place_small_objects(layout, ("basket", "basket", "box", "toolbox", "bag"))
    on_walls(layout, [("clock", 0.2), ("picture", 0.1), ("mirror", 0.1)])


def hallway(layout: Layout) -> None:
    """Coats, shoes, a bench or a sideboard along one side; the way from door to door stays free."""
    at_walls(layout, [("shoe rack", 0.8), ("coat rack", 0.8), ("bench", 0.6), ("cabinet", 0.5), ("chair", 0.4)])
    at_walls(layout, [("dresser", 0.3), ("stool", 0.4), ("bookshelf", 0.2), ("wardrobe", 0.3), ("locker", 0.1)])
    at_walls(layout, [("plant", 0.5), ("radiator", 0.4), ("trash can", 0.2), ("lamp", 0.2), ("suitcase", 0.2)])
    place_small_objects(layout, ("backpack", "bag", "vase", "basket", "ball", "suitcase", "box"))
    on_walls(layout, [("mirror", 0.7), ("picture", 0.7), ("picture", 0.5), ("picture", 0.3), ("clock", 0.3)])
    rug(layout, 0.5)
