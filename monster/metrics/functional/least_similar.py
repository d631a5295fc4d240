"""A subset of the least similar rows."""

from __future__ import annotations

import numpy as np

from monster.arrays import AnyArray, IntArray
from monster.errors import InputError


def least_similar(vectors: AnyArray, count: int) -> IntArray:
    """Indices (count,), ascending, of the least similar unit vectors (n, dim); all n if count exceeds n.

    The published rule (TMR, ICCV 2023) asks for the subset with the least sum of similarities, a quadratic knapsack
    that it solves approximately. This is the deterministic greedy solution: remove the row whose similarities
    to all remaining rows have the largest sum (the first of several), and repeat. Raises InputError if a vector holds
    NaN or count is less than 1.
    """
    if count < 1 or np.isnan(vectors).any():
        raise InputError(f"expected vectors without NaN and a count of at least 1, got count {count}")
    similar = np.asarray(vectors @ vectors.T, dtype=np.float64)
    np.fill_diagonal(similar, 0.0)
    total = similar.sum(axis=1)
    remaining = np.ones(len(vectors), dtype=bool)
    for _ in range(len(vectors) - count):
        worst = int(np.where(remaining, total, -np.inf).argmax())
        remaining[worst] = False
        total -= similar[worst]
    return np.flatnonzero(remaining)
