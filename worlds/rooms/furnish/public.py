"""Furnishes workplaces, schools, gyms and waiting rooms, one function per kind of room."""

from __future__ import annotations

from math import pi
from typing import Final

from worlds.objects import make_object
from worlds.rooms.furnish.groups import (
    CHAIRS_PULLED_OUT,
    HANG_ABOVE,
    QUARTER_TURN,
    at_walls,
    bed_group,
    chair_at,
    chairs_round,
    chance,
    desk_group,
    furnish_desk,
    on_walls,
    random_int,
    random_sign,
    row,
    rug,
    table_group,
    television_at,
    uniform,
)
from worlds.rooms.furnish.small import place_small_objects
from worlds.rooms.layout import Layout, Wall
from worlds.types import PlacedObject

FIRST_ROW: Final = 2.75  # metres from the board to the first row of desks
ROW_PITCH: Final = 1.45
AISLE: Final = 0.62  # metres between two desks of a row


def office(layout: Layout) -> None:
    """Desks with swivel chairs, filing, shelves; perhaps a table to meet at and a sofa for guests."""
    for _ in range(random_int(layout, 2, 3)):
        desk_group(layout, chair="office chair" if chance(layout, 0.85) else "chair", screen=0.8)
    if chance(layout, 0.5):
        table_group(layout, random_int(layout, 2, 4), tries=50)
    elif chance(layout, 0.6):
        desk_group(layout, chair="office chair", screen=0.8)
    at_walls(layout, [("filing cabinet", 0.7), ("filing cabinet", 0.4), ("bookshelf", 0.7), ("bookshelf", 0.3)])
    at_walls(layout, [("cabinet", 0.5), ("copier", 0.3), ("sofa", 0.25), ("armchair", 0.3), ("chair", 0.5)])
    at_walls(layout, [("chair", 0.4), ("stool", 0.15), ("water cooler", 0.2), ("coat rack", 0.25), ("radiator", 0.3)])
    at_walls(layout, [("trash can", 0.5), ("plant", 0.5), ("plant", 0.2), ("box", 0.3), ("lamp", 0.35)])
    place_small_objects(layout, ("laptop", "laptop", "books", "backpack", "box", "bag"))
    on_walls(layout, [("whiteboard", 0.6), ("picture", 0.4), ("clock", 0.4)])


def meeting_room(layout: Layout) -> None:
    """A long table with chairs on all sides, a board or a screen, a sideboard."""
    on_walls(layout, [("projector screen" if chance(layout, 0.5) else "whiteboard", 0.95)])
    chair = "office chair" if chance(layout, 0.6) else "chair"
    table = _middle_table(layout)
    if table is not None:
        chairs_round(layout, table, random_int(layout, 5, 10), kind=chair, chair_shares=CHAIRS_PULLED_OUT)
    at_walls(layout, [("cabinet", 0.7), ("cabinet", 0.3), ("bookshelf", 0.3), ("lectern", 0.35), ("water cooler", 0.4)])
    at_walls(layout, [("chair", 0.5), ("chair", 0.4), ("tv stand", 0.15), ("filing cabinet", 0.2), ("desk", 0.2)])
    at_walls(layout, [("plant", 0.7), ("plant", 0.4), ("trash can", 0.6), ("radiator", 0.3), ("coat rack", 0.3)])
    place_small_objects(layout, ("laptop", "laptop", "books", "backpack", "bag", "vase"))
    on_walls(layout, [("whiteboard", 0.3), ("clock", 0.5), ("picture", 0.4)])


def _middle_table(layout: Layout) -> PlacedObject | None:
    """A long table about the middle of the room, along its longer side."""
    box = layout.bounds
    yaw = 0.0 if box.half_width > box.half_depth else QUARTER_TURN
    for _ in range(30):
        table = make_object("meeting table", layout.rng)
        at = box.x + uniform(layout, -0.2, 0.2) * box.half_width, box.y + uniform(layout, -0.2, 0.2) * box.half_depth
        placed = layout.put(table, at, yaw, clear=0.85)
        if placed is not None:
            return placed
    return table_group(layout, 4, tries=40, chair_shares=CHAIRS_PULLED_OUT)


def classroom(layout: Layout) -> None:
    """A board, the teacher's place before it, rows of desks whose chairs face it, cupboards at the walls."""
    front = _board(layout)
    if front is not None:
        _teacher(layout, front)
        _rows(layout, front)
    at_walls(layout, [("bookshelf", 0.6), ("cabinet", 0.7), ("cabinet", 0.4), ("locker", 0.4), ("filing cabinet", 0.2)])
    at_walls(layout, [("trash can", 0.7), ("plant", 0.4), ("radiator", 0.4), ("piano", 0.1), ("sink", 0.5)])
    place_small_objects(layout, ("books", "books", "backpack", "backpack", "bag", "ball", "box"), low=0.6)
    on_walls(layout, [("clock", 0.7), ("picture", 0.5), ("picture", 0.3), ("whiteboard", 0.2)])


