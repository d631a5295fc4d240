"""A small room and a walker, made from numbers alone, for tests of pictures and of the command line."""

from __future__ import annotations

import numpy as np

from monster.skeleton import INDEX
from monster.types import Motion, Scene

_HEIGHTS = {
    "pelvis": 0.95, "hip": 0.9, "spine1": 1.05, "knee": 0.5, "spine2": 1.15, "ankle": 0.08, "spine3": 1.25,
    "foot": 0.02, "neck": 1.45, "collar": 1.4, "head": 1.58, "shoulder": 1.4, "elbow": 1.12, "wrist": 0.88,
}  # fmt: skip
_SIDES = {
    "hip": 0.1,
    "knee": 0.1,
    "ankle": 0.1,
    "foot": 0.1,
    "collar": 0.08,
    "shoulder": 0.19,
    "elbow": 0.22,
    "wrist": 0.24,
}


def standing() -> np.ndarray:
    """One upright pose (22, 3) that faces +y."""
    pose = np.zeros((22, 3), dtype=np.float32)
    for name, index in INDEX.items():
        part = name.split("_")[-1]
        side = {"left": -1.0, "right": 1.0}.get(name.split("_")[0], 0.0)
        pose[index] = (side * _SIDES.get(part, 0.0), 0.12 if part == "foot" else 0.0, _HEIGHTS[part])
    return pose


def walker(frames: int = 40, *, still: int = 0, placed: bool = True) -> Motion:
    """Somebody who glides 1.6 m along +x and then stands still."""
    way = np.concatenate([np.linspace(-0.8, 0.8, frames), np.full(still, 0.8)])
    joints = standing()[None] + way[:, None, None] * np.array([1.0, 0.0, 0.0])
    return Motion(joints.astype(np.float32), placed=placed)


def box_room(count: int = 4_000, seed: int = 0) -> Scene:
    """Floor and four walls of a room of 4 x 4 x 2.5 m, and a box for a table; two labelled instances."""
    rng = np.random.default_rng(seed)
    share = count // 5
    floor = np.column_stack([rng.uniform(-2, 2, (share * 2, 2)), np.zeros(share * 2)])
    along, up = rng.uniform(-2, 2, share * 2), rng.uniform(0, 2.5, share * 2)
    side = np.where(rng.random(share * 2) < 0.5, -2.0, 2.0)
    walls = np.where(
        rng.random(share * 2)[:, None] < 0.5, np.column_stack([side, along, up]), np.column_stack([along, side, up])
    )
    table = rng.uniform((0.8, 0.8, 0), (1.5, 1.5, 0.7), (count - share * 4, 3))
    points = np.concatenate([floor, walls, table]).astype(np.float32)
    instances = np.repeat([0, -1, 1], [share * 2, share * 2, count - share * 4])
    colors = np.repeat(
        [[0.7, 0.6, 0.5], [0.9, 0.9, 0.85], [0.4, 0.25, 0.15]], [share * 2, share * 2, count - share * 4], axis=0
    )
    return Scene(points, colors.astype(np.float32), instances, {0: "floor", 1: "table"})
