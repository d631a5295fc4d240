"""Median rank as a torchmetrics class."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from monster.metrics.functional import median_rank
from monster.metrics.rank_metric import RankMetric


class MedianRank(RankMetric):
    """Median rank from 1 (MedR); with ``pool`` the mean over pools, each with the same weight.

    Arguments, `update` and edge cases: see `RankMetric`.

    >>> import torch
    >>> from monster.metrics import MedianRank
    >>> texts = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.8, 0.6]])
    >>> motions = torch.tensor([[0.9, 0.1], [0.7, 0.7], [1.0, 0.1]])
    >>> rank = MedianRank()
    >>> rank.update(texts, motions)
    >>> rank.compute()
    tensor(2.)
    """

    higher_is_better = False

    def compute(self) -> Tensor:
        """The median rank of all updates, a scalar. Raises InputError if there are none or an embedding is NaN."""
        value = np.mean([median_rank(ranks) for ranks in self.pool_ranks()])
        return torch.tensor(float(value), device=self.device)
