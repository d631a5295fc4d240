"""Pools: groups of items within which a protocol ranks."""

from __future__ import annotations

import numpy as np

from monster.arrays import IntArray
from monster.errors import InputError


def random_pools(count: int, size: int, rng: np.random.Generator) -> list[IntArray]:
    """Shuffled pools of ``size`` rows without the remainder; one pool of all rows if ``count`` is below ``size``.

    Raises InputError if count or size is less than 1.
    """
    _check(count, size)
    order = rng.permutation(count)
    return [order[start : start + size] for start in range(0, count - size + 1, size)] or [order]


def consecutive_pools(count: int, size: int) -> list[IntArray]:
    """Pools of ``size`` rows in order, the last one short: the small batches of the published code.

    Raises InputError if count or size is less than 1.
    """
    _check(count, size)
    return [np.arange(start, min(start + size, count)) for start in range(0, count, size)]


def _check(count: int, size: int) -> None:
    if count < 1 or size < 1:
        raise InputError(f"expected at least one row and pools of at least one, got {count} rows and pools of {size}")
