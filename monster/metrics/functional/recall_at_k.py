"""Recall at one cutoff."""

from __future__ import annotations

from monster.arrays import DoubleArray
from monster.errors import InputError
from monster.metrics.functional.hits_at_k import hits_at_k


def recall_at_k(ranks: DoubleArray, k: int) -> float:
    """Share of queries in percent whose best relevant target is among the first ``k``; k may exceed the targets.

    ``ranks`` (queries,) from 0. Raises InputError if k < 1, there are no ranks, or one is negative or NaN.
    """
    if k < 1:
        raise InputError(f"expected a cutoff k of at least 1, got {k}")
    return float(hits_at_k(ranks, (k,)).mean() * 100)
