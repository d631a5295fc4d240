"""Recall at k as a torchmetrics class."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from monster.errors import InputError
from monster.metrics.functional import recall_at_k
from monster.metrics.rank_metric import RankMetric


class RetrievalRecall(RankMetric):
    """Recall at ``top_k`` in percent; with ``pool`` the mean over pools, each with the same weight.

    Raises InputError if ``top_k`` is less than 1. Other arguments, `update` and edge cases: see `RankMetric`.

    >>> import torch
    >>> from monster.metrics import RetrievalRecall
    >>> texts = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.8, 0.6]])
    >>> motions = torch.tensor([[0.9, 0.1], [0.7, 0.7], [1.0, 0.1]])
    >>> recall = RetrievalRecall(top_k=1)
    >>> recall.update(texts, motions)
    >>> recall.compute()
    tensor(33.3333)
    """

    higher_is_better = True

    def __init__(self, top_k: int = 1, *, pool: int | None = None, **kwargs: Any) -> None:
        super().__init__(pool=pool, **kwargs)
        if top_k < 1:
            raise InputError(f"expected top_k of at least 1, got {top_k}")
        self.top_k = top_k

    def compute(self) -> Tensor:
        """The recall of all updates, a scalar tensor. Raises InputError if there are none or an embedding is NaN."""
        value = np.mean([recall_at_k(ranks, self.top_k) for ranks in self.pool_ranks()])
        return torch.tensor(float(value), device=self.device)
