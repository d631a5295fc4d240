"""The row of numbers that retrieval tables print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from monster.arrays import AnyArray, BoolArray, DoubleArray
from monster.errors import InputError
from monster.metrics.functional.first_relevant_ranks import first_relevant_ranks
from monster.metrics.functional.hits_at_k import CUTOFFS
from monster.metrics.functional.mean_recall import mean_recall
from monster.metrics.functional.median_rank import median_rank
from monster.metrics.functional.recall_at_k import recall_at_k


@dataclass(frozen=True)
class Recalls:
    """Recall at 1, 2, 3, 5, 10 and their mean, in percent; the median rank from 1; the number of queries."""

    r1: float
    r2: float
    r3: float
    r5: float
    r10: float
    mrecall: float
    medr: float
    n: int

    @classmethod
    def of(cls, ranks: DoubleArray) -> Recalls:
        """Summarise ranks (queries,) from 0. Raises InputError if there are none, or one is negative or NaN."""
        recall = {f"r{k}": recall_at_k(ranks, k) for k in CUTOFFS}
        return cls(**recall, mrecall=mean_recall(ranks), medr=median_rank(ranks), n=len(ranks))

    @classmethod
    def mean(cls, parts: Sequence[Recalls]) -> Recalls:
        """The mean over pools, each with the same weight; ``n`` is their sum. Raises InputError without pools."""
        if not parts:
            raise InputError("expected recalls of at least one pool, got none")
        names = (*(f"r{k}" for k in CUTOFFS), "mrecall", "medr")
        means = {name: float(np.mean([getattr(part, name) for part in parts])) for name in names}
        return cls(**means, n=sum(part.n for part in parts))

    def to_json(self) -> dict[str, Any]:
        """Plain values, rounded to two decimals."""
        return {name: round(value, 2) for name, value in vars(self).items()}


def recalls(scores: AnyArray, relevant: BoolArray) -> Recalls:
    """Recalls of a matrix (queries, targets); ties, NaN and errors as in `first_relevant_ranks`."""
    return Recalls.of(first_relevant_ranks(scores, relevant))
