"""Makes furnished rooms: outline, doors, windows, and furniture that a person can reach and use."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from monster.errors import CorpusError, InputError
from worlds.objects import make_object
from worlds.rooms.floor import WalkableMap, free_floor, reachable_objects
from worlds.rooms.furnish import FURNISHERS
from worlds.rooms.layout import FLAT_HEIGHT, FloorPoint, Layout, Opening, Rect, Zone, free_top, rect_of
from worlds.rooms.shells import Extent, draw_shell
from worlds.types import PlacedObject, Room

ROOM_KINDS: Final[tuple[str, ...]] = tuple(FURNISHERS)
EXTENTS: Final[dict[str, Extent]] = {
    "bedroom": Extent((3.3, 5.2), (3.3, 5.2), 0.3),
    "living room": Extent((4.2, 6.8), (4.2, 6.8), 0.4),
    "kitchen": Extent((3.4, 5.4), (3.4, 5.4), 0.3),
    "office": Extent((3.8, 6.8), (3.8, 6.8), 0.35),
    "dining room": Extent((3.6, 5.8), (3.6, 5.8), 0.3),
    "bathroom": Extent((3.0, 3.9), (3.0, 3.9), 0.25),
    "meeting room": Extent((4.0, 5.4), (5.0, 7.5), 0.25),
    "hallway": Extent((1.6, 2.3), (4.5, 8.0), 0.0),
    "classroom": Extent((6.2, 7.8), (6.8, 8.4), 0.2),
    "gym": Extent((5.2, 7.5), (5.8, 8.4), 0.4),
    "laundry room": Extent((2.8, 4.0), (3.2, 4.6), 0.2),
    "waiting room": Extent((4.0, 6.0), (4.4, 7.0), 0.4),
    "library": Extent((5.0, 7.2), (5.4, 8.2), 0.35),
    "children's room": Extent((3.4, 4.8), (3.6, 5.2), 0.3),
    "hotel room": Extent((3.6, 5.0), (4.0, 5.8), 0.3),
}
BENT_HALLWAY: Final = Extent((4.2, 6.4), (4.2, 6.4), 0.0, (1.6, 2.2))
KINDS_WITH_CURTAINS: Final = ("bedroom", "living room", "dining room", "children's room", "hotel room")
DOOR_INSIDE: Final = 0.45  # metres from the wall to the point where a person enters
PASSAGE_RADIUS: Final = 0.25  # metres: body radius for which paths to the furniture are checked
MIN_REACHABLE: Final[dict[str, int]] = {"hallway": 3, "bathroom": 5, "laundry room": 5}
MIN_WITH_AFFORDANCE: Final[dict[str, int]] = {
    "hallway": 2
}  # of the reachable ones, with seats, handles or a lying place
MIN_REACHABLE_SHARE: Final[dict[str, float]] = {"classroom": 0.5}  # of the furniture on the floor
KINDS_WITHOUT_SEATS: Final = ("hallway", "laundry room")
MAX_FURNITURE: Final[dict[str, int]] = {"classroom": 32, "library": 22, "waiting room": 24, "meeting room": 22}
MAX_INSTANCES: Final = 50  # of a room, with its floor, walls, doors and windows
MAX_ATTEMPTS: Final = 60


def make_room(kind: str, rng: np.random.Generator) -> Room:
    """A random room of that kind, drawn again until enough of its furniture can be reached from a door.

    Furniture has ids from 1 in random order; doors and windows have the ids after it. Raises InputError for an
    unknown kind, CorpusError if no draw succeeds.
    """
    if kind not in FURNISHERS:
        raise InputError(f"unknown kind of room {kind!r}: expected one of {', '.join(ROOM_KINDS)}")
    for _ in range(MAX_ATTEMPTS):
        room = _draw(kind, rng)
        if _is_usable(room):
            return room
    raise CorpusError(f"no usable {kind} in {MAX_ATTEMPTS} draws")


def furniture(room: Room) -> list[PlacedObject]:
    """The room's objects without its doors and windows."""
    return [object_ for object_ in room.objects if object_.category not in ("door", "window")]


def grounded(room: Room) -> list[PlacedObject]:
    """The furniture on the floor, without flat objects such as rugs."""
    return [object_ for object_ in furniture(room) if object_.position[2] < 0.01 and object_.size[2] > FLAT_HEIGHT]


def _draw(kind: str, rng: np.random.Generator) -> Room:
    extent = BENT_HALLWAY if kind == "hallway" and rng.random() < 0.3 else EXTENTS[kind]
    layout, outline = draw_shell(extent, rng)
    doors = _doors(layout, 2 if kind == "hallway" or rng.random() < 0.15 else 1)
    curtained = 0.5 if kind in KINDS_WITH_CURTAINS else 0.08
    for _ in range(int(rng.integers(0, 2) if kind == "hallway" else rng.integers(1, 3))):
        _window(layout, curtained)
    FURNISHERS[kind](layout)
    most = MAX_INSTANCES - 1 - len(outline) - len(layout.fixed)
    kept = _within_limit(_without_blocked_curtains(layout.objects), MAX_FURNITURE.get(kind, 18))[:most]
    placed = [replace(object_, top=free_top(object_, kept)) for object_ in kept]
    order = rng.permutation(len(placed)) + 1
    objects = sorted((replace(o, id=int(i)) for o, i in zip(placed, order, strict=True)), key=lambda o: o.id)
    fixed = [replace(object_, id=len(placed) + 1 + i) for i, object_ in enumerate(layout.fixed)]
    height = round(float(rng.uniform(2.4, 2.9)), 2)
    return Room(kind, np.array(outline), height, tuple(doors), (*objects, *fixed))


