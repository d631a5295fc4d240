"""Splits a point cloud without instances into objects: floor, walls and ceiling as planes, the rest by clustering.

Open3D finds planes (RANSAC) and clusters (DBSCAN, Ester et al. 1996) on a thinned cloud. Objects that touch stay one,
or are cut into pieces of furniture size where they are wider than furniture. Only planes get labels.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np

from monster.arrays import DoubleArray, IntArray
from monster.geometry.room import floor_height
from monster.io.open3d_loader import load_open3d
from monster.types import Finding, Provenance, Scene

MIN_POINTS: Final = 20  # fewer are noise, not an object
_VOXEL: Final = 0.05
_MAX_VOXELS: Final = 60_000
_THICKNESS: Final = 0.05
_PLANES: Final = 12
_MIN_PLANE: Final = 0.02  # share of all voxels
_FEWEST: Final = 50  # voxels of a plane
_TRIALS: Final = 400
_WIDEST: Final = 2.8  # metres: no single piece of furniture is wider
_PIECE: Final = 1.0  # metres from a piece's seed to its rim
_MOST_PIECES: Final = 40


def split_objects(scene: Scene) -> Scene:
    """The scene with new instances, and with labels for floor, walls and ceiling.

    Deterministic. Raises MissingExtra without Open3D.
    """
    open3d = load_open3d("splitting a scene into objects")
    open3d.utility.random.seed(0)
    points = scene.points.astype(np.float64)
    voxels, of_point = _voxels(points)
    instances = np.full(len(voxels), -1, np.int64)
    labels = _planes(open3d, voxels, instances)
    _clusters(open3d, voxels, instances)
    found = without_noise(instances[of_point])
    ids = set(np.unique(found).tolist())
    labels = {key: name for key, name in labels.items() if key in ids}
    count = len(ids - {-1})
    note = Finding("objects", str(count), "detected", "split by planes and clusters; the file has none")
    provenance = Provenance(scene.provenance.source, (*scene.provenance.findings, note))
    return replace(scene, instances=found, labels=labels or None, provenance=provenance)


def without_noise(instances: IntArray) -> IntArray:
    """Instances with those of fewer than 20 points set to -1: too few to be an object."""
    ids, inverse, counts = np.unique(instances, return_inverse=True, return_counts=True)
    return np.where(counts[inverse] < MIN_POINTS, -1, ids[inverse])


def _voxels(points: DoubleArray) -> tuple[DoubleArray, IntArray]:
    """Centres of occupied voxels (m, 3), and each point's voxel (n,); coarser where there would be too many."""
    size = _VOXEL
    while True:
        _, first, inverse = np.unique(_cell_numbers(points, size), return_index=True, return_inverse=True)
        if len(first) <= _MAX_VOXELS:
            sums = np.stack([np.bincount(inverse, points[:, axis]) for axis in range(3)], axis=1)
            return sums / np.bincount(inverse)[:, None], inverse.astype(np.int64)
        size *= 1.3


def _cell_numbers(points: DoubleArray, size: float) -> IntArray:
    """One whole number for each cell, which sorts far faster than rows of three."""
    cells = np.floor((points - points.min(axis=0)) / size).astype(np.int64)
    across = cells.max(axis=0) + 1
    return np.asarray((cells[:, 0] * across[1] + cells[:, 1]) * across[2] + cells[:, 2])


def _planes(open3d: Any, voxels: DoubleArray, instances: IntArray) -> dict[int, str]:
    """Mark floor, walls and ceiling in ``instances``; returns their labels."""
    floor = floor_height(voxels)
    floor = float(voxels[:, 2].min()) if floor is None else floor
    free = np.arange(len(voxels))
    near_floor = free[np.abs(voxels[:, 2] - floor) < 0.3]
    labels: dict[int, str] = {}
    if len(near_floor) > max(_FEWEST, _MIN_PLANE * len(voxels)):
        normal, on_plane = _plane(open3d, voxels[near_floor])
        if abs(normal[2]) > 0.97:
            instances[near_floor[on_plane]] = 0
            labels[0] = "floor"
    free = free[instances < 0]
    for _ in range(_PLANES):
        if len(free) < max(_FEWEST, _MIN_PLANE * len(voxels)):
            break
        normal, on_plane = _plane(open3d, voxels[free])
        if len(on_plane) < _MIN_PLANE * len(voxels):
            break
        name = _structure(voxels, free[on_plane], normal, floor)
        if name is not None:
            labels[len(labels)] = name
            instances[free[on_plane]] = len(labels) - 1
        free = np.delete(free, on_plane)
    return labels


