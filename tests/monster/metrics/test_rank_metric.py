"""The base of rank metrics: what it gathers, pools, processes, errors; against a slow loop."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from monster.errors import InputError
from monster.metrics import MedianRank, RankMetric, RetrievalRecall

Rows = tuple[Tensor, Tensor, Tensor]


class Ranks(RankMetric):
    """Keeps the ranks as they are."""

    def compute(self) -> list[list[float]]:
        return [ranks.tolist() for ranks in self.pool_ranks()]


def rows(count: int, seed: int, ids: int = 3) -> Rows:
    """Random rows along the axes, of any length and some of length 0: cosines are -1, 0 or 1 exactly, so many tie."""
    generator = torch.Generator().manual_seed(seed)
    axis = torch.nn.functional.one_hot(torch.randint(0, 3, (2, count), generator=generator), 3)
    queries, targets = axis * torch.randint(-2, 3, (2, count, 1), generator=generator).float()
    return queries, targets, torch.randint(0, ids, (count,), generator=generator)


def slow_ranks(data: Rows, pool: int) -> list[list[float]]:
    """Query by query: irrelevant targets of the pool with a higher cosine than the best relevant one, ties half."""
    queries, targets, ids = (value.numpy() for value in data)

    def cosine(a: np.ndarray, b: np.ndarray) -> float:
        length = float(np.linalg.norm(a)) * float(np.linalg.norm(b))
        return float(a @ b) / length if length else 0.0

    found = []
    for start in range(0, len(ids), pool):
        members = range(start, min(start + pool, len(ids)))
        ranks = []
        for i in members:
            scores = [(cosine(queries[i], targets[j]), ids[j] == ids[i]) for j in members]
            best = max(score for score, relevant in scores if relevant)
            above = [score for score, relevant in scores if not relevant and score >= best]
            ranks.append(sum(1.0 if score > best else 0.5 for score in above))
        found.append(ranks)
    return found


def updated(metric: RankMetric, data: Rows, sizes: list[int]) -> RankMetric:
    """The metric after updates of so many rows each."""
    for part in zip(*(value.split(sizes) for value in data), strict=True):
        metric.update(*part)
    return metric


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=4), st.sampled_from([None, 1, 3, 32]), st.integers(0, 999))
def test_ranks_equal_a_slow_loop_for_any_batching(sizes: list[int], pool: int | None, seed: int) -> None:
    data = rows(sum(sizes), seed)
    assert updated(Ranks(pool=pool), data, sizes).compute() == slow_ranks(data, pool or sum(sizes))


def test_many_queries_are_ranked_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monster.metrics.rank_metric.CHUNK", 4)
    data = rows(11, 0)
    assert updated(Ranks(), data, [11]).compute() == slow_ranks(data, 11)


def test_without_ids_only_the_target_of_the_same_row_is_relevant() -> None:
    queries, targets, _ = rows(7, 5)
    metric = Ranks()
    metric.update(queries, targets)
    assert metric.compute() == slow_ranks((queries, targets, torch.arange(7)), 7)


def test_reset_forgets_the_rows() -> None:
    metric = updated(Ranks(), rows(5, 1), [5])
    metric.reset()
    assert updated(metric, rows(4, 2), [4]).compute() == slow_ranks(rows(4, 2), 4)


def on_processes(make: Callable[..., RankMetric], parts: list[Rows]) -> list[object]:
    """What each process computes, processes being threads that gather by a barrier."""
    barrier, shared = threading.Barrier(len(parts), timeout=30), [torch.empty(0)] * len(parts)

    def run(rank: int) -> object:
        def gather(value: Tensor, group: object) -> list[Tensor]:
            shared[rank] = value
            barrier.wait()
            values = list(shared)
            barrier.wait()
            return values

        metric = make(dist_sync_fn=gather, distributed_available_fn=lambda: True)
        updated(metric, parts[rank], [2, len(parts[rank][2]) - 2])
        return metric.compute()

    with ThreadPoolExecutor(len(parts)) as pool:
        return list(pool.map(run, range(len(parts))))


@pytest.mark.parametrize("pool", [None, 4])
def test_processes_are_joined_in_order(pool: int | None) -> None:
    parts = [rows(5, 3), rows(6, 4), rows(3, 5)]
    joined = tuple(torch.cat(values) for values in zip(*parts, strict=True))
    expected = slow_ranks((joined[0], joined[1], joined[2]), pool or 14)
    assert on_processes(lambda **options: Ranks(pool=pool, **options), parts) == [expected] * 3


@pytest.mark.parametrize("metric", [RetrievalRecall, MedianRank])
def test_nan_is_refused(metric: type[RankMetric]) -> None:
    made = metric()
    queries, targets, ids = rows(4, 0)
    queries[2, 1] = torch.nan
    made.update(queries, targets, ids)
    with pytest.raises(InputError, match="NaN in 4 of 16"):
        made.compute()


@pytest.mark.filterwarnings("ignore:The ``compute`` method")
def test_no_rows_are_refused() -> None:
    with pytest.raises(InputError, match="at least one update"):
        Ranks().compute()
    empty = Ranks()
    empty.update(torch.zeros(0, 2), torch.zeros(0, 2))
    with pytest.raises(InputError, match="got 0 rows"):
        empty.compute()


def test_arguments_are_checked() -> None:
    with pytest.raises(InputError, match="got 0"):
        Ranks(pool=0)
    with pytest.raises(InputError, match=r"got \(2, 3\) and \(3, 2\)"):
        Ranks().update(torch.zeros(2, 3), torch.zeros(3, 2))
    with pytest.raises(InputError, match=r"got \(3,\) and \(3,\)"):
        Ranks().update(torch.zeros(3), torch.zeros(3))
    for ids in (torch.tensor([0]), torch.tensor([0, -1]), torch.tensor([0.0, 1.0])):
        with pytest.raises(InputError, match="expected ids"):
            Ranks().update(torch.zeros(2, 3), torch.zeros(2, 3), ids)


def test_gathered_rows_carry_no_gradient() -> None:
    metric = Ranks()
    metric.update(torch.ones(2, 2, requires_grad=True), torch.ones(2, 2))
    assert not metric.queries[0].requires_grad


def test_half_precision_is_gathered_in_float32() -> None:
    metric = Ranks()
    metric.update(torch.ones(2, 2, dtype=torch.bfloat16), torch.ones(2, 2, dtype=torch.float64))
    assert metric.queries[0].dtype == metric.targets[0].dtype == torch.float32


def test_without_torchmetrics_the_extra_is_named() -> None:
    code = """
import sys
sys.modules["torchmetrics"] = None
import monster.metrics
from monster.errors import MissingExtra
try:
    monster.metrics.RetrievalRecall
except MissingExtra as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "a metric class needs an optional package: pip install 'monster-retrieval[metrics]'"
