"""Names for the array types and the progress callback that all packages share."""

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
    """Called now and then by long work: how much is done, of how much (None: not known), in which stage."""

    def __call__(self, done: int, total: int | None = None, stage: str = "") -> None:
        """Report progress."""
