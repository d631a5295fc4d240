"""RetrievalRecall against the functional recall, with pools and in a loop; its doctest."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import monster.metrics.retrieval_recall
from monster.errors import InputError
from monster.metrics import RetrievalRecall


def slow_recall(queries: np.ndarray, targets: np.ndarray, k: int, pool: int) -> float:
    """Sorts each query's targets; the mean over pools of the share of queries whose own target is among the first k."""
    parts = []
    for start in range(0, len(queries), pool):
        some, others = queries[start : start + pool], targets[start : start + pool]
        hits = [i in np.argsort(-(others @ query))[:k] for i, query in enumerate(some)]
        parts.append(100 * np.mean(hits))
    return float(np.mean(parts))


def unit_rows(count: int, seed: int) -> torch.Tensor:
    rows = torch.randn(2, count, 4, generator=torch.Generator().manual_seed(seed))
    return rows / rows.norm(dim=-1, keepdim=True)


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 40), st.integers(1, 6), st.sampled_from([None, 5, 32]), st.integers(0, 999))
def test_it_equals_sorting(count: int, k: int, pool: int | None, seed: int) -> None:
    queries, targets = unit_rows(count, seed)
    metric = RetrievalRecall(top_k=k, pool=pool)
    for start in range(0, count, 7):
        metric.update(queries[start : start + 7], targets[start : start + 7])
    expected = slow_recall(queries.numpy(), targets.numpy(), k, pool or count)
    assert float(metric.compute()) == pytest.approx(expected, rel=1e-5)


def test_forward_gives_the_batch_and_compute_the_epoch() -> None:
    queries, targets = unit_rows(12, 1)
    metric = RetrievalRecall(top_k=2)
    batches = [metric(queries[i : i + 4], targets[i : i + 4]) for i in (0, 4, 8)]
    expected = [slow_recall(queries[i : i + 4].numpy(), targets[i : i + 4].numpy(), 2, 4) for i in (0, 4, 8)]
    assert [float(batch) for batch in batches] == pytest.approx(expected)
    assert float(metric.compute()) == pytest.approx(slow_recall(queries.numpy(), targets.numpy(), 2, 12))


def test_a_collapsed_model_finds_nothing() -> None:
    metric = RetrievalRecall(top_k=5)
    metric.update(torch.ones(32, 4), torch.ones(32, 4))
    assert float(metric.compute()) == 0


def test_a_cutoff_below_one_is_refused() -> None:
    with pytest.raises(InputError, match="top_k of at least 1, got 0"):
        RetrievalRecall(top_k=0)


def test_the_example_of_the_docstring() -> None:
    failed, attempted = doctest.testmod(monster.metrics.retrieval_recall)
    assert (failed, attempted > 0) == (0, True)