def _doors(layout: Layout, wanted: int) -> list[FloorPoint]:
    """Set up to ``wanted`` doors into different walls; returns the points where a person enters."""
    points: list[FloorPoint] = []
    for _ in range(wanted):
        point = _door(layout)
        if point is not None:
            points.append(point)
    return points


def _door(layout: Layout) -> FloorPoint | None:
    """Set a door into a wall and keep the floor in front of it free; returns the point where a person enters."""
    object_ = make_object("door", layout.rng)
    half = object_.size[0] / 2
    for _ in range(20):
        index = layout.random_wall()
        wall = layout.walls[index]
        if wall.length < 2 * half + 0.4 or any(opening.wall == index for opening in layout.openings):
            continue
        t = float(layout.rng.uniform(half + 0.1, wall.length - half - 0.1))
        x, y = wall.at(t, 0.5)
        ahead = Rect(x, y, half, 0.5, wall.yaw)
        if not layout.fits(ahead.grown(-0.02)):  # a notch or another wall is too near
            continue
        _set_into_wall(layout, object_, (index, t), 0.0)
        layout.zones.append(Zone(ahead, -1))
        inside = wall.at(t, DOOR_INSIDE)
        return round(inside[0], 4), round(inside[1], 4)
    return None


def _window(layout: Layout, curtained: float) -> None:
    object_ = make_object("window", layout.rng)
    half, sill = object_.size[0] / 2, round(float(layout.rng.uniform(0.98, 1.1)), 3)
    for _ in range(8):
        index = layout.random_wall()
        length = layout.walls[index].length
        if length < 2 * half + 0.3:
            continue
        t = float(layout.rng.uniform(half + 0.1, length - half - 0.1))
        if not layout.blocked(index, t - half - 0.1, t + half + 0.1):
            _set_into_wall(layout, object_, (index, t), sill)
            if layout.rng.random() < curtained:
                _curtains(layout, index, (t - half, t + half), sill)
            return


def _curtains(layout: Layout, index: int, span: tuple[float, float], sill: float) -> None:
    """Hang curtains at both sides of a window, where the wall is wide enough."""
    object_, wall = make_object("curtain", layout.rng), layout.walls[index]
    half = object_.size[0] / 2
    for t in (span[0] - half * 0.4, span[1] + half * 0.4):
        free = half + 0.05 < t < wall.length - half - 0.05
        if free and not any(o.wall == index and o.bottom < 0.1 and o.low < t + half and t - half < o.high
                            for o in layout.openings):  # fmt: skip
            x, y = wall.at(t, object_.size[1] / 2 + 0.06)
            at = (round(x, 4), round(y, 4), round(sill - 0.01, 3))
            layout.objects.append(replace(object_, position=at, yaw=round(wall.yaw, 6)))
            layout.openings.append(Opening(index, t - half, t + half, sill))


def _set_into_wall(layout: Layout, object_: PlacedObject, at: tuple[int, float], bottom: float) -> None:
    """Set the object into the wall so that its front is two centimetres inside the room."""
    wall, half = layout.walls[at[0]], object_.size[0] / 2
    x, y = wall.at(at[1], 0.02 - object_.size[1] / 2)
    layout.fixed.append(replace(object_, position=(round(x, 4), round(y, 4), bottom), yaw=round(wall.yaw, 6)))
    layout.openings.append(Opening(at[0], at[1] - half, at[1] + half, bottom))


def _without_blocked_curtains(objects: list[PlacedObject]) -> list[PlacedObject]:
    """The objects without curtains that overlap furniture."""
    return [o for o in objects if o.category != "curtain" or not any(_blocks(o, other) for other in objects)]


def _blocks(curtain: PlacedObject, other: PlacedObject) -> bool:
    rises = other.position[2] + other.size[2] > curtain.position[2]
    return other.category != "curtain" and rises and rect_of(other).overlaps(rect_of(curtain))


def _within_limit(objects: list[PlacedObject], most: int) -> list[PlacedObject]:
    """The first ``most`` pieces of furniture, with hanging and portable objects, except those on omitted furniture."""
    standing = [
        object_
        for object_ in objects
        if object_.position[2] < 0.01 and object_.size[2] > FLAT_HEIGHT and not object_.portable
    ]
    dropped = standing[most:]
    gone = {id(object_) for object_ in dropped}
    for object_ in objects:
        if object_.position[2] > 0.01 and any(o.distance(np.array([object_.position]))[0] == 0.0 for o in dropped):
            gone.add(id(object_))
    return [object_ for object_ in objects if id(object_) not in gone]


def _is_usable(room: Room) -> bool:
    grid, standing = free_floor(room, radius=PASSAGE_RADIUS), grounded(room)
    reached = reachable_objects(room, grid) & {object_.id for object_ in standing}
    with_affordance = [o for o in standing if o.id in reached and (o.seats or o.handles or o.lying)]
    enough = len(reached) >= MIN_REACHABLE.get(room.kind, 6) and len(with_affordance) >= MIN_WITH_AFFORDANCE.get(
        room.kind, 3
    )
    enough = enough and len(reached) >= MIN_REACHABLE_SHARE.get(room.kind, 0.7) * len(standing)
    seated = room.kind in KINDS_WITHOUT_SEATS or any(o.seats for o in with_affordance)
    doors = len(room.doors) >= (2 if room.kind == "hallway" else 1) and _doors_connected(room, grid)
    return doors and enough and seated and any(object_.portable for object_ in room.objects)


def _doors_connected(room: Room, grid: WalkableMap) -> bool:
    """Whether all doors are connected by walkable floor."""
    if len(room.doors) < 2:
        return True
    alone = free_floor(replace(room, doors=room.doors[:1]), radius=PASSAGE_RADIUS)
    return bool(grid.is_walkable(np.array(room.doors)).all() and alone.can_reach(np.array(room.doors)).all())
