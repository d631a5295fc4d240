"""Inputs of the network from the points of objects: sampled, centred and scaled points, and boxes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from monster.arrays import FloatArray, IntArray
from monster.errors import InputError

SMALLEST: Final = 1e-6  # metres; a smaller object is not scaled


def pick_evenly(available: IntArray, count: int) -> IntArray:
    """Indices (n, count) of ``count`` rows of each object, evenly spaced, from the numbers of rows (n,).

    An object with fewer rows gets all of them, repeated from the start.
    """
    last = available - 1
    step = last / max(count - 1, 1)  # np.linspace computes otherwise where one of the objects has a single row
    spread = (np.arange(count) * step[:, None]).astype(np.int64)
    spread[:, -1] = last if count > 1 else 0
    repeated = np.arange(count) % available[:, None]
    return np.where(available[:, None] < count, repeated, spread)


def sample_objects(points: Sequence[FloatArray], colors: Sequence[FloatArray] | None, count: int) -> FloatArray:
    """Objects as (n, count, 6): points picked evenly, then xyz centred on their mean and scaled into the unit sphere.

    points (rows, 3) of each in metres; colors (rows, 3) in 0..1 become -1..1, None becomes 0.
    """
    sizes = _sizes(points)
    index = pick_evenly(sizes, count) + (np.cumsum(sizes) - sizes)[:, None]
    picked = np.concatenate(points).take(index, axis=0)
    columns = np.ascontiguousarray(np.swapaxes(picked, 1, 2), dtype=np.float32)  # much faster to reduce than rows
    columns -= columns.mean(axis=2, dtype=np.float64, keepdims=True).astype(np.float32)
    reach = np.sqrt(np.square(columns).sum(axis=1).max(axis=1))
    columns /= np.where(reach > SMALLEST, reach, np.float32(1))[:, None, None]
    out = np.zeros((len(points), count, 6), dtype=np.float32)
    out[..., :3] = np.swapaxes(columns, 1, 2)
    if colors is not None:
        out[..., 3:] = np.concatenate(colors).take(index, axis=0) * 2 - 1
    return out


def object_boxes(points: Sequence[FloatArray]) -> FloatArray:
    """Centre (mean) and size (max - min) of all points (rows, 3) of each object: (n, 6), in the points' coordinates."""
    sizes = _sizes(points)
    starts = np.cumsum(sizes) - sizes
    columns = np.ascontiguousarray(np.concatenate(points).T)  # much faster to reduce than rows
    low, high = (extreme.reduceat(columns, starts, axis=1) for extreme in (np.minimum, np.maximum))
    total = np.add.reduceat(columns, starts, axis=1, dtype=np.float64)
    return np.concatenate([total / sizes, high - low]).T.astype(np.float32)


def _sizes(points: Sequence[FloatArray]) -> IntArray:
    sizes = np.array([len(part) for part in points])
    if not sizes.all() or not len(sizes):
        raise InputError("expected objects of at least one point, got an empty one")
    return sizes
