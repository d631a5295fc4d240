"""The prepared contents of a picture: a subsampled, coloured cloud, its floor, its outer walls, and the motions.

The page and the still pictures use the same `Stage`, so that they look the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from monster.arrays import AnyArray, FloatArray, IntArray
from monster.errors import InputError
from monster.types import Motion, Scene

NamedMotion = tuple[str, Motion]

SECTORS: Final = 48  # directions of walls, seen from the middle of the room
EYE_LEVEL: Final = 2.1  # metres above the floor; points above are hidden
_WALL_DEPTH: Final = 0.35  # metres: points closer to the outline of the room belong to its wall
_COLUMN: Final = 0.2
_WALL_HEIGHT: Final = 1.6
_CELL: Final = 0.25  # metres: cells in which points are counted
_SATURATION: Final = 0.7  # of the colours of the cloud, so that bodies stand out


@dataclass(frozen=True, eq=False)
class Stage:
    """A cloud (n, 3) with colors (n, 3) in 0..1, its floor height, and named motions; see `stage_of`."""

    points: FloatArray
    colors: FloatArray
    walls: IntArray  # (n,) sector of a point of an outer wall, -1 for all other points
    floor: float
    top: float  # height above which points are hidden
    spacing: FloatArray  # (n,) approximate distance in metres to the neighbouring points
    motions: tuple[NamedMotion, ...]
    has_scene: bool

    def visible(self, azimuth: float) -> AnyArray:
        """Mask (n,) of the points that are visible from an azimuth (radians) without the near walls."""
        facing = np.cos((np.arange(SECTORS) + 0.5) * (2 * np.pi / SECTORS) - np.pi - azimuth) > 0.25
        near_wall = np.append(facing, False)[self.walls]
        return np.asarray((self.points[:, 2] < self.top) & ~near_wall)

    @property
    def focus(self) -> FloatArray:
        """Lower and upper corner (2, 3) of the space of the motions, or of the cloud if there are none."""
        if not self.motions:
            return np.stack([self.points.min(axis=0), self.points.max(axis=0)])
        joints = np.concatenate([motion.joints.reshape(-1, 3) for _, motion in self.motions])
        return np.stack([joints.min(axis=0), joints.max(axis=0)])


def stage_of(scene: Scene | None, motions: Sequence[NamedMotion], *, most: int = 30_000) -> Stage:
    """Make a stage of at most ``most`` points. Without a scene the floor is a grid of one metre.

    Raises InputError if there is neither a scene nor a motion.
    """
    if scene is None and not motions:
        raise InputError("a picture needs a scene or at least one motion")
    if scene is None:
        points, colors, floor, spacing = _grid(motions)
    else:
        rows = _subsampled(scene.points, most)
        points, colors = scene.points[rows], _colors(scene, rows)
        floor, spacing = float(np.percentile(points[:, 2], 1)), _spacing(points)
    heads = max((float(motion.joints[..., 2].max()) for _, motion in motions), default=floor)
    walls = _outer_walls(points, floor) if scene is not None else np.full(len(points), -1, dtype=np.int64)
    top = max(floor + EYE_LEVEL, heads + 0.15)
    return Stage(points, colors, walls, floor, top, spacing, tuple(motions), scene is not None)


def _subsampled(points: FloatArray, most: int) -> IntArray:
    """Rows of at most ``most`` points, evenly distributed: the first point in each cell of a grid."""
    rows = np.arange(len(points))
    cell = 0.015
    while len(rows) > most:
        cells = np.floor((points[rows] - points.min(axis=0)) / cell).astype(np.int64)
        spans = cells.max(axis=0) + 1
        keys = (cells[:, 0] * spans[1] + cells[:, 1]) * spans[2] + cells[:, 2]
        rows = rows[np.unique(keys, return_index=True)[1]]
        cell *= 1.15
    return np.sort(rows)


def _spacing(points: FloatArray) -> FloatArray:
    """Distance (n,) of each point to its neighbours, estimated from the count of points in its cell."""
    cells = np.floor(points / _CELL).astype(np.int64)
    _, inverse, counts = np.unique(cells, axis=0, return_inverse=True, return_counts=True)
    distance = _CELL / np.sqrt(counts[inverse.reshape(-1)])
    typical = float(np.median(distance))
    return np.clip(distance, max(0.004, typical / 2), min(0.2, typical * 1.6)).astype(np.float32)


def _colors(scene: Scene, rows: IntArray) -> FloatArray:
    """Colours of the cloud, else one hue per instance, else a shade by height; all mixed with light grey."""
    if scene.colors is not None:
        base = scene.colors[rows]
    elif scene.instances is not None:
        base = np.where((scene.instances[rows] < 0)[:, None], 0.75, _hues(scene.instances[rows]))
    else:
        height = scene.points[rows, 2]
        low, high = np.percentile(height, [1, 99])
        share = np.clip((height - low) / max(high - low, 1e-3), 0, 1)[:, None]
        base = (1 - share) * np.array([0.62, 0.66, 0.72]) + share * np.array([0.90, 0.86, 0.78])
    grey = base.mean(axis=1, keepdims=True)
    return np.asarray(0.12 + 0.88 * (_SATURATION * base + (1 - _SATURATION) * grey) ** 0.85, dtype=np.float32)


def _hues(instances: IntArray) -> FloatArray:
    turn = (instances * 0.618034) % 1.0  # the golden ratio keeps neighbouring ids apart
    waves = np.cos(2 * np.pi * (turn[:, None] + np.array([0.0, 1 / 3, 2 / 3])))
    return np.asarray(0.66 + 0.22 * waves, dtype=np.float32)


def _outer_walls(points: FloatArray, floor: float) -> IntArray:
    """Sector (n,) of the points at the outline of the room, seen from its centre; -1 for the others."""
    middle = (np.percentile(points[:, :2], 2, axis=0) + np.percentile(points[:, :2], 98, axis=0)) / 2
    flat = points[:, :2] - middle
    reach = np.linalg.norm(flat, axis=1)
    sector = ((np.arctan2(flat[:, 1], flat[:, 0]) + np.pi) / (2 * np.pi) * SECTORS).astype(np.int64) % SECTORS
    outline = np.array([np.percentile(reach[sector == i], 98) if (sector == i).any() else 0.0 for i in range(SECTORS)])
    at_outline = (reach > outline[sector] - _WALL_DEPTH) & (points[:, 2] > floor + 0.12)
    return np.where(at_outline & _in_tall_column(points, floor), sector, -1)


def _in_tall_column(points: FloatArray, floor: float) -> AnyArray:
    """Mask (n,) of the points in columns taller than furniture, because a chair at the wall is not the wall."""
    columns = np.floor(points[:, :2] / _COLUMN).astype(np.int64)
    _, inverse = np.unique(columns, axis=0, return_inverse=True)
    inverse = inverse.reshape(-1)
    tops = np.full(inverse.max() + 1, -np.inf)
    np.maximum.at(tops, inverse, points[:, 2])
    return np.asarray(tops[inverse] > floor + _WALL_HEIGHT)


def _grid(motions: Sequence[NamedMotion]) -> tuple[FloatArray, FloatArray, float, FloatArray]:
    """A floor of one-metre tiles under the motions: points, colours, height, spacing."""
    joints = np.concatenate([motion.joints.reshape(-1, 3) for _, motion in motions])
    low, high = np.floor(joints[:, :2].min(axis=0) - 0.8), np.ceil(joints[:, :2].max(axis=0) + 0.8)
    step = float(max(0.04, np.sqrt(np.prod(high - low) / 28_000)))
    xs, ys = (np.arange(low[i], high[i], step) + step / 2 for i in (0, 1))
    flat = np.stack(np.meshgrid(xs, ys, indexing="ij"), axis=-1).reshape(-1, 2)
    floor = float(joints[..., 2].min()) - 0.02
    points = np.column_stack([flat, np.full(len(flat), floor)]).astype(np.float32)
    dark = np.floor(flat).sum(axis=1) % 2
    colors = np.repeat(0.93 - 0.07 * dark[:, None], 3, axis=1).astype(np.float32)
    return points, colors, floor, np.full(len(points), step, dtype=np.float32)


def key_frames(motion: Motion, *, least: int = 3, most: int = 7, stride: float = 0.55) -> IntArray:
    """Key frames of a motion, evenly spaced along the path of its joints, so that pauses get few frames."""
    moved = np.linalg.norm(np.diff(motion.joints, axis=0), axis=-1).mean(axis=1)
    travelled = np.concatenate([[0.0], np.cumsum(moved)])
    count = int(np.clip(round(travelled[-1] / stride) + 1, least, most))
    frames = np.searchsorted(travelled, np.linspace(0, travelled[-1], count))
    frames[-1] = len(motion) - 1
    return np.unique(np.minimum(frames, len(motion) - 1))
