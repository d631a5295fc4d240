"""Mean of the recalls at all cutoffs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from monster.arrays import DoubleArray
from monster.errors import InputError
from monster.metrics.functional.hits_at_k import CUTOFFS
from monster.metrics.functional.recall_at_k import recall_at_k


def mean_recall(ranks: DoubleArray, cutoffs: Sequence[int] = CUTOFFS) -> float:
    """Mean of recall at the cutoffs (mRecall), in percent.

    ``ranks`` (queries,) from 0. Raises InputError if there is no cutoff, and as `recall_at_k` does.
    """
    if not cutoffs:
        raise InputError("expected at least one cutoff, got none")
    return float(np.mean([recall_at_k(ranks, k) for k in cutoffs]))
