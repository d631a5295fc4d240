"""The row of one task under one protocol: pools, weights, relevant targets, bootstrap over rooms."""

from __future__ import annotations

import numpy as np
import pytest
from embedded_rows import distinct, embedded

from monster.metrics.evaluation.positives import Embedded, positives
from monster.metrics.evaluation.task_scores import EvaluationProtocol, Pool, TaskScores
from monster.metrics.evaluation.truth import Truth
from monster.metrics.functional import Recalls, first_relevant_ranks
from monster.tasks import TASKS, Task

T2M = Task.parse("t2m")


def square(*groups: list[int]) -> list[Pool]:
    return [(np.array(group), np.array(group)) for group in groups]


def protocol(data: Embedded, pools: list[Pool], truth: Truth | None = None) -> EvaluationProtocol:
    return EvaluationProtocol("test", data, lambda task: pools, truth)


def test_pools_have_equal_weights_however_small() -> None:
    data = distinct(6)
    scores = TaskScores(protocol(data, square([0, 1, 2, 3], [4, 5])), T2M)
    row = scores.row(scores.identity)
    cosines, eye = data.scores(T2M), np.eye(6, dtype=bool)
    whole = Recalls.of(first_relevant_ranks(cosines[:4, :4], eye[:4, :4]))
    rest = Recalls.of(first_relevant_ranks(cosines[4:, 4:], eye[4:, 4:]))
    assert row.recalls == Recalls.mean([whole, rest])
    assert row.chance == pytest.approx(100 * np.mean([(1 / 4 + 2 / 4 + 3 / 4 + 2) / 5, (1 / 2 + 4) / 5]))
    assert row.draws.mean() == pytest.approx(row.recalls.mrecall, abs=3)


@pytest.mark.parametrize("task", TASKS)
def test_without_truth_there_is_no_oracle(task: Task) -> None:
    data = embedded("aab", "xyy", "123")
    scores = TaskScores(protocol(data, square([0, 1, 2])), task)
    np.testing.assert_array_equal(scores.identity, positives(data, task))
    assert scores.true is None
    assert scores.row(scores.identity).oracle is None


def test_relevant_by_identity_is_true() -> None:
    data = distinct(4)
    false = np.zeros((4, 4), dtype=bool)
    scores = TaskScores(protocol(data, square([0, 1, 2, 3]), Truth(false, false)), T2M)
    assert scores.true is not None
    np.testing.assert_array_equal(scores.true, np.eye(4, dtype=bool))
    assert scores.row(scores.identity).oracle == 100


def test_queries_of_one_room_are_drawn_together() -> None:
    rows = np.eye(4, 8, dtype=np.float32)
    mixed = rows[[0, 1, 3, 2]]  # the second room's items find each other's motion first
    data = embedded(range(4), "xxyy", range(4))
    data = Embedded({**data.rows, "t": rows, "m": mixed}, data.captions, data.scenes, data.motions)
    draws = TaskScores(protocol(data, square([0, 1, 2, 3])), T2M).row(np.eye(4, dtype=bool)).draws
    first, second = 100.0, np.mean([0, 0, 100, 100, 100])  # one room: rank 0; the other: tied with two others
    possible = {round(first, 6), round(second, 6), round((first + second) / 2, 6)}
    second_rank = first_relevant_ranks(data.scores(T2M), np.eye(4, dtype=bool))[2]
    assert second_rank == 2.0
    assert {round(value, 6) for value in draws.tolist()} == possible
