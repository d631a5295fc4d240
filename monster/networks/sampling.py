"""From the points of objects to what the network takes: points picked, centred and scaled; and their boxes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monster.errors import InputError

FloatArray = NDArray[np.float32]
SMALLEST: Final = 1e-6  # metres; a smaller object is not scaled


def pick_evenly(available: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Which ``count`` rows of each object, evenly by index: numbers of rows (n,) to (n, count).

    Where there are too few rows, the list of all repeats from its start.
    """
    spread = np.linspace(0, available - 1, count, axis=1).astype(np.int64)
    again = np.arange(count) % available[:, None]
    return np.where(available[:, None] < count, again, spread)


def sample_objects(points: Sequence[FloatArray], colors: Sequence[FloatArray] | None, count: int) -> FloatArray:
    """Objects as (n, count, 6): points picked evenly, then xyz centred on their mean and scaled into the unit sphere.

    points (rows, 3) of each in metres; colors (rows, 3) in 0..1 become -1..1, None becomes 0.
    """
    sizes = _sizes(points)
    index = pick_evenly(sizes, count) + (np.cumsum(sizes) - sizes)[:, None]
    picked = np.concatenate(points).take(index, axis=0)
    columns = np.ascontiguousarray(np.swapaxes(picked, 1, 2), dtype=np.float32)  # much quicker to reduce than rows
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
    columns = np.ascontiguousarray(np.concatenate(points).T)  # much quicker to reduce than rows
    low, high = (extreme.reduceat(columns, starts, axis=1) for extreme in (np.minimum, np.maximum))
    total = np.add.reduceat(columns, starts, axis=1, dtype=np.float64)
    return np.concatenate([total / sizes, high - low]).T.astype(np.float32)


def _sizes(points: Sequence[FloatArray]) -> NDArray[np.int64]:
    sizes = np.array([len(part) for part in points])
    if not sizes.all() or not len(sizes):
        raise InputError("expected objects of at least one point, got none")
    return sizes
