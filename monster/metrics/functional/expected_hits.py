"""Expected recalls of a random order, exactly: for chance, and for a perfect scorer (the oracle).

A perfect scorer ranks every true answer first, but cannot know which of them belongs to the query's own item, so their
order is random. Its recall against identity positives is the chance that a positive is among the first k of the true
answers in random order; chance itself is the same with all targets in random order. A target may fill several columns
(a scene that items share): its columns have one score, so they stay together.

Method: wrong targets have sizes (columns). The number of wrong targets before the first right one depends only on how
many there are of each. Given that number j, every set of j wrong targets is equally likely; the sets that fill less
than k columns are counted by size, like the coin change problem.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from monster.arrays import BoolArray, DoubleArray, IntArray
from monster.errors import InputError
from monster.metrics.functional.hits_at_k import CUTOFFS

MAX_CUTOFF: Final = max(CUTOFFS)


@dataclass(frozen=True, eq=False)
class Counts:
    """Of each query: wrong targets by number of columns (queries, MAX_CUTOFF); wrong and right targets (queries,).

    Targets of ``MAX_CUTOFF`` or more columns are in ``wrong`` only: columns after one of them are beyond every cutoff.
    """

    sizes: DoubleArray
    wrong: DoubleArray
    right: DoubleArray

    @classmethod
    def of(cls, relevant: BoolArray, among: BoolArray | None, targets: IntArray) -> Counts:
        """Count distinct ``targets`` (columns,) by number: the relevant ones, and the others that ``among`` allows.

        ``relevant`` and ``among`` are (queries, columns); None allows every target.
        """
        _, first, columns = np.unique(targets, return_index=True, return_counts=True)
        right = relevant[:, first]
        wrong = ~right if among is None else among[:, first] & ~right
        by_size = (columns[:, None] == np.arange(MAX_CUTOFF)[None, :]).astype(np.float64)
        return cls(wrong @ by_size, wrong.sum(axis=1).astype(np.float64), right.sum(axis=1).astype(np.float64))

    @classmethod
    def joined(cls, parts: list[Counts]) -> Counts:
        """The queries of all parts, in order."""
        return cls(
            np.concatenate([part.sizes for part in parts]),
            np.concatenate([part.wrong for part in parts]),
            np.concatenate([part.right for part in parts]),
        )


def expected_hits(counts: Counts) -> DoubleArray:
    """Probability (queries, 5) that a right target is among the first 1, 2, 3, 5, 10 columns of a random order.

    Without queries the array is empty. Raises InputError if a query has no right target.
    """
    if not (counts.right > 0).all():
        raise InputError("expected a right target for every query, got a query without one")
    ways = _ways(counts.sizes)
    all_wrong = np.ones_like(counts.wrong)  # probability that the first j targets are all wrong
    hits = np.zeros((len(counts.wrong), len(CUTOFFS)))
    for j in range(MAX_CUTOFF):
        remaining = np.maximum(counts.wrong + counts.right - j, 1.0)
        sets = _choose(counts.wrong, j)
        per_set = all_wrong * counts.right / remaining / np.maximum(sets, 1.0)
        per_set = np.where(sets > 0, per_set, 0.0)
        filled = np.cumsum(ways[:, j], axis=1)
        hits += per_set[:, None] * filled[:, np.array(CUTOFFS) - 1]
        all_wrong = all_wrong * np.maximum(counts.wrong - j, 0.0) / remaining
    return np.minimum(hits, 1.0)


def _ways(sizes: DoubleArray) -> DoubleArray:
    """In how many ways j wrong targets fill t columns: (queries, j, t), both below MAX_CUTOFF."""
    ways = np.zeros((len(sizes), MAX_CUTOFF, MAX_CUTOFF))
    ways[:, 0, 0] = 1.0
    for size in range(1, MAX_CUTOFF):
        if not sizes[:, size].any():
            continue
        extended = ways.copy()
        for taken in range(1, (MAX_CUTOFF - 1) // size + 1):
            chosen = _choose(sizes[:, size], taken)[:, None, None]
            extended[:, taken:, size * taken :] += chosen * ways[:, : MAX_CUTOFF - taken, : MAX_CUTOFF - size * taken]
        ways = extended
    return ways


def _choose(count: DoubleArray, taken: int) -> DoubleArray:
    """Binomial coefficients (n,): ways to choose ``taken`` out of each count."""
    product = np.ones_like(count)
    for i in range(taken):
        product = product * np.maximum(count - i, 0.0) / (i + 1)
    return product
