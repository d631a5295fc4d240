"""The interface of a search engine for `VectorIndex`: rows under numbers, found by the largest inner product.

A backend knows neither string ids nor folders; `VectorIndex` checks its arguments before it calls one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]
Numbers = NDArray[np.int64]


class Backend(Protocol):
    """An engine that holds rows (n, dim) under numbers; no number is used twice.

    Constructed with an `IndexSpec`; raises EngineError if its package is not installed.
    """

    def add(self, numbers: Numbers, rows: Rows) -> None:
        """Add rows (n, dim) under new numbers (n,)."""

    def remove(self, numbers: Numbers) -> None:
        """Remove the rows of these numbers, all of which exist."""

    def get(self, number: int) -> Rows:
        """The row (dim,) of an existing number."""

    def search(self, rows: Rows, k: int, among: Numbers | None) -> tuple[Rows, Numbers]:
        """Scores (q, k), best first, and numbers (q, k); with ``among``, only rows of these numbers.

        At least k rows pass the filter; equal scores come in any order.
        """

    def save(self, path: Path, numbers: Numbers) -> None:
        """Write a file that ``load`` reads back, its rows in the order of these numbers (all of them)."""

    def load(self, path: Path, count: int) -> None:
        """Add the file's rows under the numbers 0 to count - 1. Raises StorageError if the file holds other rows."""
