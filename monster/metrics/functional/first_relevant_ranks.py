"""Ranks of each query's best relevant target."""

from __future__ import annotations

import numpy as np

from monster.arrays import AnyArray, BoolArray, DoubleArray
from monster.errors import InputError


def first_relevant_ranks(scores: AnyArray, relevant: BoolArray) -> DoubleArray:
    """Rank (queries,) of each query's best relevant target, from 0.

    ``scores`` (queries, targets), higher is better; ``relevant`` (queries, targets) bool with any number of True in a
    row.

    - Ties: each irrelevant target with the same score counts half, so a tie with n of them gives rank n / 2, which is
      what a random order would give on average. Ties among relevant targets cost nothing.
    - Infinite scores are ordered as usual.
    - Without queries the result is empty.

    Raises InputError if the arrays are not matrices of one shape, ``relevant`` is not bool, a score is NaN, or a query
    has no relevant target (which includes a matrix without targets).
    """
    if scores.ndim != 2 or scores.shape != relevant.shape:
        raise InputError(
            f"expected scores and relevant of one shape (queries, targets), got {scores.shape} and {relevant.shape}"
        )
    if relevant.dtype != np.bool_:
        raise InputError(f"expected relevant to be a bool array, got {relevant.dtype}")
    missing = int(np.isnan(scores).sum())
    if missing:
        raise InputError(f"expected scores that are numbers, got NaN in {missing} of {scores.size}")
    without_target = int((~relevant.any(axis=1)).sum())
    if without_target:
        raise InputError(f"expected a relevant target for every query, got {without_target} queries without one")
    if not relevant.size:
        return np.zeros(0)
    best = np.where(relevant, scores, -np.inf).max(axis=1, keepdims=True)
    above = (scores > best).sum(axis=1)
    tied = ((scores == best) & ~relevant).sum(axis=1)
    return np.asarray(above + tied / 2, dtype=np.float64)


def checked_ranks(ranks: DoubleArray) -> DoubleArray:
    """The ranks (n,) from 0, unchanged. Raises InputError if there is none, or one is negative or NaN."""
    if ranks.ndim != 1 or not ranks.size:
        raise InputError(f"expected ranks of at least one query, shape (queries,), got shape {ranks.shape}")
    if not (ranks >= 0).all():
        raise InputError(f"expected ranks from 0, got {ranks[~(ranks >= 0)][0]}")
    return ranks
