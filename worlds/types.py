"""Types of the generator: rooms with objects, and the actions that a body performs in them.

Metres, radians, z up, floor at z = 0. A room is centred near the origin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

import numpy as np

from monster.arrays import DoubleArray, FloatArray

Array = DoubleArray
Point = tuple[float, float, float]
Top = tuple[float, float, float, float, float]  # a surface: x low, x high, y low, y high, z
ActionName = NewType("ActionName", str)  # of a registered action: see `worlds.actions.registry`


@dataclass(frozen=True, eq=False)
class Solid:
    """A box in local coordinates of an object (x right, y front, z up; origin on the floor below its middle)."""

    center: tuple[float, float, float]
    size: tuple[float, float, float]
    color: tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class PlacedObject:
    """An object in the room: category, pose, shape and affordances.

    Local coordinates have their origin on the floor below the middle of the object, x to its right and y to its front.
    ``yaw`` rotates them into room coordinates. The front is the side that a person comes from: the open side of a
    chair, the free long side of a bed, the doors of a cupboard. All points and lengths below are local.
    """

    id: int  # instance id in the point cloud
    category: str  # "chair", "bed" ...: NYU40 / ScanNet words
    position: Point  # of the local origin, in the room
    yaw: float
    size: Point  # width (x), depth (y), height (z)
    solids: tuple[Solid, ...]  # define the surfaces of the scan and the collisions of bodies
    seats: tuple[Point, ...] = ()  # on a sitting surface; a sitting person faces +y
    lying: tuple[Point, Point] | None = None  # of the pelvis and the head of a lying person
    handles: tuple[Point, ...] = ()  # that a standing person can reach
    grips: tuple[Point, ...] = ()  # that open doors and drawers
    basin: Point | None = None  # over which hands are washed
    top: Top | None = None  # free surface on which objects can stand
    portable: bool = False  # can be lifted with two hands

    def to_room(self, points: DoubleArray) -> DoubleArray:
        """Local points (n, 3) in room coordinates."""
        return np.asarray(np.atleast_2d(points) @ self._rotation.T + np.asarray(self.position), dtype=np.float64)

    def to_local(self, points: DoubleArray) -> DoubleArray:
        """Room points (n, 3) in local coordinates."""
        return np.asarray((np.atleast_2d(points) - np.asarray(self.position)) @ self._rotation, dtype=np.float64)

    @property
    def _rotation(self) -> DoubleArray:
        cos, sin = np.cos(self.yaw), np.sin(self.yaw)
        return np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])

    @property
    def front(self) -> DoubleArray:
        """Unit direction (2,) on the floor that the object faces."""
        return np.array([-np.sin(self.yaw), np.cos(self.yaw)])

    def footprint(self) -> DoubleArray:
        """The corners (4, 2) of the bounding rectangle on the floor of the room, counter-clockwise."""
        w, d = self.size[0] / 2, self.size[1] / 2
        corners = np.array([[-w, -d, 0.0], [w, -d, 0.0], [w, d, 0.0], [-w, d, 0.0]])
        return self.to_room(corners)[:, :2]

    def distance(self, points: DoubleArray) -> DoubleArray:
        """Distances (n,) in metres on the floor from room points (n, 2 or 3) to the bounding rectangle; 0 inside."""
        flat = np.zeros((len(np.atleast_2d(points)), 3))
        flat[:, :2] = np.atleast_2d(points)[:, :2]
        outside = np.abs(self.to_local(flat)[:, :2]) - np.array(self.size[:2]) / 2
        return np.asarray(np.linalg.norm(np.maximum(outside, 0.0), axis=1), dtype=np.float64)


Targets = tuple[PlacedObject, ...]  # of an action


@dataclass(frozen=True, eq=False)
class Room:
    """A room: kind, counter-clockwise floor polygon (n, 2), height, doors and objects."""

    kind: str
    outline: DoubleArray
    height: float
    doors: tuple[tuple[float, float], ...]  # floor points just inside each door
    objects: tuple[PlacedObject, ...]

    def by_id(self, instance: int) -> PlacedObject:
        """The object with that instance id."""
        return next(object_ for object_ in self.objects if object_.id == instance)


@dataclass(frozen=True)
class ActionInstance:
    """An action with the instance ids of its targets; ``frames`` is set once it has been performed."""

    action: ActionName
    targets: tuple[int, ...] = ()
    frames: range | None = None


@dataclass(frozen=True, eq=False)
class Performance:
    """A generated motion: joints (frames, 22, 3) at 20 fps in the room, and its actions in order.

    The actions cover the motion without gaps: the first starts at frame 0, the last ends with the motion.
    """

    joints: FloatArray
    actions: tuple[ActionInstance, ...]
    style: str = "normal"  # "slowly", "quickly", "normal"
