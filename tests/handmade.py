"""A hand-made room of 5 m by 5 m: a chair, a bed, a table, a shelf, and a door in the south."""

from __future__ import annotations

from functools import cache

import numpy as np

from monster.skeleton import INDEX, JOINT_COUNT
from worlds.actions.perform import find_candidates, perform
from worlds.geometry.relations import FloorPlan
from worlds.rooms.floor import free_floor
from worlds.rooms.rooms import ROOM_KINDS, make_room
from worlds.types import ActionInstance, ActionName, Performance, PlacedObject, Room, Solid

CHAIR, BED, TABLE, SHELF = 1, 2, 3, 4
DOOR, CUPBOARD, SINK, WORKTOP, BOX, PARCEL = 11, 12, 13, 14, 15, 16
GREY = (0.5, 0.5, 0.5)
Triple = tuple[float, float, float]


def box(center: Triple, size: Triple) -> Solid:
    return Solid(center, size, GREY)


def chair(position: Triple, yaw: float, number: int = CHAIR) -> PlacedObject:
    solids = (box((0, 0, 0.44), (0.45, 0.45, 0.04)), box((0, -0.2, 0.68), (0.45, 0.05, 0.45)))
    return PlacedObject(number, "chair", position, yaw, (0.45, 0.45, 0.9), solids, seats=((0.0, 0.0, 0.46),))


def bed(position: Triple, yaw: float) -> PlacedObject:
    solids = (box((0, 0, 0.25), (2.0, 1.4, 0.5)),)
    lying = ((0.1, 0.1, 0.5), (-0.65, 0.1, 0.5))
    return PlacedObject(BED, "bed", position, yaw, (2.0, 1.4, 0.5), solids, seats=((0.3, 0.46, 0.5),), lying=lying)


def table(position: Triple, yaw: float) -> PlacedObject:
    solids = (box((0, 0, 0.37), (1.2, 0.7, 0.74)),)
    return PlacedObject(TABLE, "table", position, yaw, (1.2, 0.7, 0.74), solids, handles=((0.3, 0.32, 0.76),))


def shelf(position: Triple, yaw: float) -> PlacedObject:
    solids = (box((0, 0, 0.9), (0.9, 0.3, 1.8)),)
    handles = ((0.0, 0.15, 1.25), (0.0, 0.15, 0.85), (0.0, 0.15, 1.65))
    return PlacedObject(SHELF, "bookshelf", position, yaw, (0.9, 0.3, 1.8), solids, handles=handles)


def plain_room(*more: PlacedObject) -> Room:
    """The chair is on free floor, bed and shelf are at walls, the table is in a corner."""
    outline = np.array([[-2.5, -2.5], [2.5, -2.5], [2.5, 2.5], [-2.5, 2.5]])
    objects = (
        chair((0.2, 0.6, 0.0), 0.5),
        bed((-1.4, 1.75, 0.0), np.pi),
        table((1.8, -2.1, 0.0), 0.0),
        shelf((2.3, 1.2, 0.0), np.pi / 2),
        *more,
    )
    return Room("room", outline, 2.6, ((-1.5, -2.1),), objects)


def cupboard_all_round(number: int = 9) -> tuple[PlacedObject, ...]:
    """Four boxes that enclose the chair of the plain room."""
    places = ((0.2, 1.35), (0.2, -0.15), (0.95, 0.6), (-0.55, 0.6))
    sizes = ((1.6, 0.3), (1.6, 0.3), (0.3, 1.2), (0.3, 1.2))
    return tuple(
        PlacedObject(number + i, "box", (x, y, 0.0), 0.0, (w, d, 1.0), (box((0, 0, 0.5), (w, d, 1.0)),))
        for i, ((x, y), (w, d)) in enumerate(zip(places, sizes, strict=True))
    )


def workshop() -> Room:
    """A door, a cupboard, a sink and a worktop at walls, a box on the floor and one on the worktop."""
    outline = np.array([[-2.5, -2.5], [2.5, -2.5], [2.5, 2.5], [-2.5, 2.5]])
    door = PlacedObject(
        DOOR, "door", (-1.2, -2.5, 0.0), 0.0, (0.9, 0.1, 2.0), (box((0, 0, 1.0), (0.9, 0.1, 2.0)),),
        grips=((0.38, 0.1, 1.02),),
    )  # fmt: skip
    cupboard = PlacedObject(
        CUPBOARD, "cabinet", (2.28, 1.2, 0.0), np.pi / 2, (0.9, 0.4, 1.7), (box((0, 0, 0.85), (0.9, 0.4, 1.7)),),
        grips=((-0.06, 0.24, 1.05), (0.06, 0.24, 1.05)),
    )  # fmt: skip
    sink = PlacedObject(
        SINK, "sink", (-2.23, 0.3, 0.0), -np.pi / 2, (0.6, 0.5, 0.86), (box((0, 0, 0.35), (0.6, 0.5, 0.7)),),
        basin=(0.0, -0.03, 0.86),
    )  # fmt: skip
    worktop = PlacedObject(
        WORKTOP, "counter", (0.3, 2.2, 0.0), np.pi, (1.6, 0.6, 0.9), (box((0, 0, 0.45), (1.6, 0.6, 0.9)),),
        top=(-0.75, 0.75, -0.3, 0.3, 0.9),
    )  # fmt: skip
    crate = PlacedObject(
        BOX, "box", (0.9, 0.1, 0.0), 0.4, (0.4, 0.32, 0.3), (box((0, 0, 0.15), (0.4, 0.32, 0.3)),), portable=True
    )
    parcel = PlacedObject(
        PARCEL, "parcel", (-0.2, 2.08, 0.9), np.pi, (0.3, 0.25, 0.2), (box((0, 0, 0.1), (0.3, 0.25, 0.2)),),
        portable=True,
    )  # fmt: skip
    return Room("workshop", outline, 2.6, ((-1.2, -2.0),), (door, cupboard, sink, worktop, crate, parcel))


def act(action: str, *targets: int) -> ActionInstance:
    """An action on objects of the room."""
    return ActionInstance(ActionName(action), targets)


@cache
def performed(action: str) -> tuple[FloorPlan, Performance, tuple[int, ...]]:
    """A performance of one action, in the first seeded room that allows it."""
    for seed in range(40):
        rng = np.random.default_rng(seed)
        room = make_room(ROOM_KINDS[seed % len(ROOM_KINDS)], rng)
        floor, plan = free_floor(room), FloorPlan(room)
        for done, targets in ((one.action, one.targets) for one in find_candidates(room, floor)):
            if done == action and all(plan.phrases(target) for target in targets):
                performance = perform(room, [act(action, *targets)], rng, floor=floor)
                if performance is not None:
                    return plan, performance, targets
    raise AssertionError(f"no room allows {action}")


def walk(points: list[tuple[float, float]], seconds: float) -> np.ndarray:
    """A stiff body that glides along corner points at even speed."""
    corners = np.array(points)
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(corners, axis=0), axis=1))])
    at = np.linspace(0, length[-1], round(seconds * 20))
    joints = np.zeros((len(at), JOINT_COUNT, 3))
    joints[..., 2] = 0.9
    for axis in range(2):
        joints[..., axis] = np.interp(at, length, corners[:, axis])[:, None]
    joints[:, INDEX["left_hip"], 0] += 0.1
    return joints
