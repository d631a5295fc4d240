"""Bootstrap over rooms: queries of one room are not independent, so whole rooms are resampled."""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.arrays import DoubleArray, IntArray
from monster.errors import InputError

RESAMPLES: Final = 1000
LEVEL: Final = 95.0


def bootstrap(
    values: DoubleArray, rooms: IntArray, weights: DoubleArray, *, seed: int = 0, resamples: int = RESAMPLES
) -> DoubleArray:
    """Weighted means (resamples,) of values (queries,); each resample draws as many rooms as there are, with repeats.

    ``rooms`` (queries,) numbers each query's room. The same rooms and seed draw the same rooms, so the means of several
    tasks can be averaged draw by draw. Raises InputError if the arrays are empty, differ in shape, or a value or weight
    is NaN, or a weight is not above 0.
    """
    if not values.size or values.ndim != 1 or not values.shape == rooms.shape == weights.shape:
        shapes = f"{values.shape}, {rooms.shape} and {weights.shape}"
        raise InputError(f"expected values, rooms and weights of one shape (queries,), not empty, got {shapes}")
    if np.isnan(values).any() or not (weights > 0).all():
        raise InputError("expected values without NaN and weights above 0")
    numbers = np.unique(rooms, return_inverse=True)[1].reshape(-1)
    count = int(numbers.max()) + 1
    sums = np.bincount(numbers, weights * values, minlength=count)
    weight_sums = np.bincount(numbers, weights, minlength=count)
    drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=resamples)
    return np.asarray((drawn @ sums) / (drawn @ weight_sums), dtype=np.float64)


def interval(draws: DoubleArray) -> tuple[float, float]:
    """Lower and upper end of the middle 95 % of the draws (percentile bootstrap). Raises InputError without draws."""
    missing = int(np.isnan(draws).sum())
    if missing or not draws.size:
        raise InputError(f"expected draws without NaN, got {draws.size} draws, {missing} of them NaN")
    low, high = np.percentile(draws, [50 - LEVEL / 2, 50 + LEVEL / 2])
    return float(low), float(high)
