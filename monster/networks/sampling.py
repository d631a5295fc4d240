"""From an object's points to what the network takes: points picked, centred and scaled; and its box."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from monster.errors import InputError

FloatArray = NDArray[np.float32]
SMALLEST: Final = 1e-6  # metres; a smaller object is not scaled


def pick_indices(available: int, count: int, rng: np.random.Generator | None = None) -> NDArray[np.int64]:
    """Which ``count`` of ``available`` rows: evenly by index, or at random with a generator.

    Too few rows: the list of all repeats from its start (evenly), or rows are drawn with replacement (at random).
    """
    if available < 1:
        raise InputError("expected an object of at least one point, got none")
    if rng is not None:
        return rng.choice(available, count, replace=available < count)
    if available < count:
        return np.resize(np.arange(available), count)
    return np.linspace(0, available - 1, count).astype(np.int64)


def pick_objects(available: int, most: int, rng: np.random.Generator | None = None) -> NDArray[np.int64]:
    """Which objects of a scene, at most ``most``, in their order: all, else evenly by index or at random."""
    if available <= most:
        return np.arange(available)
    return np.sort(pick_indices(available, most, rng))


def sample_object(
    points: FloatArray, colors: FloatArray | None, count: int, rng: np.random.Generator | None = None
) -> FloatArray:
    """One object as (count, 6): points picked, then xyz centred on their mean and scaled into the unit sphere.

    points (n, 3) in metres; colors (n, 3) in 0..1 become -1..1, None becomes 0. Evenly by index without ``rng``.
    """
    index = pick_indices(len(points), count, rng)
    columns = np.ascontiguousarray(np.asarray(points, dtype=np.float32)[index].T)  # much quicker to reduce than rows
    columns -= columns.mean(axis=1, dtype=np.float64).astype(np.float32)[:, None]
    reach = float(np.sqrt(np.square(columns).sum(axis=0).max()))
    out = np.zeros((count, 6), dtype=np.float32)
    out[:, :3] = (columns / reach if reach > SMALLEST else columns).T
    if colors is not None:
        out[:, 3:] = np.asarray(colors, dtype=np.float32)[index] * 2 - 1
    return out


def object_box(points: FloatArray) -> FloatArray:
    """Centre (mean) and size (max - min) of all points (n, 3): (6,), in the points' own coordinates."""
    if len(points) < 1:
        raise InputError("expected an object of at least one point, got none")
    columns = np.ascontiguousarray(points.T)  # much quicker to reduce than rows
    size = columns.max(axis=1) - columns.min(axis=1)
    return np.concatenate([columns.mean(axis=1, dtype=np.float64), size]).astype(np.float32)
