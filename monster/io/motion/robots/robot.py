"""A robot as a tree of links turned by hinges, its forward kinematics, and where a person's 22 joints are in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from monster.arrays import DoubleArray, IntArray
from monster.io.motion.kinematics import axis_angle_matrices, forward, quaternion_matrices
from monster.skeleton import JOINTS

Point = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]


@dataclass(frozen=True)
class Link:
    """One link: its parent, its place and fixed turn (w x y z) in the parent, its hinge's axis and limits (radians)."""

    name: str
    parent: str
    position: Point
    turn: Quaternion
    axis: str
    limits: tuple[float, float]
    joint: str

    def mirrored(self) -> Link:
        """The same link of the right side: y points to the left."""
        x, y, z = self.position
        turn = (self.turn[0], -self.turn[1], self.turn[2], -self.turn[3])
        low, high = self.limits
        return Link(
            _right(self.name),
            _right(self.parent),
            (x, -y, z),
            turn,
            self.axis,
            (low, high) if self.axis == "y" else (-high, -low),
            _right(self.joint),
        )


@dataclass(frozen=True)
class Robot:
    """A robot whose root link stands ``height`` metres above the floor when all angles are 0.

    ``links`` are in the order of their hinges in MuJoCo, parents first, without the ``root``. ``body`` says for each of
    the 22 joints on which link and at which point of it (metres) it is.
    """

    name: str
    root: str
    height: float
    links: tuple[Link, ...]
    body: Mapping[str, tuple[str, Point]]

    @cached_property
    def link_names(self) -> tuple[str, ...]:
        """All links, the root first."""
        return (self.root, *(link.name for link in self.links))

    @cached_property
    def joint_names(self) -> tuple[str, ...]:
        """The hinges without endings such as ``_joint``, in the order of their angles."""
        return tuple(link.joint for link in self.links)

    @cached_property
    def parents(self) -> tuple[int, ...]:
        """The place of each link's parent in ``link_names``, -1 for the root."""
        return (-1, *(self.link_names.index(link.parent) for link in self.links))

    @cached_property
    def limits(self) -> DoubleArray:
        """Lowest and highest angle of each hinge (hinges, 2), radians."""
        return np.array([link.limits for link in self.links])

    @cached_property
    def lengths(self) -> DoubleArray:
        """Distance of each link but the root from its parent (links - 1,), metres."""
        return np.asarray(np.linalg.norm([link.position for link in self.links], axis=1))

    @cached_property
    def breadth_first(self) -> IntArray:
        """Places in ``link_names`` in the order of Isaac Lab: level by level, each level in the order of its parents.

        Within one parent the left side comes before the right, and both before the middle.
        """
        order = [0]
        for place in order:
            order += [child for child, parent in enumerate(self.parents) if parent == place]
        return np.array(order)

    def link_poses(self, position: DoubleArray, turn: DoubleArray, angles: DoubleArray) -> DoubleArray:
        """Places of all links (frames, links, 3) from the root's place (frames, 3), turn (frames, 3, 3), and angles."""
        offsets, turns = self._chain(position, turn, angles)
        return forward(self.parents, offsets, turns)

    def body_joints(self, position: DoubleArray, turn: DoubleArray, angles: DoubleArray) -> DoubleArray:
        """The 22 joints (frames, 22, 3), z up, from the root's place, its turn, and angles (frames, hinges)."""
        offsets, turns = self._chain(position, turn, angles)
        places = [self.body[joint] for joint in JOINTS]
        points = np.array([point for _, point in places])
        offsets = np.concatenate([offsets, np.broadcast_to(points, (len(angles), *points.shape))], axis=1)
        still = np.broadcast_to(np.eye(3), (len(angles), len(places), 3, 3))
        parents = (*self.parents, *(self.link_names.index(link) for link, _ in places))
        return forward(parents, offsets, np.concatenate([turns, still], axis=1))[:, len(self.link_names) :]

    def joints_on_links(self, places: DoubleArray, turns: DoubleArray) -> DoubleArray:
        """The 22 joints (frames, 22, 3) from places (frames, links, 3) and turns (frames, links, 3, 3) of all links."""
        joints = np.empty((len(places), len(JOINTS), 3))
        for index, joint in enumerate(JOINTS):
            name, point = self.body[joint]
            link = self.link_names.index(name)
            joints[:, index] = places[:, link] + turns[:, link] @ np.array(point)
        return joints

    def _chain(self, position: DoubleArray, turn: DoubleArray, angles: DoubleArray) -> tuple[DoubleArray, DoubleArray]:
        """Places (frames, links, 3) and turns (frames, links, 3, 3) of all links, local to their parents."""
        frames, count = len(angles), len(self.links)
        offsets = np.empty((frames, count + 1, 3))
        offsets[:, 0] = position
        offsets[:, 1:] = np.array([link.position for link in self.links])
        axes = np.array([np.eye(3)["xyz".index(link.axis)] for link in self.links])
        fixed = quaternion_matrices(np.roll([link.turn for link in self.links], -1, axis=1))
        turns = np.empty((frames, count + 1, 3, 3))
        turns[:, 0] = turn
        turns[:, 1:] = fixed @ axis_angle_matrices(angles[..., None] * axes)
        return offsets, turns


def _right(name: str) -> str:
    return name.replace("left_", "right_", 1)
