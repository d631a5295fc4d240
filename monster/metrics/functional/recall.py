"""Ranks and recalls from scores and positives, both matrices. Ties cost: a collapsed model must not look perfect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from monster.errors import InputError

Array = NDArray[np.floating]
Positives = NDArray[np.bool_]
Numbers = NDArray[np.int64]
Pool = tuple[Numbers, Numbers]  # rows of queries and columns of the targets that they are ranked among
CUTOFFS: Final = (1, 2, 3, 5, 10)


def first_relevant_ranks(scores: Array, relevant: Positives) -> NDArray[np.float64]:
    """Rank (queries,) of each query's best positive, from 0; a tie with a negative counts half.

    ``scores`` and ``relevant`` are (queries, targets). Raises InputError when the shapes differ or a query has no
    positive. A tie of one positive with n negatives puts it at the middle, n / 2, which is what chance would do.
    """
    if scores.shape != relevant.shape or scores.ndim != 2:
        raise InputError(
            f"expected scores and positives of one shape (queries, targets), got {scores.shape}, {relevant.shape}"
        )
    if not relevant.any(axis=1).all():
        raise InputError(f"{int((~relevant.any(axis=1)).sum())} queries have no positive among the targets")
    best = np.where(relevant, scores, -np.inf).max(axis=1, keepdims=True)
    above = (scores > best).sum(axis=1)
    tied = ((scores == best) & ~relevant).sum(axis=1)
    return np.asarray(above + tied / 2, dtype=np.float64)


def hits(ranks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Whether each query (q,) was answered within the first 1, 2, 3, 5, 10: (q, 5) of 0 and 1."""
    return np.asarray(ranks[:, None] < np.array(CUTOFFS)[None, :], dtype=np.float64)


@dataclass(frozen=True)
class Recalls:
    """Recall at 1, 2, 3, 5, 10 and their mean, in percent, the median rank from 1, and the number of queries."""

    r1: float
    r2: float
    r3: float
    r5: float
    r10: float
    mrecall: float
    medr: float
    n: int

    @classmethod
    def of(cls, ranks: NDArray[np.float64]) -> Recalls:
        """Summarise ranks (queries,) counted from 0."""
        found = {f"r{k}": float((ranks < k).mean() * 100) for k in CUTOFFS}
        mean = float(np.mean(list(found.values())))
        return cls(**found, mrecall=mean, medr=float(np.median(ranks)) + 1, n=len(ranks))

    @classmethod
    def mean(cls, parts: Sequence[Recalls]) -> Recalls:
        """The mean over several groups of queries, each with the same weight."""
        names = (*(f"r{k}" for k in CUTOFFS), "mrecall", "medr")
        means = {name: float(np.mean([getattr(part, name) for part in parts])) for name in names}
        return cls(**means, n=sum(part.n for part in parts))

    def to_json(self) -> dict[str, Any]:
        """Plain values, rounded to two decimals."""
        return {name: round(value, 2) for name, value in vars(self).items()}


def recalls(scores: Array, relevant: Positives) -> Recalls:
    """Recalls of a whole matrix."""
    return Recalls.of(first_relevant_ranks(scores, relevant))


def batch_recalls(scores: Array, relevant: Positives, groups: Sequence[Numbers]) -> Recalls:
    """Recalls within small groups of items (square matrices), each group with the same weight."""
    return Recalls.mean([recalls(scores[np.ix_(g, g)], relevant[np.ix_(g, g)]) for g in groups])


def random_groups(count: int, size: int, rng: np.random.Generator) -> list[Numbers]:
    """Shuffled groups of ``size`` out of ``count`` items; what is left over is left out (all in one when fewer)."""
    order = rng.permutation(count)
    return [order[i : i + size] for i in range(0, count - size + 1, size)] or [order]


def consecutive_groups(count: int, size: int) -> list[Numbers]:
    """Groups of ``size`` in the items' order, the last one short: the small batches of the published code."""
    return [np.arange(start, min(start + size, count)) for start in range(0, count, size)]


def least_similar(vectors: Array, count: int) -> Numbers:
    """Rows (count,), ascending, of unit vectors (n, dim) that are little alike; all rows when there are no more.

    The published rule (TMR, ICCV 2023) asks for the subset with the least sum of similarities, a quadratic knapsack
    that it solves approximately. This is the usual greedy answer, the same on every run: the row whose similarities to
    all that are left sum to the most is taken out, again and again.
    """
    similar = np.asarray(vectors @ vectors.T, dtype=np.float64)
    np.fill_diagonal(similar, 0.0)
    total, left = similar.sum(axis=1), np.ones(len(vectors), dtype=bool)
    for _ in range(len(vectors) - count):
        worst = int(np.where(left, total, -np.inf).argmax())
        left[worst] = False
        total -= similar[worst]
    return np.flatnonzero(left)
