"""The row of a table: recalls, their mean, the median rank; means over pools."""

from __future__ import annotations

import numpy as np
import pytest

from monster.errors import InputError
from monster.metrics.functional import Recalls, consecutive_pools, first_relevant_ranks, mean_recall, recalls


def test_a_perfect_model_has_full_recall() -> None:
    found = recalls(np.eye(12, dtype=np.float32), np.eye(12, dtype=bool))
    assert (found.r1, found.mrecall, found.medr, found.n) == (100, 100, 1, 12)


def test_each_column_is_the_recall_at_its_cutoff() -> None:
    ranks = np.array([0.0, 1.0, 2.0, 4.0, 9.0, 50.0])
    found = Recalls.of(ranks)
    hits = [found.r1, found.r2, found.r3, found.r5, found.r10]
    assert hits == pytest.approx([100 * n / 6 for n in (1, 2, 3, 4, 5)])
    assert found.mrecall == mean_recall(ranks)
    assert found.medr == pytest.approx(4.0)


def test_pools_have_equal_weights_however_small() -> None:
    scores, eye = 1 - np.eye(5), np.eye(5, dtype=bool)
    pools = consecutive_pools(5, 2)  # two of two items, one of one
    found = Recalls.mean([recalls(scores[np.ix_(p, p)], eye[np.ix_(p, p)]) for p in pools])
    assert found.r1 == pytest.approx(100 / 3)
    assert found.n == 5


def test_other_pools_do_not_affect_the_rank() -> None:
    scores, eye = np.eye(4), np.eye(4, dtype=bool)
    scores[0, 3] = 2.0
    pools = consecutive_pools(4, 2)
    assert Recalls.mean([recalls(scores[np.ix_(p, p)], eye[np.ix_(p, p)]) for p in pools]).r1 == 100
    assert recalls(scores, eye).r1 == 75


def test_empty_input_is_refused() -> None:
    with pytest.raises(InputError, match="at least one pool"):
        Recalls.mean([])
    with pytest.raises(InputError, match="at least one query"):
        Recalls.of(first_relevant_ranks(np.zeros((0, 3)), np.zeros((0, 3), dtype=bool)))


def test_json_is_rounded_to_two_decimals() -> None:
    assert Recalls.of(np.array([0.0, 1.0, 3.0])).to_json() == {
        "r1": 33.33, "r2": 66.67, "r3": 66.67, "r5": 100.0, "r10": 100.0, "mrecall": 73.33, "medr": 2.0, "n": 3,
    }  # fmt: skip