def _board(layout: Layout) -> Wall | None:
    """Hang the blackboard (or a whiteboard) on a wall with the room's depth before it, and return the wall."""
    board = make_object("blackboard" if chance(layout, 0.9) else "whiteboard", layout.rng)
    for index in sorted(range(len(layout.walls)), key=lambda i: -layout.walls[i].length)[:4]:
        wall = layout.walls[index]
        for share in (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74):
            if layout.hang_at(board, (index, wall.length * share), HANG_ABOVE) is not None:
                return wall
    return None


def _teacher(layout: Layout, front: Wall) -> None:
    """A desk with its chair between it and the board, or a lectern, to one side of the board's middle."""
    t = front.length * (0.5 + random_sign(layout) * 0.25)
    if chance(layout, 0.8):
        desk = layout.put(make_object("desk", layout.rng), front.at(t, 1.6), front.yaw + pi, zone=0.8)
        if desk is not None:
            furnish_desk(layout, desk, chair="office chair" if chance(layout, 0.5) else "chair", screen=0.3)
    if chance(layout, 0.35):
        spot = front.at(front.length - t, 1.3)
        layout.put(make_object("lectern", layout.rng), spot, front.yaw + pi, zone=0.5)


def _rows(layout: Layout, front: Wall) -> None:
    """Desks of one make in rows and columns, with a chair or two behind each."""
    desk, chair = make_object("school desk", layout.rng), make_object("chair", layout.rng)
    depth = max((corner[0] - front.start[0]) * front.inward[0] + (corner[1] - front.start[1]) * front.inward[1]
                for corner in layout.bounds.corners())  # fmt: skip
    pitch = desk.size[0] + AISLE + uniform(layout, 0.0, 0.15)
    columns = min(int((front.length - 1.0 + AISLE) / pitch), 4)
    rows = min(int((depth - FIRST_ROW - 1.15) / ROW_PITCH) + 1, 3)
    for line in range(rows):
        for place in range(columns):
            t = front.length / 2 + (place - (columns - 1) / 2) * pitch + uniform(layout, -0.03, 0.03)
            at = front.at(t, FIRST_ROW + line * ROW_PITCH + uniform(layout, -0.03, 0.03))
            placed = layout.put(desk, at, front.yaw + uniform(layout, -0.03, 0.03))
            if placed is not None:
                _pupils(layout, placed, chair)


def _pupils(layout: Layout, desk: PlacedObject, chair: PlacedObject) -> None:
    for x in (0.0,) if desk.size[0] < 1.0 else (-desk.size[0] / 4, desk.size[0] / 4):
        if chance(layout, 0.92):
            chair_at(layout, chair, desk, (x, desk.size[1] / 2), outward=(0.0, 1.0), chair_shares=(0.4, 1.0))


def gym(layout: Layout) -> None:
    """Machines in rows along the walls, benches and dumb-bells; the middle stays free for the mats."""
    treadmill, bike = (make_object(kind, layout.rng) for kind in ("treadmill", "exercise bike"))
    row(layout, [treadmill] * random_int(layout, 2, 3), space=0.45, zone=0.6)
    row(layout, [bike] * random_int(layout, 2, 3), space=0.5, zone=0.5)
    at_walls(layout, [("dumbbell rack", 0.9), ("weight bench", 1.0), ("weight bench", 0.6), ("exercise bike", 0.3)])
    at_walls(layout, [("locker", 0.5), ("bench", 0.7), ("bench", 0.3), ("cabinet", 0.4), ("water cooler", 0.5)])
    at_walls(
        layout, [("trash can", 0.5), ("ball", 0.8), ("ball", 0.4), ("plant", 0.3), ("stool", 0.3), ("basket", 0.3)]
    )
    place_small_objects(layout, ("ball", "bag", "bag", "backpack", "basket", "box"), low=0.6)
    on_walls(layout, [("mirror", 0.9), ("mirror", 0.7), ("clock", 0.6), ("picture", 0.3)])
    for _ in range(random_int(layout, 0, 2)):
        rug(layout, 1.0, kind="exercise mat")


