"""One task under one protocol: its scores, its relevant targets, and its row of the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from monster.arrays import BoolArray, DoubleArray, IntArray
from monster.metrics.evaluation.positives import Embedded, codes, positives
from monster.metrics.evaluation.report import Row
from monster.metrics.evaluation.truth import Truth
from monster.metrics.functional import Counts, Recalls, bootstrap, expected_hits, first_relevant_ranks, hits_at_k
from monster.tasks import Task

SEED: Final = 0  # of the bootstrap
Pool = tuple[IntArray, IntArray]  # indices of queries, and of the targets that they are ranked among


@dataclass(frozen=True, eq=False)
class EvaluationProtocol:
    """A protocol: its name, the rows, the pools of a task, what is true, and which captions count as equal (n, n)."""

    name: str
    data: Embedded
    pools: Callable[[Task], list[Pool]]
    truth: Truth | None = None
    same_text: BoolArray | None = None


class TaskScores:
    """Scores (n, n) of a task under a protocol, with the relevant targets by identity and, if known, by truth.

    ``alone``: every motion in its own frame.
    """

    def __init__(self, protocol: EvaluationProtocol, task: Task, *, alone: bool = False) -> None:
        data = protocol.data
        self.pools = protocol.pools(task)
        self.scores = data.scores(task, alone=alone)
        self.targets = codes(data, task.target)
        self.rooms = codes(data, "s")
        self.identity = positives(data, task, protocol.same_text)
        self.true = None if protocol.truth is None else protocol.truth.answers(data, task) | self.identity

    def row(self, relevant: BoolArray) -> Row:
        """The row for these relevant targets (n, n). The oracle ranks all true targets first, in random order.

        Every pool has the same weight.
        """
        ranks = [first_relevant_ranks(self.scores[np.ix_(*pool)], relevant[np.ix_(*pool)]) for pool in self.pools]
        weights = np.concatenate([np.full(len(part), 1 / len(part)) for part in ranks])
        rooms = np.concatenate([self.rooms[queries] for queries, _ in self.pools])
        values = hits_at_k(np.concatenate(ranks)).mean(axis=1) * 100
        return Row(
            Recalls.mean([Recalls.of(part) for part in ranks]),
            chance=self._expected(relevant, None, weights),
            oracle=None if self.true is None else self._expected(relevant, self.true, weights),
            draws=bootstrap(values, rooms, weights, seed=SEED),
        )

    def _expected(self, relevant: BoolArray, among: BoolArray | None, weights: DoubleArray) -> float:
        """Expected mRecall in percent if the targets of ``among`` (None: all) come first, in random order."""
        parts = []
        for pool in self.pools:
            where = np.ix_(*pool)
            allowed = None if among is None else among[where]
            parts.append(Counts.of(relevant[where], allowed, self.targets[pool[1]]))
        hits = expected_hits(Counts.joined(parts)).mean(axis=1)
        return float(np.average(hits, weights=weights) * 100)
