"""The generator's own words: a room with placed objects, and what a body does in it.

Rooms (`rooms`, `objects`) make a `Room`; `scan` turns it into the point cloud that a `Scene` holds; `motions` writes a
body's movement through it; `captions` says what happened; `checker` decides from the geometry whether that is true.
Metres, radians, z up, floor at z = 0. A room is centred near the origin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
ActionName = NewType("ActionName", str)  # of a registered action: see `worlds.actions.registry`
Deed = tuple[ActionName, tuple[int, ...]]  # an action and the ids of the objects that it is done to


@dataclass(frozen=True, eq=False)
class Solid:
    """A box in an object's own frame (x right, y front, z up; origin on the floor below the object's middle)."""

    center: tuple[float, float, float]
    size: tuple[float, float, float]
    color: tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class PlacedObject:
    """A piece of furniture in the room: what it is, where it stands, what a person can do with it.

    ``yaw`` turns the object's own frame into the room's; its front (own +y) is the side that a user comes from:
    a chair's open side, the free long side of a bed, the doors of a cupboard.
    """

    id: int  # instance id in the point cloud
    category: str  # "chair", "bed" ...: NYU40 / ScanNet words
    position: tuple[float, float, float]  # where the own frame's origin is in the room
    yaw: float
    size: tuple[float, float, float]  # own width (x), depth (y), height (z)
    solids: tuple[Solid, ...]  # what its surfaces are sampled from and what no body may enter
    seats: tuple[
        tuple[float, float, float], ...
    ] = ()  # own-frame points on top of a sitting surface; sitters face own +y
    lying: tuple[tuple[float, float, float], tuple[float, float, float]] | None = (
        None  # pelvis point, head point: own frame
    )
    handles: tuple[tuple[float, float, float], ...] = ()  # own-frame points that a standing person can reach for
    grips: tuple[tuple[float, float, float], ...] = ()  # own-frame points of door and drawer handles: pulled to open
    basin: tuple[float, float, float] | None = None  # own-frame point above which hands are washed
    top: tuple[float, float, float, float, float] | None = None  # free surface, own frame: x low, high, y low, high, z
    portable: bool = False  # two hands can lift it by its sides

    def to_room(self, points: Array) -> Array:
        """Own-frame points (n, 3) in the room's coordinates."""
        cos, sin = np.cos(self.yaw), np.sin(self.yaw)
        turn = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
        return np.asarray(np.atleast_2d(points) @ turn.T + np.asarray(self.position), dtype=np.float64)

    def to_own(self, points: Array) -> Array:
        """Room points (n, 3) in the object's own frame."""
        cos, sin = np.cos(self.yaw), np.sin(self.yaw)
        turn = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
        return np.asarray((np.atleast_2d(points) - np.asarray(self.position)) @ turn, dtype=np.float64)

    @property
    def front(self) -> Array:
        """Unit direction (2,) on the floor that the object faces."""
        return np.array([-np.sin(self.yaw), np.cos(self.yaw)])

    def footprint(self) -> Array:
        """The four floor corners (4, 2) of the object's bounding rectangle, counter-clockwise, in the room."""
        w, d = self.size[0] / 2, self.size[1] / 2
        corners = np.array([[-w, -d, 0.0], [w, -d, 0.0], [w, d, 0.0], [-w, d, 0.0]])
        return self.to_room(corners)[:, :2]

    def distance(self, points: Array) -> Array:
        """Floor distance (n,) from room points (n, 2 or 3) to the bounding rectangle; 0 inside."""
        flat = np.zeros((len(np.atleast_2d(points)), 3))
        flat[:, :2] = np.atleast_2d(points)[:, :2]
        own = np.abs(self.to_own(flat)[:, :2]) - np.array(self.size[:2]) / 2
        return np.asarray(np.linalg.norm(np.maximum(own, 0.0), axis=1), dtype=np.float64)


Targets = tuple[PlacedObject, ...]  # the objects that an action is done to


@dataclass(frozen=True, eq=False)
class Room:
    """A room: kind, floor polygon (n, 2) counter-clockwise, height, doors and the objects that stand in it."""

    kind: str
    outline: Array
    height: float
    doors: tuple[tuple[float, float], ...]  # floor points just inside each door: where people come in
    objects: tuple[PlacedObject, ...]

    def by_id(self, instance: int) -> PlacedObject:
        """The object with that instance id."""
        return next(thing for thing in self.objects if thing.id == instance)


@dataclass(frozen=True)
class Event:
    """One thing that the body did: the action, the objects' instance ids, and the frames it took (end excluded)."""

    action: ActionName
    targets: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Performance:
    """A generated motion: joints (frames, 22, 3) at 20 fps in the room, and the events in their order."""

    joints: NDArray[np.float32]
    events: tuple[Event, ...]
    style: str = "normal"  # "slowly", "quickly", "normal"