def _plane(open3d: Any, points: DoubleArray) -> tuple[DoubleArray, IntArray]:
    """Normal (3,) of the plane with most points, and which are on it."""
    cloud = open3d.geometry.PointCloud(open3d.utility.Vector3dVector(points))
    model, on_plane = cloud.segment_plane(_THICKNESS, 3, _TRIALS, 1.0)  # 1.0: no early stop, so that runs agree
    return np.asarray(model[:3]), np.asarray(on_plane, dtype=np.int64)


def _structure(voxels: DoubleArray, on_plane: IntArray, normal: DoubleArray, floor: float) -> str | None:
    """The label of a large plane: wall or ceiling if nothing is behind it, else None (a table, a cupboard's side)."""
    here = voxels[on_plane]
    low, high = np.percentile(here[:, 2], [5, 95])
    if abs(normal[2]) > 0.95:
        return "ceiling" if low - floor > 2.0 and _behind(voxels, here, normal) < 0.1 else None
    if abs(normal[2]) > 0.15 or high - floor < 1.3:
        return None
    beyond = (voxels - here.mean(axis=0)) @ normal
    is_outer = min((beyond > 3 * _THICKNESS).mean(), (beyond < -3 * _THICKNESS).mean()) < 0.15
    return "wall" if is_outer or (high - low > 1.0 and _behind(voxels, here, normal) < 0.15) else None


def _behind(voxels: DoubleArray, here: DoubleArray, normal: DoubleArray) -> float:
    """Voxels close behind a plane, on its emptier side and within its span, as a share of the voxels on it."""
    middle = here.mean(axis=0)
    along = np.cross(normal, [0.0, 0.0, 1.0]) if abs(normal[2]) < 0.9 else np.array([1.0, 0.0, 0.0])
    span = np.percentile((here - middle) @ along, [5, 95])
    place, beyond = (voxels - middle) @ along, (voxels - middle) @ normal
    within = (place > span[0]) & (place < span[1])
    sides = [within & (side * beyond > 3 * _THICKNESS) & (side * beyond < 0.8) for side in (1, -1)]
    return min(int(side.sum()) for side in sides) / len(here)


def _clusters(open3d: Any, voxels: DoubleArray, instances: IntArray) -> None:
    """Give an instance to every cluster of the voxels that are on no plane."""
    free = np.flatnonzero(instances < 0)
    if len(free) == 0:
        return
    spacing = float(np.prod(np.ptp(voxels, axis=0) + _VOXEL) / len(voxels)) ** (1 / 3)
    reach = float(np.clip(spacing, 2 * _VOXEL, 0.2)) if len(voxels) < 5000 else 2.1 * _VOXEL
    cloud = open3d.geometry.PointCloud(open3d.utility.Vector3dVector(voxels[free]))
    found = np.asarray(cloud.cluster_dbscan(reach, 4), dtype=np.int64)
    start = int(instances.max()) + 1
    for cluster in range(int(found.max(initial=-1)) + 1):
        start += _cut(voxels, free[found == cluster], instances, start)


def _cut(voxels: DoubleArray, cluster: IntArray, instances: IntArray, start: int) -> int:
    """Number a cluster from ``start``: one object, or several compact pieces of one that is wider than furniture.

    Pieces are the nearest neighbours of seeds that are farthest from each other (Gonzalez 1985). Returns their count.
    """
    places = voxels[cluster]
    if float(np.ptp(places[:, :2], axis=0).max()) <= _WIDEST:
        instances[cluster] = start
        return 1
    seed = places[:, :2].sum(axis=1).argmin()
    nearest = np.full(len(places), np.inf)
    count = 0
    while nearest.max() > _PIECE and count < _MOST_PIECES:
        distance = np.linalg.norm(places[:, :2] - places[seed, :2], axis=1)
        closer = distance < nearest
        instances[cluster[closer]] = start + count
        nearest = np.minimum(nearest, distance)
        seed, count = nearest.argmax(), count + 1
    return count
