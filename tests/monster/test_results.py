"""Results: scores by task."""

from __future__ import annotations

import pytest

from monster.results import Hit, Scores
from monster.tasks import SCORE_TASKS, Task


def test_scores_are_attributes_named_like_their_tasks() -> None:
    scores = Scores({task: number / 10 for number, task in enumerate(SCORE_TASKS)}, ("placed",))
    attributes = [scores.tm2s, scores.st2m, scores.ms2t, scores.t2m, scores.t2s, scores.m2s]
    assert attributes == list(scores.given().values()) == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.4, 0.5])
    assert list(scores.given()) == ["tm2s", "st2m", "ms2t", "t2m", "t2s", "m2s"]


def test_a_score_of_a_missing_modality_is_none() -> None:
    scores = Scores({Task.parse("t2m"): 0.5})
    assert (scores.t2m, scores.tm2s) == (0.5, None)
    assert scores.given() == {"t2m": 0.5}
    assert Scores().given() == {}


def test_a_hit_is_printed_in_one_line() -> None:
    assert str(Hit(2, "clip-7", 0.25, "m")) == "  2  0.250  clip-7"
    assert str(Hit(10, "clip-7#0", 1.0, "t", text="walk")) == " 10  1.000  clip-7#0  walk"
    assert str(Hit(1, "walk", 0.5, "m", scene="hall")) == "  1  0.500  walk  in hall"
