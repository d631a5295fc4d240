"""Median rank."""

from __future__ import annotations

import numpy as np

from monster.arrays import DoubleArray
from monster.metrics.functional.first_relevant_ranks import checked_ranks


def median_rank(ranks: DoubleArray) -> float:
    """Median rank (MedR), counted from 1, of ranks (queries,) counted from 0; lower is better, 1 is best.

    An even number of queries gives the mean of the middle two. Raises InputError if there are no ranks, or one is
    negative or NaN.
    """
    return float(np.median(checked_ranks(ranks))) + 1
