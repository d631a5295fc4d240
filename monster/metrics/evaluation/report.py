"""The result of an evaluation: rows of recalls with chance, oracle and interval, as JSON and as tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from monster.arrays import DoubleArray
from monster.metrics.functional import Recalls, interval
from monster.tasks import TASKS

Rows = Mapping[str, "Row"]
COLUMNS: Final = ("R@1", "R@2", "R@3", "R@5", "R@10", "mRecall", "95 %", "MedR", "random", "oracle")


@dataclass(frozen=True, eq=False)
class Row:
    """One task under one protocol.

    ``chance`` and ``oracle`` are exact expected mRecalls in percent with the same relevant targets: of all targets in
    random order, and of a perfect scorer (None without known truth).
    """

    recalls: Recalls
    chance: float
    oracle: float | None
    draws: DoubleArray = field(repr=False)  # mRecall over resampled rooms

    @classmethod
    def average(cls, rows: list[Row]) -> Row:
        """The mean over tasks, draw by draw for its interval; no oracle if a task has none."""
        oracles = [row.oracle for row in rows if row.oracle is not None]
        return cls(
            Recalls.mean([row.recalls for row in rows]),
            chance=float(np.mean([row.chance for row in rows])),
            oracle=float(np.mean(oracles)) if len(oracles) == len(rows) else None,
            draws=np.asarray(np.mean([row.draws for row in rows], axis=0)),
        )

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of mRecall."""
        return interval(self.draws)

    def to_json(self) -> dict[str, Any]:
        """Plain values, rounded to two decimals."""
        low, high = self.interval
        oracle = None if self.oracle is None else round(self.oracle, 2)
        extra = {"chance": round(self.chance, 2), "oracle": oracle, "low": round(low, 2), "high": round(high, 2)}
        return self.recalls.to_json() | extra

    def cells(self) -> list[str]:
        """The cells of ``COLUMNS``."""
        values = self.recalls
        low, high = self.interval
        recalls = [f"{value:.1f}" for value in (values.r1, values.r2, values.r3, values.r5, values.r10, values.mrecall)]
        oracle = "" if self.oracle is None else f"{self.oracle:.1f}"
        return [*recalls, f"{low:.1f} to {high:.1f}", f"{values.medr:.1f}", f"{self.chance:.1f}", oracle]


@dataclass(frozen=True, eq=False)
class Report:
    """Rows by protocol and task, by identity (``protocols``) and by truth; ``card`` describes data and settings."""

    card: Mapping[str, Any]
    protocols: Mapping[str, Rows]
    truth: Mapping[str, Rows]

    def average(self, protocol: str) -> float:
        """Mean mRecall of the twelve tasks, relevant targets by identity."""
        return self.averages(self.protocols)[protocol].recalls.mrecall

    @staticmethod
    def averages(protocols: Mapping[str, Rows]) -> dict[str, Row]:
        """The mean row of each protocol."""
        return {name: Row.average([rows[str(task)] for task in TASKS]) for name, rows in protocols.items()}

    def to_json(self) -> dict[str, Any]:
        """Plain values: card, protocols by identity, the same by truth, averages of both."""
        averages = {
            "protocols": _rows_to_json(self.averages(self.protocols)),
            "truth": _rows_to_json(self.averages(self.truth)),
        }
        return {
            "card": dict(self.card),
            "protocols": {name: _rows_to_json(rows) for name, rows in self.protocols.items()},
            "truth": {name: _rows_to_json(rows) for name, rows in self.truth.items()},
            "averages": averages,
        }

    def markdown(self, detailed: tuple[str, ...] = ("all", "small")) -> str:
        """The averages of every protocol, then each task under the ``detailed`` protocols."""
        parts = [_table("average of twelve", self.averages(self.protocols), self.averages(self.truth))]
        for positives, protocols in (("identity", self.protocols), ("truth", self.truth)):
            for name in detailed:
                if name in protocols:
                    title = f"Protocol {name.replace('_', ' ')}, positives by {positives}"
                    average = Row.average([protocols[name][str(task)] for task in TASKS])
                    parts.append(f"{title}\n\n{_table('task', {**protocols[name], '**average**': average})}")
        return "\n\n".join(parts)


def _rows_to_json(rows: Rows) -> dict[str, Any]:
    return {name: row.to_json() for name, row in rows.items()}


def _table(first: str, rows: Rows, truth: Rows | None = None) -> str:
    lines = [f"| {first} | {' | '.join(COLUMNS)} |", "| --- |" + " ---: |" * len(COLUMNS)]
    for name, row in rows.items():
        lines.append(f"| {name.replace('_', ' ')} | {' | '.join(row.cells())} |")
    for name, row in (truth or {}).items():
        lines.append(f"| {name.replace('_', ' ')}, by truth | {' | '.join(row.cells())} |")
    return "\n".join(lines)
