"""Ranks and recalls from scores and positives, both matrices. Ties cost: a collapsed model must not look perfect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from monster.errors import InputError

Array = NDArray[np.floating]
Positives = NDArray[np.bool_]
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
    def mean(cls, parts: list[Recalls]) -> Recalls:
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


def batch_recalls(scores: Array, relevant: Positives, groups: list[NDArray[np.int64]]) -> Recalls:
    """Recalls within small groups of items (square matrices), each group with the same weight."""
    return Recalls.mean([recalls(scores[np.ix_(g, g)], relevant[np.ix_(g, g)]) for g in groups])


def random_groups(count: int, size: int, rng: np.random.Generator) -> list[NDArray[np.int64]]:
    """Shuffled groups of ``size`` out of ``count`` items; what is left over is left out (all in one when fewer)."""
    order = rng.permutation(count)
    return [order[i : i + size] for i in range(0, count - size + 1, size)] or [order]
