"""Hits of single queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from monster.metrics.functional.first_relevant_ranks import checked_ranks

CUTOFFS: Final = (1, 2, 3, 5, 10)


def hits_at_k(ranks: DoubleArray, cutoffs: Sequence[int] = CUTOFFS) -> DoubleArray:
    """(queries, cutoffs) of 0 and 1: whether a query's relevant target is among the first k, for each cutoff k.

    ``ranks`` (queries,) from 0, from `first_relevant_ranks`; a rank of exactly k is no hit. Raises InputError if there
    are no ranks, or one is negative or NaN.
    """
    return np.asarray(checked_ranks(ranks)[:, None] < np.array(cutoffs)[None, :], dtype=np.float64)
