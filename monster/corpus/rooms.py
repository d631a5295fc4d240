"""Rooms that people would recognise: outline, doors, windows, and furniture that somebody can walk to and use."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from monster.corpus.floor import FloorGrid, free_floor, usable
from monster.corpus.furnish import RECIPES
from monster.corpus.layout import Layout, Opening, Point, Rect, Zone
from monster.corpus.objects import make_object
from monster.corpus.world import PlacedObject, Room
from monster.errors import CorpusError, InputError

KINDS: Final[tuple[str, ...]] = tuple(RECIPES)
# Width and depth ranges in metres, how often the outline is an L.
SIZES: Final[dict[str, tuple[float, float, float]]] = {
    "bedroom": (3.3, 5.2, 0.2),
    "living room": (4.2, 6.8, 0.3),
    "kitchen": (3.4, 5.4, 0.25),
    "office": (3.8, 6.8, 0.3),
    "dining room": (3.6, 5.8, 0.2),
    "bathroom": (3.0, 3.9, 0.1),
}
DOOR_INSIDE: Final = 0.45  # metres from the wall to the point where people come in
PASSAGE: Final = 0.25  # body radius for which the way to the furniture is checked
LEAST_USABLE: Final = 6
LEAST_ACTING: Final = 3  # of these, with seats, handles or a lying place
MOST_FURNITURE: Final = 16
ATTEMPTS: Final = 60


def make_room(kind: str, rng: np.random.Generator) -> Room:
    """A random room of that kind, drawn again until enough of its furniture can be reached from a door.

    Furniture has the ids from 1 on in random order, doors and windows the ids after it. Raises InputError for an
    unknown kind, CorpusError when no draw succeeds.
    """
    if kind not in RECIPES:
        raise InputError(f"unknown kind of room {kind!r}: expected one of {', '.join(KINDS)}")
    for _ in range(ATTEMPTS):
        room = _draw(kind, rng)
        if _is_good(room, free_floor(room, radius=PASSAGE)):
            return room
    raise CorpusError(f"no usable {kind} in {ATTEMPTS} draws")


def furniture(room: Room) -> list[PlacedObject]:
    """The room's objects without its doors and windows."""
    return [thing for thing in room.objects if thing.category not in ("door", "window")]


def _draw(kind: str, rng: np.random.Generator) -> Room:
    layout, outline = _shell(kind, rng)
    doors = [_door(layout) for _ in range(2 if rng.random() < 0.15 else 1)]
    for _ in range(int(rng.integers(1, 3))):
        _window(layout)
    RECIPES[kind](layout)
    placed = _within_limit(layout.things)
    order = rng.permutation(len(placed)) + 1
    things = sorted((replace(o, id=int(i)) for o, i in zip(placed, order, strict=True)), key=lambda o: o.id)
    fixed = [replace(thing, id=len(placed) + 1 + i) for i, thing in enumerate(layout.fixed)]
    height = round(float(rng.uniform(2.4, 2.9)), 2)
    return Room(kind, np.array(outline), height, tuple(door for door in doors if door), (*things, *fixed))


def _shell(kind: str, rng: np.random.Generator) -> tuple[Layout, list[Point]]:
    low, high, bent = SIZES[kind]
    width, depth = (round(float(rng.uniform(low, high)), 2) for _ in range(2))
    x, y = (round(float(rng.uniform(-0.5, 0.5)), 2) for _ in range(2))
    left, right, back, front = x - width / 2, x + width / 2, y - depth / 2, y + depth / 2
    outline: list[Point] = [(left, back), (right, back), (right, front), (left, front)]
    notches: list[Rect] = []
    if rng.random() < bent and min(width, depth) > 3.4:
        cut_x, cut_y = (round(float(rng.uniform(0.25, 0.42)) * size, 2) for size in (width, depth))
        corner = int(rng.integers(4))
        cx, cy = outline[corner]
        sx, sy = (1 if cx < x else -1), (1 if cy < y else -1)
        inner: list[Point] = [(cx, cy + sy * cut_y), (cx + sx * cut_x, cy + sy * cut_y), (cx + sx * cut_x, cy)]
        outline[corner : corner + 1] = inner if sx * sy > 0 else inner[::-1]
        notches.append(Rect(cx + sx * cut_x / 2, cy + sy * cut_y / 2, cut_x / 2, cut_y / 2))
    outline = [(round(px, 4), round(py, 4)) for px, py in outline]
    return Layout(rng, Rect(x, y, width / 2, depth / 2), notches, outline), outline


def _door(layout: Layout) -> Point | None:
    """Set a door into a wall, keep the floor before it free, and return the point where people come in."""
    thing = make_object("door", layout.rng)
    half = thing.size[0] / 2
    for _ in range(20):
        index = layout.random_wall()
        wall = layout.walls[index]
        if wall.length < 2 * half + 0.4:
            continue
        t = float(layout.rng.uniform(half + 0.1, wall.length - half - 0.1))
        if layout.blocked(index, t - half, t + half):
            continue
        _fix(layout, thing, (index, t), 0.0)
        x, y = wall.at(t, 0.5)
        layout.zones.append(Zone(Rect(x, y, half, 0.5, wall.yaw), -1))
        inside = wall.at(t, DOOR_INSIDE)
        return round(inside[0], 4), round(inside[1], 4)
    return None


def _window(layout: Layout) -> None:
    thing = make_object("window", layout.rng)
    half, sill = thing.size[0] / 2, round(float(layout.rng.uniform(0.95, 1.1)), 3)
    for _ in range(8):
        index = layout.random_wall()
        length = layout.walls[index].length
        if length < 2 * half + 0.3:
            continue
        t = float(layout.rng.uniform(half + 0.1, length - half - 0.1))
        if not layout.blocked(index, t - half - 0.1, t + half + 0.1):
            _fix(layout, thing, (index, t), sill)
            return


def _fix(layout: Layout, thing: PlacedObject, at: tuple[int, float], bottom: float) -> None:
    """Set the object into the wall so that its front stands two centimetres into the room."""
    wall, half = layout.walls[at[0]], thing.size[0] / 2
    x, y = wall.at(at[1], 0.02 - thing.size[1] / 2)
    layout.fixed.append(replace(thing, position=(round(x, 4), round(y, 4), bottom), yaw=round(wall.yaw, 6)))
    layout.openings.append(Opening(at[0], at[1] - half, at[1] + half, bottom))


def _within_limit(things: list[PlacedObject]) -> list[PlacedObject]:
    """The first pieces up to the limit, hung and small ones not counted."""
    standing = [thing for thing in things if thing.position[2] < 0.01]
    dropped = {id(thing) for thing in standing[MOST_FURNITURE:]}
    return [thing for thing in things if id(thing) not in dropped]


def _is_good(room: Room, grid: FloorGrid) -> bool:
    standing = [thing for thing in furniture(room) if thing.position[2] < 0.01]
    reached = usable(room, grid) & {thing.id for thing in standing}
    acting = [o for o in standing if o.id in reached and (o.seats or o.handles or o.lying)]
    enough = len(reached) >= LEAST_USABLE and len(acting) >= LEAST_ACTING
    return bool(room.doors) and enough and len(reached) >= 0.7 * len(standing) and any(o.seats for o in acting)
