"""Twelve tasks, parsed once."""

from __future__ import annotations

from itertools import permutations

import pytest

from monster.errors import TaskError
from monster.tasks import KINDS, LETTER_OF, MODALITY_OF, SCORE_TASKS, TASKS, Task, kind_of

NAMES = ["t2m", "m2t", "t2s", "s2t", "m2s", "s2m", "st2m", "m2st", "tm2s", "s2tm", "ms2t", "t2ms"]


def test_names_are_printed_as_they_are_parsed() -> None:
    assert [str(Task.parse(name)) for name in NAMES] == NAMES
    assert [str(task) for task in TASKS] == NAMES


def test_the_letters_of_a_pair_come_in_any_order() -> None:
    assert Task.parse("sm2t") == Task.parse("ms2t")
    assert Task.parse("mt2s") == Task.parse(" TM2S ")
    for kind in KINDS:
        assert {kind_of("".join(letters)) for letters in permutations(kind)} == {kind}


def test_a_score_has_one_task_for_both_directions() -> None:
    directions = {frozenset((task.query, task.target)) for task in TASKS}
    assert {frozenset((task.query, task.target)) for task in SCORE_TASKS} == directions
    assert len(SCORE_TASKS) == len(directions) == 6


def test_letters_and_modalities_are_inverse() -> None:
    assert {MODALITY_OF[letter]: letter for letter in MODALITY_OF} == LETTER_OF


@pytest.mark.parametrize(
    "name", ["", "2", "t2", "2m", "t2t", "tm2m", "tms2t", "t2x", "t-m", "tt2m", "t2m2s", "ts2ms", 3, None]
)
def test_anything_else_is_refused_with_the_twelve(name: str) -> None:
    with pytest.raises(TaskError, match=r"expected one of t2m m2t .* t2ms"):
        Task.parse(name)