def hotel_room(layout: Layout) -> None:
    """One large bed or two, a desk, a television on a low cupboard, luggage, a chair to rest in."""
    bed_group(layout)
    if chance(layout, 0.35):
        bed_group(layout)
    television_at(layout, "tv stand" if chance(layout, 0.6) else "dresser", zone=0.6)
    desk_group(layout, chair="chair", screen=0.0)
    at_walls(layout, [("wardrobe", 0.8), ("armchair", 0.7), ("end table", 0.4), ("refrigerator", 0.1), ("sofa", 0.2)])
    at_walls(layout, [("bench", 0.3), ("coat rack", 0.3), ("lamp", 0.6), ("trash can", 0.5), ("plant", 0.2)])
    at_walls(layout, [("suitcase", 0.6), ("suitcase", 0.3), ("radiator", 0.3), ("chair", 0.3), ("cabinet", 0.2)])
    place_small_objects(layout, ("suitcase", "bag", "laptop", "books", "backpack", "vase"))
    on_walls(layout, [("mirror", 0.7), ("picture", 0.8), ("picture", 0.4), ("clock", 0.1)])
    rug(layout, 0.3, under=("bed",))


def waiting_room(layout: Layout) -> None:
    """Chairs of one make side by side along the walls, a low table, a machine to buy from, plants."""
    chair = make_object("chair", layout.rng)
    for _ in range(random_int(layout, 2, 3)):
        row(layout, [chair] * random_int(layout, 3, 5), space=uniform(layout, 0.06, 0.2), zone=0.6)
    if chance(layout, 0.4):
        layout.against_wall(make_object("sofa" if chance(layout, 0.7) else "bench", layout.rng), zone=0.6)
    _low_table(layout)
    if chance(layout, 0.6):
        desk_group(layout, chair="office chair", screen=0.7)
    at_walls(layout, [("vending machine", 0.5), ("water cooler", 0.6), ("cabinet", 0.5), ("bookshelf", 0.3)])
    at_walls(layout, [("coat rack", 0.5), ("plant", 0.8), ("plant", 0.5), ("trash can", 0.6), ("radiator", 0.3)])
    place_small_objects(layout, ("books", "books", "bag", "backpack", "toy", "vase", "suitcase"))
    on_walls(layout, [("clock", 0.7), ("picture", 0.7), ("picture", 0.4)])
    rug(layout, 0.4, under=("coffee table",))


def _low_table(layout: Layout) -> None:
    table, box = make_object("coffee table", layout.rng), layout.bounds
    for _ in range(20):
        at = box.x + uniform(layout, -0.4, 0.4) * box.half_width, box.y + uniform(layout, -0.4, 0.4) * box.half_depth
        if layout.put(table, at, QUARTER_TURN * random_int(layout, 0, 1), clear=0.5) is not None:
            return


def library(layout: Layout) -> None:
    """Shelves along the walls and a double row in the open, a table to read at, armchairs."""
    shelf = make_object("bookshelf", layout.rng)
    row(layout, [shelf] * random_int(layout, 2, 4), space=0.03, zone=0.7)
    _double_row(layout)
    if chance(layout, 0.8):
        table_group(layout, random_int(layout, 2, 5), tries=40)
    row(layout, [shelf] * random_int(layout, 2, 3), space=0.03, zone=0.7)
    if chance(layout, 0.6):
        desk_group(layout, chair="office chair", screen=0.7)
    at_walls(
        layout,
        [("sofa", 0.4), ("armchair", 0.8), ("armchair", 0.4), ("end table", 0.4), ("cabinet", 0.4), ("copier", 0.25)],
    )
    at_walls(layout, [("lamp", 0.6), ("plant", 0.5), ("trash can", 0.4), ("step", 0.3), ("stool", 0.3), ("chair", 0.4)])
    place_small_objects(layout, ("books", "books", "laptop", "backpack", "box", "bag"), low=0.6)
    on_walls(layout, [("clock", 0.5), ("picture", 0.5)])
    rug(layout, 0.4, under=("table",))


def _double_row(layout: Layout) -> None:
    """Two shelves back to back on free floor, with others beside them where there is room."""
    shelf, box = make_object("bookshelf", layout.rng), layout.bounds
    for _ in range(25):
        at = box.x + uniform(layout, -0.4, 0.4) * box.half_width, box.y + uniform(layout, -0.4, 0.4) * box.half_depth
        placed = layout.put(shelf, at, QUARTER_TURN * random_int(layout, 0, 3), zone=0.7, clear=0.4)
        if placed is None:
            continue
        layout.beside(shelf, placed, (0.0, -shelf.size[1] - 0.02), pi, zone=0.7)
        for side in (-1, 1):
            layout.beside(shelf, placed, (side * (shelf.size[0] + 0.02), 0.0), 0.0, zone=0.7)
            layout.beside(shelf, placed, (side * (shelf.size[0] + 0.02), -shelf.size[1] - 0.02), pi, zone=0.7)
        return
