"""Base of the torchmetrics classes that reduce ranks."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from monster.arrays import DoubleArray
from monster.errors import InputError, MissingExtra
from monster.metrics.functional import consecutive_pools, first_relevant_ranks

try:
    from torchmetrics import Metric
    from torchmetrics.utilities import dim_zero_cat
except ModuleNotFoundError as error:
    raise MissingExtra("a metric class", "metrics") from error

CHUNK = 1024  # queries that are ranked at once


class RankMetric(Metric):
    """Collects embeddings of queries and targets; a subclass reduces `pool_ranks` in ``compute``.

    A query is ranked among the targets of all updates, or of its pool: ``pool`` consecutive rows in the order of the
    updates (fewer in the last pool). Scores are cosines. Processes are joined in the order of their ranks;
    each must have called ``update``. Ties, NaN and missing targets are handled as in `first_relevant_ranks`.

    Raises InputError if ``pool`` is less than 1. Other arguments are those of `torchmetrics.Metric`.
    """

    is_differentiable = False
    full_state_update = False

    queries: list[Tensor]
    targets: list[Tensor]
    ids: list[Tensor]

    def __init__(self, *, pool: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if pool is not None and pool < 1:
            raise InputError(f"expected a pool of at least one row, got {pool}")
        self.pool = pool
        for state in ("queries", "targets", "ids"):
            self.add_state(state, default=[], dist_reduce_fx="cat")

    def update(self, queries: Tensor, targets: Tensor, ids: Tensor | None = None) -> None:
        """Add embeddings (n, dim) of queries and of their targets, row by row.

        Row i of the targets is relevant to row i of the queries. ``ids`` (n,) int, not negative: targets with the id
        of a query are relevant to it as well; None gives no row an id. Raises InputError for other shapes or ids.
        """
        if queries.ndim != 2 or queries.shape != targets.shape:
            shapes = f"{tuple(queries.shape)} and {tuple(targets.shape)}"
            raise InputError(f"expected queries and targets of one shape (n, dim), got {shapes}")
        if ids is None:
            ids = torch.full((len(queries),), -1, device=queries.device)
        elif ids.shape != queries.shape[:1] or ids.is_floating_point() or bool((ids < 0).any()):
            raise InputError(f"expected ids (n,) of n = {len(queries)} rows, whole numbers from 0, got {ids}")
        self.queries.append(queries.detach().float())
        self.targets.append(targets.detach().float())
        self.ids.append(ids.long())

    def pool_ranks(self) -> list[DoubleArray]:
        """Ranks from 0 of the queries of each pool; one pool of all queries without ``pool``.

        Raises InputError if there are no rows or an embedding is NaN.
        """
        if not len(self.queries):  # a list of tensors, or one tensor after processes were joined
            raise InputError("expected at least one update before compute, got none")
        queries = functional.normalize(dim_zero_cat(self.queries), dim=-1)
        targets = functional.normalize(dim_zero_cat(self.targets), dim=-1)
        ids = dim_zero_cat(self.ids)
        pools = consecutive_pools(len(queries), self.pool or len(queries))
        return [_ranks(queries[rows], targets[rows], ids[rows]) for rows in pools]


def _ranks(queries: Tensor, targets: Tensor, ids: Tensor) -> DoubleArray:
    parts = []
    rows = torch.arange(len(ids), device=ids.device)
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        same = (ids[chunk, None] == ids) & (ids >= 0)
        relevant = same | (chunk[:, None] == rows)
        scores = queries[chunk] @ targets.T
        parts.append(first_relevant_ranks(scores.cpu().numpy(), relevant.cpu().numpy()))
    return np.concatenate(parts)
