"""MedianRank against sorting; its doctest."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import monster.metrics.median_rank
from monster.metrics import MedianRank


def slow_median(queries: np.ndarray, targets: np.ndarray, pool: int) -> float:
    """The place of each query's own target among the sorted targets of its pool, from 1; medians, and their mean."""
    medians = []
    for start in range(0, len(queries), pool):
        some, others = queries[start : start + pool], targets[start : start + pool]
        ranks = [np.argsort(-(others @ query)).tolist().index(i) + 1 for i, query in enumerate(some)]
        medians.append(np.median(ranks))
    return float(np.mean(medians))


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 40), st.sampled_from([None, 5, 32]), st.integers(0, 999))
def test_it_equals_sorting(count: int, pool: int | None, seed: int) -> None:
    rows = torch.randn(2, count, 4, generator=torch.Generator().manual_seed(seed))
    queries, targets = rows / rows.norm(dim=-1, keepdim=True)
    metric = MedianRank(pool=pool)
    for start in range(0, count, 7):
        metric.update(queries[start : start + 7], targets[start : start + 7])
    expected = slow_median(queries.numpy(), targets.numpy(), pool or count)
    assert float(metric.compute()) == pytest.approx(expected)


def test_a_collapsed_model_is_in_the_middle() -> None:
    metric = MedianRank()
    metric.update(torch.ones(33, 4), torch.ones(33, 4))
    assert float(metric.compute()) == 17


def test_the_example_of_the_docstring() -> None:
    failed, attempted = doctest.testmod(monster.metrics.median_rank)
    assert (failed, attempted > 0) == (0, True)
