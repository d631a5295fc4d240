"""Reports as JSON and as tables; averages over tasks."""

from __future__ import annotations

import json

import numpy as np
import pytest
from embedded_rows import distinct, measured

from monster.metrics.evaluation.report import Row
from monster.metrics.functional import Recalls
from monster.tasks import TASKS

PROTOCOLS = ["all", "threshold", "dissimilar", "small", "small_published", "all_captions"]


def test_every_task_has_chance_and_interval() -> None:
    report = measured(distinct(40), {"split": "test", "items": 40})
    plain = json.loads(json.dumps(report.to_json()))
    assert plain["card"] == {"split": "test", "items": 40} and list(plain["protocols"]) == PROTOCOLS
    for task in map(str, TASKS):
        row = plain["protocols"]["all"][task]
        assert set(row) == {"mrecall", "r1", "r2", "r3", "r5", "r10", "medr", "chance", "oracle", "n", "low", "high"}
        assert row["low"] <= row["mrecall"] <= row["high"] and 0 <= row["r1"] <= row["r10"] <= 100
    average = plain["averages"]["protocols"]["all"]
    assert average["mrecall"] == round(report.average("all"), 2) and average["low"] <= average["mrecall"]
    text = report.markdown()
    assert text.count("| st2m |") == 2 and f"| {report.average('all'):.1f} |" in text
    assert len({line.count("|") for line in text.splitlines() if line.startswith("|")}) == 1


def row(rank: float, oracle: float | None, draws: list[float]) -> Row:
    return Row(Recalls.of(np.array([rank])), chance=10 * rank, oracle=oracle, draws=np.array(draws))


def test_an_average_is_taken_draw_by_draw() -> None:
    mean = Row.average([row(0.0, 80.0, [0.0, 10.0]), row(1.0, 60.0, [10.0, 0.0])])
    assert (mean.recalls.r1, mean.recalls.medr, mean.chance, mean.oracle) == (50, 1.5, 5, 70)
    assert mean.interval == pytest.approx((5, 5))


def test_an_average_has_no_oracle_if_a_task_has_none() -> None:
    assert Row.average([row(0.0, 80.0, [0.0]), row(1.0, None, [0.0])]).oracle is None


def test_json_is_rounded_and_keeps_a_missing_oracle() -> None:
    values = row(1.0, None, [1.2345, 1.2345]).to_json()
    assert (values["oracle"], values["low"], values["high"], values["chance"]) == (None, 1.23, 1.23, 10.0)
    assert row(1.0, 12.345678, [0.0]).to_json()["oracle"] == 12.35
