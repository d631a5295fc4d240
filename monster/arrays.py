"""Array types, the progress callback, and array helpers that all packages share."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

AnyArray = NDArray[Any]
FloatArray = NDArray[np.float32]
DoubleArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class Progress(Protocol):
    """A callback of a long operation: the number of steps done, the total (None: unknown), and the stage."""

    def __call__(self, done: int, total: int | None = None, stage: str = "") -> None:
        """Report progress."""


def true_runs(mask: BoolArray) -> IntArray:
    """Start and end (end excluded) of each run of True in a mask (n,): (runs, 2)."""
    padded = np.concatenate([[False], mask, [False]]).astype(np.int8)
    return np.flatnonzero(np.diff(padded)).reshape(-1, 2)
