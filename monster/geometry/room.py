"""Detects the up axis of the points of a room, its floor, and the tilt of the floor.

In the up direction a flat layer covers a large area, almost no points are below it, most points are in the lower half,
and the extent is that of a storey. Ties are broken by the usual order: z, then y.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from monster.geometry.axes import UPS, to_z_up

SURE_UP: Final = 1.2  # ratio of the best to the next up direction to count as detected
_USUAL: Final[dict[str, float]] = {"z": 1.5, "y": 1.0, "-y": 0.5, "-z": 0.4, "x": 0.25, "-x": 0.25}
_GRID: Final = 0.05  # metres
_MAX_CELLS: Final = 2**62
_STOREY: Final = 3.2  # metres
_LARGEST_TILT: Final = 30.0  # degrees


def detect_up(points: DoubleArray) -> tuple[str, float]:
    """The axis that points up in points (n, 3) in metres, and the ratio of its score to the next one."""
    cells = _voxel_centers(points, _GRID)
    scores = {up: _floor_score(to_z_up(cells, up)) * _USUAL[up] for up in UPS}
    best, second = sorted(scores, key=lambda up: -scores[up])[:2]
    return best, scores[best] / max(scores[second], 1e-9)


def floor_height(points: DoubleArray) -> float | None:
    """Height of the floor layer in points (n, 3) with z up; None if there is none."""
    layer, share, _ = _lowest_layer(_voxel_centers(points, _GRID)[:, 2])
    near = points[np.abs(points[:, 2] - layer) < _GRID, 2]
    return float(np.median(near)) if share > 0.03 and len(near) else None


def floor_tilt(points: DoubleArray) -> float:
    """Tilt of the floor in degrees in points (n, 3) with z up; 0 if unclear."""
    return level_floor(points)[0]


def _voxel_centers(points: DoubleArray, grid: float) -> DoubleArray:
    """One point for each occupied cell of a grid, so that the density does not matter."""
    cells = np.floor(points / grid).astype(np.int64)
    lowest = cells.min(axis=0)
    across = tuple((cells.max(axis=0) - lowest + 1).tolist())
    if math.prod(across) < _MAX_CELLS:  # one whole number a cell sorts ten times faster than rows of three
        numbers = np.unique(np.ravel_multi_index(tuple((cells - lowest).T), across))
        cells = np.stack(np.unravel_index(numbers, across), axis=1) + lowest
    else:
        cells = np.unique(cells, axis=0)
    return np.asarray((cells + 0.5) * grid)


def _lowest_layer(heights: DoubleArray) -> tuple[float, float, float]:
    """Height of the flat layer in the lower part, the share of points in it, and the share below it."""
    low, high = np.percentile(heights, [0.5, 99.5])
    edges = np.arange(low - 2.5 * _GRID, high + 3 * _GRID, _GRID)
    counts = np.histogram(heights, edges)[0]
    below = np.concatenate([[0, 0, 0], np.cumsum(counts)])[: len(counts)] / len(heights)
    layers = np.convolve(counts, [0.6, 1.0, 0.6], "same") * np.exp(-below / 0.1)
    middles = edges[:-1] + _GRID / 2
    best = int(np.where(middles < low + 0.4 * (high - low) + _GRID, layers, 0.0).argmax())
    near = np.abs(heights - middles[best]) < 1.4 * _GRID
    height = float(np.median(heights[near])) if near.any() else float(low)
    return height, float(near.mean()), float(below[best])


def _floor_score(points: DoubleArray) -> float:
    """How likely the lowest flat layer of points with z up is a floor: its area, weighted by the points around it."""
    heights = points[:, 2]
    floor, _, below = _lowest_layer(heights)
    extent = max(float(np.subtract(*np.percentile(heights, [99.5, 0.5]))), 1e-3)
    layer = points[np.abs(heights - floor) < 2 * _GRID, :2]
    area = len(np.unique(np.floor(layer / 0.2), axis=0)) * 0.04
    middle = np.clip((np.median(heights) - floor) / extent, 0, 1)
    return float(area * np.exp(-below / 0.1) * np.exp(-max(0.0, extent - _STOREY) / 2) * (1.1 - middle))


def level_floor(points: DoubleArray) -> tuple[float, DoubleArray]:
    """Tilt of the floor in degrees (0 if unclear), and the rotation (3, 3) that levels it."""
    cells = _voxel_centers(points, _GRID)
    plane = np.array([0.0, 0.0, _lowest_layer(cells[:, 2])[0]])  # z = a x + b y + c
    for band in (0.3, 0.2, 0.12, 0.08, 0.08):
        near = cells[np.abs(cells[:, 2] - cells[:, :2] @ plane[:2] - plane[2]) < band]
        if len(near) < 50:
            return 0.0, np.eye(3)
        design = np.concatenate([near[:, :2], np.ones((len(near), 1))], axis=1)
        plane = np.linalg.lstsq(design, near[:, 2], rcond=None)[0]
    normal = np.array([-plane[0], -plane[1], 1.0]) / np.linalg.norm([plane[0], plane[1], 1.0])
    turn = _turn_to_z(normal)
    tilt = float(np.degrees(np.arccos(np.clip(normal[2], -1, 1))))
    is_better = _floor_score(_voxel_centers(points @ turn.T, _GRID)) > 1.02 * _floor_score(cells)
    return (tilt, turn) if tilt < _LARGEST_TILT and is_better else (0.0, np.eye(3))


def _turn_to_z(normal: DoubleArray) -> DoubleArray:
    """The smallest rotation (3, 3) that maps a unit vector to z."""
    x, y, z = normal
    cross = np.array([[0.0, 0.0, -x], [0.0, 0.0, -y], [x, y, 0.0]])
    return np.asarray(np.eye(3) + cross + cross @ cross / (1 + z))
