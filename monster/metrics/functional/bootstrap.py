"""95 % intervals by bootstrap over rooms: what is asked in one room is not independent, so rooms are drawn."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from monster.metrics.functional.recall import Numbers

Floats = NDArray[np.float64]
RESAMPLES: Final = 1000
LEVEL: Final = 95.0


def bootstrap(values: Floats, rooms: Numbers, weights: Floats, *, seed: int = 0, resamples: int = RESAMPLES) -> Floats:
    """Weighted means (resamples,) of values (q,), each over as many rooms drawn with replacement as there are.

    ``rooms`` (q,) numbers each query's room. Equal rooms and seed draw equal rooms, so means of several tasks can be
    added draw by draw.
    """
    numbers = np.unique(rooms, return_inverse=True)[1].reshape(-1)
    count = int(numbers.max()) + 1
    sums = np.bincount(numbers, weights * values, minlength=count)
    shares = np.bincount(numbers, weights, minlength=count)
    drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=resamples)
    return np.asarray((drawn @ sums) / (drawn @ shares), dtype=np.float64)


def interval(draws: Floats) -> tuple[float, float]:
    """Lower and upper end of the middle 95 % of the draws (percentile bootstrap)."""
    low, high = np.percentile(draws, [50 - LEVEL / 2, 50 + LEVEL / 2])
    return float(low), float(high)
