"""The settings of an index, saved with its vectors; an index opens only with the same settings."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from indexes.errors import SpecError
from indexes.kinds import BACKENDS

METRICS: Final = ("ip",)


@dataclass(frozen=True)
class IndexSpec:
    """Width of the rows, kind of search structure, and how rows are compared.

    ``flat`` compares the query with every row; ``ip`` is the inner product, which is the cosine for unit rows.
    Raises SpecError for a width that is not positive and for an unknown kind or metric.
    """

    dim: int
    kind: str = "flat"
    metric: str = "ip"

    def __post_init__(self) -> None:
        if isinstance(self.dim, bool) or not isinstance(self.dim, int) or self.dim < 1:
            raise SpecError(f"expected a width (dim) of at least 1, got {self.dim!r}")
        if self.kind not in BACKENDS:
            raise SpecError(f"unknown kind of index {self.kind!r}: expected one of {', '.join(BACKENDS)}")
        if self.metric not in METRICS:
            raise SpecError(f"unknown metric {self.metric!r}: expected one of {', '.join(METRICS)}")

    def as_dict(self) -> dict[str, Any]:
        """The settings as plain values for JSON."""
        return asdict(self)

    @classmethod
    def of(cls, values: object) -> IndexSpec:
        """The settings from the result of ``as_dict``. Raises SpecError for anything else."""
        if not isinstance(values, dict) or set(values) != {"dim", "kind", "metric"}:
            raise SpecError(f"expected the settings dim, kind and metric, got {values!r}")
        return cls(**values)
