"""Recalls that a random order reaches in expectation, exactly: what chance gives, and what a perfect scorer gives.

A perfect scorer puts everything that truly answers a query first, but cannot know which of these answers the item
holds that the query was taken from: among them its order is random. So its recall against identity positives is the
chance of meeting a positive among the first k of the true answers in random order; and chance itself is the same with
all targets in random order. One target may stand in several columns (a scene that items share): its columns have one
score, hence stand together, and are passed together.

The number: wrong targets have sizes (columns); j of them come before the first right one with a probability that
only the numbers of wrong and right ones decide; each set of j wrong ones is then equally likely, and how many such
sets fill less than k columns is counted by sizes, as one counts the ways to pay a sum with coins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monster.metrics.functional.recall import CUTOFFS, Numbers, Positives

Floats = NDArray[np.float64]
MOST: Final = max(CUTOFFS)


@dataclass(frozen=True, eq=False)
class Tally:
    """For each query: how many wrong targets there are by their number of columns (q, MOST), and wrong and right (q,).

    Targets of ``MOST`` or more columns are in ``wrong`` only: whatever comes after one is beyond every cut-off.
    """

    sizes: Floats
    wrong: Floats
    right: Floats

    @classmethod
    def of(cls, relevant: Positives, among: Positives | None, targets: Numbers) -> Tally:
        """Count the distinct ``targets`` (columns,) by number: positives, and those in ``among`` that are none."""
        _, first, columns = np.unique(targets, return_index=True, return_counts=True)
        right = relevant[:, first]
        wrong = ~right if among is None else among[:, first] & ~right
        by_size = (columns[:, None] == np.arange(MOST)[None, :]).astype(np.float64)
        return cls(wrong @ by_size, wrong.sum(axis=1).astype(np.float64), right.sum(axis=1).astype(np.float64))

    @classmethod
    def joined(cls, parts: list[Tally]) -> Tally:
        """The queries of all parts."""
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("sizes", "wrong", "right")))


def expected_hits(tally: Tally) -> Floats:
    """Probability (q, 5) that a right target is among the first 1, 2, 3, 5, 10 columns of a random order."""
    ways = _ways(tally.sizes)
    before = np.ones_like(tally.wrong)  # that the first j targets are all wrong
    found = np.zeros((len(tally.wrong), len(CUTOFFS)))
    for j in range(MOST):
        left = np.maximum(tally.wrong + tally.right - j, 1.0)
        sets = _choose(tally.wrong, j)
        share = np.where(sets > 0, before * tally.right / left / np.maximum(sets, 1.0), 0.0)
        filled = np.cumsum(ways[:, j], axis=1)
        found += share[:, None] * filled[:, np.array(CUTOFFS) - 1]
        before = before * np.maximum(tally.wrong - j, 0.0) / left
    return np.minimum(found, 1.0)


def _ways(sizes: Floats) -> Floats:
    """In how many ways j wrong targets fill t columns: (q, j, t), both below MOST."""
    ways = np.zeros((len(sizes), MOST, MOST))
    ways[:, 0, 0] = 1.0
    for size in range(1, MOST):
        if not sizes[:, size].any():
            continue
        more = ways.copy()
        for taken in range(1, (MOST - 1) // size + 1):
            chosen = _choose(sizes[:, size], taken)[:, None, None]
            more[:, taken:, size * taken :] += chosen * ways[:, : MOST - taken, : MOST - size * taken]
        ways = more
    return ways


def _choose(count: Floats, taken: int) -> Floats:
    found = np.ones_like(count)
    for i in range(taken):
        found = found * np.maximum(count - i, 0.0) / (i + 1)
    return found
