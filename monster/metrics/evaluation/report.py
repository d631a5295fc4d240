"""What an evaluation found: rows of recalls with chance, oracle and interval, as JSON and as tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from monster.metrics.functional.bootstrap import interval
from monster.metrics.functional.recall import Recalls
from monster.tasks import TASKS

Floats = NDArray[np.float64]
Rows = Mapping[str, "Row"]
COLUMNS: Final = ("R@1", "R@2", "R@3", "R@5", "R@10", "mRecall", "95 %", "MedR", "random", "oracle")


@dataclass(frozen=True, eq=False)
class Row:
    """One task under one protocol. ``chance`` and ``oracle`` are expected mRecalls with the same positives, exactly:
    of all targets in random order, and of a perfect scorer (None where nothing tells what is true)."""

    recalls: Recalls
    chance: float
    oracle: float | None
    draws: Floats = field(repr=False)  # mRecall over resampled rooms

    @classmethod
    def average(cls, rows: list[Row]) -> Row:
        """The mean over tasks; its interval comes from the same draws of rooms."""
        oracles = [row.oracle for row in rows if row.oracle is not None]
        return cls(
            Recalls.mean([row.recalls for row in rows]),
            float(np.mean([row.chance for row in rows])),
            float(np.mean(oracles)) if len(oracles) == len(rows) else None,
            np.asarray(np.mean([row.draws for row in rows], axis=0)),
        )

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of mRecall."""
        return interval(self.draws)

    def to_json(self) -> dict[str, Any]:
        """Plain values, rounded to two decimals."""
        low, high = self.interval
        beside = {"chance": self.chance, "oracle": self.oracle, "low": low, "high": high}
        return self.recalls.to_json() | {k: None if v is None else round(v, 2) for k, v in beside.items()}

    def cells(self) -> list[str]:
        """The cells of ``COLUMNS``."""
        values, (low, high) = self.recalls, self.interval
        recalls = [f"{value:.1f}" for value in (values.r1, values.r2, values.r3, values.r5, values.r10, values.mrecall)]
        oracle = "" if self.oracle is None else f"{self.oracle:.1f}"
        return [*recalls, f"{low:.1f} to {high:.1f}", f"{values.medr:.1f}", f"{self.chance:.1f}", oracle]


@dataclass(frozen=True, eq=False)
class Report:
    """Rows by protocol and task for identity positives, the same for true ones, and a card of what was measured."""

    card: Mapping[str, Any]
    protocols: Mapping[str, Rows]
    truth: Mapping[str, Rows]

    def average(self, protocol: str) -> float:
        """Mean mRecall of the twelve tasks, identity positives."""
        return self.averages(self.protocols)[protocol].recalls.mrecall

    @staticmethod
    def averages(protocols: Mapping[str, Rows]) -> dict[str, Row]:
        """The mean row of each protocol."""
        return {name: Row.average([rows[str(task)] for task in TASKS]) for name, rows in protocols.items()}

    def to_json(self) -> dict[str, Any]:
        """Plain values: card, protocols with identity positives, the same with true ones, averages of both."""
        kinds = {"protocols": self.protocols, "truth": self.truth}
        found = {
            name: {protocol: {task: row.to_json() for task, row in rows.items()} for protocol, rows in kind.items()}
            for name, kind in kinds.items()
        }
        averages = {
            name: {protocol: row.to_json() for protocol, row in self.averages(kind).items()}
            for name, kind in kinds.items()
        }
        return {"card": dict(self.card), **found, "averages": averages}

    def markdown(self, detailed: tuple[str, ...] = ("all", "small")) -> str:
        """The averages of every protocol, then each task under the protocols that are named."""
        parts = [_table("average of twelve", self.averages(self.protocols), self.averages(self.truth))]
        for positives, found in (("identity", self.protocols), ("truth", self.truth)):
            parts += [
                f"{_title(name)}, positives by {positives}\n\n{_table('task', _with_mean(found[name]))}"
                for name in detailed
                if name in found
            ]
        return "\n\n".join(parts)


def _title(protocol: str) -> str:
    return f"Protocol {protocol.replace('_', ' ')}"


def _with_mean(rows: Rows) -> dict[str, Row]:
    return dict(rows) | {"**average**": Row.average([rows[str(task)] for task in TASKS])}


def _table(first: str, rows: Rows, truth: Rows | None = None) -> str:
    lines = [f"| {first} | {' | '.join(COLUMNS)} |", "| --- |" + " ---: |" * len(COLUMNS)]
    for name, row in rows.items():
        lines.append(f"| {name.replace('_', ' ')} | {' | '.join(row.cells())} |")
    for name, row in (truth or {}).items():
        lines.append(f"| {name.replace('_', ' ')}, by truth | {' | '.join(row.cells())} |")
    return "\n".join(lines)
